//! A carton or bundle: what it is, where it stands, and what can be done with it there.

use super::batch::pack_table;
use super::words::{account_name, position, state_name, state_tone};
use crate::error::PageError;
use crate::features::materials::outside_words;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asks, today};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row, Tone};
use domain::account::{Account, Real};
use domain::calendar::Lang;
use domain::code::Code;
use domain::ids::PackId;
use domain::pack::{PackKind, PackState};
use domain::role::Permission;
use leptos::prelude::*;
use stock::batches::BatchDetail;
use stock::packs::{PackDetail, PackSaid};

pub async fn show(visit: Visit, code: Code, id: PackId) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let pack = reader.pack(id).await?.ok_or(PageError::NotFound)?;
    let batch = reader.batch(pack.batch).await?.ok_or(PageError::NotFound)?;
    let row = &pack.row;
    let title = position(l, lang, row.kind, row.number, row.total);
    let subtitle = format!("{} · {}", code.grouped(), batch.title);
    let (state, heading) = (row.state, title.clone());
    let batch_link = ui::Link::new(
        format!("/b/{}", batch.code),
        td_string!(l, codes.batch_title, code = batch.code.grouped()),
    );
    let done = done(&visit, lang, id);
    let check = (state == PackState::Check).then(|| {
        view! { <ui::Notice tone=Tone::Warn title=td_string!(l, codes.check_text)/> }
    });
    let forms = Forms::load(&visit, code, &pack).await?;
    let labels = (row.state != PackState::Empty).then(|| {
        let href = format!("/labels/pack/{id}");
        view! { <ui::ButtonLink href label=td_string!(l, codes.labels)/> }
    });
    let items = facts(l, lang, &pack, &batch);
    let bundles = (!pack.bundles.is_empty()).then(|| {
        let table = pack_table(l, lang, &pack.bundles);
        view! { <ui::Sheet title=td_string!(l, codes.packs) id="packs">{table}</ui::Sheet> }
    });
    let history = history(l, lang, &pack.history);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=vec![batch_link]
                status=move || view! { <ui::Badge label=state_name(l, state)
                    tone=state_tone(state)/> }>
                {labels}
            </ui::PageHead>
            {done}
            {check}
            <ui::Cols>
                <ui::Stack>
                    <ui::Sheet><ui::Definitions items/></ui::Sheet>
                    {bundles}
                    {history}
                </ui::Stack>
                <ui::Stack>{forms.map(Forms::view)}</ui::Stack>
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// What was just recorded: `?done=open&short=20`.
fn done(visit: &Visit, lang: Lang, id: PackId) -> Option<AnyView> {
    let l = visit.locale;
    let what = visit.query("done")?;
    let short: i64 = visit.query("short").and_then(|text| text.parse().ok()).unwrap_or(0);
    let pieces = lang.number(short.abs());
    let title = match short {
        1.. => td_string!(l, codes.done_short, pieces = pieces),
        0 => td_string!(l, codes.done_open).to_owned(),
        _ => td_string!(l, codes.done_more, pieces = pieces),
    };
    let print = (what == "split").then(|| {
        let href = format!("/labels/bundles/{id}");
        view! {
            {td_string!(l, codes.done_split)}" "
            <a href=href>{td_string!(l, codes.print_bundles)}</a>
        }
    });
    Some(view! { <ui::Notice tone=Tone::Good title>{print}</ui::Notice> }.into_any())
}

fn facts(l: Locale, lang: Lang, pack: &PackDetail, batch: &BatchDetail) -> Vec<Definition> {
    let row = &pack.row;
    let pieces = format!("{} {}", lang.number(row.nominal), td_string!(l, runs.pieces));
    let place = row.at.map_or("", |account| account_name(l, account));
    let code = batch.code;
    let batch_path = format!("/b/{code}");
    let outside = outside_words(&batch.outside_name, &batch.short_number);
    let mut items = vec![
        Definition::new(td_string!(l, codes.nominal), pieces),
        Definition::new(td_string!(l, codes.account), place),
        Definition::new(td_string!(l, codes.holder), row.holder_name.clone()),
        Definition::new(td_string!(l, codes.outside_name), outside),
        Definition::new(td_string!(l, codes.batch), view! { <ui::CodeChip code href=batch_path/> }),
    ];
    if let Some(code) = pack.parent_code {
        let path = format!("/p/{code}");
        let link = view! { <ui::CodeChip code href=path/> };
        items.push(Definition::new(td_string!(l, codes.carton_is), link));
    }
    if row.reprints > 0 {
        let reprints = row.reprints;
        let times = td_string!(l, codes.reprinted, count = reprints, times = lang.number(reprints));
        items.push(Definition::new(td_string!(l, codes.reprints), times));
    }
    items
}

