//! What a form at a desk says about the record that it posts: its id, its day, a note, and whether
//! the person was asked and said yes.

use crate::error::PageError;
use crate::forms::{Failure, FormState, Post};
use crate::i18n::{Locale, td_string};
use crate::page::Page;
use crate::session::Visit;
use crate::ui::{self, ANSWER, CONFIRMED, FieldError};
use domain::ids::RecordId;
use domain::records::{Envelope, Occurred, WrongDay, check_day};
use domain::time::{Day, Millis};
use leptos::prelude::*;
use stock::Submission;

/// Reads `record`, `date`, `note` and the box that answers a warning. `None` when the date was
/// refused; a form without a date is about now, and a date that somebody took away is asked for.
pub fn submission(post: &mut Post) -> Result<Option<Submission>, PageError> {
    let day = day(post);
    day.map(|day| said_on(post, day)).transpose()
}

/// The same, also when the date was refused: then of today and never posted, only to find out what
/// the books would ask.
pub fn attempt(post: &mut Post) -> Result<Submission, PageError> {
    let today = post.visit.stock().world().now().day();
    let day = day(post);
    let submission = said_on(post, day.unwrap_or(today))?;
    Ok(Submission { asks_more: day.is_none(), ..submission })
}

fn day(post: &mut Post) -> Option<Day> {
    let (l, today) = (post.visit.locale, post.visit.stock().world().now().day());
    if !post.fields.holds("date") {
        return Some(today);
    }
    post.parse("date", |text| {
        let day = Day::parse(text).ok_or_else(|| td_string!(l, errors.date))?;
        check_day(day, today).map(|()| day).map_err(|wrong| match wrong {
            WrongDay::Future => td_string!(l, errors.future),
            WrongDay::TooEarly => td_string!(l, errors.date),
        })
    })
}

fn said_on(post: &Post, day: Day) -> Result<Submission, PageError> {
    let record: RecordId = post.id("record")?;
    let now = post.visit.stock().world().now();
    let note = post.optional("note");
    let envelope =
        Envelope { note, ..Envelope::typed(record, Occurred::On(day), made_at(record, now)) };
    let confirmed = post.fields.has(CONFIRMED);
    let ticked = post.fields.iter().filter(|(_, value)| !value.is_empty());
    let answered = ticked.filter_map(|(name, _)| name.strip_prefix(ANSWER).map(str::to_owned));
    let answered = answered.collect();
    Ok(Submission { confirmed, answered, ..Submission::new(envelope) })
}

/// Several questions about one form, each with a box of its own.
pub fn asking(questions: impl Iterator<Item = (String, String)>) -> Failure {
    let each = questions.map(|(key, words)| FieldError::new(format!("{ANSWER}{key}"), words));
    Failure::Form(each.collect())
}

/// Asks about what the form says, unless that was answered. `key` names what was said, so that an
/// answer to something else is none.
pub fn ask(post: &mut Post, key: &str, words: impl Into<String>) {
    let name = format!("{ANSWER}{key}");
    if !post.fields.has(&name) {
        post.wrong(name, words);
    }
}

/// The boxes that answer what was asked. What was answered before stays answered, unseen.
pub fn asks(form: &FormState, label: &'static str) -> Vec<AnyView> {
    asks_where(form, label, |_| true)
}

/// The same, only those whose key is `about` something: a question stands beside what it is about.
pub fn asks_where(
    form: &FormState,
    label: &'static str,
    about: impl Fn(&str) -> bool,
) -> Vec<AnyView> {
    let about = |name: &str| name.strip_prefix(ANSWER).is_some_and(&about);
    let errors = form.errors();
    let answered = form.fields().iter().map(|(name, _)| name.to_owned());
    let answered = answered.filter(|name| about(name) && form.checked(name));
    let answered = answered.filter(|name| errors.iter().all(|error| error.name != *name));
    let kept = answered.map(|name| view! { <input type="hidden" name=name value="true"/> });
    let asked = errors.iter().filter(|error| about(&error.name)).cloned();
    let asked = asked.map(|FieldError { name, message }| {
        let checked = form.checked(&name);
        view! { <ui::CheckField name label checked error=message/> }.into_any()
    });
    kept.map(IntoAny::into_any).chain(asked).collect()
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

/// The page of a form that was sent before, as "back" finds it: it leads to what it made.
pub fn made_before(l: Locale, number: String, href: String, again: &'static str) -> Page {
    let title = td_string!(l, common.made_before, number = number.clone());
    let (heading, open) = (title.clone(), td_string!(l, common.open_it, number = number));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading/>
            <p>{td_string!(l, common.made_before_text)}</p>
            <div class="actions">
                <ui::ButtonLink href main=true label=open/>
                <ui::ButtonLink href=again label=td_string!(l, common.begin_another)/>
            </div>
        </ui::Page>
    };
    Page::new(title, body)
}

/// What `?again=1` says: a form was sent a second time.
pub fn sent_again(visit: &Visit) -> Option<AnyView> {
    let l = visit.locale;
    visit.query("again").map(|_| {
        view! {
            <ui::Notice tone=ui::Tone::Warn title=td_string!(l, common.sent_again)>
                {td_string!(l, common.sent_again_text)}
            </ui::Notice>
        }
        .into_any()
    })
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
