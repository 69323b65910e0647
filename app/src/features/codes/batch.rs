//! A batch: where its pieces are, its packs, its labels.

use super::words::{account_name, position, state_name, state_tone};
use crate::error::PageError;
use crate::features::consignments::unopened::unopened;
use crate::features::materials::{identity, outside_words};
use crate::features::stock::page::batch_card_path;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use domain::account::{Account, Real};
use domain::calendar::Lang;
use domain::ids::BatchId;
use domain::records::recall::RecallMode;
use leptos::prelude::*;
use stock::batches::{Arrival, BatchDetail, Hold, Origin};
use stock::packs::PackRow;
use stock::recall::Recall;
use stock::whereabouts::Whereabouts;

pub async fn show(visit: Visit, id: BatchId) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let batch = reader.batch(id).await?.ok_or(PageError::NotFound)?;
    let places = reader.whereabouts(id).await?;
    let packs = reader.packs_of(id).await?;
    let uncounted = reader.to_count(id).await?;
    let comes = |account: Account| match account {
        Account::Real(Real::InTransit(consignment)) => uncounted.contains(&consignment),
        Account::Real(_)
        | Account::Printer(_)
        | Account::Opening(_)
        | Account::CountDifference(_)
        | Account::Unexplained(_) => false,
    };
    let (coming, places) = places.into_iter().partition(|place| comes(place.account));
    let (coming_packs, packs) =
        packs.into_iter().partition(|pack: &PackRow| pack.at.is_some_and(comes));
    let recalled = reader.recall_of(batch.material).await?.map(|recall| recalled(l, &recall));
    let title = td_string!(l, codes.batch_title, code = batch.code.grouped());
    let heading = title.clone();
    let holds = batch.holds.iter().map(|hold| held(l, &batch, hold)).collect_view();
    let items = facts(&visit, &batch);
    let places = whereabouts(l, lang, id, (places, coming));
    let packs = packs_here(l, lang, (packs, coming_packs));
    let labels = format!("/labels/batch/{id}");
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle=batch.title.clone()>
                <ui::ButtonLink href=labels label=td_string!(l, codes.labels)/>
            </ui::PageHead>
            {recalled}
            {holds}
            <ui::Cols>
                <ui::Stack>{places}{packs}</ui::Stack>
                <ui::Sheet><ui::Definitions items/></ui::Sheet>
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The page of the receipt or first count.
fn paper_path(batch: &BatchDetail, arrival: &Arrival) -> String {
    match batch.origin {
        Origin::Printed { .. } => format!("/receipts/{}", arrival.record),
        Origin::BeforeTawzi => format!("/opening/{}", arrival.record),
    }
}

fn held(l: Locale, batch: &BatchDetail, hold: &Hold) -> AnyView {
    let text = match hold.reason.as_str() {
        "over_tolerance" => td_string!(l, codes.hold_over),
        _ => td_string!(l, codes.hold_other),
    };
    let made_it = batch.arrival.as_ref().filter(|arrival| hold.record == arrival.record);
    let link = made_it.map(|arrival| {
        view! { " "<a href=paper_path(batch, arrival)>{td_string!(l, codes.see_paper)}</a> }
    });
    view! {
        <ui::Notice tone=Tone::Warn title=td_string!(l, codes.hold_title)>{text}{link}</ui::Notice>
    }
    .into_any()
}

fn recalled(l: Locale, recall: &Recall) -> AnyView {
    let (tone, text) = match RecallMode::parse(&recall.mode) {
        Some(RecallMode::UseUp) => (Tone::Warn, td_string!(l, recall.on_batch_use_up)),
        Some(RecallMode::StopNow) | None => (Tone::Bad, td_string!(l, recall.on_batch_stop)),
    };
    let href = crate::features::recall::page::path(recall.record_id.into());
    view! {
        <ui::Notice tone title=td_string!(l, recall.on_batch)>
            {text}" "<a href=href>{td_string!(l, recall.see)}</a>
        </ui::Notice>
    }
    .into_any()
}

