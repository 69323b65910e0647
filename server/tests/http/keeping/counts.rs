//! Counting a store without seeing the books, and the second person.

use super::{Depot, record_of};
use crate::program::location;
use uuid::Uuid;

impl Depot {
    /// Sends a count of the batch in Kabul and gives its path.
    async fn counted(&self, cartons: &str, bundles: &str, pieces: &str) -> String {
        let (record, store) = (Uuid::now_v7().to_string(), self.kabul.to_string());
        let names = ["cartons", "bundles", "pieces"].map(|part| self.field(part));
        let fields = [
            ("record", record.as_str()),
            ("store", store.as_str()),
            ("date", "2017-06-01"),
            (names[0].as_str(), cartons),
            (names[1].as_str(), bundles),
            (names[2].as_str(), pieces),
        ];
        let there = location(&self.keeper.post("/counts/new", &fields).await);
        there.strip_suffix("?sent=1").unwrap_or(&there).to_owned()
    }

    fn field(&self, part: &str) -> String {
        format!("count_{}_{part}", self.batch)
    }
}

#[tokio::test]
async fn the_sheet_does_not_tell_what_the_books_say() {
    let depot = Depot::build().await;
    for path in ["/counts/new?store=", "/counts/paper/"] {
        let page = depot.keeper.page(&format!("{path}{}", depot.kabul)).await;
        assert!(page.contains("Printed paper M1") && page.contains("cartons of 500"));
        for number in ["2,300", "2300"] {
            assert!(!page.contains(number), "{path} tells {number}");
        }
    }
    let page = depot.keeper.page(&format!("/counts/new?store={}", depot.kabul)).await;
    assert!(page.contains(&depot.field("cartons")) && page.contains(&depot.field("bundles")));
}

#[tokio::test]
async fn who_counted_does_not_approve_and_a_colleague_does() {
    let depot = Depot::build().await;
    let path = depot.counted("۴", "5", "20").await;
    let page = depot.keeper.page(&path).await;
    for words in ["2,270", "2,300", "−30", "Whoever counted does not approve"] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(depot.in_kabul().await, 2_300, "nothing changes before the approval");
    let record = Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("reason", "missing")];
    let own = depot.keeper.send(&format!("{path}/approve"), &fields).await;
    assert!(own.contains("You counted this yourself. Another person must approve it."));

    assert!(depot.second.page("/").await.contains("Approve the count: KBL store"));
    assert!(!depot.keeper.page("/").await.contains("Approve the count"));
    let page = depot.second.page(&path).await;
    let record = record_of(&page, &format!("{path}/approve"));
    let none = depot.second.send(&format!("{path}/approve"), &[("record", &record)]).await;
    assert!(none.contains("Choose a reason"));
    let fields = [("record", record.as_str()), ("reason", "missing")];
    let page = depot.second.send(&format!("{path}/approve"), &fields).await;
    assert!(page.contains("Approved") && page.contains("2,300") && page.contains("−30"));
    assert_eq!(depot.in_kabul().await, 2_270);
    // The same form again posts nothing; another one is too late.
    assert_eq!(depot.second.post(&format!("{path}/approve"), &fields).await.status_code(), 303);
    let late = Uuid::now_v7().to_string();
    let fields = [("record", late.as_str()), ("reason", "missing")];
    let page = depot.manager.send(&format!("{path}/approve"), &fields).await;
    assert!(page.contains("This count was decided before"));
    assert_eq!(depot.in_kabul().await, 2_270);
    assert!(!depot.second.page("/").await.contains("Approve the count"));
    depot.adds_up().await;
}

#[tokio::test]
async fn a_count_that_nobody_believes_changes_nothing() {
    let depot = Depot::build().await;
    let path = depot.counted("0", "", "").await;
    let record = Uuid::now_v7().to_string();
    let decline = format!("{path}/decline");
    let own = depot.keeper.send(&decline, &[("record", &record)]).await;
    assert!(own.contains("You counted this yourself"));
    let page = depot.second.send(&decline, &[("record", &record)]).await;
    assert!(page.contains("This count changed nothing"));
    assert_eq!(depot.in_kabul().await, 2_300);
    let late = Uuid::now_v7().to_string();
    let fields = [("record", late.as_str()), ("reason", "missing")];
    depot.manager.post(&format!("{path}/approve"), &fields).await;
    assert_eq!(depot.in_kabul().await, 2_300, "it was decided before");
}

