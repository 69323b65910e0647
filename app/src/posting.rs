//! What a form at a desk says about the record that it posts: its id, its day, a note, and whether
//! the person was asked and said yes.

use crate::error::PageError;
use crate::explain::CONFIRMED;
use crate::forms::{FormState, Post};
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui;
use domain::ids::RecordId;
use domain::records::{Envelope, Occurred};
use domain::time::Day;
use leptos::prelude::*;
use stock::Submission;

/// Reads `record`, `date`, `note` and the box that answers a warning. `None` when the date was
/// refused; a form without a date is about now.
pub fn submission(post: &mut Post) -> Result<Option<Submission>, PageError> {
    let l = post.visit.locale;
    let record: RecordId = post.id("record")?;
    let now = post.visit.stock().world().now();
    let day = match post.text("date") {
        "" => Some(now.day()),
        _ => post
            .parse("date", |text| Day::parse(text).ok_or_else(|| td_string!(l, runs.date_wrong))),
    };
    let Some(day) = day else { return Ok(None) };
    let note = post.optional("note");
    let envelope = Envelope { note, ..Envelope::typed(record, Occurred::On(day), now) };
    let confirmed = post.fields.has(CONFIRMED);
    Ok(Some(Submission { confirmed, ..Submission::new(envelope) }))
}

/// Today, as a date field begins.
pub fn today(visit: &Visit) -> String {
    visit.stock().world().now().day().to_string()
}

/// The box that answers a warning; only there once something was asked.
pub fn asked(form: &FormState, label: &'static str) -> Option<AnyView> {
    let error = form.error(CONFIRMED);
    (error.is_some() || form.checked(CONFIRMED)).then(|| {
        let checked = form.checked(CONFIRMED);
        view! {
            <ui::CheckField name=CONFIRMED label checked error=error.unwrap_or_default()/>
        }
        .into_any()
    })
}
