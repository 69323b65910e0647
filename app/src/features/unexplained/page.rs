//! `/unexplained`: the list, and the page that explains one of them.

use crate::features::records;
use crate::features::stock::words as stock_words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Fact, Row, Tone};
use domain::account::{Account, Real};
use domain::calendar::Lang;
use domain::code::Code;
use domain::ids::{BatchId, StoreId};
use domain::ledger::Reason;
use domain::role::Permission;
use leptos::prelude::*;
use stock::corrections::{ExplainedBy, Unexplained};

/// Why the books did not know.
const REASONS: [Reason; 6] = [
    Reason::NotRecordedAtTheTime,
    Reason::CountedWrong,
    Reason::WrongBatch,
    Reason::SentElsewhere,
    Reason::Found,
    Reason::Other,
];

pub(super) fn path(of: &Unexplained) -> String {
    format!("/unexplained/{}/{}", of.account, of.batch)
}

/// `/unexplained?store=ID`
pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let wanted = visit.query("store").and_then(|id| id.parse::<StoreId>().ok());
    let mut open = visit.reader()?.unexplained().await?;
    open.retain(|of| wanted.is_none_or(|store| of.holder == store));
    let title = td_string!(l, unexplained.title);
    let done = visit.query("done").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, unexplained.done)/> }
    });
    let content = if open.is_empty() {
        let text = td_string!(l, unexplained.empty_text);
        view! { <ui::Empty title=td_string!(l, unexplained.empty) text/> }.into_any()
    } else {
        let may_settle = visit.may(Permission::Reconcile);
        let columns = vec![
            Column::text(td_string!(l, unexplained.place)),
            Column::text(td_string!(l, unexplained.batch)),
            Column::text(td_string!(l, unexplained.since)),
            Column::number(td_string!(l, unexplained.pieces)),
            Column::text(td_string!(l, unexplained.next)),
        ];
        let rows = open.iter().map(|of| row(l, lang, of, may_settle)).collect();
        let caption = td_string!(l, unexplained.caption);
        view! { <ui::Sheet><ui::DataTable caption columns rows/></ui::Sheet> }.into_any()
    };
    let everything = wanted.map(|_| {
        view! { <ui::ButtonLink href="/unexplained" label=td_string!(l, unexplained.all)/> }
    });
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, unexplained.subtitle)>
                {everything}
                <ui::ButtonLink href="/consignments/in-transit"
                    label=td_string!(l, unexplained.in_transit)/>
            </ui::PageHead>
            {done}
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn row(l: Locale, lang: Lang, of: &Unexplained, may_settle: bool) -> Row {
    let batch = match Code::parse(&of.batch_code) {
        Ok(code) => Cell::code(code, format!("/b/{code}")),
        Err(_) => Cell::text(&of.batch_code),
    };
    let record = of.record.map(records::words::path).map(|href| {
        view! { <a href=href>{td_string!(l, unexplained.see_record)}</a> }
    });
    let settle = may_settle.then(|| {
        let href = path(of);
        view! { <a href=href>{td_string!(l, unexplained.explain)}</a>" · " }
    });
    let which = which_way(l, of.pieces);
    let since = Cell::day(of.since, lang);
    let since = match of.oldest == of.pieces {
        true => since,
        false => since.below(oldest(l, lang, of)),
    };
    Row::new(vec![
        Cell::text(stock_words::place(Account::Real(of.of), &of.holder_name, l)),
        batch.below(of.material_title.clone()),
        since,
        Cell::number(of.pieces.abs(), lang).below(which).tone(Tone::Warn),
        Cell::view(view! { <span>{settle}{record}</span> }),
    ])
}

fn oldest(l: Locale, lang: Lang, of: &Unexplained) -> String {
    td_string!(l, unexplained.oldest, pieces = lang.number(of.oldest.abs()))
}

fn which_way(l: Locale, pieces: i64) -> &'static str {
    match pieces {
        ..=0 => td_string!(l, unexplained.lacked),
        1.. => td_string!(l, unexplained.twice),
    }
}

