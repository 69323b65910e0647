//! Who sees which stores and organisations, and who may change them.

use crate::books::{Books, name, on_both, org, store};
use crate::consignments::road::Road;
use domain::reference::{OrgKind, Standing, StoreKind};
use domain::role::{PlaceCode, Role};
use sea_orm::{ConnectionTrait, Database, Statement};
use std::sync::Arc;
use stock::access::Denied;
use stock::reference::orgs::{OrgStandingError, SaveOrgError};
use stock::reference::stores::{SaveStoreError, StoreStandingError};

on_both!(
    a_partner_sees_its_own_stores_and_nothing_of_others,
    a_provincial_officer_works_in_his_province,
    organisations_are_named_once_and_retire_when_empty,
    stores_stand_in_a_tree,
    the_same_form_twice_makes_one_store,
    a_store_stays_open_while_it_answers_for_pieces,
);

async fn a_partner_sees_its_own_stores_and_nothing_of_others(books: Arc<Books>) {
    let ours = books.add_org(OrgKind::Partner, "Fast Relief").await;
    let theirs = books.add_org(OrgKind::Partner, "Slow Relief").await;
    let own = books.add_store(ours, "Fast store", "AF2101").await;
    let other = books.add_store(theirs, "Slow store", "AF2101").await;
    books.add_store(books.programme, "Central", "AF01").await;
    let partner = books.member(Role::Partner, ours);
    let reader = books.reads(&partner);

    let names: Vec<String> =
        reader.stores().await.unwrap().into_iter().map(|store| store.name).collect();
    assert_eq!(names, ["Fast store"]);
    assert_eq!(reader.store(other).await.unwrap(), None);
    assert!(!reader.can_see_store(other).await.unwrap());
    assert_eq!(reader.visible_stores().await.unwrap().into_iter().collect::<Vec<_>>(), [own]);
    let orgs: Vec<_> = reader.orgs().await.unwrap().into_iter().map(|org| org.id).collect();
    assert_eq!(orgs, [ours]);
    assert_eq!(reader.org(theirs).await.unwrap(), None);

    // A manager of the partner may keep the partner's stores, and no others.
    let manager = books.member(Role::Manager, ours);
    let writer = books.writes(&manager);
    let refused = writer.edit_store(other, store(ours, "Mine now", "AF2101")).await;
    assert!(matches!(refused, Err(SaveStoreError::Denied(Denied::NotFound))), "{refused:?}");
    let refused = writer.edit_store(own, store(theirs, "Yours now", "AF2101")).await;
    assert!(matches!(refused, Err(SaveStoreError::UnknownOrg)), "{refused:?}");
    let below = store(ours, "Below a stranger", "AF2101");
    let below = stock::reference::stores::StoreInput { parent: Some(other), ..below };
    let refused = writer.create_store(books.id(), below).await;
    assert!(matches!(refused, Err(SaveStoreError::UnknownParent)), "{refused:?}");
    writer.create_store(books.id(), store(ours, "Second", "AF3001")).await.unwrap();
    let refused = writer.create_org(books.id(), org(OrgKind::Donor, "Donor")).await;
    assert!(matches!(refused, Err(SaveOrgError::Denied(Denied::NotAllowed(_)))), "{refused:?}");
    let refused = writer.set_store_standing(other, Standing::Retired).await;
    assert!(matches!(refused, Err(StoreStandingError::Denied(Denied::NotFound))), "{refused:?}");
}

async fn a_provincial_officer_works_in_his_province(books: Arc<Books>) {
    let central = books.add_store(books.programme, "Central", "AF01").await;
    let officer = books.staff_in(Role::Logistics, "AF21");
    let writer = books.writes(&officer);
    let here = books.id();
    writer.create_store(here, store(books.programme, "Mazar", "AF2101")).await.unwrap();
    let refused = writer.create_store(books.id(), store(books.programme, "Kabul", "AF0101")).await;
    assert!(matches!(refused, Err(SaveStoreError::UnknownPlace)), "{refused:?}");
    let refused = writer.edit_store(here, store(books.programme, "Mazar", "AF0101")).await;
    assert!(matches!(refused, Err(SaveStoreError::UnknownPlace)), "{refused:?}");
    let refused = writer.edit_store(central, store(books.programme, "Mine", "AF2101")).await;
    assert!(matches!(refused, Err(SaveStoreError::Denied(Denied::NotFound))), "{refused:?}");

    let seen = books.reads(&officer).stores().await.unwrap();
    assert_eq!(seen.iter().map(|store| store.id).collect::<Vec<_>>(), [here]);
    let district = books.staff_in(Role::Logistics, "AF2102");
    assert!(books.reads(&district).stores().await.unwrap().is_empty());

    // The store above that he does not see stays where it is when he changes the rest.
    let mut input = store(books.programme, "Mazar", "AF2101");
    input.parent = Some(central);
    books.admin().edit_store(here, input).await.unwrap();
    let seen = books.reads(&officer).store(here).await.unwrap().unwrap();
    assert_eq!((seen.parent, seen.parent_name), (None, None));
    writer.edit_store(here, store(books.programme, "Mazar-e Sharif", "AF2101")).await.unwrap();
    let kept = books.reads(&books.administrator).store(here).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.parent), ("Mazar-e Sharif", Some(central)));
}

