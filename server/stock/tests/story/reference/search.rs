//! What people type, in any script and digits, finds what they mean and may see.

use super::materials::leaflet;
use crate::books::{Books, name, on_both};
use domain::calendar::Lang;
use domain::reference::OrgKind;
use domain::role::{Actor, Role};
use std::sync::Arc;
use stock::reference::search::SearchKind;

on_both!(
    places_are_found_by_any_spelling,
    materials_are_found_by_title_and_number,
    search_shows_only_what_the_actor_sees,
);

async fn found(books: &Books, actor: &Actor, kind: SearchKind, text: &str) -> Vec<String> {
    let found = books.reads(actor).search(text, Lang::En, 10).await.unwrap();
    let hits = found.into_iter().filter(|hits| hits.kind == kind).flat_map(|hits| hits.hits);
    hits.map(|hit| hit.title).collect()
}

async fn places_are_found_by_any_spelling(books: Arc<Books>) {
    let admin = &books.administrator;
    for typed in ["Helmand", "hilmand", "HELM", "هلمند", "AF30", "af۳۰"] {
        let places = found(&books, admin, SearchKind::Place, typed).await;
        assert!(places.contains(&"Helmand".to_owned()), "{typed}: {places:?}");
    }
    // Arabic and Persian kaf and yeh, with and without spaces.
    for typed in ["كابل", "کابل"] {
        assert_eq!(found(&books, admin, SearchKind::Place, typed).await[0], "Kabul", "{typed}");
    }
    for typed in ["sar-e pul", "Sarepul", "sar e pol"] {
        let places = found(&books, admin, SearchKind::Place, typed).await;
        assert!(places.contains(&"Sar-e Pul".to_owned()), "{typed}: {places:?}");
    }
    // Whole words come before beginnings of words.
    let places = found(&books, admin, SearchKind::Place, "khost").await;
    assert_eq!(places[0], "Khost");
    for nothing in ["", " - ", "xyzzy", "kabul xyzzy", "%", "_", "' OR 1=1 --"] {
        let places = found(&books, admin, SearchKind::Place, nothing).await;
        assert!(places.is_empty(), "{nothing}: {places:?}");
    }
    assert!(found(&books, admin, SearchKind::Place, "unlisted").await.is_empty());
    let hits = books.reads(admin).search("AF3001", Lang::En, 10).await.unwrap();
    assert_eq!(hits[0].hits[0].subject, "AF3001");
    assert_eq!(hits[0].hits[0].detail, "Helmand");
}

async fn materials_are_found_by_title_and_number(books: Arc<Books>) {
    let (first, id) = (leaflet("Know the risks", "M3"), books.id());
    books.admin().create_material(id, first).await.unwrap();
    let admin = &books.administrator;
    for typed in ["risks know", "m3", "M۳", "m٣", "ris", "printed M3"] {
        let titles = found(&books, admin, SearchKind::Material, typed).await;
        assert_eq!(titles, ["Know the risks"], "{typed}");
    }
    books.admin().edit_material(id, leaflet("Stay safe", "M3")).await.unwrap();
    assert!(found(&books, admin, SearchKind::Material, "risks").await.is_empty());
    assert_eq!(found(&books, admin, SearchKind::Material, "safe").await, ["Stay safe"]);
    books.admin().create_event_type(books.id(), name("خطبه در مسجد")).await.unwrap();
    assert_eq!(found(&books, admin, SearchKind::EventType, "مسجد").await, ["خطبه در مسجد"]);
}

async fn search_shows_only_what_the_actor_sees(books: Arc<Books>) {
    let ours = books.add_org(OrgKind::Partner, "Fast Relief").await;
    let theirs = books.add_org(OrgKind::Partner, "Slow Relief").await;
    books.add_store(ours, "Relief store north", "AF2101").await;
    for number in 0..12 {
        books.add_store(theirs, &format!("Relief store {number}"), "AF3001").await;
    }
    let partner = books.member(Role::Partner, ours);
    assert_eq!(found(&books, &partner, SearchKind::Org, "relief").await, ["Fast Relief"]);
    let stores = books.reads(&partner).search("relief store", Lang::En, 10).await.unwrap();
    let stores = stores.iter().find(|hits| hits.kind == SearchKind::Store).unwrap();
    assert_eq!((stores.total, stores.hits.len()), (1, 1));
    let officer = books.staff_in(Role::Logistics, "AF21");
    let seen = found(&books, &officer, SearchKind::Store, "store").await;
    assert_eq!(seen, ["Relief store north"]);
    let all = books.reads(&books.administrator).search("relief store", Lang::En, 10).await.unwrap();
    let all = all.iter().find(|hits| hits.kind == SearchKind::Store).unwrap();
    assert_eq!((all.total, all.hits.len()), (13, 10));
}
