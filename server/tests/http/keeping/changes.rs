//! Damage, loss, finds, salvage, disposal: what happens to stock in a store.

use super::{Depot, pieces, record_of};
use crate::program::{Browser, location, name};
use domain::events::PublicPlace;
use domain::ids::BatchId;
use domain::records::cartons::Cartons;
use domain::records::events::{Goods, LeaveInPublic};
use domain::records::receipt::{HowCounted, Receipt, ReceiptLabels};
use domain::reference::OrgKind;
use domain::role::PlaceCode;
use domain::run::{Order, Tolerance};
use domain::time::Day;
use std::num::NonZeroU32;
use stock::reference::orgs::OrgInput;
use uuid::Uuid;

impl Depot {
    fn here(&self) -> String {
        format!("/stock/stores/{}/change", self.kabul)
    }

    /// Opens the form and sends it with these fields; gives the page that follows.
    async fn happened(&self, what: &str, pieces: &str, others: &[(&str, &str)]) -> String {
        let form = self.keeper.page(&format!("{}?what={what}", self.here())).await;
        let record = record_of(&form, &self.here());
        self.sent(&self.keeper, &record, what, pieces, others).await
    }

    async fn sent(
        &self,
        browser: &Browser,
        record: &str,
        what: &str,
        pieces: &str,
        others: &[(&str, &str)],
    ) -> String {
        let field = format!("of_{}_pieces", self.batch);
        let mut fields = vec![("record", record), ("what", what), (field.as_str(), pieces)];
        fields.extend(others);
        let answer = browser.post(&self.here(), &fields).await;
        browser.page(&location(&answer)).await
    }

    /// Two cartons of 500 from a printer, received in Kabul.
    async fn printed(&self) -> BatchId {
        let world = self.program.stock.world();
        let (printer, run) = (world.new_id().into(), world.new_id().into());
        let (admin, keeper) =
            (self.program.actor("admin").await, self.program.actor("keeper").await);
        let press = name("Kabul Press");
        let org = OrgInput { kind: OrgKind::Printer, name: press.clone(), short_name: press };
        self.program.stock.writer(&admin).create_org(printer, org).await.unwrap();
        let today = world.now().day();
        let order = Order {
            printer,
            material: self.leaflets,
            ordered: pieces(1_000),
            tolerance: Tolerance::permille(50).unwrap(),
            cost: None,
            purchase_order: String::new(),
            donor: None,
            ordered_on: Day(today.0 - 10),
            due_on: Day(today.0 + 10),
        };
        let writer = self.program.stock.writer(&keeper);
        writer.create_run(run, order).await.unwrap();
        let cartons = NonZeroU32::new(2).unwrap();
        let receipt = Receipt {
            run,
            store: self.kabul,
            sealed: vec![Cartons { cartons, each: pieces(500) }],
            open: Vec::new(),
            damaged: Vec::new(),
            claimed: None,
            how: HowCounted::SealedAsMarked,
            labels: ReceiptLabels::New { bundles_of: None },
        };
        writer.receive(self.said(), receipt).await.unwrap().batch
    }

