//! A draft: what will be loaded, and onto which vehicle.

use super::words::{CANCELS, reasons};
use super::words::{badge, blocked_name, crumbs, label_line, list_link, pack_ranges, path, way};
use crate::error::PageError;
use crate::features::kits::words::contents;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Definition, Row, Tone};
use domain::calendar::Lang;
use domain::ids::BatchId;
use domain::reference::Standing;
use leptos::prelude::*;
use stock::consignments::{Detail, DraftLine, Loadable, Promised};
use stock::reference::kits::Kit;

pub(super) async fn show(visit: Visit, detail: Detail) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let here = path(&detail.consignment);
    let reader = visit.reader()?;
    let loadable = reader.loadable(detail.consignment.id).await?;
    let kits = reader.kits().await?;
    let codes = visit.form_of(&format!("{here}/codes")).await?;
    let material = visit.form_of(&format!("{here}/material")).await?;
    let kit = visit.form_of(&format!("{here}/kit")).await?;
    let remove = visit.form_of(&format!("{here}/remove")).await?;
    let cancel = visit.form_of(&format!("{here}/cancel")).await?;
    let is_empty = detail.draft_lines.is_empty();
    let by_codes = by_codes(&visit, here.clone(), codes);
    let by_material = by_material(&visit, here.clone(), material, &loadable);
    let by_kit = by_kit((l, lang), here.clone(), kit, &kits);
    let give_up = give_up(&visit, &here, cancel);
    let twice = twice(l, &detail);
    let promised = promised(&visit, reader.promised(detail.consignment.id).await?);
    let (vehicle, lines) = (vehicle(l, &detail), lines(&visit, &detail));
    let again = crate::posting::sent_again(&visit);
    let number = detail.consignment.number.clone();
    let (heading, subtitle) = (number.clone(), way(lang, &detail.consignment));
    let state = detail.consignment.state;
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle
                crumbs=vec![list_link(l)] status=move || badge(l, state)>
                <ui::ButtonLink href=format!("{here}/edit")
                    label=td_string!(l, consignments.edit)/>
                {(!is_empty).then(|| view! {
                    <ui::ButtonLink href=format!("{here}/trip")
                        label=td_string!(l, consignments.print)/>
                    <ui::ButtonLink href=format!("{here}/dispatch") main=true
                        label=td_string!(l, consignments.dispatch)/>
                })}
            </ui::PageHead>
            {again}
            <ui::ErrorSummary title=remove.title() errors=remove.errors()/>
            {twice}
            {promised}
            {vehicle}
            {lines}
            <ui::Cols even=true>
                {by_codes}
                <ui::Stack>
                    {by_material}
                    {by_kit}
                </ui::Stack>
            </ui::Cols>
            {give_up}
        </ui::Page>
    };
    Ok(Page::new(number, body))
}

/// Cartons that another draft wants, too: allowed, and said.
fn twice(l: Locale, detail: &Detail) -> Option<AnyView> {
    (!detail.listed_twice.is_empty()).then(|| {
        let items = detail.listed_twice.iter().map(|twice| {
            let href = format!("/consignments/{}", twice.other);
            let words = td_string!(l, consignments.listed_twice_one, code = twice.code.grouped());
            view! { <li>{words}" "<a href=href>{twice.other_number.clone()}</a></li> }
        });
        let items = items.collect_view();
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.listed_twice)>
                <ul>{items}</ul>
            </ui::Notice>
        }
        .into_any()
    })
}

/// More of a batch on several drafts than the store has: allowed, and said.
fn promised(visit: &Visit, promised: Vec<Promised>) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    (!promised.is_empty()).then(|| {
        let items = promised.into_iter().map(|one| {
            let n = lang.number(one.pieces);
            let words = td_string!(l, consignments.promised_one, title = one.title, n = n);
            let href = format!("/consignments/{}", one.other);
            view! { <li>{words}" "<a href=href>{one.other_number}</a></li> }
        });
        let items = items.collect_view();
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.promised)>
                <ul>{items}</ul>
            </ui::Notice>
        }
        .into_any()
    })
}

fn vehicle(l: Locale, detail: &Detail) -> AnyView {
    let missing = td_string!(l, consignments.not_known);
    let or_missing = |text: &str| {
        if text.is_empty() { missing.to_owned() } else { text.to_owned() }
    };
    let mut items = vec![
        ui::Definition::new(td_string!(l, consignments.driver), or_missing(detail.trip.driver())),
        ui::Definition::new(td_string!(l, consignments.vehicle), or_missing(detail.trip.vehicle())),
    ];
    if !detail.same_trip.is_empty() {
        let links = detail.same_trip.iter().map(|(id, number)| {
            view! { <a href=format!("/consignments/{id}")>{number.clone()}</a>" " }
        });
        let links = links.collect_view();
        items.push(ui::Definition::new(td_string!(l, consignments.same_truck), links));
    }
    view! { <ui::Sheet><ui::Definitions items/></ui::Sheet> }.into_any()
}

