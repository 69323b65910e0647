//! The event sheet: a row a material, who came, and nothing filled in beforehand.
//!
//! What a person sees here follows the paper of `paper.rs`, box by box.

use super::again::{self, FROM};
use super::fields::{self, Quantity, material_choices, packing_hint};
use super::goods;
use super::words::{
    crumbs, event_line, event_name, multiplier_choices, path, public_place_choices, session_label,
};
use crate::error::PageError;
use crate::features::materials::{inside, numbered};
use crate::features::recall::stopping::Marks;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::{asked, asks};
use crate::session::Visit;
use crate::ui::{self, Choice, Tone};
use crate::words;
use domain::ids::{EventId, MaterialId, SessionId};
use domain::material::Packing;
use domain::role::Actor;
use leptos::prelude::*;
use stock::events::{EventDetail, EventRow, SheetState};
use stock::reference::materials::Material;
use stock::whereabouts::HoldingFilter;

/// Rows for materials that nobody planned or took; more of them take a second sheet.
pub(super) const OTHERS: usize = 3;
/// The choice of a session that means all of them.
pub(super) const WHOLE: &str = "whole";
/// The field of the session, and the part of an address that names one.
pub(super) const SESSION: &str = "session";

/// The key of a row for another material, which stands in the names of its fields.
pub(super) fn other_key(number: usize) -> String {
    format!("other_{number}")
}

pub(super) async fn of_path(visit: &Visit) -> Result<EventDetail, PageError> {
    let id: EventId = visit.param("id")?;
    visit.reader()?.event_detail(id).await?.ok_or(PageError::NotFound)
}

pub async fn form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let detail = of_path(&visit).await?;
    let mut form = visit.form().await?;
    if let Some(sheet) = again::of_visit(&visit, &detail) {
        form = form.beginning_with(again::typed(&detail, sheet));
    }
    let reader = visit.reader()?;
    let materials = reader.materials().await?;
    let marks = Marks::load(&visit).await?;
    let rows = rows(&visit, &detail, &materials, &form).await?;
    let event = &detail.event;
    let here = path(event.id);
    let title = td_string!(l, events.sheet_title);
    let subtitle = format!("{} · {}", event_name(lang, event), event_line(lang, event));
    let before = before(&visit, &detail, &form);
    let about = about(&visit, &detail, &form);
    let known: Vec<AnyView> =
        rows.iter().map(|material| known_row(&visit, &form, material)).collect();
    let others = others(&visit, &form, (&materials, &marks), known.is_empty());
    let codes = codes(&visit, &form);
    let people = fields::attendance(l, &form, None);
    let from = again::named(&detail, &form.value(FROM)).map(|sheet| {
        view! { <ui::Hidden name=FROM value=sheet.record.to_string()/> }
    });
    let warning = goods::recalled(&visit, event.store).await?;
    let confirm = asked(&form, td_string!(l, errors.confirm));
    let sure = asks(&form, td_string!(l, events.sure));
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let (paper, action) = (format!("{here}/form"), format!("{here}/sheet"));
    let crumbs = crumbs(l, event);
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let (note, note_error) = (form.value("note"), form.error("note"));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs>
                <ui::ButtonLink href=paper label=td_string!(l, events.print_form)/>
            </ui::PageHead>
            {before}
            <ui::Form action error_title errors record>
                {from}
                {about}
                {warning}
                <p class="hint">{td_string!(l, events.split_hint)}</p>
                {known}
                {others}
                {codes}
                <ui::Sheet title=td_string!(l, events.who_came)>{people}</ui::Sheet>
                <ui::TextArea name="note" label=td_string!(l, events.note) value=note rows=2
                    error=note_error no_names=td_string!(l, events.no_names)
                    optional=td_string!(l, reference.optional)/>
                {sure}
                {confirm}
                <ui::SubmitBar label=td_string!(l, events.post_sheet) cancel=Some(cancel)
                    note=td_string!(l, events.post_sheet_note)>
                    <button class="btn" name="work_out" value="true">
                        {td_string!(l, events.work_out)}
                    </button>
                </ui::SubmitBar>
            </ui::Form>
            <ui::Totals lang/>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The materials with a row of their own: what was planned, what is there, and what a form that
/// came back had; for an event without any of them, what its store holds.
async fn rows(
    visit: &Visit,
    detail: &EventDetail,
    materials: &[Material],
    form: &FormState,
) -> Result<Vec<Material>, PageError> {
    let mut wanted: Vec<MaterialId> = detail.planned.iter().map(|row| row.material).collect();
    wanted.extend(detail.materials.iter().map(|row| row.material));
    if wanted.is_empty() {
        let filter = HoldingFilter { store: Some(detail.event.store), ..HoldingFilter::default() };
        let held = visit.reader()?.holdings(&filter).await?;
        wanted.extend(held.iter().filter(|row| row.in_store > 0).map(|row| row.material));
    }
    wanted.extend(form.fields().all("row").filter_map(|id| id.parse::<MaterialId>().ok()));
    Ok(materials.iter().filter(|material| wanted.contains(&material.id)).cloned().collect())
}