#[tokio::test]
async fn what_cannot_be_counted_stays_in_the_form_with_a_sentence() {
    let depot = Depot::build().await;
    for (typed, sentence) in [
        ("2.5", "Enter a whole number"),
        ("-4", "A quantity is never negative"),
        ("1000000001", "A quantity is at most"),
        ("many", "Enter a whole number"),
    ] {
        let back = depot.counted("", "", typed).await;
        let page = depot.keeper.page(&back).await;
        assert!(page.contains(sentence), "{typed}");
        assert!(page.contains(&format!("value=\"{typed}\"")), "{typed} stays");
    }
    let nothing = depot.keeper.page(&depot.counted("", "", "").await).await;
    assert!(nothing.contains("Nothing was entered"));
    let too_many = depot.keeper.page(&depot.counted("1000000000", "", "").await).await;
    assert!(too_many.contains("A quantity is at most"));
    for (date, sentence) in [
        ("2017-06-02", "The date lies in the future"),
        ("2017-05-19", "arrived on 20 May 2017"),
        ("soon", "Enter a date"),
    ] {
        let (record, store) = (Uuid::now_v7().to_string(), depot.kabul.to_string());
        let field = depot.field("pieces");
        let fields = [
            ("record", record.as_str()),
            ("store", store.as_str()),
            ("date", date),
            (field.as_str(), "۲۳۰۰"),
        ];
        let page = depot.keeper.send("/counts/new", &fields).await;
        assert!(page.contains(sentence), "{date}");
        assert!(page.contains("value=\"۲۳۰۰\""), "what was typed stays");
    }
    assert!(depot.keeper.page("/counts").await.contains("No counts yet"));
}

#[tokio::test]
async fn a_batch_that_is_not_on_the_sheet_is_counted_by_its_label() {
    let depot = Depot::build().await;
    let actor = depot.program.actor("keeper").await;
    let reader = depot.program.stock.reader(&actor);
    let code = reader.batch(depot.relief_batch).await.unwrap().unwrap().code.grouped();
    let (record, store) = (Uuid::now_v7().to_string(), depot.kabul.to_string());
    let wrong = [
        ("record", record.as_str()),
        ("store", store.as_str()),
        ("other_code", "4K7M-2QXD-9V4"),
        ("other_pieces", "12"),
    ];
    let page = depot.keeper.send("/counts/new", &wrong).await;
    assert!(page.contains("The last character does not fit") && page.contains("4K7M-2QXD-9V4"));
    let right = [
        ("record", record.as_str()),
        ("store", store.as_str()),
        ("other_code", code.as_str()),
        ("other_pieces", "12"),
    ];
    let page = depot.keeper.send("/counts/new", &right).await;
    assert!(page.contains("The count is sent") && page.contains("+12"));
}

#[tokio::test]
async fn another_organisations_counts_do_not_exist() {
    let depot = Depot::build().await;
    let path = depot.counted("4", "", "").await;
    for browser in [&depot.partner, &depot.outsider().await] {
        assert_eq!(browser.get(&path).await.status_code(), 404);
        let sheet = format!("/counts/new?store={}", depot.kabul);
        assert_eq!(browser.get(&sheet).await.status_code(), 404);
        assert_eq!(browser.get(&format!("/counts/paper/{}", depot.kabul)).await.status_code(), 404);
        let (record, store) = (Uuid::now_v7().to_string(), depot.kabul.to_string());
        let fields = [("record", record.as_str()), ("store", store.as_str())];
        assert_eq!(browser.post("/counts/new", &fields).await.status_code(), 404);
        let fields = [("record", record.as_str()), ("reason", "missing")];
        let answer = browser.post(&format!("{path}/approve"), &fields).await;
        assert_eq!(answer.status_code(), 404, "partners do not approve");
        assert!(browser.page("/counts").await.contains("No counts yet"));
    }
}

#[tokio::test]
async fn who_sees_one_store_is_not_asked_which() {
    let depot = Depot::build().await;
    let sheet = depot.partner.page("/counts/new").await;
    assert!(sheet.contains(&format!("count_{}_cartons", depot.relief_batch)), "{sheet}");
    for path in ["/opening/new", "/drops/new"] {
        let page = depot.partner.page(path).await;
        assert!(page.contains(&format!("value=\"{}\" selected", depot.balkh)), "{path}: {page}");
    }
    let several = depot.keeper.page("/counts/new").await;
    assert!(several.contains("Choose a store"), "{several}");
}
