//! Where somebody goes when nothing waits: what the role usually begins with, and for new books
//! what has to be there first.

use crate::error::PageError;
use crate::i18n::{Locale, td_string};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui::{self, Flag, Tone};
use domain::role::{Permission, Role};
use leptos::prelude::*;
use stock::reference::Counts;

/// The pages where a role usually begins, in the order of its work; shown are those that exist.
pub(super) fn usual(visit: &Visit, role: Role) -> AnyView {
    let l = visit.locale;
    let pages = match role {
        Role::Administrator => vec![
            ("/people/invite", td_string!(l, home.invite)),
            ("/reference", td_string!(l, home.reference)),
        ],
        Role::Logistics => vec![
            ("/runs", td_string!(l, home.receive)),
            ("/consignments/new", td_string!(l, home.send)),
            ("/counts/new", td_string!(l, home.count)),
        ],
        Role::Partner => vec![
            ("/consignments", td_string!(l, home.arrived)),
            ("/events/new", td_string!(l, home.plan)),
            ("/events", td_string!(l, home.tell)),
        ],
        Role::Manager => vec![
            ("/reconcile", td_string!(l, home.reconcile)),
            ("/unexplained", td_string!(l, home.explain)),
            ("/bulletin", td_string!(l, home.bulletin)),
        ],
        Role::Link => Vec::new(),
        Role::Viewer => vec![
            ("/bulletin", td_string!(l, home.bulletin)),
            ("/reconcile", td_string!(l, home.figures)),
            ("/stock", td_string!(l, home.stock)),
        ],
    };
    let shown = pages.into_iter().filter(|(path, _)| leads_somewhere(path, visit));
    let links = shown.map(|(href, label)| view! { <ui::ButtonLink href label/> }).collect_view();
    view! {
        <ui::Sheet title=td_string!(l, home.usual)><div class="actions">{links}</div></ui::Sheet>
    }
    .into_any()
}

/// What new books lack before stock can be entered, in the order in which it is made; `None` when
/// all of it is there.
pub(super) async fn first_steps(visit: &Visit) -> Result<Option<AnyView>, PageError> {
    let l = visit.locale;
    let counts = visit.reader()?.reference_counts().await?;
    if !visit.may(Permission::EditReference) {
        // Of organisations they may see only their own.
        let is_ready = counts.stores > 0 && counts.materials > 0;
        let title = td_string!(l, home.not_ready);
        let text = td_string!(l, home.not_ready_text);
        let notice = || view! { <ui::Notice title>{text}</ui::Notice> }.into_any();
        return Ok((!is_ready).then(notice));
    }
    let steps = steps(l, &counts);
    if steps.iter().all(|step| step.there) {
        return Ok(None);
    }
    let flags = steps.into_iter().map(Step::flag_in(l)).collect();
    Ok(Some(
        view! { <ui::Sheet title=td_string!(l, home.first_steps)><ui::Flags flags/></ui::Sheet> }
            .into_any(),
    ))
}

struct Step {
    title: &'static str,
    text: &'static str,
    room: &'static str,
    there: bool,
}

impl Step {
    /// What is still missing is amber and leads to its form.
    fn flag_in(l: Locale) -> impl Fn(Self) -> Flag {
        move |step| {
            let room = format!("/reference/{}", step.room);
            let flag = Flag::new(step.title).text(step.text);
            if step.there {
                flag.tone(Tone::Good).action(room, td_string!(l, home.look))
            } else {
                flag.action(format!("{room}/new"), td_string!(l, home.add))
            }
        }
    }
}

fn steps(l: Locale, counts: &Counts) -> [Step; 4] {
    [
        Step {
            title: td_string!(l, home.first_orgs),
            text: td_string!(l, home.first_orgs_text),
            room: "organisations",
            // Setting the books up made the programme itself.
            there: counts.orgs > 1,
        },
        Step {
            title: td_string!(l, home.first_stores),
            text: td_string!(l, home.first_stores_text),
            room: "stores",
            there: counts.stores > 0,
        },
        Step {
            title: td_string!(l, home.first_materials),
            text: td_string!(l, home.first_materials_text),
            room: "materials",
            there: counts.materials > 0,
        },
        Step {
            title: td_string!(l, home.first_event_types),
            text: td_string!(l, home.first_event_types_text),
            room: "event-types",
            there: counts.event_types > 0,
        },
    ]
}
