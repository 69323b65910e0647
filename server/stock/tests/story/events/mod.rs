//! Events: from the plan to the sheet, who came, and what is left in public places.

mod people;
mod plan;
mod second;
mod sheet;
mod supply;
mod untold;

use crate::books::{Books, name};
use domain::account::Account;
use domain::event_sheet::SheetRow;
use domain::events::SessionKind;
use domain::ids::{BatchId, EventId, EventTypeId, MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::events::EventSheet;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber};
use domain::role::{Actor, PlaceCode, Role};
use domain::time::Day;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use stock::Submission;
use stock::events::{EventDetail, EventPlan, MaterialAtEvent};
use stock::opening::CountedBatch;
use stock::reference::materials::MaterialInput;
use stock::world::World;

/// A partner in Balkh with a store, and what stands in it: 3 cartons of 500 leaflets counted
/// first, 200 loose ones counted later, and no stickers at all.
pub struct Field {
    pub books: Arc<Books>,
    pub relief: OrgId,
    pub store: StoreId,
    pub worker: Actor,
    pub manager: Actor,
    pub clerk: Actor,
    pub kind: EventTypeId,
    pub leaflets: MaterialId,
    pub stickers: MaterialId,
    pub first: CountedBatch,
    pub second: CountedBatch,
}

impl Field {
    pub async fn new(books: Arc<Books>) -> Self {
        let relief = books.add_org(OrgKind::Partner, "Relief").await;
        let store = books.add_store(relief, "REL", "AF21").await;
        let kind: EventTypeId = books.id();
        books.admin().create_event_type(kind, name("Community event")).await.unwrap();
        let leaflets = material(&books, MaterialKind::Leaflet, "M1").await;
        let stickers = material(&books, MaterialKind::Sticker, "M2").await;
        let worker = books.member(Role::Partner, relief);
        let sealed = Cartons { cartons: NonZeroU32::new(3).unwrap(), each: pieces(500) };
        let count = |cartons, loose: Option<i64>| {
            let row = FirstCountRow { material: leaflets, cartons, loose: loose.map(pieces) };
            FirstCount { store, rows: vec![row] }
        };
        let counts = [(-20, count(Some(sealed), None)), (-19, count(None, Some(200)))];
        let mut batches = Vec::new();
        for (days, count) in counts {
            // The second time it would be asked whether that was meant.
            let said = Submission { confirmed: true, ..submission(&books, days) };
            let counted = books.writes(&worker).first_count(said, count).await.unwrap();
            batches.extend(counted.batches);
        }
        Self {
            relief,
            store,
            worker,
            manager: books.staff(Role::Manager),
            clerk: books.staff(Role::Logistics),
            kind,
            leaflets,
            stickers,
            first: batches[0],
            second: batches[1],
            books,
        }
    }

    pub fn today(&self) -> Day {
        self.books.world.now().day()
    }

    /// A record of a day, counted from today.
    pub fn said(&self, days: i32) -> Submission {
        self.books.world.wait_ms(1);
        submission(&self.books, days)
    }

    pub fn plan(&self, days: i32) -> EventPlan {
        EventPlan {
            id: self.books.id(),
            event_type: self.kind,
            store: self.store,
            org: self.relief,
            place: PlaceCode::new("AF2101"),
            planned_on: Day(self.today().0 + days),
            expected_people: Some(40),
            sessions: Vec::new(),
            kits: BTreeMap::new(),
            materials: BTreeMap::from([(self.leaflets, pieces(500))]),
        }
    }

    pub async fn planned(&self) -> EventId {
        let plan = self.plan(0);
        let id = plan.id;
        self.books.writes(&self.worker).plan_event(plan).await.unwrap();
        id
    }

    /// An event with a session for women and one for men.
    pub async fn planned_in_sessions(&self) -> EventId {
        let plan =
            EventPlan { sessions: vec![SessionKind::Women, SessionKind::Men], ..self.plan(0) };
        let id = plan.id;
        self.books.writes(&self.worker).plan_event(plan).await.unwrap();
        id
    }

    pub async fn detail(&self, event: EventId) -> EventDetail {
        self.books.reads(&self.worker).event_detail(event).await.unwrap().unwrap()
    }

    pub async fn leaflets_at(&self, event: EventId) -> MaterialAtEvent {
        let detail = self.detail(event).await;
        detail.materials.into_iter().find(|m| m.material == self.leaflets).unwrap()
    }

    /// What the books say of a batch in the store.
    pub async fn in_store(&self, batch: BatchId) -> i64 {
        self.pieces(batch, Account::store(self.store)).await
    }

    pub async fn pieces(&self, batch: BatchId, account: Account) -> i64 {
        let places = self.books.reads(&self.manager).whereabouts(batch).await.unwrap();
        places.iter().filter(|place| place.account == account).map(|place| place.pieces).sum()
    }

    /// The books add up, and say nothing is wrong.
    pub async fn adds_up(&self) {
        self.books.adds_up().await;
    }
}

/// All that was given went to participants.
pub fn row(material: MaterialId, brought: i64, left: i64, spoiled: i64) -> SheetRow {
    let participants = brought - left - spoiled;
    SheetRow { material, brought, left, spoiled, participants, multipliers: None, public: None }
}

pub fn sheet(event: EventId, rows: Vec<SheetRow>) -> EventSheet {
    EventSheet { event, session: None, rows, codes: Vec::new(), attendance: None }
}

pub fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

pub fn submission(books: &Books, days: i32) -> Submission {
    let now = books.world.now();
    let day = Day(now.day().0 + days);
    Submission::new(Envelope::typed(books.id(), Occurred::On(day), now))
}

async fn material(books: &Books, kind: MaterialKind, number: &str) -> MaterialId {
    let id = books.id();
    let input = MaterialInput {
        kind,
        title: name(&format!("Know the risks {number}")),
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
    books.admin().create_material(id, input).await.unwrap();
    id
}
