//! Waybills and loading lists: A4, black ink, outside names only. They pass checkpoints.

use super::words::{as_printed, load_words, pack_numbers, volume, weight};
use crate::error::PageError;
use crate::i18n::{Locale, td_string};
use crate::page::{File, FileResult, Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Paper, Row};
use domain::code::CodeKind;
use domain::consignment::{Load, PaperState};
use domain::ids::{ConsignmentId, RecordId};
use leptos::prelude::*;
use stock::access::audit::Action;
use stock::consignments::{Waybill, WaybillLine};

/// Whose copy of a waybill.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Sender,
    /// Lists packs, not totals: the receiver counts by himself.
    Receiver,
}

/// Both copies of one waybill.
pub async fn waybill(visit: Visit) -> PageResult {
    let id: ConsignmentId = visit.param("id")?;
    let reader = visit.reader()?;
    let waybill = reader.waybill(id).await?;
    reader.note(Action::Viewed, &format!("waybill {}", waybill.number)).await?;
    let sheets = copies(&visit, &waybill)?;
    Ok(Page::paper(waybill.number, printable(&visit, sheets), format!("/consignments/{id}")))
}

/// Everything for one vehicle: the loading list, and both copies of each waybill.
pub async fn trip(visit: Visit) -> PageResult {
    let id: ConsignmentId = visit.param("id")?;
    let reader = visit.reader()?;
    let waybills = reader.waybills_of_trip(id).await?;
    let Some(first) = waybills.first() else { return Err(PageError::NotFound) };
    reader.note(Action::Viewed, &format!("papers of the trip of {}", first.number)).await?;
    let mut sheets = vec![loading_list(&visit, &waybills)];
    for waybill in &waybills {
        sheets.extend(copies(&visit, waybill)?);
    }
    let title = td_string!(visit.locale, consignments.loading_list).to_owned();
    Ok(Page::paper(title, printable(&visit, sheets), format!("/consignments/{id}")))
}

/// The picture of a signed paper.
pub async fn scan(visit: Visit) -> FileResult {
    let record: RecordId = visit.param("record")?;
    let reader = visit.reader()?;
    let (media_type, bytes) = reader.paper_scan(record).await?.ok_or(PageError::NotFound)?;
    reader.note(Action::Viewed, &format!("signed paper {record}")).await?;
    Ok(File { media_type: media_type.as_str(), bytes, save_as: None })
}

fn printable(visit: &Visit, sheets: Vec<AnyView>) -> AnyView {
    let hint = td_string!(visit.locale, consignments.print_hint);
    let sheets = sheets.into_iter().enumerate().map(|(place, sheet)| {
        let class = if place > 0 { "page-break" } else { "" };
        view! { <div class=class>{sheet}</div> }
    });
    let sheets = sheets.collect_view();
    view! {
        <main id="main" class="papers" tabindex="-1">
            <p class="no-print quiet">{hint}</p>
            {sheets}
        </main>
    }
    .into_any()
}

fn copies(visit: &Visit, waybill: &Waybill) -> Result<Vec<AnyView>, PageError> {
    Ok(vec![copy(visit, waybill, Whose::Sender)?, copy(visit, waybill, Whose::Receiver)?])
}

fn copy(visit: &Visit, waybill: &Waybill, whose: Whose) -> Result<AnyView, PageError> {
    let l = visit.locale;
    let qr = match &visit.state.settings.public_url {
        Some(url) => {
            let payload = waybill.code.payload(CodeKind::Consignment, url);
            papers::qr::svg(&payload).map_err(|error| PageError::Internal(error.to_string()))?
        }
        // Without a public address no camera could open it; the code can still be typed.
        None => String::new(),
    };
    let whose_words = match whose {
        Whose::Sender => td_string!(l, consignments.senders_copy),
        Whose::Receiver => td_string!(l, consignments.receivers_copy),
    };
    let roles = vec![
        td_string!(l, consignments.signed_sender).to_owned(),
        td_string!(l, consignments.signed_driver).to_owned(),
        td_string!(l, consignments.signed_receiver).to_owned(),
    ];
    let number = waybill.number.clone();
    let qr_text = waybill.code.grouped();
    let typed_code = qr.is_empty().then(|| qr_text.clone());
    let table = match whose {
        Whose::Sender => sender_table(visit, waybill),
        Whose::Receiver => receiver_table(visit, waybill),
    };
    let counted = (whose == Whose::Receiver).then(|| count_boxes(l));
    let items = facts(visit, waybill);
    Ok(view! {
        <Paper title=td_string!(l, consignments.waybill) number qr_svg=qr qr_text
            subtitle=typed_code foot=td_string!(l, consignments.waybill_foot) copy=whose_words>
            <ui::Definitions items/>
            {table}
            {counted}
            <ui::Signatures roles name_label=td_string!(l, consignments.sign_name)
                date_label=td_string!(l, consignments.sign_date)/>
        </Paper>
    }
    .into_any())
}

fn facts(visit: &Visit, waybill: &Waybill) -> Vec<Definition> {
    let (l, lang) = (visit.locale, visit.lang());
    let place = |name: &str, place: &str| format!("{name}, {place}");
    let line = "…………………………".to_owned();
    let filled = |text: &str| if text.is_empty() { line.clone() } else { text.to_owned() };
    let left = waybill.dispatched_at.map(|at| at.day()).or(waybill.trip.leaves_on);
    vec![
        Definition::new(
            td_string!(l, consignments.from),
            place(&waybill.from.name, &waybill.from_place),
        ),
        Definition::new(td_string!(l, consignments.to), place(&waybill.to.name, &waybill.to_place)),
        Definition::new(td_string!(l, consignments.driver), filled(waybill.trip.driver())),
        Definition::new(td_string!(l, consignments.vehicle), filled(waybill.trip.vehicle())),
        Definition::new(
            td_string!(l, consignments.date),
            left.map_or_else(|| line.clone(), |day| lang.day(day)),
        ),
    ]
}

