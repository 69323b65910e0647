//! What a record said and moved, and taking it back.

use super::{Depot, record_of};
use crate::program::{between, location};
use domain::ids::RecordId;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use uuid::Uuid;

impl Depot {
    /// The form that takes a record back, and its record's id.
    async fn taking_back(&self, record: RecordId) -> (String, String) {
        let path = format!("/records/{record}/reverse");
        let id = record_of(&self.keeper.page(&path).await, &path);
        (path, id)
    }
}

#[tokio::test]
async fn a_record_says_what_it_moved_from_where_to_where() {
    let depot = Depot::build().await;
    let page = depot.keeper.page(&format!("/records/{}", depot.first_count)).await;
    for words in ["First count", "before Tawzi", "KBL store", "2,300", "Name of keeper"] {
        assert!(page.contains(words), "{words}");
    }
    let card = format!("/stock/stores/{}/materials/{}", depot.kabul, depot.leaflets);
    let linked = format!("href=\"/records/{}\"", depot.first_count);
    assert!(depot.keeper.page(&card).await.contains(&linked), "the stock card opens the record");
    assert!(depot.keeper.page("/records").await.contains(&linked), "and so does the list");
}

#[tokio::test]
async fn a_mistake_is_taken_back_once_and_both_stay_visible() {
    let depot = Depot::build().await;
    let damage = depot.change("keeper", Change::Damaged, 300).await;
    assert_eq!(depot.in_kabul().await, 2_000);
    let (path, id) = depot.taking_back(damage).await;
    let missing = depot.keeper.send(&path, &[("record", &id), ("note", "typed 300")]).await;
    assert!(missing.contains("Choose a reason") && missing.contains("typed 300"));
    let fields = [("record", id.as_str()), ("reason", "typed_wrong")];
    let page = depot.keeper.send(&path, &fields).await;
    assert!(page.contains("taken back") && !page.contains("Was this a mistake"));
    assert_eq!(depot.in_kabul().await, 2_300);
    let badge = "Taken back";
    assert!(page.contains(badge) && depot.keeper.page("/records").await.contains(badge));
    // The same form sent again, and another one after it.
    for again in [id, Uuid::now_v7().to_string()] {
        let fields = [("record", again.as_str()), ("reason", "typed_wrong")];
        let answer = depot.keeper.post(&path, &fields).await;
        assert!(location(&answer).starts_with(&format!("/records/{damage}")));
    }
    assert_eq!(depot.in_kabul().await, 2_300);
    let reversal = between(&page, "<a href=\"/records/", "\">taken back");
    let reversal = depot.keeper.page(&format!("/records/{reversal}")).await;
    assert!(reversal.contains("takes this back") && reversal.contains("300"));
    depot.adds_up().await;
}

#[tokio::test]
async fn later_movements_are_offered_as_one_set() {
    let depot = Depot::build().await;
    let damage = depot.change("keeper", Change::Damaged, 500).await;
    let (path, id) = depot.taking_back(depot.first_count).await;
    assert!(depot.keeper.page(&path).await.contains("Later movements go first"));
    let fields = [("record", id.as_str()), ("reason", "entered_twice")];
    let offer = location(&depot.keeper.post(&path, &fields).await);
    assert_eq!(depot.in_kabul().await, 1_800, "nothing was undone yet");
    let page = depot.keeper.page(&offer).await;
    assert!(page.contains("These go together") && page.contains("Take back all 2 together"));
    assert!(page.contains(&format!("/records/{damage}")));
    let movements: Vec<&str> = page
        .split("name=\"movement\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(movements.len(), 2);
    let record = record_of(&page, &path);
    let mut fields = vec![("record", record.as_str()), ("reason", "entered_twice")];
    fields.extend(movements.iter().map(|movement| ("movement", *movement)));
    depot.keeper.send(&path, &fields).await;
    assert_eq!(depot.in_kabul().await, 0);
    depot.adds_up().await;
}

#[tokio::test]
async fn once_somebody_else_has_built_on_it_a_manager_decides() {
    let depot = Depot::build().await;
    depot.change("second", Change::Damaged, 500).await;
    let (path, id) =
        (format!("/records/{}/reverse", depot.first_count), Uuid::now_v7().to_string());
    // Both pages say so before anything is filled in.
    for page in [path.as_str(), path.trim_end_matches("/reverse")] {
        let page = depot.keeper.page(page).await;
        assert!(page.contains("A manager who did not record it decides"), "{page}");
        assert!(!page.contains("name=\"reason\"") && !page.contains(&format!("href=\"{path}\"")));
    }
    let fields = [("record", id.as_str()), ("reason", "entered_twice")];
    let refused = depot.keeper.send(&path, &fields).await;
    assert!(refused.contains("A manager who did not record it decides"));
    let other = depot.second.page(&format!("/records/{}", depot.first_count)).await;
    assert!(other.contains("Only the person who recorded this, or a manager"));
    let page = depot.second.page(&path).await;
    assert!(page.contains("This cannot be taken back by you"), "{page}");
    let record = Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("reason", "entered_twice")];
    let refused = depot.second.send(&path, &fields).await;
    assert!(refused.contains("Only the person who recorded this, or a manager"));
    let record = record_of(&depot.manager.page(&path).await, &path);
    let fields = [("record", record.as_str()), ("reason", "entered_twice")];
    let offer = location(&depot.manager.post(&path, &fields).await);
    assert!(offer.contains("set="), "{offer}");
    assert_eq!(depot.in_kabul().await, 1_800);
}

