//! The goods received note as a printed page.

use super::page::{of_path, packs, so_far};
use super::words::{how_name, reason_name};
use crate::features::materials::outside_words;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row};
use domain::calendar::Lang;
use domain::code::CodeKind;
use leptos::prelude::*;
use stock::receipts::Grn;

pub async fn print(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let grn = of_path(&visit).await?;
    // Without a public address the code stands there alone, to be typed.
    let qr = visit.state.settings.public_url.as_deref().map(|public| {
        papers::qr::svg(&grn.code.payload(CodeKind::Batch, public)).unwrap_or_default()
    });
    let title = td_string!(l, receipts.number);
    let roles = vec![
        td_string!(l, receipts.signed_receiver).to_owned(),
        td_string!(l, receipts.signed_driver).to_owned(),
        td_string!(l, receipts.signed_witness).to_owned(),
    ];
    let items = head(l, lang, &grn);
    let table = figures(l, lang, &grn);
    let packs = packs(l, lang, &grn);
    let note = grn.note.clone().map(|note| {
        view! {
            <p><strong>{td_string!(l, receipts.note)}</strong>": "{note}</p>
        }
    });
    let reversed = grn.is_reversed.then(|| {
        view! { <p><strong>{td_string!(l, receipts.reversed)}</strong></p> }
    });
    let hold = (grn.on_hold && !grn.is_reversed).then(|| {
        view! {
            <p>
                <strong>{td_string!(l, receipts.hold_title)}</strong>
                ". "
                {td_string!(l, receipts.hold_text)}
            </p>
        }
    });
    let foot = format!("{} · {}", grn.number, lang.day(grn.recorded_at.day()));
    let back = format!("/receipts/{}", grn.record);
    let (number, code) = (grn.number.clone(), grn.code.grouped());
    let body = view! {
        <ui::Page>
            <ui::Paper title number=number subtitle=grn.store_name.clone()
                qr_svg=qr qr_text=code foot>
                <ui::Definitions items/>
                {reversed}
                {hold}
                {table}
                {packs}
                {note}
                <ui::Signatures roles name_label=td_string!(l, receipts.sign_name)
                    date_label=td_string!(l, receipts.sign_date)/>
            </ui::Paper>
        </ui::Page>
    };
    Ok(Page::paper(format!("{title} {}", grn.number), body, back))
}

/// The paper travels, so only the outside name stands on it.
fn head(l: Locale, lang: Lang, grn: &Grn) -> Vec<Definition> {
    let material = outside_words(&grn.outside_name, &grn.short_number);
    let mut items = vec![
        Definition::new(td_string!(l, receipts.material), material),
        Definition::new(td_string!(l, receipts.run), grn.run_number.clone()),
        Definition::new(td_string!(l, receipts.printer), grn.printer_name.clone()),
        Definition::new(td_string!(l, receipts.date), lang.day(grn.day)),
        Definition::new(td_string!(l, receipts.counted), how_name(l, grn.how)),
        Definition::new(td_string!(l, receipts.ordered), so_far(l, lang, grn)),
    ];
    if !grn.purchase_order.is_empty() {
        let order = grn.purchase_order.clone();
        items.push(Definition::new(td_string!(l, receipts.purchase_order), order));
    }
    items
}

fn figures(l: Locale, lang: Lang, grn: &Grn) -> AnyView {
    let columns = vec![
        Column::text(td_string!(l, receipts.reason)),
        Column::number(td_string!(l, receipts.pieces)),
    ];
    let line =
        |label: String, pieces: i64| Row::new(vec![Cell::text(label), Cell::number(pieces, lang)]);
    let mut rows = vec![line(td_string!(l, receipts.good).to_owned(), grn.good)];
    rows.extend(grn.damaged.iter().map(|damage| {
        let label = td_string!(l, receipts.damaged);
        line(format!("{label}: {}", reason_name(l, damage.reason)), damage.pieces)
    }));
    let total = grn.good + grn.damaged_total();
    rows.push(line(td_string!(l, receipts.total).to_owned(), total));
    if let (Some(claimed), Some(missing)) = (grn.claimed, grn.missing_of_claimed()) {
        let label = td_string!(l, receipts.claimed_short);
        rows.push(match missing {
            0 => line(format!("{label} ({})", td_string!(l, receipts.as_claimed)), claimed),
            _ => line(label.to_owned(), claimed),
        });
        let differs = match missing {
            1.. => td_string!(l, receipts.missing_claimed),
            _ => td_string!(l, receipts.extra_claimed),
        };
        rows.extend((missing != 0).then(|| line(differs.to_owned(), missing.abs())));
    }
    let caption = td_string!(l, receipts.counted);
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}
