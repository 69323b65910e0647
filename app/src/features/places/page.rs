use crate::error::PageError;
use crate::features::reference;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Row};
use domain::calendar::Lang;
use domain::reference::{PlaceKind, Standing};
use domain::role::{Permission, PlaceCode};
use leptos::prelude::*;
use std::collections::BTreeMap;
use stock::reference::places::Place;

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reference/places", td_string!(l, places.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let places = visit.reader()?.places().await?;
    let mut districts: BTreeMap<&str, i64> = BTreeMap::new();
    for place in places.iter().filter(|place| place.standing == Standing::InUse) {
        if let Some(province) = &place.province {
            *districts.entry(province.as_str()).or_default() += 1;
        }
    }
    let provinces = places.iter().filter(|place| place.kind == PlaceKind::Province);
    let rows = provinces.map(|place| {
        let code = place.code.as_str();
        let mut cells = names(lang, place);
        cells.push(Cell::number(districts.get(code).copied().unwrap_or(0), lang));
        Row::new(cells)
    });
    let rows: Vec<Row> = rows.collect();
    let mut columns = name_columns(l, lang);
    columns.push(Column::number(td_string!(l, places.districts)));
    let title = td_string!(l, places.title);
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle=td_string!(l, places.subtitle)
                crumbs=reference::crumbs(l, None)/>
            <ui::Sheet><ui::DataTable caption=title hide_caption=true columns rows/></ui::Sheet>
            <p class="quiet small">{td_string!(l, places.source)}</p>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn name_columns(l: Locale, lang: Lang) -> Vec<Column> {
    let others: [&str; 2] = match lang {
        Lang::En => [td_string!(l, places.dari), td_string!(l, places.pashto)],
        Lang::Fa => [td_string!(l, places.english), td_string!(l, places.pashto)],
        Lang::Ps => [td_string!(l, places.english), td_string!(l, places.dari)],
    };
    let texts = [td_string!(l, reference.name), others[0], others[1]];
    let last = [td_string!(l, places.aliases), td_string!(l, places.code)];
    texts.into_iter().chain(last).map(Column::text).collect()
}

/// The name in the reader's language with a link, the other two, spellings, the code.
fn names(lang: Lang, place: &Place) -> Vec<Cell> {
    let href = format!("/reference/places/{}", place.code.as_str());
    let others = Lang::ALL.into_iter().filter(|other| *other != lang);
    let others = others.map(|other| in_language(place, other));
    std::iter::once(Cell::link(href, place.name.of(lang)))
        .chain(others)
        .chain([Cell::text(place.aliases.join(", ")), code_cell(place)])
        .collect()
}

fn code_cell(place: &Place) -> Cell {
    let code = place.code.as_str().to_owned();
    Cell::view(view! { <ui::Ref text=code/> })
}

/// The name in one language, without falling back to another.
fn in_language(place: &Place, lang: Lang) -> Cell {
    let name = match lang {
        Lang::En => Some(place.name.en.clone()),
        Lang::Fa => place.name.fa.clone(),
        Lang::Ps => place.name.ps.clone(),
    };
    match name {
        Some(name) => Cell::view(view! { <bdi lang=lang.tag()>{name}</bdi> }),
        None => Cell::blank(),
    }
}

