//! The form of a store: one page for new ones and for changes.

use super::kind_name;
use super::page::{list_link, of_path};
use crate::error::PageError;
use crate::features::reference;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Check, Choice, Width};
use domain::calendar::Lang;
use domain::reference::{PlaceKind, Standing, StoreKind};
use domain::role::PlaceCode;
use leptos::prelude::*;
use stock::reference::orgs::Org;
use stock::reference::places::Place;
use stock::reference::stores::Store;

pub async fn new(visit: Visit) -> PageResult {
    let form = visit.form().await?;
    let record = form.record(&visit);
    let lists = Lists::load(&visit).await?;
    Ok(editor(visit, form, Some(record), lists, None, Vec::new()))
}

pub async fn edit(visit: Visit) -> PageResult {
    let store = of_path(&visit).await?;
    let areas = visit.reader()?.service_areas(store.id).await?;
    let form = visit.form().await?;
    let lists = Lists::load(&visit).await?;
    Ok(editor(visit, form, None, lists, Some(store), areas))
}

/// What the selects offer.
struct Lists {
    orgs: Vec<Org>,
    places: Vec<Place>,
    stores: Vec<Store>,
}

impl Lists {
    async fn load(visit: &Visit) -> Result<Self, PageError> {
        let reader = visit.reader()?;
        Ok(Self {
            orgs: reader.orgs().await?,
            places: reader.places().await?,
            stores: reader.stores().await?,
        })
    }

    fn org_choices(&self) -> Vec<Choice> {
        let orgs = self.orgs.iter().filter(|org| org.standing == Standing::InUse);
        orgs.map(|org| Choice::new(org.id.to_string(), &org.name)).collect()
    }

    /// Each province, and below it its districts.
    fn place_choices(&self, l: Locale, lang: Lang) -> Vec<Choice> {
        let used = |place: &&Place| place.standing == Standing::InUse;
        let provinces = self.places.iter().filter(|place| place.kind == PlaceKind::Province);
        let mut choices = Vec::new();
        for province in provinces.filter(used) {
            let group = province.name.of(lang);
            let whole = td_string!(l, stores.whole_province, province = group.to_owned());
            choices.push(Choice::new(province.code.as_str(), whole).group(group));
            let districts = self.places.iter().filter(used);
            let districts =
                districts.filter(|place| place.province.as_ref() == Some(&province.code));
            choices.extend(districts.map(|district| {
                Choice::new(district.code.as_str(), district.name.of(lang)).group(group)
            }));
        }
        choices
    }

    fn parent_choices(&self, store: Option<&Store>) -> Vec<Choice> {
        let fits = |other: &&Store| {
            let kept = store.is_some_and(|store| store.parent == Some(other.id));
            let itself = store.is_some_and(|store| store.id == other.id);
            !itself && (kept || other.standing == Standing::InUse)
        };
        let others = self.stores.iter().filter(fits);
        others.map(|other| Choice::new(other.id.to_string(), &other.name)).collect()
    }

    fn area_checks(&self, lang: Lang, form: &FormState, areas: &[PlaceCode]) -> Vec<Check> {
        let provinces = self.places.iter().filter(|place| place.kind == PlaceKind::Province);
        let check = |place: &Place| {
            let name = format!("area_{}", place.code.as_str());
            let checked =
                if form.is_fresh() { areas.contains(&place.code) } else { form.checked(&name) };
            Check::new(name, place.name.of(lang), checked)
        };
        provinces.map(check).collect()
    }

    /// The districts among the areas, one a line, as the field below the provinces shows them.
    fn district_lines(&self, lang: Lang, areas: &[PlaceCode]) -> String {
        let districts = self.places.iter().filter(|place| place.kind == PlaceKind::District);
        let chosen = districts.filter(|place| areas.contains(&place.code));
        let line = |place: &Place| format!("{} {}", place.code.as_str(), place.name.of(lang));
        chosen.map(line).collect::<Vec<_>>().join("\n")
    }
}

