//! `/counts` and `/counts/{id}`.

use crate::features::records;
use crate::features::stock::words as stock_words;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui::{self, Cell, Choice, Column, Fact, Row, Tone};
use domain::calendar::Lang;
use domain::code::Code;
use domain::ids::RecordId;
use domain::ledger::Reason;
use domain::role::Permission;
use leptos::prelude::*;
use stock::keeping::{CountDecision, CountDetail, CountHead, CountLine};

/// Why the books and the shelf do not agree.
pub(super) const REASONS: [Reason; 5] = [
    Reason::NotRecordedAtTheTime,
    Reason::CountedWrong,
    Reason::Missing,
    Reason::Found,
    Reason::Other,
];

pub(super) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/counts", td_string!(l, counts.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let counts = visit.reader()?.counts().await?;
    let title = td_string!(l, counts.title);
    let new = visit
        .may(Permission::KeepStore)
        .then(|| ui::Link::new("/counts/new", td_string!(l, counts.new)));
    let button = new.clone().filter(|_| !counts.is_empty()).map(|new| {
        view! { <ui::ButtonLink href=new.href label=new.label main=true/> }
    });
    let content = if counts.is_empty() {
        let text = td_string!(l, counts.empty_text);
        crate::features::reference::empty(td_string!(l, counts.empty), text, new)
    } else {
        let columns = vec![
            Column::text(td_string!(l, counts.store)),
            Column::text(td_string!(l, counts.counted_on)),
            Column::number(td_string!(l, counts.batches)),
            Column::text(td_string!(l, records.by)),
            Column::text(td_string!(l, records.state)),
        ];
        let rows = counts.iter().map(|head| head_row(l, lang, head)).collect();
        view! {
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, counts.subtitle)>{button}</ui::PageHead>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn state(l: Locale, decision: CountDecision) -> (&'static str, Tone) {
    match decision {
        CountDecision::Waiting { .. } => (td_string!(l, counts.waiting), Tone::Warn),
        CountDecision::Approved { .. } => (td_string!(l, counts.approved), Tone::Good),
        CountDecision::Declined { .. } => (td_string!(l, counts.declined), Tone::Quiet),
    }
}

fn counter(l: Locale, head: &CountHead) -> String {
    let role = head.by_role.map(|role| role_name(l, role));
    head.by_name.clone().or(role).unwrap_or_else(|| td_string!(l, records.by_unknown).to_owned())
}

fn head_row(l: Locale, lang: Lang, head: &CountHead) -> Row {
    let (label, tone) = state(l, head.decision);
    Row::new(vec![
        Cell::link(path(head.record), &head.store_name),
        Cell::day(head.counted_at.day(), lang),
        Cell::number(head.batches as i64, lang),
        Cell::text(counter(l, head)),
        Cell::badge(label, tone),
    ])
}

pub fn path(count: RecordId) -> String {
    format!("/counts/{count}")
}

/// What was counted beside what the books said for the same moment.
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: RecordId = visit.param("id")?;
    let count = visit.reader()?.count(id).await?;
    let approve = format!("{}/approve", path(id));
    let form = visit.form_of(&approve).await?;
    let declining = visit.form_of(&format!("{}/decline", path(id))).await?;
    let record = form.record(&visit);
    let decision = decision(l, &visit, &count, [&form, &declining], record);
    // Once it is decided, or for whoever counted, there is no form that could show its errors.
    let refused = (!matches!(count.head.decision, CountDecision::Waiting { by_me: true }))
        .then(|| [form.errors(), declining.errors()].concat())
        .map(|errors| view! { <ui::ErrorSummary title=form.title() errors/> });
    let sent = visit.query("sent").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, counts.sent)/> }
    });
    let (label, tone) = state(l, count.head.decision);
    let title = td_string!(l, counts.count_of, store = count.head.store_name.clone());
    let heading = title.clone();
    let day = lang.day(count.head.counted_at.day());
    let subtitle = td_string!(l, counts.counted_by, day = day, who = counter(l, &count.head));
    let said = records::words::path(id);
    let (facts, table) = (facts(l, lang, &count.lines), table(l, lang, &count.lines));
    let note = count.note.clone().map(|note| {
        view! { <ui::Sheet title=td_string!(l, records.note)><p>{note}</p></ui::Sheet> }
    });
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=vec![list_link(l)]
                status=move || view! { <ui::Badge label tone/> }>
                <ui::ButtonLink href=said label=td_string!(l, records.record)/>
            </ui::PageHead>
            {refused}
            {sent}
            <ui::Facts facts/>
            <ui::Sheet>{table}</ui::Sheet>
            {note}
            {decision}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn facts(l: Locale, lang: Lang, lines: &[CountLine]) -> Vec<Fact> {
    let counted: i64 = lines.iter().map(|line| line.counted).sum();
    let booked: i64 = lines.iter().map(|line| line.in_books).sum();
    let differ = lines.iter().filter(|line| line.counted != line.in_books).count() as i64;
    let unit = td_string!(l, runs.pieces);
    let tone = if differ == 0 { Tone::Good } else { Tone::Warn };
    let sentence = match differ {
        0 => td_string!(l, counts.agrees).to_owned(),
        _ => td_string!(l, counts.differ, n = lang.number(differ)),
    };
    vec![
        Fact::new(td_string!(l, counts.counted), lang.number(counted)).unit(unit),
        Fact::new(td_string!(l, counts.in_books), lang.number(booked)).unit(unit),
        Fact::new(td_string!(l, counts.difference), signed(lang, counted - booked))
            .unit(unit)
            .tone(tone)
            .sentence(sentence),
    ]
}

