//! What leaves a store: sealed packs by their codes, parts of a batch by its code, or pieces of a
//! material whose oldest batch is then assumed.

use super::fields::{self, Quantity, material_choices, material_label, packing_hint};
use crate::error::PageError;
use crate::explain;
use crate::features::consignments::elsewhere::known_at;
use crate::features::materials::inside;
use crate::features::recall::stopping::Marks;
use crate::forms::{FormState, Post};
use crate::i18n::{Locale, td_string};
use crate::posting::{ask, asks};
use crate::session::Visit;
use crate::ui::{self, Choice};
use crate::words;
use domain::code::{Code, read};
use domain::ids::{MaterialId, StoreId};
use domain::pieces::Pieces;
use domain::records::events::Goods;
use domain::records::recall::RecallMode;
use domain::role::Permission;
use leptos::prelude::*;
use stock::events::{CodeProblem, FoundCode};
use stock::recall::Recall;
use stock::reference::materials::Material;
use stock::whereabouts::HoldingFilter;

/// Fields for parts of a batch, and for materials that have no field of their own.
const PARTS: usize = 3;
const OTHERS: usize = 3;

/// The fields. `rows` are the materials with a field of their own, each with what is known of it.
pub(crate) async fn fields(
    visit: &Visit,
    form: &FormState,
    materials: &[Material],
    rows: Vec<(Material, Option<String>)>,
    warning: Option<AnyView>,
) -> Result<AnyView, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let (value, error) = (form.value("codes"), form.error("codes"));
    let summary = match rows.is_empty() {
        true => td_string!(l, events.materials),
        false => td_string!(l, events.more_materials),
    };
    let open = rows.is_empty() || (1..=OTHERS).any(|number| is_chosen(form, number));
    let assumed = rows.into_iter().map(|(material, known)| row(visit, form, &material, known));
    let assumed = assumed.collect_view();
    let marks = Marks::load(visit).await?;
    let choices = material_choices(l, materials, &marks);
    let others = (1..=OTHERS).map(|number| other(visit, form, (materials, &choices), number));
    let others = others.collect_view();
    let parts = parts(l, form);
    let sure = asks(form, td_string!(l, events.sure));
    let open_first = visit.may(Permission::KeepStore).then(|| {
        let find = td_string!(l, events.find_carton);
        let text = td_string!(l, events.open_first);
        view! { <p class="hint">{text}" "<a href="/codes">{find}</a></p> }
    });
    Ok(view! {
        {warning}
        <ui::Sheet title=td_string!(l, events.by_codes)>
            <ui::ScanField name="codes" label=td_string!(l, events.pack_codes)
                words=words::scan(l) lang value error hint=td_string!(l, events.pack_codes_hint)
                optional=td_string!(l, reference.optional)/>
            {parts}
        </ui::Sheet>
        <ui::Sheet title=td_string!(l, events.by_material)>
            <p class="hint">{td_string!(l, events.by_material_hint)}</p>
            {open_first}
            {assumed}
            <details class="more" open=open>
                <summary>{summary}</summary>
                <ui::Stack>{others}</ui::Stack>
            </details>
        </ui::Sheet>
        <ui::Totals lang/>
        {sure}
    }
    .into_any())
}

/// Says which editions that a store holds must not be given out any more: a fact about them is
/// taken down all the same, so this is said before.
pub(crate) async fn recalled(visit: &Visit, store: StoreId) -> Result<Option<AnyView>, PageError> {
    let (l, reader) = (visit.locale, visit.reader()?);
    let recalls = to_stop(visit).await?;
    if recalls.is_empty() {
        return Ok(None);
    }
    let filter = HoldingFilter { store: Some(store), ..HoldingFilter::default() };
    let held = reader.holdings(&filter).await?;
    let holds = |recall: &Recall| {
        let of = held.iter().filter(|row| row.material.uuid() == recall.material_id);
        of.map(|row| row.in_store + row.at_events).sum::<i64>() > 0
    };
    let warnings = recalls.iter().filter(|recall| holds(recall)).map(|recall| {
        let (title, number) = (recall.title.clone(), recall.short_number.clone());
        let words = td_string!(l, events.recalled, title = title, number = number);
        view! { <p>{words}</p> }
    });
    let warnings: Vec<_> = warnings.collect();
    Ok((!warnings.is_empty()).then(|| {
        let title = td_string!(l, events.recalled_title);
        view! { <ui::Notice tone=ui::Tone::Bad title>{warnings}</ui::Notice> }.into_any()
    }))
}

/// The editions that must not be given out any more.
async fn to_stop(visit: &Visit) -> Result<Vec<Recall>, PageError> {
    let mut recalls = visit.reader()?.recalls().await?;
    recalls.retain(|recall| !recall.over && recall.mode == RecallMode::StopNow.as_str());
    Ok(recalls)
}

