//! "Needs an explanation": everything that stands out, each with where it is explained. The
//! bulletin's page lists the same as the reconciliation.

use super::statement::broken_words;
use crate::error::PageError;
use crate::features::bulletin::warnings;
use crate::features::home::task_words;
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Flag, Tone};
use domain::consignment::State;
use domain::small_cells::PeopleShown;
use domain::time::{Day, Month};
use leptos::prelude::*;
use stock::consignments::{Filter, Summary};
use stock::corrections::Unexplained;
use stock::reconcile::{Bulletin, Statement};
use stock::tasks::{Task, TaskKind};

/// How many things of one sort are listed one by one.
const MOST_LISTED: usize = 5;

/// What began in a month or before and waits for an explanation today.
pub(crate) struct Waiting {
    today: Day,
    unexplained: Vec<Unexplained>,
    /// Consignments that were counted and differ from what was sent.
    short: Vec<Summary>,
    /// Stock that should have stayed where it was and moved, into which the reader is to look.
    moved: Vec<Task>,
}

impl Waiting {
    /// Pieces of which the books do not know where they came from. What arrived too much is among
    /// them.
    pub fn unexplained(&self) -> i64 {
        self.unexplained.iter().map(|one| one.pieces.abs()).sum()
    }

    /// Pieces that left and did not arrive; the books still have them in transit.
    pub fn missing(&self) -> i64 {
        self.short.iter().filter_map(|one| one.in_transit).sum()
    }

    pub fn differences(&self) -> i64 {
        let missing = self.short.iter().filter(|one| one.in_transit.unwrap_or(0) > 0).count();
        (self.unexplained.len() + missing) as i64
    }

    /// The age of the oldest; `None` when nothing waits.
    pub fn oldest_days(&self) -> Option<i64> {
        let left = self.short.iter().filter_map(|one| one.dispatched_at).map(|at| at.day());
        let since = self.unexplained.iter().map(|one| one.since);
        left.chain(since).min().map(|oldest| i64::from(self.today.0 - oldest.0))
    }
}

pub(crate) async fn waiting(visit: &Visit, month: Month) -> Result<Waiting, PageError> {
    let reader = visit.reader()?;
    let mut unexplained = reader.unexplained().await?;
    unexplained.retain(|one| one.since.month() <= month);
    let counted = Filter { state: Some(State::Delivered), ..Filter::default() };
    let (mut short, _) = reader.consignments(counted).await?;
    short.retain(|one| {
        let began = one.dispatched_at.is_none_or(|at| at.day().month() <= month);
        began && (one.in_transit.unwrap_or(0) > 0 || one.extra.unwrap_or(0) > 0)
    });
    let mut moved = reader.tasks().await?;
    moved.retain(|task| {
        task.kind == TaskKind::HeldBatchMoved && task.opened_at.day().month() <= month
    });
    Ok(Waiting { today: visit.stock().world().now().day(), unexplained, short, moved })
}

/// Everything that stands out in a month, or that nothing does.
pub(crate) fn list(
    visit: &Visit,
    statement: &Statement,
    bulletin: (&Bulletin, PeopleShown),
    waiting: &Waiting,
) -> AnyView {
    let flags = flags(visit, statement, bulletin, waiting);
    match flags.is_empty() {
        true => {
            let words = td_string!(visit.locale, reconcile.nothing_to_explain);
            view! { <p>{words}</p> }.into_any()
        }
        false => view! { <ui::Flags flags/> }.into_any(),
    }
}

fn flags(
    visit: &Visit,
    statement: &Statement,
    (bulletin, people): (&Bulletin, PeopleShown),
    waiting: &Waiting,
) -> Vec<Flag> {
    let (l, lang) = (visit.locale, visit.lang());
    let mut flags = Vec::new();
    if let Some(first) = statement.broken.first() {
        let flag = Flag::new(td_string!(l, reconcile.broken_title))
            .text(broken_words(first, l, lang))
            .action(
                format!("/reconcile?month={}#statement", statement.month),
                td_string!(l, bulletin.open),
            );
        flags.push(flag.tone(Tone::Bad));
    }
    flags.extend(warnings::flags(visit, bulletin, people));
    flags.extend(unexplained(visit, waiting));
    flags.extend(short(visit, waiting));
    flags.extend(waiting.moved.iter().map(|task| {
        let since = td_string!(l, home.since, since = lang.day(task.opened_at.day()));
        Flag::new(task_words(l, task.kind, &task.what))
            .text(since)
            .action(task.page.clone(), td_string!(l, bulletin.open))
    }));
    flags
}

fn unexplained(visit: &Visit, waiting: &Waiting) -> Vec<Flag> {
    let (l, lang) = (visit.locale, visit.lang());
    let explained = |flag: Flag| flag.action("/unexplained", td_string!(l, bulletin.explain));
    let one = |one: &Unexplained| {
        let pieces = lang.number(one.pieces.abs());
        let (store, material) = (one.holder_name.clone(), one.material_title.clone());
        let title = match one.pieces < 0 {
            true => td_string!(l, reconcile.flag_shortfall, pieces = pieces, store = store),
            false => td_string!(l, reconcile.flag_surplus, pieces = pieces, store = store),
        };
        let days = i64::from(waiting.today.0 - one.since.0);
        let text = td_string!(
            l,
            reconcile.flag_since,
            count = days,
            material = material,
            day = lang.day(one.since),
            days = lang.number(days)
        );
        explained(Flag::new(title).text(text))
    };
    let mut flags: Vec<Flag> = waiting.unexplained.iter().take(MOST_LISTED).map(one).collect();
    let more = waiting.unexplained.len().saturating_sub(MOST_LISTED) as i64;
    if more > 0 {
        let title =
            td_string!(l, reconcile.flag_more, count = more, differences = lang.number(more));
        flags.push(explained(Flag::new(title)));
    }
    flags
}

fn short(visit: &Visit, waiting: &Waiting) -> Vec<Flag> {
    let (l, lang) = (visit.locale, visit.lang());
    let one = |one: &Summary| {
        let missing = one.in_transit.unwrap_or(0);
        let store = one.to.name.clone();
        let title = match missing > 0 {
            true => {
                let pieces = lang.number(missing);
                td_string!(l, reconcile.flag_missing, pieces = pieces, store = store)
            }
            false => {
                let pieces = lang.number(one.extra.unwrap_or(0));
                td_string!(l, reconcile.flag_extra, pieces = pieces, store = store)
            }
        };
        let left = one.dispatched_at.map_or(waiting.today, |at| at.day());
        let days = i64::from(waiting.today.0 - left.0);
        let text = td_string!(
            l,
            reconcile.flag_waybill,
            count = days,
            number = one.number.clone(),
            day = lang.day(left),
            days = lang.number(days)
        );
        let href = format!("/consignments/{}", one.id);
        Flag::new(title).text(text).action(href, td_string!(l, bulletin.open))
    };
    let mut flags: Vec<Flag> = waiting.short.iter().take(MOST_LISTED).map(one).collect();
    let more = waiting.short.len().saturating_sub(MOST_LISTED) as i64;
    if more > 0 {
        let title = td_string!(
            l,
            reconcile.flag_more_short,
            count = more,
            consignments = lang.number(more)
        );
        let open = td_string!(l, bulletin.open);
        flags.push(Flag::new(title).action("/consignments/in-transit", open));
    }
    flags
}