/// "+12", "−3": which way the books go.
fn signed(lang: Lang, pieces: i64) -> String {
    let sign = if pieces > 0 { "+" } else { "" };
    format!("{sign}{}", lang.number(pieces))
}

fn table(l: Locale, lang: Lang, lines: &[CountLine]) -> AnyView {
    let columns = vec![
        Column::text(td_string!(l, counts.batch)),
        Column::text(td_string!(l, counts.material)),
        Column::number(td_string!(l, counts.counted)),
        Column::number(td_string!(l, counts.in_books)),
        Column::number(td_string!(l, counts.difference)),
    ];
    let rows = lines.iter().map(|line| {
        let code = match Code::parse(&line.batch_code) {
            Ok(code) => Cell::code(code, format!("/b/{code}")),
            Err(_) => Cell::text(&line.batch_code),
        };
        let difference = line.counted - line.in_books;
        let tone = if difference == 0 { Tone::Plain } else { Tone::Warn };
        Row::new(vec![
            code,
            Cell::text(&line.title),
            Cell::number(line.counted, lang),
            Cell::number(line.in_books, lang),
            Cell::view(view! { <span class="num">{signed(lang, difference)}</span> }).tone(tone),
        ])
    });
    let rows = rows.collect();
    view! { <ui::DataTable caption=td_string!(l, counts.caption) columns rows/> }.into_any()
}

fn decision(
    l: Locale,
    visit: &Visit,
    count: &CountDetail,
    [form, declining]: [&FormState; 2],
    record: String,
) -> AnyView {
    let here = path(count.head.record);
    match count.head.decision {
        CountDecision::Approved { record, reason } => {
            let href = records::words::path(record);
            let reason = stock_words::reason(reason, l);
            view! {
                <ui::Notice tone=Tone::Good title=td_string!(l, counts.approved_title)>
                    {td_string!(l, counts.approved_text, reason = reason)}" "
                    <a href=href>{td_string!(l, counts.see_record)}</a>
                </ui::Notice>
            }
            .into_any()
        }
        CountDecision::Declined { record } => {
            let href = records::words::path(record);
            view! {
                <ui::Notice title=td_string!(l, counts.declined_title)>
                    {td_string!(l, counts.declined_text)}" "
                    <a href=href>{td_string!(l, counts.see_record)}</a>
                </ui::Notice>
            }
            .into_any()
        }
        CountDecision::Waiting { by_me: false } => view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, counts.waits)>
                {td_string!(l, counts.waits_for_other)}
            </ui::Notice>
        }
        .into_any(),
        CountDecision::Waiting { by_me: true } => {
            let choices =
                REASONS.map(|reason| Choice::new(reason.as_str(), stock_words::reason(reason, l)));
            let choices = choices.to_vec();
            let (error_title, errors) = (form.title(), form.errors());
            let (reason, wrong) = (form.value("reason"), form.error("reason"));
            let id = declining.record(visit);
            let sends = vec![("record".to_owned(), id)];
            let (declined_title, declined) = (declining.title(), declining.errors());
            view! {
                <ui::Sheet title=td_string!(l, counts.decide)>
                    <ui::Form action=format!("{here}/approve") error_title errors record>
                        <p>{td_string!(l, counts.decide_text)}</p>
                        <ui::SelectField name="reason" label=td_string!(l, counts.why) choices
                            value=reason prompt=td_string!(l, records.choose_reason)
                            error=wrong/>
                        <ui::SubmitBar label=td_string!(l, counts.approve)/>
                    </ui::Form>
                    <ui::ErrorSummary title=declined_title errors=declined/>
                    <ui::Danger summary=td_string!(l, counts.decline)
                        text=td_string!(l, counts.decline_text)
                        action=format!("{here}/decline") label=td_string!(l, counts.decline) sends/>
                </ui::Sheet>
            }
            .into_any()
        }
    }
}