fn editor(
    visit: Visit,
    form: FormState,
    record: Option<String>,
    lists: Lists,
    store: Option<Store>,
    areas: Vec<PlaceCode>,
) -> Page {
    let (l, lang) = (visit.locale, visit.lang());
    let store = store.as_ref();
    let title = store.map_or(td_string!(l, stores.new), |store| &store.name).to_owned();
    let heading = title.clone();
    let back = store
        .map_or("/reference/stores".to_owned(), |store| format!("/reference/stores/{}", store.id));
    let cancel = ui::Link::new(back, td_string!(l, common.cancel));
    let (error_title, errors) = (form.title(), form.errors());
    let names = names(l, &form, store);
    let belongs = belongs(l, lang, &form, &lists, store);
    let serves = serves(l, lang, &form, &lists, &areas);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            <ui::Form action=visit.path error_title errors record>
                {names}
                {belongs}
                {serves}
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Page::new(title, body)
}

fn names(l: Locale, form: &FormState, store: Option<&Store>) -> AnyView {
    let kinds = StoreKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(l, *kind)));
    let kinds: Vec<Choice> = kinds.collect();
    let kind = form.or("kind", store.map_or("", |store| store.kind.as_str()));
    let name = form.or("name", store.map_or("", |store| &store.name));
    let short_name = form.or("short_name", store.map_or("", |store| &store.short_name));
    let form = form.clone();
    view! {
        <ui::TextField name="name" label=td_string!(l, reference.name) value=name
            hint=td_string!(l, stores.name_hint) error=form.error("name")/>
        <ui::TextField name="short_name" label=td_string!(l, reference.short_name)
            value=short_name width=Width::Middle hint=td_string!(l, stores.short_name_hint)
            error=form.error("short_name")/>
        <ui::RadioCards name="kind" label=td_string!(l, reference.kind) choices=kinds value=kind
            error=form.error("kind") row=true/>
    }
    .into_any()
}

fn belongs(
    l: Locale,
    lang: Lang,
    form: &FormState,
    lists: &Lists,
    store: Option<&Store>,
) -> AnyView {
    let (orgs, places) = (lists.org_choices(), lists.place_choices(l, lang));
    let parents = lists.parent_choices(store);
    let org = form.or("org", store.map(|store| store.org.to_string()).unwrap_or_default());
    let place = form.or("place", store.map_or("", |store| store.place.as_str()));
    let parent = store.and_then(|store| store.parent).map(|id| id.to_string());
    let parent = form.or("parent", parent.unwrap_or_default());
    let form = form.clone();
    view! {
        <ui::SelectField name="org" label=td_string!(l, stores.org) choices=orgs value=org
            prompt=td_string!(l, stores.org_prompt) error=form.error("org")/>
        <ui::SelectField name="place" label=td_string!(l, stores.place) choices=places
            value=place prompt=td_string!(l, stores.place_prompt) error=form.error("place")/>
        <ui::SelectField name="parent" label=td_string!(l, stores.parent) choices=parents
            value=parent prompt=td_string!(l, stores.parent_none)
            optional=td_string!(l, reference.optional) error=form.error("parent")/>
    }
    .into_any()
}

fn serves(l: Locale, lang: Lang, form: &FormState, lists: &Lists, areas: &[PlaceCode]) -> AnyView {
    let checks = lists.area_checks(lang, form, areas);
    let districts = form.or("districts", lists.district_lines(lang, areas));
    let optional = td_string!(l, reference.optional);
    let form = form.clone();
    view! {
        <ui::CheckCards name="areas" label=td_string!(l, stores.service_areas) checks row=true
            optional hint=td_string!(l, stores.areas_hint) error=form.error("areas")/>
        <ui::TextArea name="districts" label=td_string!(l, stores.districts) value=districts
            hint=td_string!(l, stores.districts_hint) optional rows=3
            error=form.error("districts")/>
    }
    .into_any()
}
