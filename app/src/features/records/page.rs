//! `/records` and `/records/{id}`.

use super::words;
use crate::error::PageError;
use crate::features::home::held::held_notice;
use crate::features::receipts::page::confirm_box;
use crate::features::stock::words as stock_words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use domain::calendar::Lang;
use domain::code::Code;
use domain::ids::RecordId;
use domain::records::keeping::{Change, Disposal, StockChange};
use leptos::prelude::*;
use stock::corrections::{CorrectionError, Hindrance};
use stock::records::{
    Confirmation, ReadRecordError, RecordDetail, RecordHead, RecordLine, RecordMovement,
};

impl From<ReadRecordError> for PageError {
    fn from(error: ReadRecordError) -> Self {
        match error {
            ReadRecordError::Denied(denied) => denied.into(),
            ReadRecordError::Database(error) => error.into(),
        }
    }
}

/// `/records?before=ID`: what was said last.
pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let before = visit.query("before").and_then(|id| id.parse::<RecordId>().ok());
    let (records, next) = visit.reader()?.records(before).await?;
    let title = td_string!(l, records.title);
    let content = if records.is_empty() {
        let text = td_string!(l, records.empty_text);
        view! { <ui::Empty title=td_string!(l, records.empty) text/> }.into_any()
    } else {
        let rows = records.iter().map(|head| head_row(l, lang, head)).collect();
        let columns = vec![
            Column::text(td_string!(l, records.record)),
            Column::text(td_string!(l, records.on)),
            Column::text(td_string!(l, records.by)),
            Column::text(td_string!(l, records.state)),
        ];
        view! {
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
        }
        .into_any()
    };
    let newest = before.map(|_| ui::Link::new("/records", td_string!(l, records.newest)));
    let older =
        next.map(|id| ui::Link::new(format!("/records?before={id}"), td_string!(l, records.older)));
    let links = [newest, older].into_iter().flatten().map(|link| {
        view! { <ui::ButtonLink href=link.href label=link.label/> }
    });
    let links = links.collect_view();
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, records.subtitle)>
                <ui::ButtonLink href="/letters" label=td_string!(l, field.send_file)/>
            </ui::PageHead>
            {content}
            <p class="row-actions">{links}</p>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn head_row(l: Locale, lang: Lang, head: &RecordHead) -> Row {
    let (state, tone) = words::standing(head, l);
    let on_behalf = head.on_behalf.clone().map(|org| td_string!(l, records.on_behalf, org = org));
    let sent_by = head
        .sent_by
        .as_ref()
        .map(|sender| td_string!(l, records.sent_by_whom, who = words::author(sender, l)));
    let beside: Vec<String> = [on_behalf, sent_by].into_iter().flatten().collect();
    let beside = (!beside.is_empty()).then(|| beside.join(" · "));
    Row::new(vec![
        Cell::link(words::path(head.id), words::kind(&head.kind, l)).below(head.store_name.clone()),
        Cell::day(head.occurred_at.day(), lang),
        Cell::text(words::author(&head.by, l)).below(beside),
        Cell::badge(state, tone),
    ])
}