/// Asks once about each edition among `materials` that is to be stopped: what happened is taken
/// down all the same.
pub(crate) async fn ask_recalled(
    post: &mut Post,
    materials: impl IntoIterator<Item = MaterialId>,
) -> Result<(), PageError> {
    let l = post.visit.locale;
    let asked: Vec<MaterialId> = materials.into_iter().collect();
    for recall in to_stop(&post.visit).await? {
        if asked.iter().any(|material| material.uuid() == recall.material_id) {
            let (title, number) = (recall.title, recall.short_number);
            let words = td_string!(l, events.recalled_sure, title = title, number = number);
            ask(post, &format!("recalled_{}", recall.material_id), words);
        }
    }
    Ok(())
}

/// The same about goods, whatever they were read from.
async fn ask_recalled_goods(post: &mut Post, goods: &Goods) -> Result<(), PageError> {
    let codes = goods.packs.iter().chain(goods.batches.iter().map(|(code, _)| code));
    let codes: Vec<Code> = codes.copied().collect();
    let found = post.visit.reader()?.find_codes(&codes).await?;
    let of_codes = found.into_iter().filter_map(|(_, found)| found.ok());
    let of_codes = of_codes.map(|found| found.material);
    let materials: Vec<MaterialId> =
        goods.materials.iter().map(|(material, _)| *material).chain(of_codes).collect();
    ask_recalled(post, materials).await
}

/// Whether a form that came back says anything about another material.
fn is_chosen(form: &FormState, number: usize) -> bool {
    let names = [format!("material_{number}"), format!("take_{number}")];
    let typed =
        |name: &str| ["_cartons", "_bundles", "_pieces", ""].map(|end| format!("{name}{end}"));
    names.iter().any(|name| {
        form.error(name).is_some() || typed(name).iter().any(|name| !form.value(name).is_empty())
    })
}

/// Pieces out of an opened carton: the code of its batch, and how many.
fn parts(l: Locale, form: &FormState) -> AnyView {
    let filled = |number: &usize| {
        ["batch", "of_batch"].iter().any(|name| {
            let name = format!("{name}_{number}");
            !form.value(&name).is_empty() || form.error(&name).is_some()
        })
    };
    // A code that was refused above may belong here.
    let open = form.error("codes").is_some() || (1..=PARTS).any(|number| filled(&number));
    let row = |number: usize| {
        let (batch, of_batch) = (format!("batch_{number}"), format!("of_batch_{number}"));
        let [code, count] = [&batch, &of_batch].map(|name| (form.value(name), form.error(name)));
        view! {
            <ui::FieldRow>
                <ui::TextField name=batch label=td_string!(l, events.batch_code) ltr=true
                    value=code.0 error=code.1/>
                <ui::NumberField name=of_batch label=td_string!(l, widgets.pieces)
                    value=count.0 error=count.1/>
            </ui::FieldRow>
        }
    };
    let rows = (1..=PARTS).map(row).collect_view();
    view! {
        <details class="more" open=open>
            <summary>{td_string!(l, events.parts)}</summary>
            <ui::Stack>{rows}</ui::Stack>
        </details>
    }
    .into_any()
}

fn row(visit: &Visit, form: &FormState, material: &Material, known: Option<String>) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let hint = match known {
        Some(known) => format!("{known} {}", packing_hint(l, lang, material.packing)),
        None => packing_hint(l, lang, material.packing),
    };
    let label = material_label(l, material);
    let quantity = Quantity::of(format!("take_{}", material.id), &label, Some(material.packing))
        .hint(Some(hint))
        .view(l, lang, form);
    view! {
        <ui::Hidden name="row" value=material.id.to_string()/>
        {quantity}
    }
    .into_any()
}

fn other(
    visit: &Visit,
    form: &FormState,
    (materials, choices): (&[Material], &[Choice]),
    number: usize,
) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let (select, name) = (format!("material_{number}"), format!("take_{number}"));
    let (value, error) = (form.value(&select), form.error(&select));
    let chosen = materials.iter().find(|material| material.id.to_string() == value);
    let packing = chosen.map(|material| material.packing);
    let label = td_string!(l, events.quantity);
    let legend = td_string!(l, events.other_n, number = number);
    for field in [&select, &name] {
        ui::note_row(field, chosen.map_or_else(|| legend.clone(), inside));
    }
    let quantity =
        Quantity::of(name, label, packing).chosen_in(Some(select.clone())).view(l, lang, form);
    let choices = choices.to_vec();
    view! {
        <fieldset class="sheet-row">
            <legend>{legend}</legend>
            <ui::SelectField name=select label=td_string!(l, events.material) choices value
                prompt=td_string!(l, events.choose_material) error/>
            {quantity}
        </fieldset>
    }
    .into_any()
}

/// Reads the fields; `None` when something is wrong with them. What is only to be asked is noted, so
/// that it is asked together with what the books lack. `from` is the store that the goods
/// leave, as far as it is known.
pub(crate) async fn read_goods(
    post: &mut Post,
    materials: &[Material],
    from: Option<StoreId>,
) -> Result<Option<Goods>, PageError> {
    let (l, before) = (post.visit.locale, post.mistakes());
    let packs = pack_codes(post, from).await?;
    let batches = batch_parts(post).await?;
    let taken = taken(post, materials);
    if post.mistakes() > before {
        return Ok(None);
    }
    let goods = Goods { packs, batches, materials: taken };
    if goods.is_empty() {
        post.wrong("codes", td_string!(l, errors.nothing));
        return Ok(None);
    }
    ask_recalled_goods(post, &goods).await?;
    Ok(Some(goods))
}

