//! What people send that cannot be: a sentence that says what to do, what was typed stays, and the
//! books are as they were.

use crate::consignments::{Road, borrowed, enter, record_of};
use crate::program::location;
use domain::code::Code;
use domain::role::{PlaceCode, Role, Scope};
use sea_orm::{ConnectionTrait, Database};
use uuid::Uuid;

impl Road {
    /// What the store in Balkh holds.
    async fn in_balkh(&self) -> i64 {
        let actor = self.program.actor("receiver").await;
        let held = self.program.stock.reader(&actor).holdings(&Default::default()).await.unwrap();
        held.iter().map(|holding| holding.in_store).sum()
    }

    async fn adds_up(&self) {
        let report = self.program.stock.verify(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{report:?}");
    }
}

#[tokio::test]
async fn two_people_receive_the_same_line() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let org = road.program.programme().await;
    let balkh = Scope::Place(PlaceCode::new("AF21"));
    let second = enter(&road.program, "second", org, Role::Logistics, balkh).await;
    // Both have the form open before either sends it.
    let pages = [road.receiver.page(&receive).await, second.page(&receive).await];
    let [first, later] = pages.each_ref().map(|page| road.count(page, "2", "150"));
    let counted = road.receiver.send(&receive, &borrowed(&first)).await;
    assert!(counted.contains("missing"), "{counted}");
    assert_eq!(road.in_balkh().await, 1_150);
    let refused = second.send(&receive, &borrowed(&later)).await;
    assert!(refused.contains("Somebody received this already"), "{refused}");
    assert!(refused.contains("value=\"150\""), "what was typed stays");
    assert_eq!(road.in_balkh().await, 1_150, "the books have it once");
    road.adds_up().await;
}

#[tokio::test]
async fn a_dispatch_before_its_batch_existed() {
    let road = Road::build().await;
    let path = road.draft().await;
    let codes = format!("{} 200", road.batch_code);
    road.sender.send(&format!("{path}/codes"), &[("codes", &codes)]).await;
    let dispatch = format!("{path}/dispatch");
    let record = record_of(&road.sender.page(&dispatch).await);
    // What stands in Kabul was counted on 20 May.
    let fields = [("record", record.as_str()), ("date", "2017-05-19"), ("note", "by truck")];
    let refused = road.sender.send(&dispatch, &fields).await;
    assert!(refused.contains("19 May 2017"), "{refused}");
    assert!(refused.contains("value=\"2017-05-19\"") && refused.contains("by truck"));
    let fields = [("record", record.as_str()), ("date", "2017-06-02")];
    let refused = road.sender.send(&dispatch, &fields).await;
    assert!(refused.contains("The date lies in the future"), "{refused}");
    assert!(road.sender.page(&path).await.contains("Draft"));
    let fields = [("record", record.as_str()), ("date", "2017-06-01")];
    assert!(road.sender.send(&dispatch, &fields).await.contains("Dispatched"));
    // The same form again after "back".
    let again = location(&road.sender.post(&dispatch, &fields).await);
    assert!(road.sender.page(&again).await.contains("Dispatched"));
    road.adds_up().await;
}

#[tokio::test]
async fn a_change_of_a_batch_that_nobody_made() {
    let road = Road::build().await;
    let path = format!("/stock/stores/{}/change", road.kabul);
    let page = road.sender.page(&format!("{path}?what=lost")).await;
    let (record, unknown) = (record_of(&page), Uuid::now_v7().to_string());
    let pieces = format!("pieces_{unknown}");
    let fields = [
        ("record", record.as_str()),
        ("what", "lost"),
        ("reason", "other"),
        ("date", "2017-06-01"),
        ("batch", &unknown),
        ("pieces", "5"),
        (&pieces, "5"),
    ];
    let answer = road.sender.post(&path, &fields).await;
    assert!(matches!(answer.status_code().as_u16(), 303 | 404), "{}", answer.text());
    if answer.status_code() == 303 {
        let refused = road.sender.page(&location(&answer)).await;
        assert!(refused.contains("There is a problem"), "{refused}");
    }
    road.adds_up().await;
}

#[tokio::test]
async fn the_pages_behind_codes_say_what_to_do() {
    let road = Road::build().await;
    let carton = road.carton_codes[0].replace('-', "");
    let batch = road.batch_code.replace('-', "");
    let path = road.draft().await;
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let actor = road.program.actor("sender").await;
    let detail = road.program.stock.reader(&actor).consignment(id).await.unwrap();
    let consignment = detail.consignment.code.to_string();
    let unknown = Code::from_random(77).unwrap();
    for letter in ["b", "p", "c", "e"] {
        for (code, sentence) in [
            ("4K7M2QXD9V4".to_owned(), "The last character does not fit"),
            ("4K7M".to_owned(), "A code has 11 characters"),
            (unknown.to_string(), "no label with it was ever printed here"),
        ] {
            let answer = road.sender.get(&format!("/{letter}/{code}")).await;
            assert_eq!(answer.status_code(), 404, "/{letter}/{code}");
            assert!(answer.text().contains(sentence), "/{letter}/{code}: {sentence}");
            assert!(answer.text().contains("name=\"code\""), "type it again");
        }
        // A code under another letter still leads to what it is stuck on.
        for (code, own) in [(&carton, "p"), (&batch, "b"), (&consignment, "c")] {
            if letter != own {
                let there = location(&road.sender.get(&format!("/{letter}/{code}")).await);
                assert_eq!(there, format!("/{own}/{code}"));
            }
        }
    }
    let books = Database::connect(road.program.database_url()).await.unwrap();
    for (state, path, code, sentence) in [
        ("voided", format!("/p/{carton}"), &carton, "This label is void"),
        ("retired", format!("/b/{batch}"), &batch, "This label is retired"),
    ] {
        let set = format!("UPDATE code SET state = '{state}' WHERE code = '{code}'");
        books.execute_unprepared(&set).await.unwrap();
        let answer = road.sender.get(&path).await;
        assert_eq!(answer.status_code(), 410, "{path}");
        assert!(answer.text().contains(sentence), "{path}: {sentence}");
        assert!(answer.text().contains("put it aside"), "{path} says what to do");
    }
}
