//! The sender's side says what became of missing pieces, or where extra ones came from.

use super::words::{DIFFERENCES, crumbs, label_line, path, reason_name, reasons};
use crate::error::PageError;
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Choice, Fact, Tone};
use domain::consignment::Rest;
use domain::ids::{BatchId, ConsignmentId};
use domain::ledger::Reason;
use domain::time::Day;
use leptos::prelude::*;
use stock::consignments::{Detail, Said};

pub async fn form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: ConsignmentId = visit.param("id")?;
    let batch: BatchId = visit.param("batch")?;
    let reader = visit.reader()?;
    let detail = reader.consignment(id).await?;
    let line = detail.lines.iter().find(|line| line.title.batch == batch);
    let (Some(line), true) = (line, detail.sees_from) else { return Err(PageError::NotFound) };
    let tally = line.tally.unwrap_or_default();
    let (missing, extra) = (tally.in_transit().max(0), tally.extra.max(0));
    let form = visit.form().await?;
    let stores = reader.consignment_receivers().await?;
    let stores: Vec<Choice> = stores
        .iter()
        .filter(|store| ![detail.consignment.from.id, detail.consignment.to.id].contains(&store.id))
        .map(|store| Choice::new(store.id.to_string(), &store.name))
        .collect();
    let mut became = Vec::new();
    let said = if missing > 0 { line.missing_reason } else { line.extra_reason };
    let miscounted = said == Some(Reason::CountedWrong);
    if missing > 0 {
        became.extend([
            Choice::new("lost", td_string!(l, consignments.became_lost)),
            Choice::new("came_back", td_string!(l, consignments.became_came_back)),
            Choice::new("elsewhere", td_string!(l, consignments.became_elsewhere)),
        ]);
        if detail.latest_rest == Some(Rest::NothingMore) {
            let arrived = Choice::new("arrived", td_string!(l, consignments.became_arrived))
                .hint(td_string!(l, consignments.became_arrived_hint));
            became.insert(if miscounted { 0 } else { became.len() }, arrived);
        }
    }
    if extra > 0 {
        became.push(
            Choice::new("loaded_unwritten", td_string!(l, consignments.became_loaded))
                .hint(td_string!(l, consignments.became_loaded_hint)),
        );
        let not_come = Choice::new("counted_too_many", td_string!(l, consignments.became_not_come))
            .hint(td_string!(l, consignments.became_not_come_hint));
        let first = miscounted && missing == 0;
        became.insert(if first { 0 } else { became.len() }, not_come);
    }
    let facts = vec![
        Fact::new(td_string!(l, consignments.sent), lang.number(tally.sent)),
        Fact::new(
            td_string!(l, consignments.received),
            lang.number(tally.received + tally.damaged),
        ),
        Fact::new(td_string!(l, consignments.missing), lang.number(missing)).tone(Tone::Warn),
        Fact::new(td_string!(l, consignments.extra), lang.number(extra)),
    ];
    let given = line.missing_reason.filter(|_| missing > 0).or(line.extra_reason);
    let receiver = given.map(|reason| {
        let reason = reason_name(l, reason);
        view! { <p>{td_string!(l, consignments.receiver_says, reason = reason)}</p> }
    });
    let given = given.map(Reason::as_str).unwrap_or_default();
    let unsent: Vec<String> = detail
        .unsent
        .iter()
        .filter(|pack| pack.title.batch == batch)
        .map(|pack| format!("{} ({})", pack.code.grouped(), lang.number(pack.pieces)))
        .collect();
    let unsent = (!unsent.is_empty()).then(|| {
        let codes = unsent.join(", ");
        view! { <p>{td_string!(l, consignments.unsent_codes, codes = codes)}</p> }
    });
    let title = td_string!(l, consignments.explain_title, what = line.title.title.clone());
    let (heading, subtitle) = (title.clone(), label_line(&line.title));
    let here = path(&detail.consignment);
    let open = if missing > 0 { missing } else { extra };
    let content = if became.is_empty() {
        let action = ui::Link::new(here.clone(), td_string!(l, consignments.to_consignment));
        view! { <ui::Empty title=td_string!(l, consignments.all_agrees) action/> }.into_any()
    } else {
        let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
        let today = visit.stock().world().now().day();
        let day = counted_on(&detail).filter(|_| miscounted).unwrap_or(today).to_string();
        let other = (missing > 0 && !stores.is_empty()).then(|| {
            view! {
                <ui::SelectField name="store" label=td_string!(l, consignments.other_store)
                    hint=td_string!(l, consignments.other_store_hint) choices=stores
                    value=form.value("store") error=form.error("store")
                    prompt=td_string!(l, consignments.choose_store)
                    optional=td_string!(l, reference.optional)/>
            }
        });
        view! {
            <ui::Form action=visit.path.clone() error_title=form.title() errors=form.errors()
                record=form.record(&visit)>
                <ui::RadioCards name="became" label=td_string!(l, consignments.became)
                    choices=became value=form.value("became") error=form.error("became")/>
                {other}
                <ui::NumberField name="pieces" label=td_string!(l, consignments.pieces)
                    value=form.or("pieces", open.to_string()) error=form.error("pieces")/>
                <ui::SelectField name="reason" label=td_string!(l, consignments.reason)
                    hint=td_string!(l, consignments.reason_hint) choices=reasons(l, &DIFFERENCES)
                    value=form.or("reason", given) error=form.error("reason")
                    prompt=td_string!(l, consignments.choose_reason)
                    optional=td_string!(l, reference.optional)/>
                <ui::DateField name="date" label=td_string!(l, consignments.happened_on)
                    value=form.or("date", day) error=form.error("date")/>
                <ui::TextArea name="note" label=td_string!(l, consignments.note)
                    no_names=td_string!(l, consignments.no_names) value=form.value("note") rows=2
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle crumbs=crumbs(l, &detail.consignment)/>
            <ui::Facts facts/>
            {receiver}
            {unsent}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The day of the last count, on which pieces that it left out had come.
fn counted_on(detail: &Detail) -> Option<Day> {
    let counts = detail.timeline.iter().filter(|entry| !entry.reversed);
    let days = counts.filter_map(|entry| match entry.what {
        Said::Delivered { .. } => Some(entry.occurred_at.day()),
        Said::Dispatched
        | Said::Cancelled(_)
        | Said::ReasonsGiven(_)
        | Said::Confirmed
        | Said::Explained(_)
        | Said::Paper(_)
        | Said::Other(_) => None,
    });
    days.max()
}
