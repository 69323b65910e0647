//! Consignments in the browser: what each side sees when, and what stays in a form.

mod counting;
mod loading;

use crate::program::{Browser, PASSWORD, Program, between, location, name};
use domain::ids::{BatchId, ConsignmentId, MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::packs::SplitPack;
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber, StoreKind};
use domain::role::{PlaceCode, Role, Scope};
use domain::time::Day;
use std::num::NonZeroU32;
use stock::Submission;
use stock::access::NewPerson;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use uuid::Uuid;

/// Two stores with people, and four cartons of 500 and 300 loose pieces in Kabul.
pub struct Road {
    pub program: Program,
    pub sender: Browser,
    pub receiver: Browser,
    pub kabul: StoreId,
    balkh: StoreId,
    material: MaterialId,
    pub batch: BatchId,
    pub batch_code: String,
    pub carton_codes: Vec<String>,
}

fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

impl Road {
    pub async fn build() -> Self {
        Self::of(Program::reached_at(Some("https://stock.example.org")).await).await
    }

    /// The same in new books.
    pub async fn of(program: Program) -> Self {
        program.set_up().await;
        let org = program.programme().await;
        let kabul = place(&program, org, "KBL", "AF01").await;
        let balkh = place(&program, org, "BAL", "AF21").await;
        let sender = enter(&program, "sender", org, Role::Logistics, Scope::Everything).await;
        let balkh_only = Scope::Place(PlaceCode::new("AF21"));
        let receiver = enter(&program, "receiver", org, Role::Logistics, balkh_only).await;
        let material = MaterialId::new(Uuid::now_v7());
        let admin = program.actor("admin").await;
        program.stock.writer(&admin).create_material(material, leaflet()).await.unwrap();
        let mut road = Self {
            program,
            sender,
            receiver,
            kabul,
            balkh,
            material,
            batch: BatchId::new(Uuid::now_v7()),
            batch_code: String::new(),
            carton_codes: Vec::new(),
        };
        road.fill("2017-05-20").await;
        road
    }

    /// Four cartons and 300 loose pieces that were found on this day.
    async fn fill(&mut self, day: &str) {
        let counter = self.program.actor("sender").await;
        let writer = self.program.stock.writer(&counter);
        let cartons = NonZeroU32::new(4).map(|cartons| Cartons { cartons, each: pieces(500) });
        let row = FirstCountRow { material: self.material, cartons, loose: Some(pieces(300)) };
        let count = FirstCount { store: self.kabul, rows: vec![row] };
        let on = Occurred::On(Day::parse(day).unwrap());
        let now = self.program.stock.world().now();
        let envelope = Envelope::typed(Uuid::now_v7().into(), on, now);
        let submission = Submission { confirmed: true, ..Submission::new(envelope) };
        let counted = writer.first_count(submission, count).await.unwrap();
        self.batch = counted.batches[0].batch;
        self.batch_code = counted.batches[0].code.grouped();
        let packs = writer.reader().packs_of(self.batch).await.unwrap();
        self.carton_codes = packs.iter().map(|pack| pack.code.grouped()).collect();
    }

    /// Takes the last carton apart into bundles of so many pieces.
    async fn split(&self, bundles: Vec<i64>) {
        let clerk = self.program.actor("sender").await;
        let writer = self.program.stock.writer(&clerk);
        let packs = writer.reader().packs_of(self.batch).await.unwrap();
        let bundles = bundles.into_iter().map(pieces).collect();
        let body = SplitPack { pack: packs[3].id, bundles, loose: 0 };
        let now = self.program.stock.world().now();
        let envelope = Envelope::typed(Uuid::now_v7().into(), Occurred::On(now.day()), now);
        writer.split_pack(Submission::new(envelope), body).await.unwrap();
    }

    /// A draft made with the forms; gives its path.
    pub async fn draft(&self) -> String {
        let id = ConsignmentId::new(Uuid::now_v7()).to_string();
        let (from, to) = (self.kabul.to_string(), self.balkh.to_string());
        let fields = [
            ("record", id.as_str()),
            ("from", from.as_str()),
            ("to", to.as_str()),
            ("driver", "Driver One"),
            ("vehicle", "KBL 4711"),
        ];
        location(&self.sender.post("/consignments/new", &fields).await)
    }

    /// Three cartons and 200 loose pieces on their way.
    pub async fn sent(&self) -> String {
        let path = self.draft().await;
        let mut codes = self.carton_codes[..3].join("\r\n");
        codes.push_str(&format!("\r\n{} ۲۰۰", self.batch_code));
        let added = self.sender.send(&format!("{path}/codes"), &[("codes", &codes)]).await;
        assert!(added.contains("1,700"), "the draft adds up");
        let dispatch = format!("{path}/dispatch");
        let record = record_of(&self.sender.page(&dispatch).await);
        let fields = [("record", record.as_str()), ("date", "2017-06-01")];
        let gone = self.sender.send(&dispatch, &fields).await;
        assert!(gone.contains("Dispatched"));
        path
    }