fn label(line: &WaybillLine) -> Cell {
    Cell::text(&line.title.outside_name).below(line.title.code.grouped())
}

/// What was loaded, with its sums.
fn sender_table(visit: &Visit, waybill: &Waybill) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let measures = |load: &Load| {
        [
            Cell::text(load_words(l, lang, load)),
            Cell::number(load.pieces, lang),
            Cell::text(weight(l, lang, load.weight_g)),
            Cell::text(volume(l, lang, load.volume_cm3)),
        ]
    };
    let row = |line: &WaybillLine| {
        let mut cells = vec![label(line)];
        cells.extend(measures(&line.load));
        Row::new(cells)
    };
    let rows: Vec<Row> = waybill.lines.iter().map(row).collect();
    let mut total = vec![Cell::text(td_string!(l, consignments.together))];
    total.extend(measures(&total_of(waybill)));
    let columns = vec![
        Column::text(td_string!(l, consignments.goods)),
        Column::text(td_string!(l, consignments.load)),
        Column::number(td_string!(l, consignments.pieces)),
        Column::number(td_string!(l, consignments.weight)),
        Column::number(td_string!(l, consignments.volume)),
    ];
    let foot = vec![Row::new(total)];
    view! {
        <ui::DataTable caption=td_string!(l, consignments.goods) hide_caption=true keep=true
            columns rows foot/>
    }
    .into_any()
}

fn total_of(waybill: &Waybill) -> Load {
    Load::sum(waybill.lines.iter().map(|line| as_printed(&line.load)))
}

/// Which packs to look for; what they add up to, the receiver finds out.
fn receiver_table(visit: &Visit, waybill: &Waybill) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let row = |line: &WaybillLine| {
        let packs = line.packs.iter().map(|pack| (pack.kind, pack.number, pack.total));
        let mut words = pack_numbers(l, lang, packs);
        if line.load.loose > 0 {
            let between = if words.is_empty() { "" } else { " · " };
            words = format!("{words}{between}{}", td_string!(l, consignments.loose));
        }
        let counted = view! { <span class="box"></span> };
        Row::new(vec![label(line), Cell::text(words), Cell::view(counted)])
    };
    let rows: Vec<Row> = waybill.lines.iter().map(row).collect();
    let columns = vec![
        Column::text(td_string!(l, consignments.goods)),
        Column::text(td_string!(l, consignments.packs)),
        Column::text(td_string!(l, consignments.counted)),
    ];
    view! {
        <ui::DataTable caption=td_string!(l, consignments.goods) hide_caption=true keep=true
            columns rows/>
    }
    .into_any()
}

fn count_boxes(l: Locale) -> AnyView {
    view! {
        <p>{td_string!(l, consignments.seals_intact)}" "<span class="tick"></span></p>
        <p>{td_string!(l, consignments.damaged)}" "<span class="box"></span></p>
    }
    .into_any()
}

/// What goes onto the vehicle, one row a consignment: loaded last, unloaded first.
fn loading_list(visit: &Visit, waybills: &[Waybill]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let row = |waybill: &Waybill| {
        let load = total_of(waybill);
        Row::new(vec![
            Cell::text(&waybill.number).below(waybill.code.grouped()),
            Cell::text(&waybill.to.name).below(waybill.to_place.as_str()),
            Cell::text(load_words(l, lang, &load)),
            Cell::text(weight(l, lang, load.weight_g)),
            Cell::text(volume(l, lang, load.volume_cm3)),
            Cell::view(view! { <span class="tick"></span> }),
        ])
    };
    let rows: Vec<Row> = waybills.iter().map(row).collect();
    let total = Load::sum(waybills.iter().map(total_of));
    let foot = vec![Row::new(vec![
        Cell::text(td_string!(l, consignments.together)),
        Cell::blank(),
        Cell::text(load_words(l, lang, &total)),
        Cell::text(weight(l, lang, total.weight_g)),
        Cell::text(volume(l, lang, total.volume_cm3)),
        Cell::blank(),
    ])];
    let columns = vec![
        Column::text(td_string!(l, consignments.number)),
        Column::text(td_string!(l, consignments.to)),
        Column::text(td_string!(l, consignments.load)),
        Column::number(td_string!(l, consignments.weight)),
        Column::number(td_string!(l, consignments.volume)),
        Column::text(td_string!(l, consignments.loaded)),
    ];
    let first = waybills.first();
    let items = first.map(|waybill| {
        let mut items = facts(visit, waybill);
        // The receiver stands in each row.
        items.remove(1);
        items
    });
    let roles = vec![
        td_string!(l, consignments.signed_loader).to_owned(),
        td_string!(l, consignments.signed_driver).to_owned(),
    ];
    view! {
        <Paper title=td_string!(l, consignments.loading_list)
            foot=td_string!(l, consignments.waybill_foot)>
            {items.map(|items| view! { <ui::Definitions items/> })}
            <ui::DataTable caption=td_string!(l, consignments.loading_list) hide_caption=true
                keep=true columns rows foot/>
            <ui::Signatures roles name_label=td_string!(l, consignments.sign_name)
                date_label=td_string!(l, consignments.sign_date)/>
        </Paper>
    }
    .into_any()
}

/// The paper state that a form names.
pub(super) fn asked_paper(text: &str) -> Option<PaperState> {
    PaperState::parse(text)
}
