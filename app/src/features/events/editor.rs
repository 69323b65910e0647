//! The plan of an event: one form for new ones and for changes.

use super::sheet::of_path;
use super::words::{crumbs, isolated, list_link, path, session_name};
use crate::error::PageError;
use crate::features::kits::words::contents;
use crate::features::recall::stopping::{Marks, is_about};
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::asks_where;
use crate::session::Visit;
use crate::ui::{self, Choice, Definition};
use domain::calendar::Lang;
use domain::events::{EventState, SessionKind, holds_events};
use domain::ids::MaterialId;
use domain::reference::{PlaceKind, Standing};
use leptos::prelude::*;
use stock::events::{EventDetail, EventPlan};
use stock::reference::event_types::EventType;
use stock::reference::kits::Kit;
use stock::reference::materials::Material;
use stock::reference::orgs::Org;
use stock::reference::places::Place;
use stock::reference::stores::Store;
use stock::whereabouts::{Holding, HoldingFilter};

/// More sessions than that are two events.
pub(super) const SESSIONS: usize = 4;
/// The stores that are named beside a material, those with the most first.
const MOST_STORES: usize = 3;

pub async fn new(visit: Visit) -> PageResult {
    let form = visit.form().await?;
    let record = form.record(&visit);
    let lists = Lists::load(&visit).await?;
    let l = visit.locale;
    let title = td_string!(l, events.new).to_owned();
    let editor = Editor { l, lang: visit.lang(), form, lists, plan: None, fixed: false };
    let fields = editor.fields();
    let body = page(&visit, &editor, title.clone(), Some(record), fields, vec![list_link(l)]);
    Ok(Page::new(title, body))
}

pub async fn edit(visit: Visit) -> PageResult {
    let detail = of_path(&visit).await?;
    let event = &detail.event;
    let plan = visit.reader()?.event_plan(event.id).await?.ok_or(PageError::NotFound)?;
    if event.state == EventState::Cancelled {
        return Err(PageError::Elsewhere(path(event.id)));
    }
    let form = visit.form().await?;
    let lists = Lists::load(&visit).await?;
    let l = visit.locale;
    let title = td_string!(l, events.edit_title, number = event.number.clone());
    let crumbs = crumbs(l, event);
    let fixed = !visit.reader()?.event_records(event.id).await?.is_empty();
    let editor = Editor { l, lang: visit.lang(), form, lists, plan: Some(plan), fixed };
    let fields = view! { {editor.what_stays(&detail)} {editor.fields()} }.into_any();
    let body = page(&visit, &editor, title.clone(), None, fields, crumbs);
    Ok(Page::new(title, body))
}

fn page(
    visit: &Visit,
    editor: &Editor,
    title: String,
    record: Option<String>,
    fields: AnyView,
    crumbs: Vec<ui::Link>,
) -> AnyView {
    let l = visit.locale;
    let back = editor.plan.as_ref().map_or("/events".to_owned(), |plan| path(plan.id));
    let cancel = ui::Link::new(back, td_string!(l, common.cancel));
    let (error_title, errors) = (editor.form.title(), editor.form.errors());
    let action = visit.path.clone();
    // Those about editions with a field of their own stand there.
    let beside = |key: &str| editor.lists.materials.iter().any(|m| is_about(key, m.id));
    let sure = asks_where(&editor.form, td_string!(l, recall.sure), |key| !beside(key));
    let subtitle = editor.plan.is_none().then(|| td_string!(l, events.new_text));
    view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs subtitle/>
            <ui::Form action error_title errors record>
                {fields}
                {sure}
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    }
    .into_any()
}

/// What the selects offer.
struct Lists {
    types: Vec<EventType>,
    orgs: Vec<Org>,
    stores: Vec<Store>,
    places: Vec<Place>,
    kits: Vec<Kit>,
    materials: Vec<Material>,
    marks: Marks,
    held: Vec<Holding>,
}

impl Lists {
    async fn load(visit: &Visit) -> Result<Self, PageError> {
        let reader = visit.reader()?;
        Ok(Self {
            types: reader.event_types().await?,
            orgs: reader.orgs().await?,
            stores: reader.stores().await?,
            places: reader.places().await?,
            kits: reader.kits().await?,
            materials: reader.materials().await?,
            marks: Marks::load(visit).await?,
            held: reader.holdings(&HoldingFilter::default()).await?,
        })
    }
}

/// Each province with its districts, in use.
pub(crate) fn place_choices(l: Locale, lang: Lang, places: &[Place]) -> Vec<Choice> {
    let used = |place: &&Place| place.standing == Standing::InUse;
    let provinces = places.iter().filter(|place| place.kind == PlaceKind::Province).filter(used);
    let mut choices = Vec::new();
    for province in provinces {
        let group = province.name.of(lang);
        let whole = td_string!(l, stores.whole_province, province = group.to_owned());
        choices.push(Choice::new(province.code.as_str(), whole).group(group));
        let districts = places.iter().filter(used);
        let districts = districts.filter(|place| place.province.as_ref() == Some(&province.code));
        choices.extend(districts.map(|district| {
            Choice::new(district.code.as_str(), district.name.of(lang)).group(group)
        }));
    }
    choices
}