async fn pack_codes(post: &mut Post, from: Option<StoreId>) -> Result<Vec<Code>, PageError> {
    let l = post.visit.locale;
    let mut codes = Vec::new();
    let text = post.text("codes").to_owned();
    for line in ui::lines(&text) {
        match read(line) {
            Ok((_, code)) if codes.contains(&code) => {}
            Ok((_, code)) => codes.push(code),
            Err(error) => post.wrong("codes", format!("{line}: {}", explain::code(error, l))),
        }
    }
    for found in known(post, "codes", &codes).await?.unwrap_or_default() {
        let code = found.code.grouped();
        if found.pack.is_none() {
            post.wrong("codes", td_string!(l, events.code_of_batch, code = code));
        } else if found.opened {
            post.wrong("codes", td_string!(l, events.code_opened, code = code));
        } else if from.is_some() && found.store != from {
            // Else one carton would leave the books twice.
            let at = known_at(&post.visit, found.code).await?.unwrap_or_default();
            post.wrong("codes", td_string!(l, events.code_elsewhere, code = code, at = at));
        }
    }
    Ok(codes)
}

async fn batch_parts(post: &mut Post) -> Result<Vec<(Code, Pieces)>, PageError> {
    let l = post.visit.locale;
    let mut parts: Vec<(Code, Pieces)> = Vec::new();
    for number in 1..=PARTS {
        let (batch, of_batch) = (format!("batch_{number}"), format!("of_batch_{number}"));
        if post.text(&batch).is_empty() && post.text(&of_batch).is_empty() {
            continue;
        }
        let code = post.parse(&batch, |text| {
            read(text).map(|(_, code)| code).map_err(|error| explain::code(error, l))
        });
        let pieces =
            post.parse(&of_batch, |text| Pieces::parse(text).map_err(|e| explain::pieces(e, l)));
        let (Some(code), Some(pieces)) = (code, pieces) else { continue };
        if known(post, &batch, &[code]).await?.is_none() {
            continue;
        }
        if parts.iter().any(|(earlier, _)| *earlier == code) {
            post.wrong(batch, td_string!(l, events.code_twice));
        } else {
            parts.push((code, pieces));
        }
    }
    Ok(parts)
}

fn taken(post: &mut Post, materials: &[Material]) -> Vec<(MaterialId, Pieces)> {
    let l = post.visit.locale;
    let mut taken: Vec<(MaterialId, Pieces)> = Vec::new();
    let rows: Vec<String> = post.fields.all("row").map(str::to_owned).collect();
    let rows = rows.into_iter().map(|id| (None, format!("take_{id}"), id));
    let others = (1..=OTHERS).map(|number| {
        let select = format!("material_{number}");
        let chosen = post.text(&select).to_owned();
        (Some(select), format!("take_{number}"), chosen)
    });
    let fields: Vec<(Option<String>, String, String)> = rows.chain(others).collect();
    for (select, name, id) in fields {
        let Some(material) = materials.iter().find(|known| known.id.to_string() == id) else {
            if let Some(select) = select.filter(|_| fields::is_filled(post, &name)) {
                post.wrong(select, td_string!(l, events.choose_material));
            }
            continue;
        };
        let pieces = fields::pieces(post, &name, material.packing);
        match (pieces, taken.iter_mut().find(|(known, _)| *known == material.id)) {
            (Some(Some(_)), Some(_)) => post.wrong(name, td_string!(l, events.row_twice)),
            (Some(Some(pieces)), None) => taken.push((material.id, pieces)),
            (Some(None), _) if select.is_some() => {
                post.wrong(name, td_string!(l, errors.pieces_empty));
            }
            (Some(None) | None, _) => {}
        }
    }
    taken
}

/// What the codes stand for; what is wrong with one is noted at `field`. At a desk a code that no
/// label has is a typing mistake, put right while the label is still at hand.
pub(crate) async fn known(
    post: &mut Post,
    field: &str,
    codes: &[Code],
) -> Result<Option<Vec<FoundCode>>, PageError> {
    let l = post.visit.locale;
    let found = post.visit.reader()?.find_codes(codes).await?;
    let mut known = Vec::new();
    let mut all_right = true;
    for (code, found) in found {
        match found {
            Ok(found) => known.push(found),
            Err(problem) => {
                all_right = false;
                let words = match problem {
                    CodeProblem::Unknown => td_string!(l, events.code_unknown),
                    CodeProblem::NotActive => td_string!(l, events.code_not_active),
                    CodeProblem::OtherKind => td_string!(l, events.code_other_kind),
                };
                post.wrong(field, format!("{}: {words}", code.grouped()));
            }
        }
    }
    Ok(all_right.then_some(known))
}
