//! Things to read: facts, badges, flags, steps, notices, definitions, empty states.

use super::text::{Link, Tone, Words, classes, kept_together};
use leptos::prelude::*;

/// A big number with its unit and the sentence that makes it mean something.
#[derive(Clone, Default, Debug)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub unit: Words,
    pub sentence: Words,
    pub tone: Tone,
    pub href: Words,
}

impl Fact {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), ..Self::default() }
    }

    pub fn unit(mut self, unit: impl Into<Words>) -> Self {
        self.unit = unit.into();
        self
    }

    pub fn sentence(mut self, sentence: impl Into<Words>) -> Self {
        self.sentence = sentence.into();
        self
    }

    pub const fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Opens what the number is made of.
    pub fn href(mut self, href: impl Into<Words>) -> Self {
        self.href = href.into();
        self
    }
}

/// A sheet of two to five facts.
#[component]
pub fn Facts(facts: Vec<Fact>) -> impl IntoView {
    let show = |fact: Fact| {
        let value = match fact.href.get() {
            Some(href) => view! { <a class="num" href=href>{fact.value}</a> }.into_any(),
            None => view! { <span class="num">{fact.value}</span> }.into_any(),
        };
        let unit = fact.unit.get();
        let unit = unit.map(|unit| view! { " "<span class="unit">{unit}</span> });
        view! {
            <div>
                <dt>{fact.label}</dt>
                <dd>
                    <span class=fact.tone.class()>{value}{unit}</span>
                    {fact.sentence.get().map(|words| view! { <small>{words}</small> })}
                </dd>
            </div>
        }
    };
    view! { <dl class="sheet facts">{facts.into_iter().map(show).collect_view()}</dl> }
}

/// The state of something, in words with a colour.
#[component]
pub fn Badge(#[prop(into)] label: String, #[prop(optional)] tone: Tone) -> impl IntoView {
    view! { <span class=classes(&["badge", tone.class()])>{label}</span> }
}

/// Something that needs a person: what, why, and what to do about it.
#[derive(Clone, Default, Debug)]
pub struct Flag {
    pub title: String,
    pub text: Words,
    pub action: Option<Link>,
    pub tone: Tone,
}

impl Flag {
    /// Amber, as everything that needs a person.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    pub fn text(mut self, text: impl Into<Words>) -> Self {
        self.text = text.into();
        self
    }

    pub fn action(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.action = Some(Link::new(href, label));
        self
    }

    pub const fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// A list of things that wait: "Needs an explanation", the tasks of a front page.
#[component]
pub fn Flags(flags: Vec<Flag>) -> impl IntoView {
    let show = |flag: Flag| {
        // Heard alone, "Open" would not say what.
        let action = flag.action.map(|link| {
            let label = format!("{}: {}", link.label, flag.title);
            view! { <a href=link.href aria-label=label>{link.label}</a> }
        });
        view! {
            <li class=classes(&["flag", flag.tone.class()])>
                <div>
                    {kept_together(&flag.title)}
                    {flag.text.get().map(|text| view! { <p>{text}</p> })}
                </div>
                {action}
            </li>
        }
    };
    view! { <ul class="flags">{flags.into_iter().map(show).collect_view()}</ul> }
}

/// How far a step is.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub enum Stage {
    Done,
    Now,
    #[default]
    Ahead,
    /// Cancelled, refused, lost: it does not go on from here.
    Stopped,
}

impl Stage {
    const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Ahead => "",
            Self::Stopped => "stopped",
        }
    }
}

/// One step of a timeline, with who and when below it.
#[derive(Clone, Default, Debug)]
pub struct Step {
    pub label: String,
    pub detail: Words,
    pub stage: Stage,
}

impl Step {
    pub fn new(label: impl Into<String>, stage: Stage) -> Self {
        Self { label: label.into(), stage, ..Self::default() }
    }

    pub fn detail(mut self, detail: impl Into<Words>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// Where something is on its way: draft, dispatched, delivered, closed.
#[component]
pub fn Steps(#[prop(into)] label: String, steps: Vec<Step>) -> impl IntoView {
    let show = |step: Step| {
        view! {
            <li class=step.stage.class()
                aria-current=(step.stage == Stage::Now).then_some("step")>
                {step.label}
                {step.detail.get().map(|words| view! { <small>{words}</small> })}
            </li>
        }
    };
    view! {
        <ol class="steps" aria-label=label>{steps.into_iter().map(show).collect_view()}</ol>
    }
}

/// What just happened, or what to know before going on. Bad news are announced at once.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Words,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = match tone {
        Tone::Bad => "alert",
        Tone::Plain | Tone::Quiet | Tone::Accent | Tone::Good | Tone::Warn => "status",
    };
    view! {
        <div class=classes(&["notice", tone.class()]) role=role>
            {title.get().map(|title| view! { <strong>{title}</strong> })}
            {children.map(|children| view! { <div>{children()}</div> })}
        </div>
    }
}

/// One line of a definition list.
pub struct Definition {
    pub term: String,
    pub value: AnyView,
}

impl Definition {
    pub fn new(term: impl Into<String>, value: impl IntoAny) -> Self {
        Self { term: term.into(), value: value.into_any() }
    }
}

/// What is known about one thing: term and value.
#[component]
pub fn Definitions(items: Vec<Definition>) -> impl IntoView {
    let show = |item: Definition| view! { <dt>{item.term}</dt><dd>{item.value}</dd> };
    view! { <dl class="defs">{items.into_iter().map(show).collect_view()}</dl> }
}

/// Nothing is here yet: says so, and how to begin.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(optional, into)] text: Words,
    #[prop(optional)] action: Option<Link>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <strong>{title}</strong>
            {text.get().map(|text| view! { <p>{text}</p> })}
            {action.map(|link| view! { <a class="btn main" href=link.href>{link.label}</a> })}
        </div>
    }
}

/// Where one is in a long list, and the way on. A missing link is left out.
#[component]
pub fn Pager(
    /// "101 to 200 of 1,234".
    #[prop(into)]
    position: String,
    #[prop(optional_no_strip)] previous: Option<Link>,
    #[prop(optional_no_strip)] next: Option<Link>,
    #[prop(into)] label: String,
) -> impl IntoView {
    let link = |link: Link, rel: &'static str| {
        view! { <a class="btn" rel=rel href=link.href>{link.label}</a> }
    };
    view! {
        <nav class="pager" aria-label=label>
            <span>{position}</span>
            {previous.map(|to| link(to, "prev"))}
            {next.map(|to| link(to, "next"))}
        </nav>
    }
}