struct Editor {
    l: Locale,
    lang: Lang,
    form: FormState,
    lists: Lists,
    plan: Option<EventPlan>,
    /// Something was recorded about it: store, organisation and sessions stay.
    fixed: bool,
}

impl Editor {
    fn select(
        &self,
        name: &'static str,
        label: &'static str,
        choices: Vec<Choice>,
        known: Option<String>,
        hint: Option<&'static str>,
    ) -> AnyView {
        // Where there is only one, nobody has to choose.
        let only = if choices.len() == 1 { choices[0].value.clone() } else { String::new() };
        let value = self.form.or(name, known.unwrap_or(only));
        let (prompt, error) = (td_string!(self.l, events.choose), self.form.error(name));
        view! { <ui::SelectField name label choices value prompt hint error/> }.into_any()
    }

    fn fields(&self) -> AnyView {
        let l = self.l;
        let plan = self.plan.as_ref();
        let types = self.lists.types.iter().filter(|kind| {
            kind.standing == Standing::InUse || plan.is_some_and(|p| p.event_type == kind.id)
        });
        let types = types.map(|kind| Choice::new(kind.id.to_string(), &kind.name)).collect();
        let kind = plan.map(|plan| plan.event_type.to_string());
        let place = plan.map(|plan| plan.place.as_str().to_owned());
        let places = place_choices(l, self.lang, &self.lists.places);
        let day = plan.map(|plan| plan.planned_on.to_string()).unwrap_or_default();
        let expected = plan.and_then(|plan| plan.expected_people).map(|n| n.to_string());
        let (date, expected) =
            (self.form.or("date", day), self.form.or("expected", expected.unwrap_or_default()));
        let [date_error, expected_error] = ["date", "expected"].map(|name| self.form.error(name));
        let belongs = (!self.fixed).then(|| self.belongs());
        view! {
            {self.select("type", td_string!(l, events.kind), types, kind, None)}
            {self.select("place", td_string!(l, events.place), places, place, None)}
            <ui::FieldRow>
                <ui::DateField name="date" label=td_string!(l, events.planned_on) value=date
                    error=date_error/>
                <ui::NumberField name="expected" label=td_string!(l, events.expected)
                    value=expected error=expected_error
                    optional=td_string!(l, reference.optional)/>
            </ui::FieldRow>
            {belongs}
            {self.goods()}
        }
        .into_any()
    }

    /// Who holds it, from which store, in which sessions.
    fn belongs(&self) -> AnyView {
        let l = self.l;
        let plan = self.plan.as_ref();
        let orgs = self
            .lists
            .orgs
            .iter()
            .filter(|org| org.standing == Standing::InUse && holds_events(org.kind));
        let orgs = orgs.map(|org| Choice::new(org.id.to_string(), &org.name)).collect();
        let stores = self.lists.stores.iter().filter(|store| store.standing == Standing::InUse);
        let stores = stores.map(|store| Choice::new(store.id.to_string(), &store.name)).collect();
        let (org, store) =
            (plan.map(|plan| plan.org.to_string()), plan.map(|plan| plan.store.to_string()));
        let store_hint = Some(td_string!(l, events.store_hint));
        let sessions = (1..=SESSIONS).map(|number| self.session(number)).collect_view();
        view! {
            {self.select("org", td_string!(l, events.partner), orgs, org, None)}
            {self.select("store", td_string!(l, events.store), stores, store, store_hint)}
            <ui::Stack>
                <h2>{td_string!(l, events.sessions)}</h2>
                <p class="hint">{td_string!(l, events.sessions_hint)}</p>
                <ui::FieldRow boxes=true>{sessions}</ui::FieldRow>
            </ui::Stack>
        }
        .into_any()
    }

    fn session(&self, number: usize) -> AnyView {
        let l = self.l;
        let name = format!("session_{number}");
        let known = self.plan.as_ref().and_then(|plan| plan.sessions.get(number - 1));
        let value = self.form.or(&name, known.map_or("", |kind| kind.as_str()));
        let choice = |kind: &SessionKind| Choice::new(kind.as_str(), session_name(l, *kind));
        let choices: Vec<Choice> = SessionKind::ALL.iter().map(choice).collect();
        let label = td_string!(l, events.session_n, number = number);
        let error = self.form.error(&name);
        view! {
            <ui::SelectField name label choices value prompt=td_string!(l, events.no_session)
                error/>
        }
        .into_any()
    }