#[tokio::test]
async fn another_organisation_sees_a_role_and_no_name_and_what_is_not_its_own_not_at_all() {
    let depot = Depot::build().await;
    let body = StockChange {
        store: depot.balkh,
        change: Change::Damaged,
        reason: domain::ledger::Reason::Torn,
        lines: vec![BatchPieces { batch: depot.relief_batch, pieces: super::pieces(40) }],
    };
    let (actor, said) = (depot.program.actor("keeper").await, depot.said());
    let told = said.envelope.id;
    depot.program.stock.writer(&actor).change_stock(said, body).await.unwrap();
    let page = depot.partner.page(&format!("/records/{told}")).await;
    assert!(page.contains("Logistics") && page.contains("40"));
    assert!(!page.contains("Name of keeper") && !page.contains(">Programme"), "{page}");

    let outsider = depot.outsider().await;
    for record in [depot.first_count, depot.relief_count, told, Uuid::now_v7().into()] {
        for path in [format!("/records/{record}"), format!("/records/{record}/reverse")] {
            assert_eq!(outsider.get(&path).await.status_code(), 404, "{path}");
        }
        let id = Uuid::now_v7().to_string();
        let fields = [("record", id.as_str()), ("reason", "typed_wrong")];
        let path = format!("/records/{record}/reverse");
        assert_eq!(outsider.post(&path, &fields).await.status_code(), 404);
    }
    // Nor can a movement of others be named in the form of an own record.
    let theirs = depot.program.stock.reader(&actor).reversible_movements(depot.first_count).await;
    let (record, movement) = (Uuid::now_v7().to_string(), theirs.unwrap()[0].to_string());
    let fields = [("record", &*record), ("reason", "typed_wrong"), ("movement", &*movement)];
    let path = format!("/records/{}/reverse", depot.relief_count);
    assert_eq!(depot.partner.post(&path, &fields).await.status_code(), 404);
    let list = outsider.page("/records").await;
    assert!(list.contains("No records yet"));
    let own = depot.partner.page("/records").await;
    assert!(own.contains(&depot.relief_count.to_string()));
    assert!(!own.contains(&depot.first_count.to_string()));
}

#[tokio::test]
async fn a_batch_has_a_card_of_its_own_in_each_store() {
    let depot = Depot::build().await;
    depot.change("keeper", Change::Damaged, 300).await;
    let actor = depot.program.actor("keeper").await;
    let code = depot.program.stock.reader(&actor).batch(depot.batch).await.unwrap().unwrap().code;
    let path = format!("/stock/stores/{}/batches/{}", depot.kabul, depot.batch);
    assert!(depot.keeper.page(&format!("/b/{code}")).await.contains(&path), "the QR leads there");
    let card = depot.keeper.page(&path).await;
    for words in ["2,000", "2,300", "300", "Damaged", code.grouped().as_str()] {
        assert!(card.contains(words), "{words}");
    }
    let hidden = [
        path,
        format!("/stock/stores/{}/batches/{}", depot.balkh, depot.batch),
        format!("/stock/stores/{}/batches/{}", depot.balkh, Uuid::now_v7()),
    ];
    for path in hidden {
        assert_eq!(depot.partner.get(&path).await.status_code(), 404, "{path}");
    }
}
