//! What went wrong, on top of a form: each mistake under the name of its field, and a link to it.

use super::fields::field_id;
use super::form::FieldError;
use super::text::keeps_apart;
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// What the fields of a page are called: each notes its label while it is made, so that a summary
/// made after them can name them.
#[derive(Clone, Default)]
pub(crate) struct FieldLabels(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    labels: Vec<(String, String)>,
    /// What the fields of a repeated row are about, by the end of their names.
    rows: Vec<(String, String)>,
}

/// Notes what a field is called.
pub(super) fn note_label(name: &str, label: &str) {
    note(|noted| noted.labels.push((name.to_owned(), label.to_owned())));
}

/// Notes what the fields are about that are called `KEY` or `…_KEY`: the same label stands on every row.
pub fn note_row(key: &str, about: impl Into<String>) {
    note(|noted| noted.rows.push((key.to_owned(), about.into())));
}

fn note(add: impl FnOnce(&mut Noted)) {
    let Some(FieldLabels(noted)) = use_context::<FieldLabels>() else { return };
    if let Ok(mut noted) = noted.lock() {
        add(&mut noted);
    }
}

impl Noted {
    /// Where several forms of a page have a field of this name, the latest one: a form makes its
    /// summary after its fields.
    fn label_of(&self, name: &str) -> Option<String> {
        let label = self.labels.iter().rev().find(|(known, _)| known == name);
        label.map(|(_, label)| label.clone())
    }

    fn row_of(&self, name: &str) -> Option<String> {
        let is_of = |key: &str| {
            let rest = name.strip_suffix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        };
        let row = self.rows.iter().rev().find(|(key, _)| is_of(key));
        row.map(|(_, about)| about.clone())
    }
}

/// "Printed paper M3 (M3) · Left over: Enter a whole number."
fn named(error: FieldError) -> AnyView {
    let noted = use_context::<FieldLabels>();
    let noted = noted.as_ref().and_then(|FieldLabels(noted)| noted.lock().ok());
    let label = noted.as_ref().and_then(|noted| noted.label_of(&error.name));
    let row = noted.as_ref().and_then(|noted| noted.row_of(&error.name));
    let words = match label {
        Some(label) if label.trim_end_matches(keeps_apart).ends_with(['?', '؟']) => {
            format!("{label} {}", error.message)
        }
        Some(label) => format!("{label}: {}", error.message),
        None => error.message,
    };
    // A Latin name must not turn the rest of a Dari line around.
    match row {
        Some(row) => view! { <bdi>{row}</bdi>{format!(" · {words}")} }.into_any(),
        None => words.into_any(),
    }
}

/// All mistakes of a form on top of it, each a link to its field. Nothing when there are none.
#[component]
pub fn ErrorSummary(#[prop(into)] title: String, errors: Vec<FieldError>) -> impl IntoView {
    let show = |error: FieldError| {
        if error.name.is_empty() {
            view! { <li class="bad-text">{error.message}</li> }.into_any()
        } else {
            let href = format!("#{}", field_id(&error.name));
            view! { <li><a href=href>{named(error)}</a></li> }.into_any()
        }
    };
    (!errors.is_empty()).then(|| {
        view! {
            // Where several forms share a page it is far down: the browser goes there by itself.
            <div class="summary" role="alert" tabindex="-1" autofocus id="errors">
                <h2>{title}</h2>
                <ul>{errors.into_iter().map(show).collect_view()}</ul>
            </div>
        }
    })
}
