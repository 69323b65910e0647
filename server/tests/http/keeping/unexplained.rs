//! Pieces that left a place which did not have them, until a manager explains them.

use super::{Depot, record_of};
use crate::program::between;
use domain::ledger::Reason;
use domain::records::Occurred;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use domain::time::Day;
use uuid::Uuid;

impl Depot {
    /// 100 pieces more than Kabul had are said to be damaged; gives the path that explains them.
    async fn lacking(&self) -> String {
        self.change("keeper", Change::Damaged, 2_400).await;
        let page = self.manager.page("/unexplained").await;
        let path = page.split("href=\"/unexplained/").nth(1).unwrap();
        format!("/unexplained/{}", path.split('"').next().unwrap())
    }

    /// Somebody says later that something happened in Kabul on a day before.
    async fn change_on(&self, day: &str, change: Change, count: i64) {
        let lines = vec![BatchPieces { batch: self.batch, pieces: super::pieces(count) }];
        let body = StockChange { store: self.kabul, change, reason: Reason::Wet, lines };
        let mut said = self.said();
        said.envelope.occurred = Occurred::On(Day::parse(day).unwrap());
        let actor = self.program.actor("keeper").await;
        self.program.stock.writer(&actor).change_stock(said, body).await.unwrap();
    }

    fn difference(&self) -> String {
        format!("{{\"count_difference\":\"{}\"}}", self.kabul)
    }
}

#[tokio::test]
async fn a_shortfall_waits_for_a_manager_until_it_is_explained() {
    let depot = Depot::build().await;
    assert!(depot.manager.page("/unexplained").await.contains("Everything is explained"));
    let path = depot.lacking().await;
    let front = depot.manager.page("/").await;
    assert!(front.contains("Explain pieces that the books did not have: KBL store"));
    let listed = depot.manager.page(&format!("/unexplained?store={}", depot.kabul)).await;
    assert!(listed.contains("KBL store") && listed.contains(">100<"));
    let elsewhere = depot.manager.page(&format!("/unexplained?store={}", depot.balkh)).await;
    assert!(elsewhere.contains("Everything is explained"));

    let page = depot.manager.page(&path).await;
    assert!(page.contains("They were there all along; the books were wrong"));
    assert!(page.contains("They had been recorded as damaged"), "{page}");
    for account in ["count difference", "before Tawzi · "] {
        assert!(!page.contains(account), "an account by its name in the books: {account}");
    }
    let record = record_of(&page, &path);
    let by = depot.difference();
    let fields = |pieces: &'static str, date: &'static str| {
        vec![
            ("record", record.clone()),
            ("by", by.clone()),
            ("pieces", pieces.to_owned()),
            ("date", date.to_owned()),
            ("reason", "counted_wrong".to_owned()),
        ]
    };
    for (pieces, date, sentence) in [
        ("101", "2017-06-01", "Only 100 pieces are unexplained here"),
        ("0", "2017-06-01", "Enter at least 1"),
        ("-1", "2017-06-01", "A quantity is never negative"),
        ("1.5", "2017-06-01", "Enter a whole number"),
        ("1000000001", "2017-06-01", "A quantity is at most"),
        ("100", "2017-06-02", "The date lies in the future"),
    ] {
        let answer = depot.manager.server.post(&path).form(&fields(pieces, date)).await;
        let page = depot.manager.page(&crate::program::location(&answer)).await;
        assert!(page.contains(sentence), "{pieces} on {date}");
        assert!(page.contains(&format!("value=\"{pieces}\"")), "what was typed stays");
    }
    let answer = depot.manager.server.post(&path).form(&fields("101", "2017-06-02")).await;
    let page = depot.manager.page(&crate::program::location(&answer)).await;
    assert!(page.contains("Only 100 pieces") && page.contains("lies in the future"), "at once");
    for _again in 0..2 {
        let answer = depot.manager.server.post(&path).form(&fields("۱۰۰", "2017-06-01")).await;
        let page = depot.manager.page(&crate::program::location(&answer)).await;
        assert!(page.contains("Explained.") && page.contains("Everything is explained"));
    }
    assert!(!depot.manager.page("/").await.contains("Explain pieces"), "nobody waits any more");
    depot.adds_up().await;
}