/// One batch of the draft.
pub(super) struct Listed<'d> {
    pub first: &'d DraftLine,
    pub lines: Vec<&'d DraftLine>,
}

impl Listed<'_> {
    pub fn pieces(&self) -> i64 {
        self.lines.iter().map(|line| line.pieces).sum()
    }

    pub fn loose(&self) -> i64 {
        let loose = self.lines.iter().filter(|line| line.pack.is_none());
        loose.map(|line| line.pieces).sum()
    }

    /// Its packs, and why they may not leave.
    fn load(&self, visit: &Visit) -> Cell {
        match self.first.blocked {
            Some(why) => {
                Cell::badge(blocked_name(visit.locale, why), Tone::Bad).below(self.packs(visit))
            }
            None => Cell::text(self.packs(visit)),
        }
    }

    /// "Cartons 1–3 of 4 · 200 loose pieces".
    pub fn packs(&self, visit: &Visit) -> String {
        let (l, lang) = (visit.locale, visit.lang());
        let packs = self.lines.iter().filter_map(|line| line.pack);
        let packs = packs.map(|pack| (pack.kind, pack.number, pack.total));
        let mut words = pack_ranges(l, lang, packs);
        if self.loose() > 0 {
            let (loose, n) = (self.loose(), lang.number(self.loose()));
            let loose = td_string!(l, consignments.n_loose, count = loose, n = n);
            let between = if words.is_empty() { "" } else { " · " };
            words = format!("{words}{between}{loose}");
        }
        words
    }
}

/// The lines by batch, in the order in which the batches were added.
pub(super) fn listed(lines: &[DraftLine]) -> Vec<Listed<'_>> {
    let mut all: Vec<Listed<'_>> = Vec::new();
    for line in lines {
        let batch: BatchId = line.title.batch;
        match all.iter_mut().find(|listed| listed.first.title.batch == batch) {
            Some(listed) => listed.lines.push(line),
            None => all.push(Listed { first: line, lines: vec![line] }),
        }
    }
    all
}

fn lines(visit: &Visit, detail: &Detail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let title = td_string!(l, consignments.lines);
    if detail.draft_lines.is_empty() {
        return view! {
            <ui::Empty title=td_string!(l, consignments.no_lines)
                text=td_string!(l, consignments.no_lines_text)/>
        }
        .into_any();
    }
    let action = format!("{}/remove", path(&detail.consignment));
    let listed = listed(&detail.draft_lines);
    let total: i64 = listed.iter().map(Listed::pieces).sum();
    let rows = listed.iter().map(|listed| {
        let title = &listed.first.title;
        let sends = vec![("batch".to_owned(), title.batch.to_string())];
        let action = action.clone();
        let remove = view! {
            <ui::PostButton action sends label=td_string!(l, consignments.remove)/>
        };
        let name = Cell::text(&title.title).below(label_line(title));
        let packs = listed.load(visit);
        Row::new(vec![name, packs, Cell::number(listed.pieces(), lang), Cell::view(remove)])
    });
    let rows: Vec<Row> = rows.collect();
    let columns = vec![
        Column::text(td_string!(l, consignments.material)),
        Column::text(td_string!(l, consignments.load)),
        Column::number(td_string!(l, consignments.pieces)),
        Column::text(""),
    ];
    let together = td_string!(l, consignments.together);
    let foot = vec![Row::new(vec![
        Cell::text(together),
        Cell::blank(),
        Cell::number(total, lang),
        Cell::blank(),
    ])];
    view! {
        <ui::Sheet title>
            <ui::DataTable caption=title hide_caption=true columns rows foot/>
        </ui::Sheet>
    }
    .into_any()
}

fn by_codes(visit: &Visit, here: String, form: FormState) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    view! {
        <ui::Sheet title=td_string!(l, consignments.by_codes)>
            <ui::Form action=format!("{here}/codes") error_title=form.title()
                errors=form.errors()>
                <ui::ScanField name="codes" holds=ui::Holds::Pieces
                    label=td_string!(l, consignments.codes)
                    words=crate::words::scan(l) lang hint=td_string!(l, consignments.codes_hint)
                    value=form.value("codes") error=form.error("codes")/>
                <ui::SubmitBar label=td_string!(l, consignments.add)/>
            </ui::Form>
        </ui::Sheet>
    }
    .into_any()
}

