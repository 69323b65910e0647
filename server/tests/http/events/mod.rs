//! Events as a partner's browser sends them: planned, supplied, told on sheets, put right.

mod again;
mod by_code;
mod drops;
mod field;
mod held_list;
pub mod letters;
mod lost;
mod paper;
mod phones;
mod plan;
mod second;
mod sheet;
mod supply;

use crate::program::{Browser, PASSWORD, Program, between, location, name};
use domain::events::SessionKind;
use domain::ids::{EventId, EventTypeId, MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber, StoreKind};
use domain::role::{Actor, PlaceCode, Role, Scope};
use domain::time::Day;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use stock::Submission;
use stock::access::NewPerson;
use stock::events::{EventDetail, EventPlan};
use stock::opening::CountedBatch;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use uuid::Uuid;

/// Fast Relief in Balkh with a store, in which stand three cartons of 500 leaflets; a worker of
/// theirs, a manager of the programme, and somebody of another organisation.
pub struct Village {
    pub program: Program,
    pub worker: Browser,
    pub manager: Browser,
    pub other: Browser,
    pub actor: Actor,
    pub relief: OrgId,
    pub store: StoreId,
    pub kind: EventTypeId,
    pub leaflets: MaterialId,
    pub stickers: MaterialId,
    pub batch: CountedBatch,
}

impl Village {
    pub async fn build() -> Self {
        Self::of(Program::reached_at(Some("https://stock.example.org")).await).await
    }

    /// The same in new books.
    pub async fn of(program: Program) -> Self {
        program.set_up().await;
        let relief = org(&program, "Fast Relief").await;
        let others = org(&program, "Slow Aid").await;
        let store = store(&program, relief).await;
        let worker = enter(&program, "worker", relief, Role::Partner, Scope::Org(relief)).await;
        let other = enter(&program, "other", others, Role::Partner, Scope::Org(others)).await;
        let programme = program.programme().await;
        let manager = enter(&program, "manager", programme, Role::Manager, Scope::Everything).await;
        let kind = EventTypeId::new(Uuid::now_v7());
        let admin = program.actor("admin").await;
        let writer = program.stock.writer(&admin);
        writer.create_event_type(kind, name("Community event")).await.unwrap();
        let leaflets = material(&program, MaterialKind::Leaflet, "Know the risks", "M1").await;
        let stickers = material(&program, MaterialKind::Sticker, "Mark it", "M2").await;
        let actor = program.actor("worker").await;
        let batch = count_first(&program, &actor, store, leaflets).await;
        Self {
            program,
            worker,
            manager,
            other,
            actor,
            relief,
            store,
            kind,
            leaflets,
            stickers,
            batch,
        }
    }

    /// An event of today for 40 people, with 1,000 leaflets planned.
    pub async fn planned(&self) -> EventId {
        self.planned_with(Vec::new()).await
    }

    pub async fn planned_with(&self, sessions: Vec<SessionKind>) -> EventId {
        let id = EventId::new(Uuid::now_v7());
        let plan = EventPlan {
            id,
            event_type: self.kind,
            store: self.store,
            org: self.relief,
            place: PlaceCode::new("AF2101"),
            planned_on: today(),
            expected_people: Some(40),
            sessions,
            kits: BTreeMap::new(),
            materials: BTreeMap::from([(self.leaflets, pieces(1_000))]),
        };
        self.program.stock.writer(&self.actor).plan_event(plan).await.unwrap();
        id
    }

    pub async fn detail(&self, event: EventId) -> EventDetail {
        let reader = self.program.stock.reader(&self.actor);
        reader.event_detail(event).await.unwrap().unwrap()
    }

    /// Codes of the cartons in the store, as they stand on their labels.
    pub async fn cartons(&self) -> Vec<String> {
        let reader = self.program.stock.reader(&self.actor);
        let packs = reader.packs_of(self.batch.batch).await.unwrap();
        packs.iter().map(|pack| pack.code.grouped()).collect()
    }

    /// The fields of a sheet as it is open in a browser, with what was filled in about leaflets.
    pub async fn sheet(&self, event: EventId, filled: &[(&str, &str)]) -> Fields {
        let page = self.worker.page(&format!("/events/{event}/sheet")).await;
        let mut fields = Fields::of(&page);
        fields.set("row", &self.leaflets.to_string());
        for (name, value) in filled {
            // A name without an id is about leaflets, unless it is a field of the whole sheet.
            let known = page.contains(&format!("name=\"{name}\""));
            let name = if known { (*name).to_owned() } else { self.of_leaflets(name) };
            fields.set(&name, value);
        }
        fields
    }

    /// `brought_cartons` as the form names it.
    pub fn of_leaflets(&self, name: &str) -> String {
        match name.split_once('_') {
            Some((field @ ("brought" | "left" | "spoiled"), part)) => {
                format!("{field}_{}_{part}", self.leaflets)
            }
            _ => format!("{name}_{}", self.leaflets),
        }
    }