/// `/unexplained/{account}/{batch}`: where had the pieces come from?
pub async fn explain(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let (account, batch): (i64, BatchId) = (visit.param("account")?, visit.param("batch")?);
    let (open, ends) = visit.reader()?.explainable(account, batch).await?;
    let form = visit.form().await?;
    let place = stock_words::place(Account::Real(open.of), &open.holder_name, l);
    let since = lang.day(open.since);
    let since = match open.oldest == open.pieces {
        true => since,
        false => format!("{since} · {}", oldest(l, lang, &open)),
    };
    let facts = vec![
        Fact::new(which_way(l, open.pieces), lang.number(open.pieces.abs()))
            .unit(td_string!(l, runs.pieces))
            .tone(Tone::Warn)
            .sentence(format!("{place} · {since}")),
    ];
    let later = td_string!(l, unexplained.only_later, day = lang.day(open.since));
    let choices = ends.iter().map(|by| match by.only_later {
        true => choice(l, lang, &open, by).group(later.as_str()),
        false => choice(l, lang, &open, by),
    });
    let choices: Vec<Choice> = choices.collect();
    let reasons =
        REASONS.map(|reason| Choice::new(reason.as_str(), stock_words::reason(reason, l)));
    let reasons = reasons.to_vec();
    let question = match open.pieces {
        ..=0 => td_string!(l, unexplained.came_from),
        1.. => td_string!(l, unexplained.belongs_to),
    };
    let title = td_string!(l, unexplained.explain_title, what = open.material_title.clone());
    let heading = title.clone();
    let code = Code::parse(&open.batch_code);
    let subtitle = code.map_or_else(|_| open.batch_code.clone(), |code| code.grouped());
    let list = ui::Link::new("/unexplained", td_string!(l, unexplained.title));
    let cancel = ui::Link::new("/unexplained", td_string!(l, common.cancel));
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let (by, by_error) = (form.value("by"), form.error("by"));
    let pieces = form.or("pieces", open.oldest.abs().to_string());
    let date = form.or("date", open.since.to_string());
    let (reason, wrong, note) = (form.value("reason"), form.error("reason"), form.value("note"));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle crumbs=vec![list]/>
            <ui::Facts facts/>
            <ui::Form action=visit.path.clone() error_title errors record>
                <ui::RadioCards name="by" label=question choices value=by error=by_error/>
                <ui::FieldRow>
                    <ui::NumberField name="pieces" label=td_string!(l, unexplained.pieces)
                        value=pieces error=form.error("pieces")
                        unit=td_string!(l, runs.pieces)/>
                    <ui::DateField name="date" label=td_string!(l, unexplained.date)
                        value=date error=form.error("date")/>
                </ui::FieldRow>
                <ui::SelectField name="reason" label=td_string!(l, unexplained.why)
                    choices=reasons value=reason prompt=td_string!(l, records.choose_reason)
                    error=wrong/>
                <ui::TextArea name="note" label=td_string!(l, records.note) rows=2 value=note
                    no_names=td_string!(l, receipts.no_names)
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=td_string!(l, unexplained.settle) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// An account that can explain it, by what that would mean; its store and what it has below.
fn choice(l: Locale, lang: Lang, open: &Unexplained, by: &ExplainedBy) -> Choice {
    let end = &by.end;
    let value = super::actions::written(end.account);
    let lacked = open.pieces < 0;
    let means = match end.account {
        Account::CountDifference(_) => Some(td_string!(l, unexplained.by_difference)),
        Account::Printer(_) => Some(td_string!(l, unexplained.by_printer)),
        Account::Opening(_) => Some(td_string!(l, unexplained.by_opening)),
        Account::Real(Real::InTransit(_)) => Some(td_string!(l, unexplained.by_transit)),
        Account::Real(Real::Lost(_)) if lacked => Some(td_string!(l, unexplained.by_lost)),
        Account::Real(Real::Damaged(_)) if lacked => Some(td_string!(l, unexplained.by_damaged)),
        Account::Real(Real::AtEvent(_)) if lacked => Some(td_string!(l, unexplained.by_event)),
        Account::Real(Real::Store(_)) if lacked => Some(td_string!(l, unexplained.by_store)),
        Account::Real(_) | Account::Unexplained(_) => None,
    };
    let has = by.pieces.map(|n| td_string!(l, unexplained.has_now, n = lang.number(n)));
    let place = means.is_some().then(|| end.holder_name.clone());
    let below = place.into_iter().filter(|name| !name.is_empty()).chain(has);
    let below = below.collect::<Vec<String>>().join(" · ");
    let label =
        means.map_or_else(|| stock_words::place(end.account, &end.holder_name, l), str::to_owned);
    Choice::new(value, label).hint(below)
}