#[tokio::test]
async fn what_did_not_come_from_there_cannot_explain_it() {
    let depot = Depot::build().await;
    let path = depot.lacking().await;
    let itself = format!("{{\"real\":{{\"store\":\"{}\"}}}}", depot.kabul);
    let other = format!("{{\"real\":{{\"store\":\"{}\"}}}}", depot.balkh);
    let printer = format!("{{\"printer\":\"{}\"}}", Uuid::now_v7());
    let record = Uuid::now_v7().to_string();
    let send = async |by: &str| {
        let fields =
            [("record", record.as_str()), ("by", by), ("pieces", "100"), ("reason", "other")];
        depot.manager.post(&path, &fields).await
    };
    for (by, sentence) in [
        ("", "Choose one"),
        ("nonsense", "Choose one"),
        (itself.as_str(), "Pieces cannot go this way"),
        (other.as_str(), "The books hold only 0 of the 100 pieces"),
    ] {
        let page = depot.manager.page(&crate::program::location(&send(by).await)).await;
        assert!(page.contains(sentence), "{by}: {sentence}");
    }
    assert_eq!(send(&printer).await.status_code(), 404, "a print run that is none of this batch");
}

#[tokio::test]
async fn only_managers_explain_and_only_what_they_see() {
    let depot = Depot::build().await;
    let path = depot.lacking().await;
    for browser in [&depot.keeper, &depot.partner, &depot.outsider().await] {
        assert_eq!(browser.get(&path).await.status_code(), 404);
        assert_eq!(browser.post(&path, &[]).await.status_code(), 404);
    }
    let seen = depot.keeper.page("/unexplained").await;
    assert!(seen.contains("KBL store") && !seen.contains(&path));
    assert!(depot.partner.page("/unexplained").await.contains("Everything is explained"));
    for none in ["/unexplained/999999/", "/unexplained/x/"] {
        let path = format!("{none}{}", depot.batch);
        assert_eq!(depot.manager.get(&path).await.status_code(), 404, "{path}");
    }
}

#[tokio::test]
async fn the_oldest_shortfall_is_offered_first() {
    let depot = Depot::build().await;
    depot.change_on("2017-05-25", Change::Damaged, 2_400).await;
    depot.change_on("2017-05-30", Change::Lost, 40).await;
    let list = depot.manager.page("/unexplained").await;
    assert!(list.contains("25 May 2017") && list.contains("100 of them"), "{list}");
    assert!(list.contains(">140<"), "{list}");
    let path = format!("/unexplained/{}", between(&list, "href=\"/unexplained/", "\""));
    let page = depot.manager.page(&path).await;
    assert!(page.contains("value=\"100\"") && page.contains("value=\"2017-05-25\""), "{page}");
    let (record, by) = (record_of(&page, &path), depot.difference());
    let fields = [
        ("record", record.as_str()),
        ("by", &by),
        ("pieces", "100"),
        ("date", "2017-05-25"),
        ("reason", "counted_wrong"),
    ];
    depot.manager.post(&path, &fields).await;
    let list = depot.manager.page("/unexplained").await;
    assert!(list.contains("30 May 2017") && list.contains(">40<"), "{list}");
    assert!(!list.contains("25 May 2017") && !list.contains("of them"), "{list}");
    let page = depot.manager.page(&path).await;
    assert!(page.contains("value=\"40\"") && page.contains("value=\"2017-05-30\""), "{page}");
    depot.adds_up().await;
}

#[tokio::test]
async fn what_came_later_stands_apart() {
    let depot = Depot::build().await;
    depot.change_on("2017-05-25", Change::Damaged, 2_400).await;
    depot.change_on("2017-05-30", Change::Lost, 200).await;
    let list = depot.manager.page("/unexplained").await;
    let path = format!("/unexplained/{}", between(&list, "href=\"/unexplained/", "\""));
    let page = depot.manager.page(&path).await;
    assert!(page.contains("They had been recorded as damaged"));
    let (then, later) = page.split_once("These had none of it on 25 May 2017.").unwrap();
    assert!(!then.contains("They had been written off as lost"), "nothing was lost by then");
    assert!(later.contains("They had been written off as lost"), "{later}");
}