/// On whose behalf somebody enters this, if it is not his own organisation's event.
pub(super) fn on_behalf(l: Locale, actor: &Actor, event: &EventRow) -> Option<AnyView> {
    (actor.org != event.org).then(|| {
        let title = td_string!(l, events.on_behalf_title, org = event.org_name.clone());
        view! {
            <ui::Notice tone=Tone::Warn title>{td_string!(l, events.on_behalf_text)}</ui::Notice>
        }
        .into_any()
    })
}

/// What to know before filling it in.
fn before(visit: &Visit, detail: &EventDetail, form: &FormState) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let behalf = visit.actor().ok().and_then(|actor| on_behalf(l, actor, &detail.event));
    let from = again::named(detail, &form.value(FROM));
    let begins = from.map(|sheet| {
        let title = td_string!(l, events.begins_with, day = lang.day(sheet.day));
        let text = match sheet.state {
            SheetState::Posted => td_string!(l, events.begins_with_text),
            SheetState::Kept
            | SheetState::Held(_)
            | SheetState::Dropped
            | SheetState::Replaced
            | SheetState::Reversed => td_string!(l, events.begins_again_text),
        };
        view! { <ui::Notice title>{text}</ui::Notice> }
    });
    let chosen = form.or(SESSION, visit.query(SESSION).unwrap_or_default());
    // The sheets of other sessions stand beside this one.
    let is_of_the_same = |session: Option<SessionId>| match session {
        Some(session) => chosen == WHOLE || chosen == session.to_string(),
        None => true,
    };
    let mut posted = detail.sheets.iter().filter(|sheet| sheet.state == SheetState::Posted);
    let standing = posted.find(|sheet| is_of_the_same(sheet.session));
    let standing = standing.filter(|sheet| from.is_none_or(|from| from.record != sheet.record));
    let standing = standing.map(|sheet| {
        let title = td_string!(l, events.second_sheet, day = lang.day(sheet.day));
        let href = format!("{}/sheets/{}", path(detail.event.id), sheet.record);
        view! {
            <ui::Notice tone=Tone::Warn title>
                {td_string!(l, events.second_sheet_text)}" "
                <a href=href>{td_string!(l, events.see_sheet)}</a>
            </ui::Notice>
        }
    });
    // Asked for and nothing wrong: what was given stands below each row now.
    let worked_out = form.checked("work_out") && form.errors().is_empty();
    let worked_out = worked_out.then(|| {
        view! {
            <ui::Notice title=td_string!(l, events.worked_out)>
                {td_string!(l, events.worked_out_text)}
            </ui::Notice>
        }
    });
    view! { {behalf} {begins} {standing} {worked_out} }.into_any()
}

/// The day, and which session it is about.
fn about(visit: &Visit, detail: &EventDetail, form: &FormState) -> AnyView {
    let l = visit.locale;
    let today = visit.stock().world().now().day();
    let date = form.or("date", detail.event.planned_on.min(today).to_string());
    let sessions = session_field(visit, detail, form);
    let error = form.error("date");
    view! {
        <ui::DateField name="date" label=td_string!(l, events.held_on) value=date error/>
        {sessions}
    }
    .into_any()
}

/// Which session something is about; nothing where the event has only one.
pub(super) fn session_field(
    visit: &Visit,
    detail: &EventDetail,
    form: &FormState,
) -> Option<AnyView> {
    if detail.sessions.is_empty() {
        return None;
    }
    let (l, lang) = (visit.locale, visit.lang());
    let mut choices: Vec<Choice> = detail
        .sessions
        .iter()
        .map(|session| Choice::new(session.id.to_string(), session_label(l, lang, session)))
        .collect();
    choices.push(
        Choice::new(WHOLE, td_string!(l, events.whole_event))
            .hint(td_string!(l, events.whole_event_hint)),
    );
    let begins_with = visit.query(SESSION).unwrap_or_default();
    let (value, error) = (form.or(SESSION, begins_with), form.error(SESSION));
    Some(
        view! {
            <ui::RadioCards name="session" label=td_string!(l, events.session) choices value
                error/>
        }
        .into_any(),
    )
}

fn known_row(visit: &Visit, form: &FormState, material: &Material) -> AnyView {
    let l = visit.locale;
    let key = material.id.to_string();
    ui::note_row(&key, inside(material));
    let title = material.title.clone();
    let number = numbered(l, material);
    let boxes = boxes(visit, form, &key, Some(material.packing), None);
    view! {
        <ui::Sheet title>
            <ui::Hidden name="row" value=key/>
            <p class="which">{number}</p>
            {boxes}
        </ui::Sheet>
    }
    .into_any()
}