fn history(l: Locale, lang: Lang, said: &[PackSaid]) -> AnyView {
    let title = td_string!(l, codes.history);
    let columns = vec![
        Column::text(td_string!(l, codes.said)),
        Column::text(td_string!(l, codes.state)),
        Column::text(td_string!(l, codes.when)),
    ];
    let words = |kind: &str| match kind {
        "receipt" => td_string!(l, codes.said_receipt),
        "first_count" => td_string!(l, codes.said_first_count),
        "open_pack" => td_string!(l, codes.said_open_pack),
        "split_pack" => td_string!(l, codes.said_split_pack),
        "empty_pack" => td_string!(l, codes.said_empty_pack),
        "found_sealed" => td_string!(l, codes.said_found_sealed),
        "delivery" => td_string!(l, codes.said_delivery),
        _ => td_string!(l, codes.said_other),
    };
    let rows: Vec<Row> = said
        .iter()
        .map(|said| {
            let moment = said.at;
            Row::new(vec![
                Cell::text(words(&said.kind)),
                Cell::badge(state_name(l, said.state), state_tone(said.state)),
                Cell::view(view! { <ui::MomentText moment lang/> }),
            ])
        })
        .collect();
    view! {
        <ui::Sheet title><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
    }
    .into_any()
}

/// The forms of a pack that stands in a store, with what was typed before a refusal.
struct Forms {
    l: Locale,
    here: String,
    today: String,
    can_split: bool,
    /// Only where somebody has to look for it.
    found: Option<(FormState, String)>,
    open: (FormState, String),
    split: (FormState, String),
    empty: (FormState, String),
    reprint: (FormState, String),
}

impl Forms {
    async fn load(visit: &Visit, code: Code, pack: &PackDetail) -> Result<Option<Self>, PageError> {
        let in_store =
            matches!(pack.row.at, Some(Account::Real(Real::Store(_) | Real::Damaged(_))));
        let is_there = match pack.row.state {
            PackState::Sealed | PackState::Opened | PackState::Check => true,
            PackState::Empty | PackState::Expected | PackState::Voided => false,
        };
        if !visit.may(Permission::KeepStore) || !in_store || !is_there {
            return Ok(None);
        }
        let here = format!("/p/{code}");
        let holds_bundles = pack.bundles.iter().any(|bundle| bundle.is_inside);
        let form = async |action: &str| {
            let form = visit.form_of(&format!("{here}/{action}")).await?;
            let record = form.record(visit);
            Ok::<_, PageError>((form, record))
        };
        let found = match pack.row.state {
            PackState::Check => Some(form("found").await?),
            PackState::Sealed
            | PackState::Opened
            | PackState::Empty
            | PackState::Expected
            | PackState::Voided => None,
        };
        Ok(Some(Self {
            found,
            l: visit.locale,
            today: today(visit),
            can_split: pack.row.kind == PackKind::Carton && !holds_bundles,
            open: form("open").await?,
            split: form("split").await?,
            empty: form("empty").await?,
            reprint: form("reprint").await?,
            here,
        }))
    }

    fn view(self) -> AnyView {
        let split = self.can_split.then(|| self.split_form());
        let (open, empty, reprint) = (self.open_form(), self.empty_form(), self.reprint_form());
        let found = self.found.as_ref().map(|found| self.found_form(found));
        view! { {found}{open}{split}{reprint}{empty} }.into_any()
    }