    /// The fields of a count of full cartons and loose pieces.
    pub fn count(&self, page: &str, cartons: &str, loose: &str) -> Vec<(String, String)> {
        let batch = self.batch;
        let fields = [
            ("record".to_owned(), record_of(page)),
            ("date".to_owned(), "2017-06-01".to_owned()),
            (format!("good_{batch}_cartons"), cartons.to_owned()),
            (format!("good_{batch}_pieces"), loose.to_owned()),
            ("rest".to_owned(), "nothing_more".to_owned()),
        ];
        fields.to_vec()
    }
}

pub async fn partner(program: &Program, text: &str) -> OrgId {
    let (id, admin) = (OrgId::new(Uuid::now_v7()), program.actor("admin").await);
    let input = OrgInput { kind: OrgKind::Partner, name: name(text), short_name: name(text) };
    program.stock.writer(&admin).create_org(id, input).await.unwrap();
    id
}

async fn place(program: &Program, org: OrgId, text: &str, place: &str) -> StoreId {
    let (id, admin) = (StoreId::new(Uuid::now_v7()), program.actor("admin").await);
    let input = StoreInput {
        kind: StoreKind::Provincial,
        name: name(&format!("{text} store")),
        short_name: name(text),
        org,
        parent: None,
        place: PlaceCode::new(place),
        service_areas: Vec::new(),
    };
    program.stock.writer(&admin).create_store(id, input).await.unwrap();
    id
}

pub async fn enter(
    program: &Program,
    login: &str,
    org: OrgId,
    role: Role,
    scope: Scope,
) -> Browser {
    let person = NewPerson { login: login.to_owned(), name: name(login), org, role, scope };
    program.stock.add_person(person, PASSWORD).await.unwrap();
    program.browser_of(login).await
}

fn leaflet() -> MaterialInput {
    MaterialInput {
        kind: MaterialKind::Leaflet,
        title: name("Know the risks"),
        language: PrintLanguage::Dari,
        edition: name("2017-1"),
        outside_name: name("Printed paper M1"),
        short_number: ShortNumber::parse("M1").unwrap(),
        packing: Packing::new(pieces(50), pieces(10)).unwrap(),
        carton_weight_g: Some(pieces(8_200)),
        carton_volume_cm3: None,
        contact_numbers: Vec::new(),
        superseded_by: None,
    }
}

pub fn record_of(page: &str) -> String {
    between(page, "name=\"record\" value=\"", "\"").to_owned()
}

pub fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn the_receivers_pages_do_not_contain_the_sent_totals_before_the_count() {
    let road = Road::build().await;
    let path = road.sent().await;
    let receive = format!("{path}/receive");
    let own = road.sender.page(&path).await;
    assert!(own.contains("1,700"), "the sender sees what was sent");
    let code = {
        let actor = road.program.actor("sender").await;
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        road.program.stock.reader(&actor).consignment(id).await.unwrap().consignment.code
    };
    let by_code = format!("/c/{}", code.as_str().to_lowercase());
    let pages = ["/", "/consignments", "/consignments/in-transit", "/consignments/papers"];
    for page in pages.into_iter().chain([path.as_str(), receive.as_str(), by_code.as_str()]) {
        let text = road.receiver.page(page).await;
        for total in ["1,700", "1700", "1,500", "3 cartons", "200 loose"] {
            assert!(!text.contains(total), "{page} tells {total}");
        }
        let is_count = page == receive || page == by_code;
        assert_eq!(text.contains("Know the risks"), is_count || page == path, "{page}");
    }
    for hidden in ["waybill", "trip", "differences"] {
        let answer = road.receiver.get(&format!("{path}/{hidden}")).await;
        assert_eq!(answer.status_code(), 404, "{hidden}");
    }

    // A wrong count does not tell either, and comes back as it was typed.
    let page = road.receiver.page(&receive).await;
    let wrong = road.count(&page, "three", "");
    let refused = road.receiver.send(&receive, &borrowed(&wrong)).await;
    assert!(refused.contains("value=\"three\"") && refused.contains("whole number"));
    let row = format!("<bdi>Know the risks (M1) · {}</bdi> · ", road.batch_code);
    assert!(refused.contains(&row), "the batch of the heading of its fields");
    assert!(!refused.contains("1,700"));

    let counted = road.count(&page, "3", "150");
    let differs = road.receiver.send(&receive, &borrowed(&counted)).await;
    assert!(differs.contains("50 pieces missing") && differs.contains("1,700"), "{differs}");
    assert!(road.receiver.page(&path).await.contains("1,700"));
    // Sent again after "back": it was posted once.
    let again = road.receiver.post(&receive, &borrowed(&counted)).await;
    assert_eq!(location(&again), format!("{path}?again=1"));
    let actor = road.program.actor("receiver").await;
    let held = road.program.stock.reader(&actor).holdings(&Default::default()).await.unwrap();
    assert_eq!(held.iter().map(|holding| holding.in_store).sum::<i64>(), 1_650);
}

