//! The receiver's side says why something is missing, or more than was sent.

use super::actions::{id, reason};
use super::counting::not_confirmed;
use super::found::found;
use super::words::{DIFFERENCES, crumbs, path, reasons, way};
use crate::error::PageError;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::posting::submission;
use crate::session::Visit;
use crate::ui;
use domain::consignment::Rest;
use domain::ids::{BatchId, ConsignmentId};
use domain::ledger::Reason;
use domain::records::consignment::{DifferenceReason, DifferenceReasons, DifferenceSide};
use leptos::prelude::*;

/// After the count: what differs, and a reason for each.
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: ConsignmentId = visit.param("id")?;
    let detail = visit.reader()?.consignment(id).await?;
    if !detail.sees_to || !detail.sees_sent {
        return Err(PageError::NotFound);
    }
    let form = visit.form().await?;
    let nothing_more = detail.latest_rest == Some(Rest::NothingMore);
    let mut fields = Vec::new();
    for line in &detail.lines {
        let Some(tally) = line.tally else { continue };
        let missing = if nothing_more { tally.in_transit() } else { 0 };
        let sides =
            [("missing", missing, line.missing_reason), ("extra", tally.extra, line.extra_reason)];
        for (side, pieces, known) in sides.into_iter().filter(|(_, pieces, _)| *pieces > 0) {
            let n = lang.number(pieces);
            let words = match side {
                "missing" => td_string!(l, consignments.n_missing, n = n),
                _ => td_string!(l, consignments.n_extra, n = n),
            };
            let sent = lang.number(tally.sent);
            let received = lang.number(tally.received + tally.damaged);
            let hint = td_string!(l, consignments.sent_received, sent = sent, received = received);
            let name = format!("{side}_{}", line.title.batch);
            let label = format!("{} · {words}", line.title.title);
            let known = known.map(Reason::as_str).unwrap_or_default();
            let value = form.or(&name, known);
            let error = form.error(&name);
            fields.push(view! {
                <ui::SelectField name label hint choices=reasons(l, &DIFFERENCES) value error
                    prompt=td_string!(l, consignments.choose_reason)/>
            });
        }
    }
    let title = td_string!(l, consignments.differences);
    let here = path(&detail.consignment);
    let content = if fields.is_empty() {
        let action = ui::Link::new(here.clone(), td_string!(l, consignments.to_consignment));
        let agrees = if detail.unsent.is_empty() && detail.look_for.is_empty() {
            td_string!(l, consignments.all_agrees)
        } else {
            td_string!(l, consignments.pieces_agree)
        };
        view! { <ui::Empty title=agrees action/> }.into_any()
    } else {
        let later = ui::Link::new(here.clone(), td_string!(l, consignments.later));
        view! {
            <p>{td_string!(l, consignments.differences_text)}</p>
            <ui::Form action=format!("{here}/differences") error_title=form.title()
                errors=form.errors() record=form.record(&visit)>
                {fields}
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(later)/>
            </ui::Form>
        }
        .into_any()
    };
    let found = found(&visit, &detail);
    let subtitle = way(lang, &detail.consignment);
    let crumbs = crumbs(l, &detail.consignment);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            {found}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn give_reasons(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let consignment = id(&post)?;
    let sides = [("missing_", DifferenceSide::Missing), ("extra_", DifferenceSide::Extra)];
    let asked: Vec<(String, BatchId, DifferenceSide)> = post
        .fields
        .iter()
        .filter_map(|(name, _)| {
            let (prefix, side) = sides.iter().find(|(prefix, _)| name.starts_with(prefix))?;
            let batch = name.strip_prefix(prefix)?.parse().ok()?;
            Some((name.to_owned(), batch, *side))
        })
        .collect();
    let given: Vec<Option<DifferenceReason>> = asked
        .into_iter()
        .map(|(name, batch, side)| {
            reason(&mut post, &name).map(|reason| DifferenceReason { batch, side, reason })
        })
        .collect();
    let submission = submission(&mut post)?;
    let reasons: Option<Vec<DifferenceReason>> = given.into_iter().collect();
    let (Some(submission), Some(reasons)) = (submission, reasons) else {
        return Err(post.failed());
    };
    let reasons = DifferenceReasons { consignment, reasons };
    let posted = post.visit.writer()?.give_reasons(submission, reasons).await;
    posted.map_err(|error| not_confirmed(error, l))?;
    Ok(Done::see(format!("/consignments/{consignment}?done=1")))
}
