//! Fields whose answer is one or some of a list, and quantities in cartons, bundles and pieces.

use super::fields::{Around, Width, field_id};
use super::text::Words;
use leptos::prelude::*;

/// One thing to choose.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Words,
    /// Choices of one group follow each other and stand under its name.
    pub group: Words,
    /// Pieces in a bundle and bundles in a carton of a material, for [`QuantityField`]s that
    /// name this select in `material`.
    pub packing: Option<(i64, i64)>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    pub fn hint(mut self, hint: impl Into<Words>) -> Self {
        self.hint = hint.into();
        self
    }

    pub fn group(mut self, group: impl Into<Words>) -> Self {
        self.group = group.into();
        self
    }

    pub const fn packing(mut self, bundle_pieces: i64, carton_bundles: i64) -> Self {
        self.packing = Some((bundle_pieces, carton_bundles));
        self
    }
}

/// One of a long list.
#[component]
pub fn SelectField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: Words,
    /// The first, empty choice: "Choose a store". Left out when something is always chosen.
    #[prop(optional, into)]
    prompt: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    #[prop(optional)] required: bool,
    #[prop(optional)] width: Width,
) -> impl IntoView {
    let chosen = value.get().unwrap_or_default();
    let class = match width {
        Width::Short => "input short",
        Width::Middle => "input middle",
        Width::Full => "input",
    };
    let prompt = prompt.get().map(|words| {
        view! { <option value="" selected=chosen.is_empty()>{words}</option> }
    });
    let options = grouped_options(choices, &chosen);
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        view! {
            <select class=class id=aria.id name=name required=required
                aria-describedby=aria.described_by aria-invalid=aria.invalid>
                {prompt}
                {options}
            </select>
        }
        .into_any()
    })
}

fn grouped_options(choices: Vec<Choice>, chosen: &str) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut rest = choices.into_iter().peekable();
    while let Some(choice) = rest.next() {
        let Some(group) = choice.group.clone().get() else {
            views.push(option(choice, chosen));
            continue;
        };
        let same = Words::from(group.as_str());
        let mut members = vec![option(choice, chosen)];
        while let Some(next) = rest.next_if(|next| next.group == same) {
            members.push(option(next, chosen));
        }
        views.push(view! { <optgroup label=group>{members}</optgroup> }.into_any());
    }
    views
}

fn option(choice: Choice, chosen: &str) -> AnyView {
    let selected = choice.value == chosen;
    let bundle = choice.packing.map(|(bundle, _)| bundle.to_string());
    let carton = choice.packing.map(|(_, carton)| carton.to_string());
    view! {
        <option value=choice.value selected=selected data-bundle=bundle data-carton=carton>
            {choice.label}
        </option>
    }
    .into_any()
}

/// One of a few, each on a card with a sentence of its own; those of a group stand under its name.
/// `row` for very short ones.
#[component]
pub fn RadioCards(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    #[prop(optional)] row: bool,
) -> impl IntoView {
    let chosen = value.get().unwrap_or_default();
    let around = Around { label, optional, hint, error };
    around.group(&name.clone(), |_| {
        let card = |choice: Choice| {
            view! {
                <label class="choice">
                    <input type="radio" name=name.clone() checked=choice.value == chosen
                        value=choice.value/>
                    <span>{choice.label}</span>
                    {choice.hint.get().map(|words| view! { <small>{words}</small> })}
                </label>
            }
        };
        let class = if row { "choices choices-row" } else { "choices" };
        let alike = choices.chunk_by(|a, b| a.group == b.group).map(|same| {
            let cards = same.iter().cloned().map(card).collect_view();
            let cards = view! { <div class=class>{cards}</div> };
            match same.first().and_then(|choice| choice.group.clone().get()) {
                None => cards.into_any(),
                Some(group) => view! {
                    <div role="group" aria-label=group.clone()>
                        <p class="hint">{group.clone()}</p>
                        {cards}
                    </div>
                }
                .into_any(),
            }
        });
        alike.collect_view().into_any()
    })
}

