//! A recall of an edition, from the call to its end.

use super::{Depot, record_of};
use crate::program::between;
use domain::records::keeping::Change;
use uuid::Uuid;

impl Depot {
    async fn recalled(&self, mode: &str) -> String {
        let record = record_of(&self.manager.page("/recalls/new").await, "/recalls/new");
        let material = self.leaflets.to_string();
        let sure = format!("sure_{mode}_{material}");
        let mut fields = vec![("record", &*record), ("material", &*material), ("mode", mode)];
        let asked = self.manager.send("/recalls/new", &fields).await;
        for words in [sure.as_str(), "(M1", "pieces, stores: ", "Yes, recall this edition"] {
            assert!(asked.contains(words), "{words}: {asked}");
        }
        fields.push((&sure, "true"));
        let answer = self.manager.post("/recalls/new", &fields).await;
        crate::program::location(&answer)
    }

    async fn batch_page(&self) -> String {
        let actor = self.program.actor("keeper").await;
        let batch = self.program.stock.reader(&actor).batch(self.batch).await.unwrap().unwrap();
        self.keeper.page(&format!("/b/{}", batch.code)).await
    }
}

#[tokio::test]
async fn every_holder_is_on_one_list_is_told_and_stops() {
    let depot = Depot::build().await;
    assert!(depot.manager.page("/recalls").await.contains("Nothing is recalled"));
    let path = depot.recalled("stop_now").await;
    let page = depot.manager.page(&path).await;
    for words in ["KBL store", "REL store", "2,300", "400", "2,700", "Not yet"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(depot.batch_page().await.contains("This edition is recalled"));
    let store = depot.keeper.page(&format!("/stock/stores/{}", depot.kabul)).await;
    assert!(store.contains("Recalled"), "also where it came after the call: {store}");
    let count = depot.keeper.page("/opening/new").await;
    assert!(count.contains(" — recalled</option>"), "{count}");
    let front = depot.partner.page("/").await;
    assert!(front.contains("Stop giving out: Know the risks (M1) · REL store"));
    assert!(front.contains(&format!("{path}?store={}", depot.balkh)));

    let (step, store) = (format!("{path}/step"), depot.balkh.to_string());
    let record = record_of(&page, &step);
    for (store, what, date, sentence) in [
        ("", "phone", "2017-06-01", "Choose a holder"),
        (store.as_str(), "", "2017-06-01", "Choose one"),
        (store.as_str(), "phone", "2017-06-02", "The date lies in the future"),
    ] {
        let fields = [("record", &*record), ("store", store), ("step", what), ("date", date)];
        assert!(depot.manager.send(&step, &fields).await.contains(sentence), "{sentence}");
    }
    let told = [("record", &*record), ("store", &*store), ("step", "phone")];
    for _again in 0..2 {
        assert!(depot.manager.send(&step, &told).await.contains("by phone"));
    }

    // The holder sees only itself, and says that it has stopped.
    let own = depot.partner.page(&format!("{path}?store={store}")).await;
    assert!(own.contains("REL store") && !own.contains("KBL store") && !own.contains("2,300"));
    assert!(!own.contains("Told by letter") && !own.contains("End this recall"));
    let record = record_of(&own, &step);
    let stopped = [("record", &*record), ("store", &*store), ("step", "stopped")];
    depot.partner.send(&step, &stopped).await;
    assert!(!depot.partner.page("/").await.contains("Stop giving out"));
    assert!(depot.keeper.page("/").await.contains("Stop giving out"), "Kabul has not stopped");
    let kabul = depot.kabul.to_string();
    let record = Uuid::now_v7().to_string();
    let foreign = [("record", &*record), ("store", &*kabul), ("step", "stopped")];
    assert_eq!(depot.partner.post(&step, &foreign).await.status_code(), 404);
    let letter = [("record", &*record), ("store", &*store), ("step", "letter")];
    let refused = depot.partner.send(&step, &letter).await;
    assert!(refused.contains("Your account may not do this"));
    depot.adds_up().await;
}

#[tokio::test]
async fn an_edition_is_recalled_once_at_a_time_and_free_again_at_the_end() {
    let depot = Depot::build().await;
    let path = depot.recalled("use_up").await;
    assert!(!depot.keeper.page("/").await.contains("Stop giving out"), "it may be used up");
    assert!(depot.batch_page().await.contains("may be used"));
    let again = depot.manager.page(&depot.recalled("stop_now").await).await;
    assert!(again.contains("This edition is recalled already"));
    for browser in [&depot.keeper, &depot.partner] {
        assert_eq!(browser.get("/recalls/new").await.status_code(), 404);
        assert_eq!(browser.post(&format!("{path}/end"), &[]).await.status_code(), 404);
    }
    let end = format!("{path}/end");
    let record = record_of(&depot.manager.page(&path).await, &end);
    let page = depot.manager.send(&end, &[("record", &record)]).await;
    assert!(page.contains(">Over<") && !page.contains("End this recall"));
    let late = Uuid::now_v7().to_string();
    let page = depot.manager.send(&end, &[("record", &late)]).await;
    assert!(page.contains(">Over<"));
    assert!(!depot.batch_page().await.contains("This edition is recalled"));
    let path = depot.recalled("stop_now").await;
    assert!(depot.keeper.page("/").await.contains("Stop giving out"));
    let end = format!("{path}/end");
    let record = record_of(&depot.manager.page(&path).await, &end);
    depot.manager.send(&end, &[("record", &record)]).await;
    assert!(!depot.keeper.page("/").await.contains("Stop giving out"));
}

#[tokio::test]
async fn a_recall_that_does_not_exist_is_not_found() {
    let depot = Depot::build().await;
    let none = format!("/recalls/{}", Uuid::now_v7());
    assert_eq!(depot.manager.get(&none).await.status_code(), 404);
    let (record, store) = (Uuid::now_v7().to_string(), depot.kabul.to_string());
    let fields = [("record", &*record), ("store", &*store), ("step", "phone")];
    assert_eq!(depot.manager.post(&format!("{none}/step"), &fields).await.status_code(), 404);
    let unknown = Uuid::now_v7().to_string();
    let fields = [("record", &*record), ("material", &*unknown), ("mode", "stop_now")];
    assert_eq!(depot.manager.post("/recalls/new", &fields).await.status_code(), 404);
    let fields = [("record", &*record), ("material", ""), ("mode", "later")];
    let page = depot.manager.send("/recalls/new", &fields).await;
    assert!(page.contains("Choose the edition") && page.contains("Choose one"));
}

#[tokio::test]
async fn who_may_confirm_looks_why_held_stock_moved() {
    let depot = Depot::build().await;
    depot.recalled("stop_now").await;
    let record = depot.change("keeper", Change::Damaged, 10).await;
    assert!(depot.second.page("/").await.contains("A batch on hold or recalled was moved"));
    let page = depot.second.page(&format!("/records/{record}")).await;
    assert!(page.contains("Stock that is on hold or recalled was moved here"));
    assert!(page.contains("say that you have looked"), "what to do");
    let looked = format!("/tasks/{}", between(&page, "action=\"/tasks/", "\""));
    assert_eq!(depot.partner.post(&looked, &[]).await.status_code(), 404);
    let page = depot.second.send(&looked, &[]).await;
    assert!(!page.contains("was moved here"));
    assert!(!depot.second.page("/").await.contains("A batch on hold or recalled was moved"));
    depot.adds_up().await;
}

#[tokio::test]
async fn a_kit_takes_in_a_recalled_edition_only_from_who_means_it() {
    let depot = Depot::build().await;
    let admin = depot.program.browser_of("admin").await;
    let leaflets = depot.leaflets.to_string();
    let (line, sure) = (format!("pieces_{leaflets}"), format!("sure_{leaflets}_recalled"));
    depot.recalled("use_up").await;
    let record = record_of(&admin.page("/reference/kits/new").await, "/reference/kits/new");
    let fields = [("record", &*record), ("name", "Basic kit"), (&*line, "100"), (&*sure, "")];
    let asked = admin.send("/reference/kits/new", &fields).await;
    assert!(asked.contains("“Know the risks” (2017-1) is recalled") && asked.contains(&sure));
    let mut meant = fields;
    meant[3].1 = "true";
    let there = crate::program::location(&admin.post("/reference/kits/new", &meant).await);
    let edit = there.replace("?saved=1", "/edit");
    let more = [("name", "Basic kit"), (&*line, "200")];
    assert!(admin.send(&edit, &more).await.contains("Saved"), "it was in the kit before");
}