async fn of_path(visit: &Visit) -> Result<Place, PageError> {
    let code = PlaceCode::new(visit.param::<String>("code")?);
    visit.reader()?.place(&code).await?.ok_or(PageError::NotFound)
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let place = of_path(&visit).await?;
    let reader = visit.reader()?;
    let province = match &place.province {
        Some(code) => reader.place(code).await?,
        None => None,
    };
    let districts = match place.kind {
        PlaceKind::Province => reader.districts(&place.code).await?,
        PlaceKind::District => Vec::new(),
    };
    let may_edit = reader.may_word_places();
    let may_retire = reader.may_everywhere(Permission::EditReference);
    let here = format!("/reference/places/{}", place.code.as_str());
    let standing = format!("{here}/standing");
    let standing_form = visit.form_of(&standing).await?;
    let end = (may_retire && place.kind == PlaceKind::District)
        .then(|| reference::standing_form(l, standing, place.standing, &standing_form));
    let mut crumbs = reference::crumbs(l, Some(list_link(l)));
    if let Some(province) = &province {
        let href = format!("/reference/places/{}", province.code.as_str());
        crumbs.push(ui::Link::new(href, province.name.of(lang)));
    }
    let title = place.name.of(lang).to_owned();
    let list = (place.kind == PlaceKind::Province)
        .then(|| district_list(l, lang, &here, may_edit, &districts));
    let (heading, retired) = (title.clone(), place.standing);
    let items = facts(l, place);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading crumbs
                status=move || reference::standing_badge(l, retired)>
                {may_edit.then(|| view! {
                    <ui::ButtonLink href=format!("{here}/edit") main=true
                        label=td_string!(l, reference.edit)/>
                })}
            </ui::PageHead>
            {reference::saved_notice(&visit)}
            <ui::Sheet><ui::Definitions items/></ui::Sheet>
            {list}
            {end}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn facts(l: Locale, place: Place) -> Vec<Definition> {
    let code_set = if place.is_own() {
        td_string!(l, places.own_code_set).to_owned()
    } else {
        place.code_set.clone()
    };
    let code = place.code.as_str().to_owned();
    let code = view! { <ui::Ref text=code/>" "<span class="quiet">{code_set}</span> };
    let mut items = vec![
        Definition::new(td_string!(l, places.code), code),
        Definition::new(td_string!(l, places.english), place.name.en),
    ];
    let others = [
        (td_string!(l, places.dari), Lang::Fa, place.name.fa),
        (td_string!(l, places.pashto), Lang::Ps, place.name.ps),
    ];
    for (label, lang, name) in others {
        if let Some(name) = name {
            items.push(Definition::new(label, view! { <bdi lang=lang.tag()>{name}</bdi> }));
        }
    }
    if !place.aliases.is_empty() {
        items.push(Definition::new(td_string!(l, places.aliases), place.aliases.join(", ")));
    }
    items
}

fn district_list(
    l: Locale,
    lang: Lang,
    here: &str,
    may_edit: bool,
    districts: &[Place],
) -> AnyView {
    let rows = districts.iter().map(|place| (names(lang, place), place.standing));
    let rows = rows.collect();
    let columns = name_columns(l, lang);
    let title = td_string!(l, places.districts);
    let add = may_edit.then(|| {
        let href = format!("{here}/add");
        view! { <ui::ButtonLink href label=td_string!(l, places.add)/> }
    });
    view! {
        <ui::Sheet title>
            {reference::table(l, title, columns, rows)}
            {add}
        </ui::Sheet>
    }
    .into_any()
}

pub async fn add(visit: Visit) -> PageResult {
    let l = visit.locale;
    let province = of_path(&visit).await?;
    if province.kind != PlaceKind::Province {
        return Err(PageError::NotFound);
    }
    let form = visit.form().await?;
    let title = td_string!(l, places.add_to, province = province.name.of(visit.lang()).to_owned());
    let back = format!("/reference/places/{}", province.code.as_str());
    Ok(editor(visit, title, form, back, None))
}

pub async fn edit(visit: Visit) -> PageResult {
    let place = of_path(&visit).await?;
    let form = visit.form().await?;
    let title = place.name.of(visit.lang()).to_owned();
    let back = format!("/reference/places/{}", place.code.as_str());
    Ok(editor(visit, title, form, back, Some(place)))
}

fn editor(
    visit: Visit,
    title: String,
    form: FormState,
    back: String,
    place: Option<Place>,
) -> Page {
    let l = visit.locale;
    let name = |lang: Lang| {
        let name = place.as_ref().map(|place| &place.name);
        match lang {
            Lang::En => name.map(|name| name.en.clone()),
            Lang::Fa => name.and_then(|name| name.fa.clone()),
            Lang::Ps => name.and_then(|name| name.ps.clone()),
        }
        .unwrap_or_default()
    };
    let en = form.or("name_en", name(Lang::En));
    let fa = form.or("name_fa", name(Lang::Fa));
    let ps = form.or("name_ps", name(Lang::Ps));
    let aliases = place.map(|place| place.aliases.join("\n")).unwrap_or_default();
    let aliases = form.or("aliases", aliases);
    let optional = td_string!(l, reference.optional);
    let cancel = ui::Link::new(back, td_string!(l, common.cancel));
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            <ui::Form action=visit.path error_title=form.title() errors=form.errors()>
                <ui::TextField name="name_en" label=td_string!(l, places.english) value=en
                    error=form.error("name_en")/>
                <ui::TextField name="name_fa" label=td_string!(l, places.dari) value=fa optional
                    error=form.error("name_fa")/>
                <ui::TextField name="name_ps" label=td_string!(l, places.pashto) value=ps optional
                    error=form.error("name_ps")/>
                <ui::TextArea name="aliases" label=td_string!(l, places.aliases) value=aliases
                    hint=td_string!(l, places.aliases_hint) optional rows=4
                    error=form.error("aliases")/>
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Page::new(title, body)
}