    /// Leaflets from Kabul that now lie in a clinic.
    async fn left_in_a_clinic(&self, count: i64) {
        let keeper = self.program.actor("keeper").await;
        let goods = Goods { materials: vec![(self.leaflets, pieces(count))], ..Goods::default() };
        let body = LeaveInPublic {
            store: self.kabul,
            place: PlaceCode::new("AF0101"),
            kind: PublicPlace::Clinic,
            places: Some(1),
            goods,
        };
        self.program.stock.writer(&keeper).leave_in_public(self.said(), body).await.unwrap();
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_change_is_said_at_once() {
    let depot = Depot::build().await;
    let early = [("date", "2017-01-02"), ("from", "store"), ("how", "destroyed")];
    let page = depot.happened("disposed", "4.5", &early).await;
    for words in [
        "Enter a whole number",
        "Choose a reason",
        "Enter two different witnesses",
        "A batch in this form arrived on",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = depot.happened("damaged", "9999", &[("date", "2017-06-02")]).await;
    for words in ["The date lies in the future", "Choose a reason", "9,999", "name=\"confirmed\""] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_carton_gets_wet_some_of_it_is_saved_and_the_rest_destroyed() {
    let depot = Depot::build().await;
    let store = depot.keeper.page(&format!("/stock/stores/{}", depot.kabul)).await;
    assert!(store.contains(&depot.here()), "the stock page leads there");
    let choice = depot.keeper.page(&depot.here()).await;
    assert!(choice.contains("Handed back to the printer") && choice.contains("Collected again"));

    let page = depot.happened("damaged", "۵۰۰", &[("reason", "wet")]).await;
    assert!(page.contains("Change of stock") && page.contains("damaged"), "{page}");
    assert_eq!(depot.in_kabul().await, 1_800);
    depot.happened("salvaged", "100", &[("reason", "counted_wrong")]).await;
    assert_eq!(depot.in_kabul().await, 1_900);

    let gone = [("reason", "wet"), ("from", "damaged"), ("how", "destroyed")];
    let unseen = depot.happened("disposed", "400", &gone).await;
    assert!(unseen.contains("Enter two different witnesses, by their roles"));
    let witnessed = [
        &gone[..],
        &[("witness_1", "guard"), ("witness_2", "store keeper"), ("certificate", "C-7")],
    ]
    .concat();
    let page = depot.happened("disposed", "400", &witnessed).await;
    for words in ["Destroyed before two witnesses", "guard · store keeper", "C-7", "400"] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(depot.in_kabul().await, 1_900, "they were damaged before");
    depot.happened("lost", "50", &[("reason", "missing")]).await;
    depot.happened("found", "20", &[("reason", "found")]).await;
    assert_eq!(depot.in_kabul().await, 1_870);
    depot.adds_up().await;
}

#[tokio::test]
async fn more_than_the_books_know_is_asked_once_and_then_posts() {
    let depot = Depot::build().await;
    let record = Uuid::now_v7().to_string();
    let keeper = &depot.keeper;
    let fields = [("reason", "torn")];
    let asked = depot.sent(keeper, &record, "damaged", "2400", &fields).await;
    assert!(
        asked.contains(
            "KBL store: This takes 2,400 pieces, but by the books only 2,300 were there on"
        )
    );
    assert!(asked.contains("It happened all the same") && asked.contains("value=\"2400\""));
    assert_eq!(depot.in_kabul().await, 2_300);
    let fields = [("reason", "torn"), ("confirmed", "true")];
    for _again in 0..2 {
        let page = depot.sent(keeper, &record, "damaged", "2400", &fields).await;
        assert!(page.contains("unexplained") && page.contains("2,400"));
    }
    assert_eq!(depot.in_kabul().await, 0);
    // The same record with other content is a conflict.
    let other = depot.sent(keeper, &record, "damaged", "7", &fields).await;
    assert!(other.contains("This form was used for something else already"));
    depot.adds_up().await;
}

#[tokio::test]
async fn what_cannot_be_stays_in_the_form_with_a_sentence() {
    let depot = Depot::build().await;
    for (typed, sentence) in [
        ("0", "Nothing was entered"),
        ("", "Nothing was entered"),
        ("-4", "A quantity is never negative"),
        ("2.5", "Enter a whole number"),
        ("1000000001", "A quantity is at most"),
    ] {
        let page = depot.happened("lost", typed, &[("reason", "missing")]).await;
        assert!(page.contains(sentence), "{typed}");
    }
    for (date, sentence) in
        [("2017-06-02", "The date lies in the future"), ("2017-05-19", "arrived on 20 May 2017")]
    {
        let page = depot.happened("lost", "5", &[("reason", "missing"), ("date", date)]).await;
        assert!(page.contains(sentence) && page.contains("value=\"5\""), "{date}");
    }
    let page = depot.happened("lost", "5", &[]).await;
    assert!(page.contains("Choose a reason"));
    let page = depot.happened("disposed", "5", &[("reason", "outdated")]).await;
    assert!(page.contains("Choose one"));
    for (what, advice) in [
        ("found", "If pieces turned up, count the store"),
        ("salvaged", "Nothing is booked as damaged here"),
        ("handed_back", "Nothing here came from a printer"),
        ("collected", "Nothing was given out from here"),
    ] {
        let page = depot.keeper.page(&format!("{}?what={what}", depot.here())).await;
        assert!(page.contains(advice), "{what}");
    }
    assert_eq!(depot.in_kabul().await, 2_300);
}

#[tokio::test]
async fn faulty_pieces_go_back_to_the_printer_that_made_them() {
    let depot = Depot::build().await;
    let batch = depot.printed().await;
    let form = depot.keeper.page(&format!("{}?what=handed_back", depot.here())).await;
    let [ours, before] = [batch, depot.batch].map(|batch| format!("of_{batch}_pieces"));
    assert!(form.contains(&ours) && !form.contains(&before), "only what a printer made");
    let record = record_of(&form, &depot.here());
    let mut fields = vec![
        ("record", record.as_str()),
        ("what", "handed_back"),
        ("reason", "misprinted_or_faulty"),
        (ours.as_str(), "۱۰۰"),
    ];
    assert!(depot.keeper.send(&depot.here(), &fields).await.contains("Choose one"));
    fields.push(("from", "store"));
    let other = [&fields[..], &[(before.as_str(), "5")]].concat();
    let refused = depot.keeper.send(&depot.here(), &other).await;
    assert!(refused.contains("Hand back one print run at a time"));
    assert!(refused.contains("value=\"5\""), "what was typed stays");
    let page = depot.keeper.send(&depot.here(), &fields).await;
    assert!(page.contains("Handed back to the printer") && page.contains("printer"));
    assert_eq!(depot.in_kabul().await, 2_300 + 900);
    depot.adds_up().await;
}

#[tokio::test]
async fn a_recalled_edition_comes_back_from_where_it_was_left() {
    let depot = Depot::build().await;
    depot.left_in_a_clinic(200).await;
    assert_eq!(depot.in_kabul().await, 2_100);
    let form = depot.keeper.page(&format!("{}?what=collected", depot.here())).await;
    assert!(form.contains("200 given out"));
    let value = crate::program::between(&form, "<option value=\"[", "\"").to_owned();
    let given = format!("[{value}").replace("&quot;", "\"");
    let record = record_of(&form, &depot.here());
    let fields = |given: &str, pieces: &str| {
        vec![
            ("record", record.clone()),
            ("what", "collected".to_owned()),
            ("reason", "recall".to_owned()),
            ("given", given.to_owned()),
            ("pieces", pieces.to_owned()),
        ]
    };
    for (given, pieces, sentence) in [
        ("", "5", "Choose where they were given out"),
        ("[]", "5", "Choose where they were given out"),
        (given.as_str(), "0", "Enter at least 1"),
        (given.as_str(), "201", "This takes 201 pieces, but by the books only 200 were there on"),
    ] {
        let answer = depot.keeper.server.post(&depot.here()).form(&fields(given, pieces)).await;
        let page = depot.keeper.page(&location(&answer)).await;
        assert!(page.contains(sentence), "{given} {pieces}: {sentence}");
    }
    let answer = depot.keeper.server.post(&depot.here()).form(&fields(&given, "150")).await;
    assert!(depot.keeper.page(&location(&answer)).await.contains("Collected"));
    assert_eq!(depot.in_kabul().await, 2_250);
    // Another store cannot collect what was given out here.
    let theirs = format!("/stock/stores/{}/change", depot.balkh);
    let mut foreign = fields(&given, "10");
    foreign[0].1 = Uuid::now_v7().to_string();
    let answer = depot.partner.server.post(&theirs).form(&foreign).await;
    assert_eq!(answer.status_code(), 404);
    depot.adds_up().await;
}

#[tokio::test]
async fn what_a_partner_told_by_phone_waits_for_its_word() {
    let depot = Depot::build().await;
    let path = format!("/stock/stores/{}/change", depot.balkh);
    let form = depot.keeper.page(&format!("{path}?what=lost")).await;
    assert!(form.contains("Relief told us by phone or on paper"));
    let (record, field) = (record_of(&form, &path), format!("of_{}_pieces", depot.relief_batch));
    let fields = [
        ("record", record.as_str()),
        ("what", "lost"),
        ("reason", "checkpoint"),
        ("by_phone", "true"),
        (field.as_str(), "40"),
    ];
    let page = depot.keeper.send(&path, &fields).await;
    assert!(page.contains("Somebody else confirms what was said here"));
    assert!(page.contains("On behalf of"));
    let confirm = format!("/records/{record}/confirm");
    let id = Uuid::now_v7().to_string();
    let own = depot.keeper.send(&confirm, &[("record", &id)]).await;
    assert!(own.contains("Somebody else confirms"));

    assert!(
        depot.partner.page("/").await.contains("Confirm what was entered on behalf: REL store")
    );
    let page = depot.partner.page(&format!("/records/{record}")).await;
    let id = record_of(&page, &confirm);
    let page = depot.partner.send(&confirm, &[("record", &id)]).await;
    assert!(!page.contains("waits for a second person"));
    assert!(!depot.partner.page("/").await.contains("on behalf"));
}

#[tokio::test]
async fn another_organisations_store_does_not_exist() {
    let depot = Depot::build().await;
    for browser in [&depot.partner, &depot.outsider().await] {
        assert_eq!(browser.get(&depot.here()).await.status_code(), 404);
        let record = Uuid::now_v7().to_string();
        let field = format!("of_{}_pieces", depot.batch);
        let fields = [
            ("record", record.as_str()),
            ("what", "lost"),
            ("reason", "missing"),
            (field.as_str(), "5"),
        ];
        assert_eq!(browser.post(&depot.here(), &fields).await.status_code(), 404);
    }
    // A batch of others is not taken from a form for an own store.
    let path = format!("/stock/stores/{}/change", depot.balkh);
    let (record, field) = (Uuid::now_v7().to_string(), format!("of_{}_pieces", depot.batch));
    let fields = [
        ("record", record.as_str()),
        ("what", "lost"),
        ("reason", "missing"),
        (field.as_str(), "5"),
    ];
    assert_eq!(depot.partner.post(&path, &fields).await.status_code(), 404);
    assert_eq!(depot.in_kabul().await, 2_300);
}
