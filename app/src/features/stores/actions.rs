use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::ids::StoreId;
use domain::reference::{PlaceKind, StoreKind};
use domain::role::PlaceCode;
use domain::text::normalise;
use stock::reference::places::Place;
use stock::reference::stores::{SaveStoreError, StoreInput, StoreStandingError};

fn saved(id: StoreId) -> Done {
    Done::see(format!("/reference/stores/{id}?saved=1"))
}

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: StoreId = post.id("record")?;
    let Some(input) = read(&mut post).await? else { return Err(post.failed()) };
    post.visit.writer()?.create_store(id, input).await.map_err(|error| explain(error, l))?;
    Ok(saved(id))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: StoreId = post.visit.param("id")?;
    let Some(input) = read(&mut post).await? else { return Err(post.failed()) };
    post.visit.writer()?.edit_store(id, input).await.map_err(|error| explain(error, l))?;
    Ok(saved(id))
}

pub async fn standing(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: StoreId = post.visit.param("id")?;
    let standing = reference::asked_standing(&post)?;
    let set = post.visit.writer()?.set_store_standing(id, standing).await;
    set.map_err(|error| match error {
        StoreStandingError::Denied(denied) => denied.into(),
        StoreStandingError::HasStoresBelow => Failure::form(td_string!(l, stores.has_below)),
        StoreStandingError::HasStock => Failure::form(td_string!(l, stores.has_stock)),
        StoreStandingError::Database(error) => error.into(),
    })?;
    Ok(saved(id))
}

async fn read(post: &mut Post) -> Result<Option<StoreInput>, Failure> {
    let l = post.visit.locale;
    let places = post.visit.reader()?.places().await?;
    let name = reference::name(post, "name");
    let short_name = reference::name(post, "short_name");
    let kind = post.parse("kind", |text| {
        StoreKind::parse(text).ok_or_else(|| td_string!(l, stores.kind_missing))
    });
    let org = post.parse("org", |text| text.parse().map_err(|_| td_string!(l, stores.org_prompt)));
    let place = post.required("place", || td_string!(l, stores.place_prompt)).map(PlaceCode::new);
    let parent = post.parse("parent", |text| match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| td_string!(l, stores.parent_unknown)),
    });
    let provinces = post.fields.iter().filter(|(_, value)| !value.is_empty());
    let provinces = provinces.filter_map(|(name, _)| name.strip_prefix("area_"));
    let mut service_areas: Vec<PlaceCode> = provinces.map(PlaceCode::new).collect();
    let districts = post.parse("districts", |text| read_districts(l, &places, text));
    Ok((|| {
        service_areas.extend(districts?);
        Some(StoreInput {
            name: name?,
            short_name: short_name?,
            kind: kind?,
            org: org?,
            place: place?,
            parent: parent?,
            service_areas,
        })
    })())
}

/// Districts as people write them, one a line: a code, with or without the name, or a name that
/// only one district has.
fn read_districts(l: Locale, places: &[Place], text: &str) -> Result<Vec<PlaceCode>, String> {
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let code = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let mut districts = places.iter().filter(|place| place.kind == PlaceKind::District);
        if let Some(place) = districts.clone().find(|place| place.code.as_str() == code) {
            found.push(place.code.clone());
            continue;
        }
        let key = normalise(line);
        let called = |place: &&Place| {
            let names = [Some(&place.name.en), place.name.fa.as_ref(), place.name.ps.as_ref()];
            let mut names = names.into_iter().flatten().chain(&place.aliases);
            names.any(|name| normalise(name) == key)
        };
        let line = line.to_owned();
        let first = districts.find(called);
        match (first, districts.find(called)) {
            (Some(place), None) => found.push(place.code.clone()),
            (None, _) => return Err(td_string!(l, stores.district_unknown, line = line)),
            (Some(_), Some(_)) => return Err(td_string!(l, stores.district_twice, line = line)),
        }
    }
    Ok(found)
}

fn explain(error: SaveStoreError, l: Locale) -> Failure {
    match error {
        SaveStoreError::Denied(denied) => denied.into(),
        SaveStoreError::DuplicateName => {
            Failure::field("name", td_string!(l, reference.duplicate_name))
        }
        SaveStoreError::DuplicateShortName => {
            Failure::field("short_name", td_string!(l, reference.duplicate_name))
        }
        SaveStoreError::UnknownOrg => Failure::field("org", td_string!(l, stores.org_unknown)),
        SaveStoreError::UnknownPlace => {
            Failure::field("place", td_string!(l, stores.place_unknown))
        }
        SaveStoreError::UnknownParent => {
            Failure::field("parent", td_string!(l, stores.parent_unknown))
        }
        SaveStoreError::Circle => Failure::field("parent", td_string!(l, stores.circle)),
        SaveStoreError::SavedBefore(_) => Failure::form(td_string!(l, reference.saved_before)),
        SaveStoreError::Database(error) => error.into(),
    }
}
