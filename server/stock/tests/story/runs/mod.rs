//! From the order to cartons on the shelf: print runs, deliveries, first counts, packs.

mod labels;
mod opening;
mod packs;
mod receipts;

use crate::books::{Books, name};
use domain::ids::{MaterialId, OrgId, RecordId, RunId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::receipt::{DamagedPieces, HowCounted, Receipt, ReceiptLabels};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber};
use domain::role::{Actor, Role};
use domain::run::{Order, Tolerance};
use domain::time::Day;
use std::num::NonZeroU32;
use std::sync::Arc;
use stock::Submission;
use stock::reference::materials::MaterialInput;
use stock::world::World;

/// A programme with a printer, a leaflet and a warehouse in Kabul.
pub struct Press {
    pub books: Arc<Books>,
    pub clerk: Actor,
    pub second: Actor,
    pub printer: OrgId,
    pub leaflet: MaterialId,
    pub kabul: StoreId,
}

impl Press {
    pub async fn new(books: Arc<Books>) -> Self {
        let printer = books.add_org(OrgKind::Printer, "Kabul Press").await;
        let kabul = books.add_store(books.programme, "KBL", "AF01").await;
        let leaflet = books.id();
        let input = MaterialInput {
            kind: MaterialKind::Leaflet,
            title: name("Know the risks"),
            language: PrintLanguage::Dari,
            edition: name("2017-1"),
            outside_name: name("Printed paper M1"),
            short_number: ShortNumber::parse("M1").unwrap(),
            packing: Packing::new(pieces(50), pieces(10)).unwrap(),
            carton_weight_g: None,
            carton_volume_cm3: None,
            contact_numbers: Vec::new(),
            superseded_by: None,
        };
        books.admin().create_material(leaflet, input).await.unwrap();
        let (clerk, second) = (books.staff(Role::Logistics), books.staff(Role::Logistics));
        Self { clerk, second, printer, leaflet, kabul, books }
    }

    pub fn today(&self) -> Day {
        self.books.world.now().day()
    }

    /// An order for 10,000 leaflets, 5 % more or less, due in ten days.
    pub fn order(&self) -> Order {
        Order {
            printer: self.printer,
            material: self.leaflet,
            ordered: pieces(10_000),
            tolerance: Tolerance::permille(50).unwrap(),
            cost: None,
            purchase_order: "PO-17".to_owned(),
            donor: None,
            ordered_on: Day(self.today().0 - 20),
            due_on: Day(self.today().0 + 10),
        }
    }

    pub async fn ordered(&self) -> RunId {
        let run = self.books.id();
        self.books.writes(&self.clerk).create_run(run, self.order()).await.unwrap();
        run
    }

    pub fn submission(&self, day: Day) -> Submission {
        let id: RecordId = self.books.id();
        Submission::new(Envelope::typed(id, Occurred::On(day), self.books.world.now()))
    }

    /// A record of today.
    pub fn now(&self) -> Submission {
        self.submission(self.today())
    }

    /// Cartons as marked, with new labels.
    pub fn delivery(&self, run: RunId, sealed: Vec<Cartons>) -> Receipt {
        Receipt {
            run,
            store: self.kabul,
            sealed,
            open: Vec::new(),
            damaged: Vec::<DamagedPieces>::new(),
            claimed: None,
            how: HowCounted::SealedAsMarked,
            labels: ReceiptLabels::New { bundles_of: None },
        }
    }

    /// The books add up, and say nothing is wrong.
    pub async fn adds_up(&self) {
        self.books.adds_up().await;
    }
}

pub fn confirmed(submission: Submission) -> Submission {
    Submission { confirmed: true, ..submission }
}

pub fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

pub fn cartons(cartons: u32, each: i64) -> Cartons {
    Cartons { cartons: NonZeroU32::new(cartons).unwrap(), each: pieces(each) }
}
