//! What people type, in any script and digits, finds what they mean and may see.

use super::materials::leaflet;
use crate::books::{Books, name, on_both};
use crate::consignments::road::Road;
use domain::calendar::Lang;
use domain::reference::OrgKind;
use domain::role::{Actor, Role};
use std::sync::Arc;
use stock::documents::DocumentKind;
use stock::reference::search::SearchKind;

on_both!(
    places_are_found_by_any_spelling,
    materials_are_found_by_title_and_number,
    search_shows_only_what_the_actor_sees,
    a_place_leads_to_its_stores,
    papers_are_found_by_their_numbers_by_those_who_see_them,
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

async fn a_place_leads_to_its_stores(books: Arc<Books>) {
    let org = books.add_org(OrgKind::Partner, "Fast Relief").await;
    books.add_store(org, "Depot of the north", "AF2101").await;
    books.add_store(org, "Depot of the south", "AF30").await;
    let admin = &books.administrator;
    for typed in ["balkh", "بلخ", "depot balkh", "Mazar-e"] {
        let stores = found(&books, admin, SearchKind::Store, typed).await;
        assert_eq!(stores, ["Depot of the north"], "{typed}");
    }
    assert_eq!(found(&books, admin, SearchKind::Store, "هلمند").await, ["Depot of the south"]);
    let others = books.add_org(OrgKind::Partner, "Others").await;
    let stranger = books.member(Role::Partner, others);
    assert!(found(&books, &stranger, SearchKind::Store, "balkh").await.is_empty());
}

async fn papers_are_found_by_their_numbers_by_those_who_see_them(books: Arc<Books>) {
    let road = Road::build(books).await;
    let sent = road.sent(road.balkh, 500).await;
    let draft = road.draft(road.balkh).await;
    let others = road.books.add_org(OrgKind::Partner, "Others").await;
    let stranger = road.books.member(Role::Partner, others);
    let numbers = async |actor: &Actor, typed: &str| -> Vec<(String, uuid::Uuid)> {
        let found = road.books.reads(actor).documents(typed).await.unwrap();
        found.into_iter().map(|document| (document.number, document.id)).collect()
    };
    for typed in ["KBL-0001", "kbl 1", "kbl1", "KBL ۰۰۰۱"] {
        for actor in [&road.sender, &road.receiver, &road.manager] {
            let found = numbers(actor, typed).await;
            assert_eq!(found, [("KBL-0001".to_owned(), sent.uuid())], "{typed}");
        }
        assert_eq!(numbers(&stranger, typed).await, [], "{typed}");
    }
    // Nobody learns of a draft who only receives.
    assert_eq!(numbers(&road.sender, "KBL-0002").await, [("KBL-0002".to_owned(), draft.uuid())]);
    assert_eq!(numbers(&road.receiver, "KBL-0002").await, []);
    assert_eq!(numbers(&road.sender, "KBL-0003").await, []);
    let found = road.books.reads(&road.receiver).documents("kbl 1").await.unwrap();
    assert_eq!(found[0].kind, DocumentKind::Consignment);
    assert_eq!(found[0].detail, "KBL → BAL");
}
