//! New books know the country; people add what the list lacks.

use crate::books::{Books, name, on_both, store};
use domain::calendar::Lang;
use domain::reference::{PlaceKind, Standing};
use domain::role::{PlaceCode, Role};
use std::sync::Arc;
use stock::Stock;
use stock::access::Denied;
use stock::reference::places::{PlaceInput, PlaceStandingError, SavePlaceError};

on_both!(
    new_books_know_every_province_and_district,
    a_district_that_the_list_lacks_is_added_once,
    a_place_is_retired_when_nothing_stands_there,
);

fn called(text: &str) -> PlaceInput {
    PlaceInput { name_en: name(text), name_fa: None, name_ps: None, aliases: Vec::new() }
}

async fn new_books_know_every_province_and_district(books: Arc<Books>) {
    let reader = books.reads(&books.administrator);
    let places = reader.places().await.unwrap();
    let of_list = |kind| places.iter().filter(move |place| place.kind == kind && !place.is_own());
    assert_eq!(of_list(PlaceKind::Province).count(), 34);
    assert_eq!(of_list(PlaceKind::District).count(), 401);
    assert!(of_list(PlaceKind::District).all(|place| place.code_set == "COD-AB AFG 2021-11-17"));
    assert_eq!(places.iter().filter(|place| place.is_own()).count(), 34);

    let helmand = reader.place(&PlaceCode::new("AF30")).await.unwrap().unwrap();
    assert_eq!((helmand.name.of(Lang::En), helmand.name.of(Lang::Fa)), ("Helmand", "هلمند"));
    assert_eq!(helmand.aliases, ["Hilmand"]);
    let districts = reader.districts(&helmand.code).await.unwrap();
    assert_eq!(districts.last().unwrap().name.en, "Other or unlisted");

    // Opening the same books again adds nothing.
    let again = Stock::open(&books.url, books.world.clone()).await.unwrap();
    assert_eq!(again.reader(&books.administrator).places().await.unwrap().len(), places.len());
}

async fn a_district_that_the_list_lacks_is_added_once(books: Arc<Books>) {
    let balkh = PlaceCode::new("AF21");
    let added = books.admin().add_district(balkh.clone(), called("Marmul")).await;
    assert!(matches!(added, Err(SavePlaceError::DuplicateName)), "{added:?}");

    let added = books.admin().add_district(balkh.clone(), called("Qala")).await.unwrap();
    let place = books.reads(&books.administrator).place(&added).await.unwrap().unwrap();
    assert_eq!((place.code.as_str(), place.is_own()), ("AF21-01", true));

    let nowhere = books.admin().add_district(PlaceCode::new("AF99"), called("Qala")).await;
    assert!(matches!(nowhere, Err(SavePlaceError::UnknownProvince)), "{nowhere:?}");
    let below = books.admin().add_district(added.clone(), called("Qala")).await;
    assert!(matches!(below, Err(SavePlaceError::UnknownProvince)), "{below:?}");

    let partner = books.staff(Role::Partner);
    let refused = books.writes(&partner).edit_place(added.clone(), called("Mine")).await;
    assert!(matches!(refused, Err(SavePlaceError::Denied(Denied::NotAllowed(_)))), "{refused:?}");
    let elsewhere = books.staff_in(Role::Logistics, "AF01");
    let refused = books.writes(&elsewhere).edit_place(added.clone(), called("Mine")).await;
    assert!(matches!(refused, Err(SavePlaceError::Denied(Denied::NotFound))), "{refused:?}");
    // What everybody reads is not for one organisation to word.
    let theirs = books.member(Role::Logistics, books.programme);
    let refused = books.writes(&theirs).edit_place(added.clone(), called("Mine")).await;
    assert!(matches!(refused, Err(SavePlaceError::Denied(Denied::NotAllowed(_)))), "{refused:?}");
    let refused = books.writes(&theirs).add_district(balkh.clone(), called("Mine")).await;
    assert!(matches!(refused, Err(SavePlaceError::Denied(Denied::NotAllowed(_)))), "{refused:?}");
    let here = books.staff_in(Role::Logistics, "AF21");
    books.writes(&here).edit_place(added.clone(), called("Qala-e Jangi")).await.unwrap();
}

async fn a_place_is_retired_when_nothing_stands_there(books: Arc<Books>) {
    let (marmul, balkh) = (PlaceCode::new("AF2112"), PlaceCode::new("AF21"));
    let id = books.id();
    let input = store(books.programme, "Store", marmul.as_str());
    books.admin().create_store(id, input).await.unwrap();
    for place in [&marmul, &balkh] {
        let refused = books.admin().set_place_standing(place.clone(), Standing::Retired).await;
        assert!(matches!(refused, Err(PlaceStandingError::InUse)), "{refused:?}");
    }
    books.admin().set_store_standing(id, Standing::Retired).await.unwrap();
    books.admin().set_place_standing(marmul.clone(), Standing::Retired).await.unwrap();
    let place = books.reads(&books.administrator).place(&marmul).await.unwrap().unwrap();
    assert_eq!(place.standing, Standing::Retired);
    let unknown = books.admin().set_place_standing(PlaceCode::new("AF99"), Standing::InUse).await;
    assert!(matches!(unknown, Err(PlaceStandingError::Denied(Denied::NotFound))), "{unknown:?}");
}
