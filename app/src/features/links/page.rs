//! The links of an event or a consignment: who made them, when they were last used, and one more.

use super::actions::job_of;
use crate::error::PageError;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::role::Permission;
use domain::time::Millis;
use leptos::prelude::*;
use stock::access::{LinkEntry, LinkError, LinkJob};

impl From<LinkError> for PageError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Denied(denied) => denied.into(),
            LinkError::Days => Self::Internal(error.to_string()),
            LinkError::Database(error) => error.into(),
        }
    }
}

/// The way to the links of what this path shows, for who may make one.
pub(crate) fn button(visit: &Visit, path: &str) -> Option<AnyView> {
    let label = td_string!(visit.locale, links.button);
    let href = format!("{path}/links");
    visit.may(Permission::MakeLinks).then(|| view! { <ui::ButtonLink href label/> }.into_any())
}

/// What a link is for, as people know it: its number, and its page.
pub(super) async fn about(visit: &Visit, job: LinkJob) -> Result<ui::Link, PageError> {
    let reader = visit.reader()?;
    let (path, number) = match job {
        LinkJob::Event(id) => {
            let detail = reader.event_detail(id).await?.ok_or(PageError::NotFound)?;
            (format!("/events/{id}"), detail.event.number)
        }
        LinkJob::Consignment(id) => {
            let summary = reader.consignment_summary(id).await?.ok_or(PageError::NotFound)?;
            (format!("/consignments/{id}"), summary.number)
        }
    };
    Ok(ui::Link::new(path, number))
}

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let job = job_of(&visit)?;
    let links = visit.reader()?.links(job).await?;
    let about = about(&visit, job).await?;
    let form = visit.form().await?;
    let title = td_string!(l, links.title, number = about.label.clone()).to_string();
    let heading = title.clone();
    let list = if links.is_empty() {
        view! { <ui::Empty title=td_string!(l, links.none)/> }.into_any()
    } else {
        table(&visit, links)
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=vec![about] subtitle=td_string!(l, links.text)/>
            <ui::Sheet>{list}</ui::Sheet>
            <ui::Form action=visit.path error_title=form.title() errors=form.errors()>
                <ui::NumberField name="days" label=td_string!(l, links.days)
                    hint=td_string!(l, links.days_hint)
                    value=form.or("days", "7") error=form.error("days")/>
                <ui::SubmitBar label=td_string!(l, links.make) note=td_string!(l, links.note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn table(visit: &Visit, links: Vec<LinkEntry>) -> AnyView {
    let (l, lang, now) = (visit.locale, visit.lang(), visit.stock().world().now());
    let row = |link: LinkEntry| {
        let used = match link.used_at {
            Some(moment) => Cell::view(view! { <ui::MomentText moment lang/> }),
            None => Cell::text(td_string!(l, links.never)),
        };
        let end = match state(l, &link, now) {
            Some(ended) => Cell::badge(ended, Tone::Quiet),
            None => {
                let action = format!("/links/{}/end", link.id);
                Cell::view(view! { <ui::PostButton action label=td_string!(l, links.end)/> })
            }
        };
        Row::new(vec![
            Cell::text(link.made_by),
            Cell::day(link.made_at.day(), lang),
            Cell::day(link.expires_at.day(), lang),
            used,
            end,
        ])
    };
    let columns = vec![
        Column::text(td_string!(l, links.made_by)),
        Column::text(td_string!(l, links.made_on)),
        Column::text(td_string!(l, links.until)),
        Column::text(td_string!(l, links.used)),
        Column::text(td_string!(l, links.state)),
    ];
    let rows: Vec<Row> = links.into_iter().map(row).collect();
    let caption = td_string!(l, links.all);
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

fn state(l: Locale, link: &LinkEntry, now: Millis) -> Option<&'static str> {
    match link.ended_at {
        Some(_) => Some(td_string!(l, links.ended)),
        None => (link.expires_at <= now).then(|| td_string!(l, links.expired)),
    }
}
