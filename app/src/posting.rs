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
use domain::time::{Day, Millis};
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
    let envelope =
        Envelope { note, ..Envelope::typed(record, Occurred::On(day), made_at(record, now)) };
    let confirmed = post.fields.has(CONFIRMED);
    Ok(Some(Submission { confirmed, ..Submission::new(envelope) }))
}

/// When the form was first shown: its record's id says so. The moment stands in the record's
/// bytes, and the same form sent again must be the same bytes (rule 4).
pub(crate) fn made_at(record: RecordId, now: Millis) -> Millis {
    let id = record.uuid();
    let stamp = id.get_timestamp().filter(|_| id.get_version_num() == 7);
    let made = stamp.and_then(|stamp| {
        let (seconds, nanos) = stamp.to_unix();
        let seconds = i64::try_from(seconds).ok()?;
        Some(Millis(seconds.checked_mul(1_000)? + i64::from(nanos / 1_000_000)))
    });
    made.unwrap_or(now)
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
