use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::role::PlaceCode;
use stock::reference::places::{PlaceInput, PlaceStandingError, SavePlaceError};

fn saved(code: &PlaceCode) -> Done {
    Done::see(format!("/reference/places/{}?saved=1", code.as_str()))
}

pub async fn add(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let province = PlaceCode::new(post.visit.param::<String>("code")?);
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    let added = post.visit.writer()?.add_district(province, input).await;
    Ok(saved(&added.map_err(|error| explain(error, l))?))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let code = PlaceCode::new(post.visit.param::<String>("code")?);
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    let edited = post.visit.writer()?.edit_place(code.clone(), input).await;
    edited.map_err(|error| explain(error, l))?;
    Ok(saved(&code))
}

pub async fn standing(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let code = PlaceCode::new(post.visit.param::<String>("code")?);
    let standing = reference::asked_standing(&post)?;
    let set = post.visit.writer()?.set_place_standing(code.clone(), standing).await;
    set.map_err(|error| match error {
        PlaceStandingError::Denied(denied) => denied.into(),
        PlaceStandingError::InUse => Failure::form(td_string!(l, places.has_stores)),
        PlaceStandingError::Database(error) => error.into(),
    })?;
    Ok(saved(&code))
}

fn read(post: &mut Post) -> Option<PlaceInput> {
    let name_en = reference::name(post, "name_en");
    let name_fa = reference::optional_name(post, "name_fa");
    let name_ps = reference::optional_name(post, "name_ps");
    let aliases = reference::names(post, "aliases");
    Some(PlaceInput { name_en: name_en?, name_fa: name_fa?, name_ps: name_ps?, aliases: aliases? })
}

fn explain(error: SavePlaceError, l: Locale) -> Failure {
    match error {
        SavePlaceError::Denied(denied) => denied.into(),
        SavePlaceError::UnknownProvince => Failure::form(td_string!(l, places.no_province)),
        SavePlaceError::DuplicateName => {
            Failure::field("name_en", td_string!(l, places.duplicate_name))
        }
        SavePlaceError::Database(error) => error.into(),
    }
}
