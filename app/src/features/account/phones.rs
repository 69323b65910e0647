//! Somebody's phones, and what happens when one is lost: on the own account page, and for
//! administrators on the page of a person.

use super::page::device_words;
use crate::error::PageError;
use crate::features::people;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row, Tone};
use domain::ids::{DeviceId, UserId};
use leptos::prelude::*;
use stock::access::PhoneEntry;

/// A phone of somebody, and the page on which it stands.
struct Whose {
    person: UserId,
    phone: DeviceId,
    page: String,
}

impl Whose {
    /// As the path says it: one's own, or the person's of whom it is a page.
    fn of(visit: &Visit) -> Result<Self, PageError> {
        if visit.path.starts_with("/people/") {
            let person: UserId = visit.param("id")?;
            let page = format!("/people/{person}");
            Ok(Self { person, phone: visit.param("phone")?, page })
        } else {
            let (person, page) = (visit.actor()?.user, "/account".to_owned());
            Ok(Self { person, phone: visit.param("id")?, page })
        }
    }

    fn path(&self) -> String {
        path(&self.page, self.phone)
    }
}

fn path(page: &str, phone: DeviceId) -> String {
    format!("{page}/phones/{phone}")
}

/// The phones of a person, each with the way to report it; nothing where there is none.
pub(crate) fn sheet(visit: &Visit, phones: Vec<PhoneEntry>, page: &str) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    if phones.is_empty() {
        return None;
    }
    let row = |phone: PhoneEntry| {
        let href = path(page, phone.device);
        let waits = (phone.waiting > 0).then(|| {
            let n = lang.number(phone.waiting);
            td_string!(l, account.phone_waits, n = n).to_string()
        });
        let what = match phone.lost_at {
            Some(_) => Cell::badge(td_string!(l, account.phone_is_lost), Tone::Warn).below(waits),
            None => Cell::link(href.clone(), td_string!(l, account.report_lost)).below(waits),
        };
        let words = device_words(l, phone.agent.as_deref().unwrap_or_default());
        Row::new(vec![
            Cell::link(href, words),
            Cell::day(phone.met_at.day(), lang),
            Cell::view(view! { <ui::MomentText moment=phone.synced_at lang/> }),
            what,
        ])
    };
    let rows: Vec<Row> = phones.into_iter().map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, account.phone)),
        Column::text(td_string!(l, account.began)),
        Column::text(td_string!(l, account.last_sync)),
        Column::text(td_string!(l, account.what)),
    ];
    let title = td_string!(l, account.phones);
    Some(
        view! {
            <ui::Sheet title id="phones">
                <p>{td_string!(l, account.phones_text)}</p>
                <ui::DataTable caption=title hide_caption=true columns rows/>
            </ui::Sheet>
        }
        .into_any(),
    )
}

/// One phone: what reporting it does, or where to look now that it is lost.
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let whose = Whose::of(&visit)?;
    let reader = visit.reader()?;
    let phone = reader.phone(whose.person, whose.phone).await?;
    let crumbs = match whose.page.as_str() {
        "/account" => vec![ui::Link::new("/account", td_string!(l, account.title))],
        page => {
            let name = reader.person(whose.person).await?.name;
            vec![people::page::list_link(l), ui::Link::new(page, name)]
        }
    };
    let here = whose.path();
    let words = device_words(l, phone.agent.as_deref().unwrap_or_default());
    let since = td_string!(l, account.phone_since, since = lang.day(phone.met_at.day()));
    let subtitle = format!("{words} · {since}");
    let title = match phone.lost_at {
        Some(_) => td_string!(l, account.lost_title),
        None => td_string!(l, account.report_title),
    };
    let body = match phone.lost_at {
        Some(at) => {
            let since = lang.day(at.day());
            let looks = where_to_look(&visit);
            view! {
                <ui::Notice tone=Tone::Warn
                    title=td_string!(l, account.lost_since, since = since).to_string()>
                    {td_string!(l, account.lost_text)}
                </ui::Notice>
                {looks}
                <ui::Sheet title=td_string!(l, account.found_title)>
                    <p>{td_string!(l, account.found_text)}</p>
                    <ui::PostButton action=format!("{here}/found")
                        label=td_string!(l, account.found)/>
                </ui::Sheet>
            }
            .into_any()
        }
        None => {
            let cancel = Some(ui::Link::new(whose.page, td_string!(l, common.cancel)));
            view! {
                <ui::Form action=format!("{here}/lost")>
                    <p>{td_string!(l, account.report_text)}</p>
                    <ul>
                        <li>{td_string!(l, account.report_ends)}</li>
                        <li>{td_string!(l, account.report_holds)}</li>
                    </ul>
                    <ui::SubmitBar label=td_string!(l, account.report_now) cancel
                        note=td_string!(l, account.report_note)/>
                </ui::Form>
            }
            .into_any()
        }
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            {body}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// What the phone may have known and nobody has: it is entered from paper.
fn where_to_look(visit: &Visit) -> Option<AnyView> {
    let l = visit.locale;
    let lists = [
        ("/events", "/events?state=sheet_missing", td_string!(l, account.lost_events)),
        (
            "/consignments/in-transit",
            "/consignments/in-transit",
            td_string!(l, account.lost_coming),
        ),
        ("/held", "/held", td_string!(l, account.lost_held)),
    ];
    let links = lists
        .into_iter()
        .filter(|(page, _, _)| leads_somewhere(page, visit))
        .map(|(_, href, label)| view! { <li><a href=href>{label}</a></li> })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| {
        view! {
            <ui::Sheet title=td_string!(l, account.lost_enter)>
                <p>{td_string!(l, account.lost_enter_text)}</p>
                <ul>{links}</ul>
            </ui::Sheet>
        }
        .into_any()
    })
}

pub async fn lost(post: Post) -> Result<Done, Failure> {
    let whose = Whose::of(&post.visit)?;
    let asking = post.visit.signed.as_ref().map(|signed| signed.session);
    let asking = asking.ok_or(PageError::SignIn)?;
    post.visit.writer()?.report_phone_lost(whose.person, whose.phone, asking).await?;
    Ok(Done::see(whose.path()))
}

pub async fn found(post: Post) -> Result<Done, Failure> {
    let whose = Whose::of(&post.visit)?;
    post.visit.writer()?.take_phone_back(whose.person, whose.phone).await?;
    Ok(Done::see(whose.path()))
}