#[tokio::test]
async fn a_waybill_is_found_by_its_number() {
    let road = Road::build().await;
    let path = road.sent().await;
    let found = road.receiver.page("/search?q=kbl+%DB%B1").await;
    assert!(found.contains(&format!("href=\"{path}\"")) && found.contains("KBL store → BAL store"));
    assert!(road.receiver.page("/search?q=kbl+2").await.contains("Nothing was found"));
}

#[tokio::test]
async fn each_side_has_the_main_button_of_its_own_job() {
    let road = Road::build().await;
    let path = road.sent().await;
    let main = |what: &str| format!("href=\"{path}/{what}\" class=\"btn main\"");
    let sender = road.sender.page(&path).await;
    assert!(sender.contains(&main("waybill")) && !sender.contains(&main("receive")));
    assert!(sender.contains(">Print waybills</a>"), "as the README and the draft call it");
    let receiver = road.receiver.page(&path).await;
    assert!(receiver.contains(&main("receive")) && !receiver.contains(&main("waybill")));
}

#[tokio::test]
async fn a_total_on_paper_is_the_sum_of_its_lines() {
    let mut road = Road::build().await;
    let first = road.batch_code.clone();
    road.fill("2017-05-25").await;
    let path = road.draft().await;
    let codes = format!("{first} 100\r\n{} 100", road.batch_code);
    road.sender.send(&format!("{path}/codes"), &[("codes", &codes)]).await;
    let page = road.sender.page(&format!("{path}/trip")).await;
    // Each line weighs 1.64 kg.
    assert_eq!(page.matches("1.6 kg").count(), 2, "{page}");
    assert_eq!(page.matches("3.2 kg").count(), 3, "the waybill, and both sums of the list: {page}");
    assert!(!page.contains("3.3 kg"), "{page}");
}

#[tokio::test]
async fn waybills_pass_checkpoints() {
    let road = Road::build().await;
    let path = road.sent().await;
    let page = road.sender.page(&format!("{path}/trip")).await;
    for word in ["Tawzi", "Know the risks", "risks", "Programme"] {
        assert!(!page.contains(word), "a paper says {word}");
    }
    assert_eq!(page.matches("Driver One").count(), 3, "loading list and two copies");
    let (sender, receiver) =
        page.split_once("Sender&#x27;s copy").or_else(|| page.split_once("Sender's copy")).unwrap();
    assert!(sender.contains("1,700") && sender.contains("27.9 kg"));
    assert!(sender.contains("3 cartons · 200 loose pieces"));
    assert!(receiver.contains("Cartons 1–3"), "the receiver looks for packs");
    for total in ["of 4", "1,700", "1,500", " kg"] {
        assert!(!receiver.contains(total), "and not for totals: {total}");
    }
    assert_eq!(page.matches("<svg").count(), 2);
    road.program.add_person("donor", Role::Viewer).await;
    let donor = road.program.browser_of("donor").await;
    for page in [format!("{path}/waybill"), format!("{path}/trip"), path.clone()] {
        assert!(!donor.page(&page).await.contains("Driver One"), "{page}");
    }
    let erase = format!("{path}/erase-driver");
    assert_eq!(road.sender.post(&erase, &[]).await.status_code(), 303);
    assert!(!road.sender.page(&format!("{path}/trip")).await.contains("Driver One"));
}

#[tokio::test]
async fn a_stranger_learns_where_it_belongs_and_another_partner_nothing() {
    let road = Road::build().await;
    let path = road.sent().await;
    let id: ConsignmentId = path.rsplit('/').next().unwrap().parse().unwrap();
    let actor = road.program.actor("sender").await;
    let detail = road.program.stock.reader(&actor).consignment(id).await.unwrap();
    let code = detail.consignment.code;
    let other = partner(&road.program, "Hope").await;
    let partner = enter(&road.program, "hope", other, Role::Partner, Scope::Org(other)).await;
    for browser in [&road.program.stranger(), &partner] {
        let page = browser.page(&format!("/C/{code}")).await;
        assert!(page.contains("KBL store, Kabul"), "{page}");
        for word in ["Know the risks", "KBL-0001", "BAL", "1,700"] {
            assert!(!page.contains(word), "a stranger reads {word}");
        }
    }
    for hidden in ["", "/waybill", "/trip", "/receive", "/differences"] {
        let answer = partner.get(&format!("{path}{hidden}")).await;
        assert_eq!(answer.status_code(), 404, "{hidden}");
    }
    let list = partner.page("/consignments").await;
    assert!(!list.contains("KBL-0001") && !list.contains("BAL store"));
    let unknown = road.program.stranger().get("/c/000000001A5").await;
    assert_eq!(unknown.status_code(), 404);
}

#[tokio::test]
async fn what_is_under_way_for_too_long_is_asked_for() {
    let road = Road::build().await;
    let path = road.sent().await;
    assert!(!road.sender.page(&path).await.contains("this is late"));
    road.program.world.pass_minutes(15 * 24 * 60);
    let sender = road.program.browser_of("sender").await;
    assert!(sender.page("/").await.contains("This consignment is late: KBL-0001"));
    let page = sender.page(&path).await;
    assert!(
        page.contains("In transit for 15 days: this is late") && page.contains("Call the receiver")
    );
}