    /// Posts a sheet of 1,000 brought and so many left, all given to participants.
    pub async fn told(&self, event: EventId, left: i64) -> String {
        let (left, given) = (left.to_string(), (1_000 - left).to_string());
        self.program.world.pass_minutes(1);
        let filled = [
            ("brought_cartons", "2"),
            ("left_pieces", left.as_str()),
            ("participants", given.as_str()),
            ("women", "20"),
            ("men", "۲۰"),
        ];
        let fields = self.sheet(event, &filled).await;
        location(&fields.post(&self.worker, &format!("/events/{event}/sheet")).await)
    }

    /// The books add up, and say nothing is wrong.
    pub async fn adds_up(&self) {
        let report = self.program.stock.verify(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{report:?}");
    }
}

/// The fields of a form that is open in a browser.
#[derive(Clone)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Its record, where it posts one, and the day of these stories.
    pub fn of(page: &str) -> Self {
        let mut fields = Self(vec![("date".to_owned(), today().to_string())]);
        if page.contains("name=\"record\"") {
            fields.set("record", &record(page));
        }
        fields
    }

    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// The record that the form posts.
    pub fn record(&self) -> &str {
        let record = self.0.iter().find(|(name, _)| name == "record");
        record.map(|(_, id)| id.as_str()).unwrap()
    }

    pub async fn post(&self, browser: &Browser, path: &str) -> axum_test::TestResponse {
        browser.server.post(path).form(&self.0).await
    }

    /// Sends the form and follows to the page that the answer leads to.
    pub async fn send(&self, browser: &Browser, path: &str) -> String {
        browser.page(&location(&self.post(browser, path).await)).await
    }
}

/// The id of the record that the first form of a page will post.
pub fn record(page: &str) -> String {
    let input = page.split("<input").find(|input| input.contains("name=\"record\"")).unwrap();
    between(input, "value=\"", "\"").to_owned()
}

/// What stands in an input.
pub fn value(page: &str, field: &str) -> String {
    let name = format!("name=\"{field}\"");
    let input = page.split("<input").find(|input| input.contains(&name)).unwrap();
    let input = input.split('>').next().unwrap();
    if input.contains("value=\"") {
        between(input, "value=\"", "\"").to_owned()
    } else {
        String::new()
    }
}

pub fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

/// The day on which these stories take place.
pub fn today() -> Day {
    Day::parse("2017-06-01").unwrap()
}

async fn org(program: &Program, text: &str) -> OrgId {
    let (id, admin) = (OrgId::new(Uuid::now_v7()), program.actor("admin").await);
    let input = OrgInput { kind: OrgKind::Partner, name: name(text), short_name: name(text) };
    program.stock.writer(&admin).create_org(id, input).await.unwrap();
    id
}

async fn store(program: &Program, org: OrgId) -> StoreId {
    add_store(program, org, "REL").await
}

async fn add_store(program: &Program, org: OrgId, short_name: &str) -> StoreId {
    let (id, admin) = (StoreId::new(Uuid::now_v7()), program.actor("admin").await);
    let input = StoreInput {
        kind: StoreKind::Partner,
        name: name(&format!("Relief store {short_name}")),
        short_name: name(short_name),
        org,
        parent: None,
        place: PlaceCode::new("AF2101"),
        service_areas: Vec::new(),
    };
    program.stock.writer(&admin).create_store(id, input).await.unwrap();
    id
}

async fn enter(program: &Program, login: &str, org: OrgId, role: Role, scope: Scope) -> Browser {
    let person = NewPerson { login: login.to_owned(), name: name(login), org, role, scope };
    program.stock.add_person(person, PASSWORD).await.unwrap();
    program.browser_of(login).await
}

async fn material(program: &Program, kind: MaterialKind, title: &str, number: &str) -> MaterialId {
    let (id, admin) = (MaterialId::new(Uuid::now_v7()), program.actor("admin").await);
    let input = MaterialInput {
        kind,
        title: name(title),
        language: PrintLanguage::Dari,
        edition: name("2017-1"),
        outside_name: name(&format!("Printed paper {number}")),
        short_number: ShortNumber::parse(number).unwrap(),
        packing: Packing::new(pieces(50), pieces(10)).unwrap(),
        carton_weight_g: None,
        carton_volume_cm3: None,
        contact_numbers: Vec::new(),
        superseded_by: None,
    };
    program.stock.writer(&admin).create_material(id, input).await.unwrap();
    id
}

async fn count_first(
    program: &Program,
    actor: &Actor,
    store: StoreId,
    material: MaterialId,
) -> CountedBatch {
    let cartons = Some(Cartons { cartons: NonZeroU32::new(3).unwrap(), each: pieces(500) });
    let row = FirstCountRow { material, cartons, loose: None };
    let count = FirstCount { store, rows: vec![row] };
    let on = Occurred::On(Day::parse("2017-05-20").unwrap());
    let now = program.stock.world().now();
    let submission = Submission::new(Envelope::typed(Uuid::now_v7().into(), on, now));
    program.stock.writer(actor).first_count(submission, count).await.unwrap().batches[0]
}