/// Yes or no; sends `true` or nothing.
#[component]
pub fn CheckField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
) -> impl IntoView {
    let id = field_id(&name);
    let wrong = (!error.is_missing()).then_some("true");
    let error_id = format!("{id}-error");
    let described_by = wrong.map(|_| error_id.clone());
    view! {
        <div class="field" data-wrong=wrong>
            {error.get().map(|words| view! { <p class="field-error" id=error_id>{words}</p> })}
            <label class="check">
                <input type="checkbox" id=id name=name value="true" checked=checked
                    aria-invalid=wrong aria-describedby=described_by/>
                <span>{label}</span>
                {hint.get().map(|words| view! { <small>{words}</small> })}
            </label>
        </div>
    }
}

/// One box of [`CheckCards`]; sends `true` under its own name, or nothing.
#[derive(Clone, Debug)]
pub struct Check {
    pub name: String,
    pub label: String,
    pub checked: bool,
}

impl Check {
    pub fn new(name: impl Into<String>, label: impl Into<String>, checked: bool) -> Self {
        Self { name: name.into(), label: label.into(), checked }
    }
}

/// Some of a few: which groups were present.
#[component]
pub fn CheckCards(
    /// Names the question for error links; the boxes have their own names.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    checks: Vec<Check>,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    #[prop(optional)] row: bool,
) -> impl IntoView {
    let card = |check: Check| {
        view! {
            <label class="choice">
                <input type="checkbox" name=check.name value="true" checked=check.checked/>
                <span>{check.label}</span>
            </label>
        }
    };
    let class = if row { "choices choices-row" } else { "choices" };
    Around { label, optional, hint, error }.group(&name, |_| {
        view! { <div class=class>{checks.into_iter().map(card).collect_view()}</div> }.into_any()
    })
}

/// The words of a [`QuantityField`]: the same on a whole page.
#[derive(Clone, Debug)]
pub struct QuantityWords {
    pub cartons: String,
    pub bundles: String,
    pub pieces: String,
    /// "= {n} pieces", in which `{n}` becomes the total.
    pub total: String,
}

/// What was typed into the three inputs, as it was typed.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Typed {
    pub cartons: Words,
    pub bundles: Words,
    pub pieces: Words,
}

/// A quantity as people count: cartons, bundles, loose pieces. Sends `NAME_cartons`,
/// `NAME_bundles` and `NAME_pieces`; the server adds them up, the `Totals` island only shows the
/// sum while typing.
#[component]
pub fn QuantityField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    words: QuantityWords,
    #[prop(optional)] typed: Typed,
    /// The total that the server computed, already in words.
    #[prop(optional, into)]
    total: Words,
    /// Pieces in a bundle, bundles in a carton, where the material is known.
    #[prop(optional_no_strip)]
    packing: Option<(i64, i64)>,
    /// The name of the select whose choices carry the packing, where it is not.
    #[prop(optional, into)]
    material: Words,
    /// In a [`super::GivenSum`]: taken from the sum instead of added to it.
    #[prop(optional)]
    minus: bool,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
) -> impl IntoView {
    let around = Around { label, optional, hint, error };
    let material = material.get().map(|name| field_id(&name));
    let template = words.total;
    around.group(&name.clone(), |aria| {
        let input = |part: &str, label: String, value: Words| {
            view! {
                <label>
                    <span>{label}</span>
                    <input class="input numeric" type="text" inputmode="numeric"
                        autocomplete="off" maxlength="13" name=format!("{name}_{part}")
                        value=value.get() data-part=part.to_owned() aria-invalid=aria.invalid/>
                </label>
            }
        };
        let (bundle, carton) = packing.unzip();
        view! {
            <div class="quantity" data-quantity=template
                data-bundle=bundle.map(|n| n.to_string())
                data-carton=carton.map(|n| n.to_string()) data-material=material
                data-sign=minus.then_some("-")>
                {input("cartons", words.cartons, typed.cartons)}
                <span class="sign" aria-hidden="true">"+"</span>
                {input("bundles", words.bundles, typed.bundles)}
                <span class="sign" aria-hidden="true">"+"</span>
                {input("pieces", words.pieces, typed.pieces)}
                <output>{total.get()}</output>
            </div>
        }
        .into_any()
    })
}