async fn organisations_are_named_once_and_retire_when_empty(books: Arc<Books>) {
    let partner = books.add_org(OrgKind::Partner, "Fast Relief").await;
    let again = books.admin().create_org(books.id(), org(OrgKind::Donor, "FAST  relief")).await;
    assert!(matches!(again, Err(SaveOrgError::DuplicateName)), "{again:?}");
    let renamed = books.admin().edit_org(partner, org(OrgKind::Partner, "programme")).await;
    assert!(matches!(renamed, Err(SaveOrgError::DuplicateName)), "{renamed:?}");
    let unknown = books.admin().edit_org(books.id(), org(OrgKind::Partner, "Nobody")).await;
    assert!(matches!(unknown, Err(SaveOrgError::Denied(Denied::NotFound))), "{unknown:?}");

    let kept = books.add_store(partner, "Its store", "AF2101").await;
    let refused = books.admin().set_org_standing(partner, Standing::Retired).await;
    assert!(matches!(refused, Err(OrgStandingError::HasStores)), "{refused:?}");
    books.admin().set_store_standing(kept, Standing::Retired).await.unwrap();
    books.admin().set_org_standing(partner, Standing::Retired).await.unwrap();
    let refused = books.admin().create_store(books.id(), store(partner, "New", "AF21")).await;
    assert!(matches!(refused, Err(SaveStoreError::UnknownOrg)), "{refused:?}");
    books.admin().set_org_standing(partner, Standing::InUse).await.unwrap();
    books.admin().create_store(books.id(), store(partner, "New", "AF21")).await.unwrap();
}

async fn stores_stand_in_a_tree(books: Arc<Books>) {
    let central = books.add_store(books.programme, "Central", "AF01").await;
    let input = |text: &str, parent| {
        let input = store(books.programme, text, "AF21");
        stock::reference::stores::StoreInput { parent: Some(parent), ..input }
    };
    let balkh = books.id();
    books.admin().create_store(balkh, input("Balkh", central)).await.unwrap();
    let circle = books.admin().edit_store(central, input("Central", balkh)).await;
    assert!(matches!(circle, Err(SaveStoreError::Circle)), "{circle:?}");
    let itself = books.admin().edit_store(central, input("Central", central)).await;
    assert!(matches!(itself, Err(SaveStoreError::Circle)), "{itself:?}");
    let unknown = books.admin().edit_store(balkh, input("Balkh", books.id())).await;
    assert!(matches!(unknown, Err(SaveStoreError::UnknownParent)), "{unknown:?}");
    let refused = books.admin().set_store_standing(central, Standing::Retired).await;
    assert!(matches!(refused, Err(StoreStandingError::HasStoresBelow)), "{refused:?}");

    let mut double = store(books.programme, "balkh", "AF21");
    double.short_name = name("Other");
    let refused = books.admin().create_store(books.id(), double).await;
    assert!(matches!(refused, Err(SaveStoreError::DuplicateName)), "{refused:?}");
    let mut double = store(books.programme, "Other", "AF21");
    double.short_name = name("Balkh");
    let refused = books.admin().create_store(books.id(), double).await;
    assert!(matches!(refused, Err(SaveStoreError::DuplicateShortName)), "{refused:?}");
    let mut nowhere = store(books.programme, "Other", "AF21");
    nowhere.service_areas = vec![PlaceCode::new("AF99")];
    let refused = books.admin().create_store(books.id(), nowhere).await;
    assert!(matches!(refused, Err(SaveStoreError::UnknownPlace)), "{refused:?}");
}

async fn the_same_form_twice_makes_one_store(books: Arc<Books>) {
    let id = books.id();
    let mut input = store(books.programme, "Balkh", "AF2101");
    input.kind = StoreKind::Central;
    input.service_areas = vec![PlaceCode::new("AF22"), PlaceCode::new("AF21")];
    books.admin().create_store(id, input.clone()).await.unwrap();
    books.admin().create_store(id, input.clone()).await.unwrap();
    assert_eq!(books.reads(&books.administrator).stores().await.unwrap().len(), 1);
    let areas = books.reads(&books.administrator).service_areas(id).await.unwrap();
    assert_eq!(areas, [PlaceCode::new("AF21"), PlaceCode::new("AF22")]);
    let raw = Database::connect(&books.url).await.unwrap();
    let noted = "SELECT 1 FROM audit_log WHERE action = 'reference_changed' AND subject LIKE ";
    let noted = format!("{noted} 'store {id}'");
    let noted = Statement::from_string(raw.get_database_backend(), noted);
    assert!(raw.query_one_raw(noted).await.unwrap().is_some(), "who made it is in the log");
    input.name = name("Something else");
    let other = books.admin().create_store(id, input).await;
    assert!(matches!(other, Err(SaveStoreError::SavedBefore(saved)) if saved == id), "{other:?}");
}

async fn a_store_stays_open_while_it_answers_for_pieces(books: Arc<Books>) {
    let road = Road::build(books).await;
    let admin = road.books.admin();
    let refused = admin.set_store_standing(road.kabul, Standing::Retired).await;
    assert!(matches!(refused, Err(StoreStandingError::HasStock)), "{refused:?}");
    admin.set_store_standing(road.balkh, Standing::Retired).await.unwrap();
    admin.set_store_standing(road.balkh, Standing::InUse).await.unwrap();
    road.sent(road.balkh, 2).await;
    let refused = admin.set_store_standing(road.balkh, Standing::Retired).await;
    assert!(matches!(refused, Err(StoreStandingError::HasStock)), "pieces are on their way");
}
