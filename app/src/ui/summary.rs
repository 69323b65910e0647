//! What went wrong, on top of a form: each mistake under the name of its field, and a link to it.

use super::fields::field_id;
use super::form::FieldError;
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// What the fields of a page are called: each notes its label while it is made, so that a summary
/// made after them can name them.
#[derive(Clone, Default)]
pub(crate) struct FieldLabels(Arc<Mutex<Vec<(String, String)>>>);

/// Notes what a field is called.
pub(super) fn note_label(name: &str, label: &str) {
    let Some(FieldLabels(labels)) = use_context::<FieldLabels>() else { return };
    if let Ok(mut labels) = labels.lock() {
        labels.push((name.to_owned(), label.to_owned()));
    }
}

/// Where several forms of a page have a field of this name, the latest one: a form makes its
/// summary after its fields.
fn label_of(name: &str) -> Option<String> {
    let FieldLabels(labels) = use_context::<FieldLabels>()?;
    let labels = labels.lock().ok()?;
    labels.iter().rev().find(|(known, _)| known == name).map(|(_, label)| label.clone())
}

/// "Day: Enter a date like 2017-06-15."
fn named(error: &FieldError) -> String {
    match label_of(&error.name) {
        Some(label) if label.ends_with(['?', '؟']) => format!("{label} {}", error.message),
        Some(label) => format!("{label}: {}", error.message),
        None => error.message.clone(),
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
            view! { <li><a href=href>{named(&error)}</a></li> }.into_any()
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