/// Materials that nobody planned or took.
fn others(
    visit: &Visit,
    form: &FormState,
    (materials, marks): (&[Material], &Marks),
    open: bool,
) -> AnyView {
    let l = visit.locale;
    let choices = material_choices(l, materials, marks);
    let in_use = |number: &usize| {
        let key = other_key(*number);
        form.fields().iter().any(|(name, value)| !value.is_empty() && name.contains(&key))
    };
    let open = open || (1..=OTHERS).any(|number| in_use(&number));
    let rows = (1..=OTHERS).map(|number| {
        let key = other_key(number);
        let select = format!("material_{key}");
        let (value, error) = (form.value(&select), form.error(&select));
        let chosen = materials.iter().find(|material| material.id.to_string() == value);
        let packing = chosen.map(|material| material.packing);
        let boxes = boxes(visit, form, &key, packing, Some(select.clone()));
        let choices = choices.clone();
        let title = td_string!(l, events.other_n, number = number);
        ui::note_row(&key, chosen.map_or_else(|| title.clone(), inside));
        view! {
            <ui::Sheet title>
                <ui::SelectField name=select label=td_string!(l, events.material) choices value
                    prompt=td_string!(l, events.choose_material) error/>
                {boxes}
            </ui::Sheet>
        }
    });
    let rows = rows.collect_view();
    view! {
        <details class="more" open=open>
            <summary>{td_string!(l, events.others)}</summary>
            <ui::Stack>{rows}</ui::Stack>
        </details>
    }
    .into_any()
}

/// The boxes of one row: brought, left over, spoiled, what was given, and how it went out.
fn boxes(
    visit: &Visit,
    form: &FormState,
    key: &str,
    packing: Option<Packing>,
    select: Option<String>,
) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let quantity = |field: &str, label: &str| {
        Quantity::of(format!("{field}_{key}"), label, packing).chosen_in(select.clone())
    };
    let hint = packing.map(|packing| packing_hint(l, lang, packing));
    let brought = quantity("brought", td_string!(l, events.brought)).hint(hint).view(l, lang, form);
    let left = quantity("left", td_string!(l, events.left))
        .hint(Some(td_string!(l, events.left_hint).to_owned()))
        .minus()
        .view(l, lang, form);
    let spoiled = quantity("spoiled", td_string!(l, events.spoiled)).minus().view(l, lang, form);
    let given = packing.and_then(|packing| given(form, key, packing));
    let given = given.map(|n| td_string!(l, widgets.given, n = lang.number(n)));
    let split = split(l, form, key);
    view! {
        <ui::GivenSum words=words::given(l) given>
            {brought}
            {left}
            {spoiled}
        </ui::GivenSum>
        {split}
    }
    .into_any()
}

/// Brought less left and spoiled, of a form that came back.
fn given(form: &FormState, key: &str, packing: Packing) -> Option<i64> {
    let read = |field: &str| fields::read(form, &format!("{field}_{key}"), packing);
    let given = read("brought")? - read("left")? - read("spoiled").unwrap_or(0);
    (given >= 0).then_some(given)
}

/// The fields about pieces that went out otherwise than to those who came.
const ELSEWHERE: [&str; 6] = [
    "multipliers",
    "multiplier_people",
    "multiplier_who",
    "public",
    "public_places",
    "public_kind",
];

/// By which channels the given pieces went out.
fn split(l: Locale, form: &FormState, key: &str) -> AnyView {
    let form = form.clone();
    let pieces = td_string!(l, events.unit);
    let field = |name: &str| {
        let name = format!("{name}_{key}");
        let (value, error) = (form.value(&name), form.error(&name));
        (name, value, error)
    };
    let number = |name: &str, label: &'static str| {
        let (name, value, error) = field(name);
        view! { <ui::NumberField name label value error/> }
    };
    let select = |name: &str, label: &'static str, choices: Vec<Choice>| {
        let (name, value, error) = field(name);
        let prompt = td_string!(l, events.choose);
        view! { <ui::SelectField name label choices value prompt error/> }
    };
    let is_used = |name: &&str| {
        let (_, value, error) = field(name);
        !value.is_empty() || error.is_some()
    };
    // Most pieces go to those who came: the rest stands folded until somebody needs it.
    let open = ELSEWHERE.iter().any(is_used);
    let (name, value, error) = field("participants");
    view! {
        <div class="beside">
            <ui::NumberField name label=td_string!(l, events.to_participants) value error
                unit=pieces/>
        </div>
        <details class="more" open=open>
            <summary>{td_string!(l, events.elsewhere)}</summary>
            <div class="row row-boxes">
                {number("multipliers", td_string!(l, events.to_multipliers_pieces))}
                {number("multiplier_people", td_string!(l, events.multiplier_people))}
                {select("multiplier_who", td_string!(l, events.multiplier_who), multiplier_choices(l))}
            </div>
            <div class="row row-boxes">
                {number("public", td_string!(l, events.to_public_pieces))}
                {number("public_places", td_string!(l, events.public_places))}
                {select("public_kind", td_string!(l, events.public_kind), public_place_choices(l))}
            </div>
        </details>
    }
    .into_any()
}

fn codes(visit: &Visit, form: &FormState) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let (value, error) = (form.value("codes"), form.error("codes"));
    view! {
        <ui::ScanField name="codes" label=td_string!(l, events.codes) words=words::scan(l) lang
            value hint=td_string!(l, events.codes_hint) error
            optional=td_string!(l, reference.optional)/>
    }
    .into_any()
}