    fn found_form(&self, (form, record): &(FormState, String)) -> AnyView {
        let (l, title, errors) = (self.l, form.title(), form.errors());
        let action = format!("{}/found", self.here);
        let sends = vec![("record".to_owned(), record.clone())];
        view! {
            <ui::Sheet title=td_string!(l, codes.found_sealed) id="found">
                <ui::ErrorSummary title errors/>
                <p>{td_string!(l, codes.found_sealed_text)}</p>
                <ui::PostButton action sends main=true
                    label=td_string!(l, codes.found_sealed_submit)/>
            </ui::Sheet>
        }
        .into_any()
    }

    fn open_form(&self) -> AnyView {
        let (l, (form, record)) = (self.l, self.open.clone());
        let action = format!("{}/open", self.here);
        let date = form.or("date", self.today.clone());
        let (error_title, errors) = (form.title(), form.errors());
        let asked = crate::explain::confirm_box(&form, l);
        let sure = asks(&form, td_string!(l, codes.marked_sure));
        view! {
            <ui::Sheet title=td_string!(l, codes.open) id="open">
                <p>{td_string!(l, codes.open_text)}</p>
                <ui::Form action error_title errors record>
                    <ui::NumberField name="found" label=td_string!(l, codes.found)
                        value=form.value("found") hint=td_string!(l, codes.found_hint)
                        unit=td_string!(l, runs.pieces) error=form.error("found")/>
                    <ui::DateField name="date" label=td_string!(l, codes.date) value=date
                        error=form.error("date")/>
                    {sure}
                    {asked}
                    <ui::SubmitBar label=td_string!(l, codes.open_submit)/>
                </ui::Form>
            </ui::Sheet>
        }
        .into_any()
    }

    fn split_form(&self) -> AnyView {
        let (l, (form, record)) = (self.l, self.split.clone());
        let action = format!("{}/split", self.here);
        let pieces = td_string!(l, runs.pieces);
        let (error_title, errors) = (form.title(), form.errors());
        let asked = crate::explain::confirm_box(&form, l);
        let sure = asks(&form, td_string!(l, codes.marked_sure));
        let again = form.clone();
        let full = view! {
            <ui::FieldRow>
                <ui::NumberField name="bundles" label=td_string!(l, codes.bundles_full)
                    value=again.value("bundles") error=again.error("bundles")/>
                <ui::NumberField name="size" label=td_string!(l, codes.bundle_size)
                    value=again.value("size") unit=pieces error=again.error("size")/>
            </ui::FieldRow>
        };
        view! {
            <ui::Sheet title=td_string!(l, codes.split) id="split">
                <p>{td_string!(l, codes.split_text)}</p>
                <ui::Form action error_title errors record>
                    {full}
                    <ui::NumberField name="last" label=td_string!(l, codes.bundle_last)
                        value=form.value("last") unit=pieces
                        optional=td_string!(l, runs.optional) error=form.error("last")/>
                    <ui::NumberField name="loose" label=td_string!(l, codes.loose)
                        value=form.value("loose") unit=pieces
                        optional=td_string!(l, runs.optional) error=form.error("loose")/>
                    {sure}
                    {asked}
                    <ui::SubmitBar label=td_string!(l, codes.split_submit)/>
                </ui::Form>
            </ui::Sheet>
        }
        .into_any()
    }

    fn reprint_form(&self) -> AnyView {
        let (l, (form, record)) = (self.l, self.reprint.clone());
        let action = format!("{}/reprint", self.here);
        let sends = vec![("record".to_owned(), record)];
        view! {
            <ui::Sheet title=td_string!(l, codes.reprint) id="reprint">
                <ui::ErrorSummary title=form.title() errors=form.errors()/>
                <p>{td_string!(l, codes.reprint_text)}</p>
                <ui::PostButton action sends
                    label=td_string!(l, codes.reprint)/>
            </ui::Sheet>
        }
        .into_any()
    }

    fn empty_form(&self) -> AnyView {
        let (l, (form, record)) = (self.l, self.empty.clone());
        let action = format!("{}/empty", self.here);
        let sends = vec![("record".to_owned(), record)];
        view! {
            <ui::ErrorSummary title=form.title() errors=form.errors()/>
            <ui::Danger summary=td_string!(l, codes.empty) text=td_string!(l, codes.empty_text)
                action label=td_string!(l, codes.empty_submit)
                sends open=!form.is_fresh()/>
        }
        .into_any()
    }
}
