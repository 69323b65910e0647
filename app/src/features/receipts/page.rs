use super::words::{how_name, packs_name, reason_name};
use crate::error::PageError;
use crate::features::records::words::path as record_path;
use crate::features::runs::page::list_link;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Fact, Row, Tone};
use domain::calendar::Lang;
use domain::ids::RecordId;
use domain::pack::PackKind;
use leptos::prelude::*;
use stock::receipts::{Grn, GrnPacks};
use stock::records::Confirmation;

pub(super) async fn of_path(visit: &Visit) -> Result<Grn, PageError> {
    let id: RecordId = visit.param("id")?;
    visit.reader()?.grn(id).await?.ok_or(PageError::NotFound)
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let grn = of_path(&visit).await?;
    let confirmation = visit.reader()?.confirmation(grn.record).await?;
    let here = format!("/receipts/{}", grn.record);
    let form = visit.form_of(&format!("{here}/confirm")).await?;
    let record = form.record(&visit);
    let title = td_string!(l, receipts.grn, number = grn.number.clone());
    let run = ui::Link::new(format!("/runs/{}", grn.run), grn.run_number.clone());
    let posted = visit.query("posted").map(|labels| posted(l, labels != "0", &grn));
    let hold = hold(l, &here, &grn, confirmation, record);
    let facts = facts(l, lang, &grn);
    let items = definitions(l, lang, &grn);
    let packs = packs(l, lang, &grn);
    let note = grn.note.clone().map(|note| {
        view! { <ui::Sheet title=td_string!(l, receipts.note)><p>{note}</p></ui::Sheet> }
    });
    let heading = title.clone();
    let subtitle = format!("{} · {}", grn.title, grn.store_name);
    let labels = format!("/labels/record/{}", grn.record);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=vec![list_link(l), run]>
                <ui::ButtonLink href=record_path(grn.record) label=td_string!(l, receipts.record)/>
                <ui::ButtonLink href=format!("{here}/print") label=td_string!(l, receipts.print)/>
                <ui::ButtonLink href=labels label=td_string!(l, receipts.print_labels)
                    main=true/>
            </ui::PageHead>
            {posted}
            <ui::ErrorSummary title=form.title() errors=form.errors()/>
            {hold}
            <ui::Facts facts/>
            <ui::Cols>
                <ui::Stack>{packs}{note}</ui::Stack>
                <ui::Sheet><ui::Definitions items/></ui::Sheet>
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn posted(l: Locale, has_new_labels: bool, grn: &Grn) -> AnyView {
    let title = match has_new_labels {
        true => td_string!(l, receipts.posted),
        false => td_string!(l, receipts.posted_no_labels),
    };
    if grn.on_hold && !grn.is_reversed {
        let text = td_string!(l, receipts.hold_text);
        return view! { <ui::Notice tone=Tone::Warn title>{text}</ui::Notice> }.into_any();
    }
    view! { <ui::Notice tone=Tone::Good title/> }.into_any()
}

fn hold(l: Locale, here: &str, grn: &Grn, confirmation: Confirmation, record: String) -> AnyView {
    if grn.is_reversed {
        let title = td_string!(l, receipts.reversed);
        return view! { <ui::Notice title/> }.into_any();
    }
    let title = td_string!(l, receipts.hold_title);
    match confirmation {
        Confirmation::NotNeeded => ().into_any(),
        Confirmation::Done => {
            let title = td_string!(l, receipts.confirmed);
            view! { <ui::Notice tone=Tone::Good title/> }.into_any()
        }
        Confirmation::Waiting { by_me: false } => view! {
            <ui::Notice tone=Tone::Warn title>{td_string!(l, receipts.hold_own)}</ui::Notice>
        }
        .into_any(),
        Confirmation::Waiting { by_me: true } => {
            let action = format!("{here}/confirm");
            confirm_box(l, title, td_string!(l, receipts.hold_text), action, record)
        }
    }
}

/// What waits for a second person, with the button of that person. Why it was refused stands above
/// it, also for those who get no button.
pub(crate) fn confirm_box(
    l: Locale,
    title: &'static str,
    text: &'static str,
    action: String,
    record: String,
) -> AnyView {
    let sends = vec![("record".to_owned(), record)];
    view! {
        <ui::Notice tone=Tone::Warn title>
            <p>{text}</p>
            <ui::PostButton action label=td_string!(l, receipts.confirm) sends main=true/>
        </ui::Notice>
    }
    .into_any()
}

fn facts(l: Locale, lang: Lang, grn: &Grn) -> Vec<Fact> {
    let unit = td_string!(l, runs.pieces);
    let fact = |label: &'static str, count: i64| Fact::new(label, lang.number(count)).unit(unit);
    let mut facts =
        vec![fact(td_string!(l, receipts.good), grn.good).sentence(so_far(l, lang, grn))];
    let damaged = grn
        .damaged
        .iter()
        .map(|line| format!("{} {}", reason_name(l, line.reason), lang.number(line.pieces)));
    let damaged = damaged.collect::<Vec<_>>().join(" · ");
    let tone = if grn.damaged.is_empty() { Tone::Plain } else { Tone::Warn };
    facts.push(
        fact(td_string!(l, receipts.damaged), grn.damaged_total()).sentence(damaged).tone(tone),
    );
    if let (Some(claimed), Some(missing)) = (grn.claimed, grn.missing_of_claimed()) {
        facts.push(
            fact(td_string!(l, receipts.claimed_short), claimed)
                .sentence(claim(l, lang, missing))
                .tone(if missing == 0 { Tone::Plain } else { Tone::Warn }),
        );
    }
    facts
}

/// "6,470 of 7,000 ordered pieces have come": also what came over the order.
pub(super) fn so_far(l: Locale, lang: Lang, grn: &Grn) -> String {
    td_string!(
        l,
        receipts.so_far,
        received = lang.number(grn.received_so_far),
        ordered = lang.number(grn.ordered)
    )
}

/// "Missing against the claim: 40".
fn claim(l: Locale, lang: Lang, missing: i64) -> String {
    match missing {
        0 => td_string!(l, receipts.as_claimed).to_owned(),
        1.. => format!("{}: {}", td_string!(l, receipts.missing_claimed), lang.number(missing)),
        _ => format!("{}: {}", td_string!(l, receipts.extra_claimed), lang.number(-missing)),
    }
}

fn definitions(l: Locale, lang: Lang, grn: &Grn) -> Vec<Definition> {
    let run_href = format!("/runs/{}", grn.run);
    let code = grn.code;
    let batch_href = format!("/b/{code}");
    vec![
        Definition::new(
            td_string!(l, receipts.run),
            view! { <a href=run_href>{grn.run_number.clone()}</a> },
        ),
        Definition::new(td_string!(l, receipts.printer), grn.printer_name.clone()),
        Definition::new(td_string!(l, receipts.store), grn.store_name.clone()),
        Definition::new(td_string!(l, receipts.date), lang.day(grn.day)),
        Definition::new(td_string!(l, receipts.counted), how_name(l, grn.how)),
        Definition::new(
            td_string!(l, receipts.batch),
            view! { <ui::CodeChip code href=batch_href/> },
        ),
    ]
}

/// Bundles were counted with the carton in which they lie, and are no further pieces.
pub(super) fn packs(l: Locale, lang: Lang, grn: &Grn) -> Option<AnyView> {
    if grn.packs.is_empty() {
        return None;
    }
    let title = td_string!(l, receipts.packs);
    let columns = vec![
        Column::text(td_string!(l, receipts.pack)),
        Column::number(td_string!(l, receipts.how_many)),
        Column::number(td_string!(l, receipts.pieces_each)),
        Column::number(td_string!(l, receipts.pieces)),
    ];
    let pieces = |packs: &GrnPacks| match packs.kind {
        PackKind::Carton => Some(packs.packs * packs.each),
        PackKind::Bundle => None,
    };
    let row = |packs: &GrnPacks| {
        Row::new(vec![
            Cell::text(packs_name(l, packs)),
            Cell::number(packs.packs, lang),
            Cell::number(packs.each, lang),
            pieces(packs).map_or_else(Cell::blank, |pieces| Cell::number(pieces, lang)),
        ])
    };
    let rows: Vec<Row> = grn.packs.iter().map(row).collect();
    let total: i64 = grn.packs.iter().filter_map(pieces).sum();
    let foot = vec![Row::new(vec![
        Cell::text(td_string!(l, receipts.together)),
        Cell::blank(),
        Cell::blank(),
        Cell::number(total, lang),
    ])];
    Some(
        view! {
            <ui::Sheet title>
                <ui::DataTable caption=title hide_caption=true columns rows foot/>
            </ui::Sheet>
        }
        .into_any(),
    )
}