/// `/records/{id}`: what was said, what it moved, who said it.
pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: RecordId = visit.param("id")?;
    let reader = visit.reader()?;
    let record = reader.record(id).await?;
    let mistake = mistake(&visit, id).await?;
    let confirmation = reader.confirmation(id).await?;
    let here = words::path(id);
    let form = visit.form_of(&format!("{here}/confirm")).await?;
    let waits = match confirmation {
        Confirmation::Waiting { by_me: true } => {
            let title = td_string!(l, records.waits);
            let text = td_string!(l, records.waits_for_you);
            let action = format!("{here}/confirm");
            Some(confirm_box(l, title, text, action, form.record(&visit)))
        }
        Confirmation::Waiting { by_me: false } => Some(
            view! {
                <ui::Notice tone=Tone::Warn title=td_string!(l, records.waits)>
                    {td_string!(l, records.waits_for_other)}
                </ui::Notice>
            }
            .into_any(),
        ),
        Confirmation::NotNeeded | Confirmation::Done => None,
    };
    let done = visit.query("done").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, records.done)/> }
    });
    let moved_held = held_notice(&visit, &here).await?;
    let held = super::held::held(&visit, id).await?;
    let (held, said) = held.map_or((None, None), |held| (Some(held.notice), held.said));
    let said = said.unwrap_or_else(|| movements(l, lang, &record.movements));
    let (label, tone) = words::standing(&record.head, l);
    let title = words::kind(&record.head.kind, l);
    let subtitle = record.head.store_name.clone().unwrap_or_default();
    let paper = words::paper(&visit, &record.head).map(|link| {
        view! { <ui::ButtonLink href=link.href label=link.label/> }
    });
    let again = words::again(&visit, &record.head).map(|link| {
        view! { <ui::ButtonLink href=link.href label=link.label main=true/> }
    });
    let waiting = words::waits(&visit, &record.head).await?.map(|link| {
        view! { <ui::ButtonLink href=link.href label=link.label main=true/> }
    });
    let items = facts(l, lang, &record);
    let note = record.note.clone().map(|note| {
        view! { <ui::Sheet title=td_string!(l, records.note)><p>{note}</p></ui::Sheet> }
    });
    let crumbs = vec![ui::Link::new("/records", td_string!(l, records.title))];
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle crumbs
                status=move || view! { <ui::Badge label tone/> }>
                {paper}
                {again}
                {waiting}
            </ui::PageHead>
            {done}
            <ui::ErrorSummary title=form.title() errors=form.errors()/>
            {moved_held}
            {held}
            {waits}
            <ui::Cols>
                <ui::Stack>{said}{note}</ui::Stack>
                <ui::Stack>
                    <ui::Sheet title=td_string!(l, records.said)>
                        <ui::Definitions items/>
                    </ui::Sheet>
                    {mistake}
                </ui::Stack>
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The way to take it back, or who has it; nothing where nothing stands. Also for the pages of
/// papers that are a record.
pub(crate) async fn mistake(visit: &Visit, id: RecordId) -> Result<Option<AnyView>, PageError> {
    let (l, reader) = (visit.locale, visit.reader()?);
    let movements = match reader.reversible_movements(id).await {
        Ok(movements) => movements,
        Err(error) => {
            super::actions::nothing_stands(error)?;
            return Ok(None);
        }
    };
    let record = match reader.record(id).await {
        Ok(record) => record,
        Err(ReadRecordError::Denied(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let title = td_string!(l, records.mistake);
    // What was counted stays counted (rule 8): a newer count puts it right.
    if record.head.kind == "approve_count" {
        let text = td_string!(l, records.count_again);
        return Ok(Some(view! { <ui::Sheet title><p>{text}</p></ui::Sheet> }.into_any()));
    }
    let content = match reader.hindrance(&movements).await? {
        None | Some(Hindrance::LaterFirst) => {
            let href = format!("{}/reverse", words::path(id));
            view! {
                <p>{td_string!(l, records.mistake_text)}</p>
                <p class="row-actions">
                    <ui::ButtonLink href label=td_string!(l, records.take_back)/>
                </p>
            }
            .into_any()
        }
        Some(why) => view! { <p>{words::hindrance(why, l)}</p> }.into_any(),
    };
    Ok(Some(view! { <ui::Sheet title id="mistake">{content}</ui::Sheet> }.into_any()))
}

fn facts(l: Locale, lang: Lang, record: &RecordDetail) -> Vec<Definition> {
    let head = &record.head;
    let (happened, recorded) = (head.occurred_at.day(), head.recorded_at);
    let mut items = vec![
        Definition::new(
            td_string!(l, records.happened),
            view! { <ui::DayText day=happened lang inline=true/> },
        ),
        Definition::new(
            td_string!(l, records.recorded),
            view! { <ui::MomentText moment=recorded lang/> },
        ),
        Definition::new(td_string!(l, records.by), words::author(&head.by, l)),
    ];
    if let Some(sender) = &head.sent_by {
        items.push(Definition::new(td_string!(l, records.sent_by), words::author(sender, l)));
    }
    if let Some(by) = &head.let_in_by {
        items.push(Definition::new(td_string!(l, records.let_in_by), words::author(by, l)));
    }
    if let Some(org) = head.on_behalf.clone() {
        items.push(Definition::new(td_string!(l, records.for_whom), org));
    }
    if let Some(change) = &record.change {
        items.extend(change_facts(l, change));
    }
    items
}

/// What the lines do not tell: how it was disposed of, before whom, with which certificate.
fn change_facts(l: Locale, change: &StockChange) -> Vec<Definition> {
    let mut items =
        vec![Definition::new(td_string!(l, records.reason), stock_words::reason(change.reason, l))];
    match &change.change {
        Change::Disposed { how: Disposal::Destroyed { witness_roles, certificate }, .. } => {
            items.extend([
                Definition::new(td_string!(l, records.how), td_string!(l, records.destroyed)),
                Definition::new(td_string!(l, records.witnesses), witness_roles.join(" · ")),
                Definition::new(td_string!(l, records.certificate), certificate.clone()),
            ]);
        }
        Change::Disposed { how: Disposal::OfficeUse, .. } => {
            let how = td_string!(l, records.office_use);
            items.push(Definition::new(td_string!(l, records.how), how));
        }
        Change::Disposed { how: Disposal::Archive, .. } => {
            let how = td_string!(l, records.archive);
            items.push(Definition::new(td_string!(l, records.how), how));
        }
        Change::Damaged
        | Change::Lost
        | Change::Found
        | Change::Salvaged
        | Change::HandedBack { .. }
        | Change::Collected { .. } => {}
    }
    items
}

fn movements(l: Locale, lang: Lang, movements: &[RecordMovement]) -> AnyView {
    let title = td_string!(l, records.moved);
    let content = if movements.is_empty() {
        view! { <p>{td_string!(l, records.moved_nothing)}</p> }.into_any()
    } else {
        let columns = vec![
            Column::text(td_string!(l, records.what)),
            Column::text(td_string!(l, records.batch)),
            Column::text(td_string!(l, records.from)),
            Column::text(td_string!(l, records.to)),
            Column::number(td_string!(l, records.pieces)),
        ];
        let rows = movements
            .iter()
            .flat_map(|movement| movement.lines.iter().map(move |line| (movement, line)))
            .map(|(movement, line)| line_row(l, lang, movement, line))
            .collect();
        view! { <ui::DataTable caption=title hide_caption=true columns rows/> }.into_any()
    };
    view! { <ui::Sheet title>{content}</ui::Sheet> }.into_any()
}

fn line_row(l: Locale, lang: Lang, movement: &RecordMovement, line: &RecordLine) -> Row {
    let what = stock_words::kind(movement.kind, l);
    let linked = |record, words: &'static str| {
        let href = words::path(record);
        view! { <a href=href>{words}</a> }
    };
    let reversed = movement.reversed_by.map(|by| linked(by, td_string!(l, records.reversed)));
    let reverses = movement.reverses.map(|of| linked(of, td_string!(l, records.reverses)));
    let mut notes = vec![stock_words::reason(movement.reason, l)];
    notes.extend(movement.derived.then(|| td_string!(l, stock.derived).to_owned()));
    notes.retain(|note| !note.is_empty());
    let about = view! {
        {what}
        <small>{notes.join(" · ")}" "{reversed}{reverses}</small>
    };
    let batch = match Code::parse(&line.batch_code) {
        Ok(code) => Cell::code(code, format!("/b/{code}")),
        Err(_) => Cell::text(&line.batch_code),
    };
    Row::new(vec![
        Cell::view(view! { <div>{about}</div> }),
        batch.below(format!("{} · {}", line.title, line.short_number)),
        Cell::text(stock_words::place(line.from.account, &line.from.holder_name, l)),
        Cell::text(stock_words::place(line.to.account, &line.to.holder_name, l)),
        Cell::number(line.pieces, lang),
    ])
}

impl From<CorrectionError> for PageError {
    fn from(error: CorrectionError) -> Self {
        match error {
            CorrectionError::Record(error) => error.into(),
            other @ (CorrectionError::Empty
            | CorrectionError::AlreadyReversed(_)
            | CorrectionError::NotReversible(_)
            | CorrectionError::BuiltOn
            | CorrectionError::ReverseFirst(_)) => Self::Internal(other.to_string()),
        }
    }
}