    /// How many kits and pieces are planned.
    fn goods(&self) -> AnyView {
        let l = self.l;
        let plan = self.plan.as_ref();
        let planned_kit = |kit: &Kit| plan.and_then(|plan| plan.kits.get(&kit.version_id));
        let kits = self
            .lists
            .kits
            .iter()
            .filter(|kit| kit.standing == Standing::InUse || planned_kit(kit).is_some());
        let kits = kits.map(|kit| {
            let known = planned_kit(kit).map(|count| count.to_string());
            let name = format!("kit_{}", kit.version_id);
            let contents = contents(self.lang, kit);
            self.count(name, kit.name.clone(), known, td_string!(l, events.kits), Some(contents))
        });
        let kits: Vec<AnyView> = kits.collect();
        let planned = |id| plan.and_then(|plan| plan.materials.get(&id));
        let materials = self.lists.materials.iter().filter(|material| {
            material.standing == Standing::InUse || planned(material.id).is_some()
        });
        let materials = materials.map(|material| {
            let known = planned(material.id).map(|count| count.to_string());
            let label = super::fields::material_label(l, material);
            let label = self.lists.marks.label(material.id, label);
            let name = format!("pieces_{}", material.id);
            let held = self.held(material.id);
            let count = self.count(name, label, known, td_string!(l, events.unit), held);
            let sure = td_string!(l, recall.sure);
            let sure = asks_where(&self.form, sure, |key| is_about(key, material.id));
            view! { {count} {sure} }.into_any()
        });
        let materials: Vec<AnyView> = materials.collect();
        view! {
            <ui::Stack>
                <h2 id="f-goods" tabindex="-1">{td_string!(l, events.planned_goods)}</h2>
                <p class="hint">
                    {td_string!(l, events.planned_goods_hint)}" "
                    <a href="/stock">{td_string!(l, events.all_stock)}</a>
                </p>
                {kits}
                {materials}
            </ui::Stack>
        }
        .into_any()
    }

    fn count(
        &self,
        name: String,
        label: String,
        known: Option<String>,
        unit: &'static str,
        hint: Option<String>,
    ) -> AnyView {
        let value = self.form.or(&name, known.unwrap_or_default());
        let error = self.form.error(&name);
        view! { <ui::NumberField name label value error unit hint/> }.into_any()
    }

    /// What stands of a material in the stores of whoever holds the event, as far as that is known.
    fn held(&self, material: MaterialId) -> Option<String> {
        let plan = self.plan.as_ref();
        let (org, store) = (
            self.form.or("org", plan.map(|plan| plan.org.to_string()).unwrap_or_default()),
            self.form.or("store", plan.map(|plan| plan.store.to_string()).unwrap_or_default()),
        );
        let of_org = |row: &&Holding| {
            let known = self.lists.stores.iter().find(|known| known.id == row.store);
            let mine = known.is_some_and(|known| known.org.to_string() == org);
            org.is_empty() || mine || row.store.to_string() == store
        };
        let held = self.lists.held.iter().filter(|row| row.material == material);
        let mut held: Vec<&Holding> = held.filter(|row| row.in_store > 0).filter(of_org).collect();
        held.sort_by_key(|row| std::cmp::Reverse(row.in_store));
        let words = held
            .iter()
            .take(MOST_STORES)
            .map(|row| format!("{} {}", isolated(&row.store_name), self.lang.number(row.in_store)));
        let stores = words.collect::<Vec<_>>().join(" · ");
        let (l, others) = (self.l, held.len().saturating_sub(MOST_STORES) as i64);
        match others {
            _ if stores.is_empty() => None,
            0 => Some(td_string!(l, events.held_in, stores = stores)),
            _ => {
                let n = self.lang.number(others);
                Some(td_string!(l, events.held_in_most, count = others, stores = stores, n = n))
            }
        }
    }

    /// What records name already and so stays as it was, shown instead of asked.
    fn what_stays(&self, detail: &EventDetail) -> Option<AnyView> {
        let plan = self.plan.as_ref().filter(|_| self.fixed)?;
        let l = self.l;
        let kinds = plan.sessions.iter().map(|kind| session_name(l, *kind));
        let sessions = kinds.collect::<Vec<_>>().join(" · ");
        let mut items = vec![
            Definition::new(td_string!(l, events.partner), detail.event.org_name.clone()),
            Definition::new(td_string!(l, events.store), detail.event.store_name.clone()),
        ];
        if !sessions.is_empty() {
            items.push(Definition::new(td_string!(l, events.sessions), sessions));
        }
        let hidden = |(number, kind): (usize, &SessionKind)| {
            view! { <ui::Hidden name=format!("session_{}", number + 1) value=kind.as_str()/> }
        };
        let hidden = plan.sessions.iter().enumerate().map(hidden).collect_view();
        Some(
            view! {
                <ui::Hidden name="org" value=plan.org.to_string()/>
                <ui::Hidden name="store" value=plan.store.to_string()/>
                {hidden}
                <p class="hint">{td_string!(l, events.stays)}</p>
                <ui::Definitions items/>
            }
            .into_any(),
        )
    }
}
