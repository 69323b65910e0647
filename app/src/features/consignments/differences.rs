//! After the count: what differs from the waybill, each with a reason, and what nobody sent.

use super::words::{DIFFERENCES, label_line, path, reasons, way};
use crate::error::PageError;
use crate::features::codes::words::position;
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Tone};
use domain::consignment::Rest;
use domain::ids::ConsignmentId;
use domain::ledger::Reason;
use leptos::prelude::*;
use stock::consignments::{Detail, Stranger};

/// Packs that came and were not on the waybill, each by its code.
pub(super) fn not_sent(visit: &Visit, detail: &Detail) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    let one = |stranger: &Stranger| {
        let Stranger { title, pack, pieces } = stranger;
        let words = td_string!(
            l,
            consignments.not_sent_one,
            pack = position(l, lang, pack.kind, pack.number, pack.total),
            title = title.title.clone(),
            n = lang.number(*pieces)
        );
        let (code, href) = (pack.code, format!("/p/{}", pack.code));
        view! { <li><ui::CodeChip code href/>" "{words}<small>{label_line(title)}</small></li> }
    };
    (!detail.not_sent.is_empty()).then(|| {
        let items = detail.not_sent.iter().map(one).collect_view();
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.not_sent)>
                <ul>{items}</ul>
            </ui::Notice>
        }
        .into_any()
    })
}

/// `/consignments/{id}/differences`: the receiver says for each what he knows.
pub async fn differences(visit: Visit) -> PageResult {
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
        view! { <ui::Empty title=td_string!(l, consignments.all_agrees) action/> }.into_any()
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
    let strange = not_sent(&visit, &detail);
    let subtitle = way(lang, &detail.consignment);
    let crumbs = super::words::crumbs(l, &detail.consignment);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            {strange}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
