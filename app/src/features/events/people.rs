//! Who came, without a sheet or as a correction of what was said before.

use super::fields::{attendance, people_boxes, read_attendance};
use super::filled::{self, event_error};
use super::sheet::{of_path, on_behalf, session_field};
use super::words::{crumbs, event_line, event_name, group_name, path, session_label};
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asks, submission, today};
use crate::session::Visit;
use crate::ui::{self, Choice};
use domain::attendance::{Attendance, Headcount};
use domain::calendar::Lang;
use domain::ids::RecordId;
use domain::records::events::CountPeople;
use leptos::prelude::*;
use stock::events::{EventDetail, Statement};

/// The choice that corrects nothing.
const NEW: &str = "new";

/// The statements that no other one corrects.
pub(super) fn standing(detail: &EventDetail) -> Vec<&Statement> {
    let corrected: Vec<RecordId> =
        detail.statements.iter().filter_map(|said| said.statement.corrects).collect();
    let stands = |said: &&Statement| !corrected.contains(&said.statement.record);
    detail.statements.iter().filter(stands).collect()
}

/// "Women: 40 · Men: 12 · Officials", without the boxes that nobody filled.
pub(super) fn said_words(l: Locale, lang: Lang, said: &Attendance) -> String {
    let boxes = people_boxes(l).into_iter().zip(said.count.boxes());
    let counts = boxes.filter_map(|((_, label), count)| {
        count.map(|count| format!("{label}: {}", lang.number(count)))
    });
    let groups = said.groups.iter().map(|group| group_name(l, *group).to_owned());
    counts.chain(groups).collect::<Vec<_>>().join(" · ")
}

/// "90 women and girls", "at least" where the sex of somebody was not recorded.
pub(super) fn females_words(l: Locale, lang: Lang, count: &Headcount) -> Option<String> {
    let females = lang.number(count.females()?);
    Some(if count.females_at_least() {
        td_string!(l, events.females_at_least, n = females)
    } else {
        td_string!(l, events.females, n = females)
    })
}

/// "12 women and girls counted, men and boys not counted", where only one sex was.
pub(super) fn partial_words(l: Locale, lang: Lang, count: &Headcount) -> Option<String> {
    let counted = lang.number(count.participants()?);
    count.participants_at_least().then(|| match count.females() {
        Some(_) => td_string!(l, events.only_females, n = counted),
        None => td_string!(l, events.only_males, n = counted),
    })
}

pub async fn form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let detail = of_path(&visit).await?;
    let form = visit.form().await?;
    let event = &detail.event;
    let here = path(event.id);
    let title = td_string!(l, events.people_title);
    let subtitle = format!("{} · {}", event_name(lang, event), event_line(lang, event));
    let standing = standing(&detail);
    let corrects = (!standing.is_empty()).then(|| {
        let mut choices: Vec<Choice> =
            standing.iter().map(|said| choice(&visit, &detail, said)).collect();
        choices.push(
            Choice::new(NEW, td_string!(l, events.new_count))
                .hint(td_string!(l, events.new_count_hint)),
        );
        let asked = visit.query("corrects").unwrap_or_default().to_owned();
        let (value, error) = (form.or("corrects", asked), form.error("corrects"));
        view! {
            <ui::RadioCards name="corrects" label=td_string!(l, events.corrects) choices value
                error/>
        }
    });
    let sessions = session_field(&visit, &detail, &form);
    let asked = visit.query("corrects").unwrap_or_default();
    let said = standing.iter().find(|said| said.statement.record.to_string() == asked);
    let fields = attendance(l, &form, said.map(|said| &said.statement.said));
    let behalf = visit.actor().ok().and_then(|actor| on_behalf(l, actor, event));
    let date = form.or("date", event.planned_on.to_string().min(today(&visit)));
    let crumbs = crumbs(l, event);
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let (note, date_error) = (form.value("note"), form.error("date"));
    let sure = asks(&form, td_string!(l, events.sure));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            {behalf}
            <ui::Form action=format!("{here}/people") error_title errors record>
                {corrects}
                <ui::DateField name="date" label=td_string!(l, events.held_on) value=date
                    error=date_error/>
                {sessions}
                <ui::Sheet title=td_string!(l, events.who_came)>{fields}</ui::Sheet>
                <ui::TextArea name="note" label=td_string!(l, events.note) value=note rows=2
                    no_names=td_string!(l, events.no_names)
                    optional=td_string!(l, reference.optional)/>
                {sure}
                <ui::SubmitBar label=td_string!(l, events.record_people) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn choice(visit: &Visit, detail: &EventDetail, said: &Statement) -> Choice {
    let (l, lang) = (visit.locale, visit.lang());
    let session = detail.sessions.iter().find(|known| Some(known.id) == said.statement.session);
    let what = session.map_or_else(
        || td_string!(l, events.whole_event).to_owned(),
        |session| session_label(l, lang, session),
    );
    let label = td_string!(l, events.corrects_one, what = what, day = lang.day(said.day));
    Choice::new(said.statement.record.to_string(), label).hint(said_words(
        l,
        lang,
        &said.statement.said,
    ))
}

pub async fn record(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let detail = of_path(&post.visit).await?;
    let event = detail.event.id;
    let corrects = match post.text("corrects") {
        "" if standing(&detail).is_empty() => Some(None),
        NEW => Some(None),
        _ => post
            .parse("corrects", |id| id.parse().map(Some).map_err(|_| td_string!(l, errors.choose))),
    };
    // A correction is about the session of what it corrects.
    let session = match corrects {
        Some(Some(_)) => Some(None),
        Some(None) | None => filled::session(&mut post, &detail),
    };
    let said = read_attendance(&mut post);
    let submission = submission(&mut post)?;
    if said == Some(None) {
        post.wrong("women", td_string!(l, events.nobody_counted));
    }
    let (Some(submission), Some(corrects), Some(session), Some(Some(attendance)), true) =
        (submission, corrects, session, said, post.is_right())
    else {
        return Err(post.failed());
    };
    filled::check_likely(&mut post, &detail, &submission, Some(&attendance));
    if !post.is_right() {
        return Err(post.failed());
    }
    let body = CountPeople { event, session, attendance, corrects };
    let counted = post.visit.writer()?.count_people(submission, body).await;
    counted.map_err(|error| event_error(error, l, &[]))?;
    Ok(Done::see(format!("{}?done=people#people", path(event))))
}