fn by_material(visit: &Visit, here: String, form: FormState, loadable: &[Loadable]) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let choices = loadable.iter().map(|one| {
        let available = lang.number(one.available);
        let label = format!("{} · {}", one.short_number, one.title);
        let label = td_string!(l, consignments.available, what = label, n = available);
        Choice::new(one.material.to_string(), label)
            .packing(one.packing.per_bundle(), one.packing.bundles_per_carton())
    });
    let choices: Vec<Choice> = choices.collect();
    if choices.is_empty() {
        return view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.nothing_to_send)/>
        }
        .into_any();
    }
    view! {
        <ui::Sheet title=td_string!(l, consignments.by_material)>
            <ui::Form action=format!("{here}/material") error_title=form.title()
                errors=form.errors()>
                <ui::SelectField name="material" label=td_string!(l, consignments.material)
                    choices value=form.value("material") error=form.error("material")
                    prompt=td_string!(l, consignments.choose_material)/>
                <ui::NumberField name="pieces" label=td_string!(l, consignments.pieces)
                    hint=td_string!(l, consignments.oldest_first) value=form.value("pieces")
                    error=form.error("pieces")/>
                <ui::SubmitBar label=td_string!(l, consignments.add)/>
            </ui::Form>
        </ui::Sheet>
    }
    .into_any()
}

fn by_kit(
    (l, lang): (Locale, Lang),
    here: String,
    form: FormState,
    kits: &[Kit],
) -> Option<AnyView> {
    let used = || kits.iter().filter(|kit| kit.standing == Standing::InUse);
    let choices: Vec<Choice> =
        used().map(|kit| Choice::new(kit.id.to_string(), &kit.name)).collect();
    let items: Vec<Definition> =
        used().map(|kit| Definition::new(kit.name.clone(), contents(lang, kit))).collect();
    (!choices.is_empty()).then(|| {
        view! {
            <ui::Sheet title=td_string!(l, consignments.by_kit)>
                <ui::Form action=format!("{here}/kit") error_title=form.title()
                    errors=form.errors()>
                    <ui::SelectField name="kit" label=td_string!(l, consignments.kit) choices
                        value=form.value("kit") error=form.error("kit")
                        prompt=td_string!(l, consignments.choose_kit)/>
                    <ui::Definitions items/>
                    <ui::NumberField name="times" label=td_string!(l, consignments.times)
                        value=form.value("times") error=form.error("times")/>
                    <ui::SubmitBar label=td_string!(l, consignments.add)/>
                </ui::Form>
            </ui::Sheet>
        }
        .into_any()
    })
}

fn give_up(visit: &Visit, here: &str, form: FormState) -> AnyView {
    let l = visit.locale;
    let sends = vec![("record".to_owned(), form.record(visit))];
    view! {
        <ui::ErrorSummary title=form.title() errors=form.errors()/>
        <ui::Danger summary=td_string!(l, consignments.cancel)
            text=td_string!(l, consignments.cancel_text) action=format!("{here}/cancel")
            label=td_string!(l, consignments.cancel) sends open=!form.is_fresh()>
            <ui::SelectField name="reason" label=td_string!(l, consignments.reason)
                choices=reasons(l, &CANCELS) value=form.value("reason")
                error=form.error("reason") prompt=td_string!(l, consignments.choose_reason)/>
        </ui::Danger>
    }
    .into_any()
}

/// Before it leaves: everything that is on it, once more.
pub(super) async fn leaving(visit: Visit, detail: Detail) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    if detail.draft_lines.is_empty() {
        return Err(PageError::NotFound);
    }
    let form = visit.form().await?;
    let here = path(&detail.consignment);
    let listed = listed(&detail.draft_lines);
    let total: i64 = listed.iter().map(Listed::pieces).sum();
    let rows = listed.iter().map(|listed| {
        let title = &listed.first.title;
        Row::new(vec![
            Cell::text(&title.title).below(label_line(title)),
            listed.load(&visit),
            Cell::number(listed.pieces(), lang),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let columns = vec![
        Column::text(td_string!(l, consignments.material)),
        Column::text(td_string!(l, consignments.load)),
        Column::number(td_string!(l, consignments.pieces)),
    ];
    let together = td_string!(l, consignments.together);
    let foot = vec![Row::new(vec![Cell::text(together), Cell::blank(), Cell::number(total, lang)])];
    let title =
        td_string!(l, consignments.dispatch_title, number = detail.consignment.number.clone());
    let today = visit.stock().world().now().day().to_string();
    let (heading, caption) = (title.clone(), td_string!(l, consignments.lines));
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.back));
    let (subtitle, crumbs) = (way(lang, &detail.consignment), crumbs(l, &detail.consignment));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle crumbs/>
            <ui::Sheet>
                <ui::DataTable caption hide_caption=true columns rows foot/>
            </ui::Sheet>
            <ui::Form action=format!("{here}/dispatch") error_title=form.title()
                errors=form.errors() record=form.record(&visit)>
                <ui::DateField name="date" label=td_string!(l, consignments.left_on)
                    value=form.or("date", today) error=form.error("date")/>
                <ui::TextArea name="note" label=td_string!(l, consignments.note)
                    no_names=td_string!(l, consignments.no_names) value=form.value("note") rows=2
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=td_string!(l, consignments.dispatch_now) cancel=Some(cancel)
                    note=td_string!(l, consignments.dispatch_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
