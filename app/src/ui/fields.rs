//! Fields of a form. Each has its label above, its hint under the label, its error beside it, and
//! an id of `f-NAME`, to which the error summary links.
//!
//! Values are text: what was typed comes back as it was typed, also when it was wrong.

use super::summary::note_label;
use super::text::{Words, classes};
use leptos::prelude::*;

/// The id of the input called `name`.
pub fn field_id(name: &str) -> String {
    format!("f-{name}")
}

/// How wide an input is: as wide as what belongs into it.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub enum Width {
    Short,
    Middle,
    #[default]
    Full,
}

impl Width {
    const fn class(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Middle => "middle",
            Self::Full => "",
        }
    }
}

/// What a field says around its control.
pub(super) struct Around {
    pub label: String,
    pub optional: Words,
    pub hint: Words,
    pub error: Words,
}

/// What the control needs to point at its hint and error.
pub(super) struct Aria {
    pub id: String,
    pub described_by: Option<String>,
    pub invalid: Option<&'static str>,
}

impl Around {
    fn aria(&self, name: &str) -> Aria {
        let id = field_id(name);
        let hint = (!self.hint.is_missing()).then(|| format!("{id}-hint"));
        let error = (!self.error.is_missing()).then(|| format!("{id}-error"));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        Aria {
            id,
            described_by: (!ids.is_empty()).then(|| ids.join(" ")),
            invalid: (!self.error.is_missing()).then_some("true"),
        }
    }

    /// A labelled control.
    pub(super) fn field(self, name: &str, control: impl FnOnce(Aria) -> AnyView) -> AnyView {
        note_label(name, &self.label);
        let aria = self.aria(name);
        let (id, wrong) = (aria.id.clone(), aria.invalid);
        let control = control(aria);
        view! {
            <div class="field" data-wrong=wrong>
                <label for=id.clone()>{self.label}{mark(self.optional)}</label>
                {hint(&id, self.hint)}
                {error(&id, self.error)}
                {control}
            </div>
        }
        .into_any()
    }

    /// Several controls under one question. The fieldset has the id, so that the error summary
    /// can link to it.
    pub(super) fn group(self, name: &str, controls: impl FnOnce(Aria) -> AnyView) -> AnyView {
        note_label(name, &self.label);
        let aria = self.aria(name);
        let (id, wrong) = (aria.id.clone(), aria.invalid);
        let described_by = aria.described_by.clone();
        let controls = controls(aria);
        view! {
            <div class="field" data-wrong=wrong>
            <fieldset class="group" id=id.clone() tabindex="-1" aria-describedby=described_by>
                <legend>{self.label}{mark(self.optional)}</legend>
                {hint(&id, self.hint)}
                {error(&id, self.error)}
                {controls}
            </fieldset>
            </div>
        }
        .into_any()
    }
}

fn mark(optional: Words) -> Option<impl IntoView> {
    optional.get().map(|words| view! { " "<span class="optional">{words}</span> })
}

fn hint(id: &str, words: Words) -> Option<impl IntoView + use<>> {
    let id = format!("{id}-hint");
    words.get().map(|words| view! { <p class="hint" id=id>{words}</p> })
}

fn error(id: &str, words: Words) -> Option<impl IntoView + use<>> {
    let id = format!("{id}-error");
    words.get().map(|words| view! { <p class="field-error" id=id>{words}</p> })
}

/// A line of text. `kind` is the input's type: text, password, search, tel, email.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    /// The words "(optional)", where it is.
    #[prop(optional, into)]
    optional: Words,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] width: Width,
    /// Codes, numbers of papers, log-in names: left to right in any language.
    #[prop(optional)]
    ltr: bool,
    #[prop(optional, into)] autocomplete: Words,
    #[prop(optional)] required: bool,
    #[prop(default = 200)] maxlength: u32,
) -> impl IntoView {
    let class = classes(&["input", width.class(), if ltr { "ltr" } else { "" }]);
    // A password is never sent back to the page.
    let value = if kind == "password" { None } else { value.get() };
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        view! {
            <input class=class id=aria.id name=name type=kind value=value maxlength=maxlength
                autocomplete=autocomplete.get() required=required
                aria-describedby=aria.described_by aria-invalid=aria.invalid/>
        }
        .into_any()
    })
}

/// A whole number. Plain text, because Persian and Arabic digits are welcome; the server reads
/// all three.
#[component]
pub fn NumberField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    /// "pieces", "%", "kg": stands after the input.
    #[prop(optional, into)]
    unit: Words,
    #[prop(optional)] required: bool,
    /// Money and weights: the keyboard shows a decimal point.
    #[prop(optional)]
    decimal: bool,
) -> impl IntoView {
    let mode = if decimal { "decimal" } else { "numeric" };
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        view! {
            <div class="with-unit">
                <input class="input short numeric" id=aria.id name=name type="text"
                    inputmode=mode autocomplete="off" maxlength="20" value=value.get()
                    required=required aria-describedby=aria.described_by
                    aria-invalid=aria.invalid/>
                {unit.get().map(|unit| view! { <span class="quiet">{unit}</span> })}
            </div>
        }
        .into_any()
    })
}

/// A day, `2017-06-15`, in the browser's own date picker.
#[component]
pub fn DateField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    #[prop(optional)] required: bool,
    /// `month` for a month field: `2017-06`.
    #[prop(optional)]
    month: bool,
) -> impl IntoView {
    let kind = if month { "month" } else { "date" };
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        view! {
            <input class="input middle" id=aria.id name=name type=kind value=value.get()
                required=required aria-describedby=aria.described_by
                aria-invalid=aria.invalid/>
        }
        .into_any()
    })
}

/// Longer text. `no_names` is the warning that no participant may be named in it.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    #[prop(optional, into)] no_names: Words,
    #[prop(default = 4)] rows: u32,
    #[prop(default = 2000)] maxlength: u32,
) -> impl IntoView {
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        view! {
            {no_names.get().map(|words| view! { <p class="small warn-text">{words}</p> })}
            <textarea class="input" id=aria.id name=name rows=rows maxlength=maxlength
                aria-describedby=aria.described_by aria-invalid=aria.invalid>
                {value.get()}
            </textarea>
        }
        .into_any()
    })
}

/// A file. The form needs `files=true`.
#[component]
pub fn FileField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] accept: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
) -> impl IntoView {
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        view! {
            <input class="input" id=aria.id name=name type="file" accept=accept.get()
                aria-describedby=aria.described_by aria-invalid=aria.invalid/>
        }
        .into_any()
    })
}

/// A value that travels unseen: the record's id, the page to go back to.
#[component]
pub fn Hidden(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}
