use crate::error::PageError;
use crate::features::receipts::page::confirm_box;
use crate::features::records::page::mistake;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use domain::calendar::Lang;
use domain::ids::RecordId;
use domain::role::Permission;
use leptos::prelude::*;
use stock::opening::{FirstCountDetail, FirstCountLine, FirstCountRow};
use stock::records::Confirmation;

pub(super) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/opening", td_string!(l, opening.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let sheets = visit.reader()?.first_counts().await?;
    let may_count = visit.may(Permission::KeepStore);
    let title = td_string!(l, opening.title);
    let new = ui::Link::new("/opening/new", td_string!(l, opening.new));
    let with_button = may_count && !sheets.is_empty();
    let content = if sheets.is_empty() {
        let action = may_count.then(|| new.clone());
        let text = td_string!(l, opening.empty_text);
        crate::features::reference::empty(td_string!(l, opening.empty), text, action)
    } else {
        let columns = vec![
            Column::text(td_string!(l, opening.sheet)),
            Column::text(td_string!(l, opening.store)),
            Column::text(td_string!(l, opening.counted_on)),
            Column::number(td_string!(l, opening.batches)),
            Column::number(td_string!(l, opening.pieces)),
            Column::text(td_string!(l, opening.state)),
        ];
        let rows: Vec<Row> = sheets.iter().map(|sheet| row(l, lang, sheet)).collect();
        view! {
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title>
                {with_button.then(|| view! {
                    <ui::ButtonLink href=new.href label=new.label main=true/>
                })}
            </ui::PageHead>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn state(l: Locale, sheet: &FirstCountRow) -> (&'static str, Tone) {
    if sheet.is_reversed {
        (td_string!(l, opening.reversed), Tone::Quiet)
    } else if sheet.is_confirmed {
        (td_string!(l, opening.confirmed), Tone::Good)
    } else {
        (td_string!(l, opening.waiting), Tone::Warn)
    }
}

fn row(l: Locale, lang: Lang, sheet: &FirstCountRow) -> Row {
    let (label, tone) = state(l, sheet);
    Row::new(vec![
        Cell::link(format!("/opening/{}", sheet.record), &sheet.number),
        Cell::text(&sheet.store_name),
        Cell::day(sheet.day, lang),
        Cell::number(sheet.batches, lang),
        Cell::number(sheet.pieces, lang),
        Cell::badge(label, tone),
    ])
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: RecordId = visit.param("id")?;
    let reader = visit.reader()?;
    let sheet = reader.first_count(id).await?.ok_or(PageError::NotFound)?;
    let confirmation = reader.confirmation(id).await?;
    let here = format!("/opening/{id}");
    let form = visit.form_of(&format!("{here}/confirm")).await?;
    let record = form.record(&visit);
    let waits = waits(l, &here, &sheet, confirmation, record);
    let mistake = mistake(&visit, id).await?;
    let posted = visit.query("posted").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, opening.posted)/> }
    });
    let (label, tone) = state(l, &sheet.row);
    let rows: Vec<Row> = sheet.lines.iter().map(|line| line_row(l, lang, line)).collect();
    let columns = vec![
        Column::text(td_string!(l, opening.material)),
        Column::text(td_string!(l, opening.batch)),
        Column::number(td_string!(l, opening.cartons)),
        Column::number(td_string!(l, opening.in_cartons)),
        Column::number(td_string!(l, opening.loose)),
        Column::number(td_string!(l, opening.pieces)),
    ];
    let items = vec![
        Definition::new(td_string!(l, opening.store), sheet.row.store_name.clone()),
        Definition::new(td_string!(l, opening.counted_on), lang.day(sheet.row.day)),
    ];
    let note = sheet.note.clone().map(|note| {
        view! { <ui::Sheet title=td_string!(l, receipts.note)><p>{note}</p></ui::Sheet> }
    });
    let title = format!("{} {}", td_string!(l, opening.title), sheet.row.number);
    let heading = title.clone();
    let labels = format!("/labels/record/{id}");
    let caption = td_string!(l, opening.sheet);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading crumbs=vec![list_link(l)]
                status=move || view! { <ui::Badge label tone/> }>
                <ui::ButtonLink href=labels label=td_string!(l, opening.print_labels) main=true/>
            </ui::PageHead>
            {posted}
            <ui::ErrorSummary title=form.title() errors=form.errors()/>
            {waits}
            <ui::Sheet><ui::Definitions items/></ui::Sheet>
            <ui::Sheet><ui::DataTable caption hide_caption=true columns rows/></ui::Sheet>
            {note}
            {mistake}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn line_row(l: Locale, lang: Lang, line: &FirstCountLine) -> Row {
    let language = crate::features::materials::language_name(l, line.language);
    Row::new(vec![
        Cell::text(&line.title).below(format!("{language} · {}", line.edition)),
        Cell::code(line.code, format!("/b/{}", line.code)),
        Cell::number(line.cartons, lang),
        Cell::number(line.in_cartons, lang),
        Cell::number(line.pieces - line.in_cartons, lang),
        Cell::number(line.pieces, lang),
    ])
}

fn waits(
    l: Locale,
    here: &str,
    sheet: &FirstCountDetail,
    confirmation: Confirmation,
    record: String,
) -> Option<AnyView> {
    if sheet.row.is_reversed {
        return None;
    }
    let title = td_string!(l, opening.waiting_title);
    match confirmation {
        Confirmation::NotNeeded | Confirmation::Done => None,
        Confirmation::Waiting { by_me: true } => {
            let text = td_string!(l, opening.waiting_text);
            Some(confirm_box(l, title, text, format!("{here}/confirm"), record))
        }
        Confirmation::Waiting { by_me: false } => Some(
            view! {
                <ui::Notice tone=Tone::Warn title>{td_string!(l, opening.waiting_own)}</ui::Notice>
            }
            .into_any(),
        ),
    }
}