fn facts(visit: &Visit, batch: &BatchDetail) -> Vec<Definition> {
    let (l, lang) = (visit.locale, visit.lang());
    let what = identity(l, batch.kind, batch.language, &batch.edition);
    let material = format!("/reference/materials/{}", batch.material);
    let outside = outside_words(&batch.outside_name, &batch.short_number);
    let origin = match &batch.origin {
        Origin::Printed { run, number } if leads_somewhere("/runs/{id}", visit) => {
            let (href, number) = (format!("/runs/{run}"), number.clone());
            view! { <a href=href>{number}</a> }.into_any()
        }
        Origin::Printed { number, .. } => number.clone().into_any(),
        Origin::BeforeTawzi => td_string!(l, codes.before).into_any(),
    };
    let mut facts = vec![
        Definition::new(
            td_string!(l, codes.material),
            view! { <a href=material>{batch.title.clone()}</a>" "<small>{what}</small> },
        ),
        Definition::new(td_string!(l, codes.outside_name), outside),
        Definition::new(td_string!(l, codes.printed_in), origin),
        Definition::new(td_string!(l, codes.arrived), lang.day(batch.arrived_on)),
    ];
    if let Some(arrival) = &batch.arrival {
        let (paper, number) = (paper_path(batch, arrival), arrival.paper.clone());
        facts.extend([
            Definition::new(td_string!(l, codes.paper), view! { <a href=paper>{number}</a> }),
            Definition::new(td_string!(l, codes.arrived_at), arrival.store_name.clone()),
        ]);
    }
    facts
}

/// Where its pieces are, and apart from that what the visitor has to count first.
fn whereabouts(
    l: Locale,
    lang: Lang,
    batch: BatchId,
    (places, coming): (Vec<Whereabouts>, Vec<Whereabouts>),
) -> AnyView {
    let title = td_string!(l, codes.places);
    // Sources show what came from them, which is the other side of what is somewhere else.
    let held: Vec<&Whereabouts> =
        places.iter().filter(|place| place.account.real().is_some()).collect();
    let table = (!held.is_empty()).then(|| place_table(l, lang, batch, &held));
    let sent: Vec<&Whereabouts> = coming.iter().collect();
    let sent = (!sent.is_empty()).then(|| unopened(l, place_table(l, lang, batch, &sent)));
    let nowhere = (table.is_none() && sent.is_none())
        .then(|| view! { <p>{td_string!(l, codes.where_none)}</p> });
    view! { <ui::Sheet title id="where">{table}{nowhere}{sent}</ui::Sheet> }.into_any()
}

fn place_table(l: Locale, lang: Lang, batch: BatchId, places: &[&Whereabouts]) -> AnyView {
    let columns = vec![
        Column::text(td_string!(l, codes.account)),
        Column::text(td_string!(l, codes.holder)),
        Column::number(td_string!(l, codes.pieces)),
    ];
    let row = |place: &&Whereabouts| {
        let pieces = match place.account {
            Account::Real(Real::Store(store)) => {
                Cell::number_link(place.pieces, lang, batch_card_path(store, batch))
            }
            Account::Real(_)
            | Account::Printer(_)
            | Account::Opening(_)
            | Account::CountDifference(_)
            | Account::Unexplained(_) => Cell::number(place.pieces, lang),
        };
        Row::new(vec![
            Cell::text(account_name(l, place.account)),
            Cell::text(&place.holder_name),
            pieces,
        ])
    };
    let rows: Vec<Row> = places.iter().map(row).collect();
    let caption = td_string!(l, codes.places);
    view! { <ui::DataTable caption hide_caption=true keep=true columns rows/> }.into_any()
}

fn packs_here(l: Locale, lang: Lang, (packs, coming): (Vec<PackRow>, Vec<PackRow>)) -> AnyView {
    let title = td_string!(l, codes.packs);
    let table = (!packs.is_empty()).then(|| pack_table(l, lang, &packs));
    let sent = (!coming.is_empty()).then(|| unopened(l, pack_table(l, lang, &coming)));
    let none = (table.is_none() && sent.is_none())
        .then(|| view! { <p>{td_string!(l, codes.packs_none)}</p> });
    view! { <ui::Sheet title id="packs">{table}{none}{sent}</ui::Sheet> }.into_any()
}

pub(super) fn pack_table(l: Locale, lang: Lang, packs: &[PackRow]) -> AnyView {
    let columns = vec![
        Column::text(td_string!(l, codes.pack)),
        Column::number(td_string!(l, codes.nominal)),
        Column::text(td_string!(l, codes.holder)),
        Column::text(td_string!(l, codes.state)),
    ];
    let rows: Vec<Row> = packs.iter().map(|pack| pack_row(l, lang, pack)).collect();
    let caption = td_string!(l, codes.packs);
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

fn pack_row(l: Locale, lang: Lang, pack: &PackRow) -> Row {
    let place = match pack.at {
        Some(account) if !pack.is_inside => account_name(l, account),
        Some(_) | None => td_string!(l, codes.inside_sealed),
    };
    Row::new(vec![
        Cell::code(pack.code, format!("/p/{}", pack.code)).below(position(
            l,
            lang,
            pack.kind,
            pack.number,
            pack.total,
        )),
        Cell::number(pack.nominal, lang),
        Cell::text(&pack.holder_name).below(place),
        Cell::badge(state_name(l, pack.state), state_tone(pack.state)),
    ])
}
