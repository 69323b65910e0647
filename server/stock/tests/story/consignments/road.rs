//! Two stores and the people between whom everything here travels.

use crate::books::{Books, name};
use domain::code::Code;
use domain::consignment::{CountedLine, Rest};
use domain::ids::{BatchId, ConsignmentId, MaterialId, OrgId, PackId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::consignment::Delivery;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber};
use domain::role::{Actor, Role};
use domain::time::Day;
use std::sync::Arc;
use stock::Submission;
use stock::consignments::{
    Carrier, DeliverError, Delivered, LineWish, NewConsignment, TripDetails,
};
use stock::reference::materials::MaterialInput;

pub struct Road {
    pub books: Arc<Books>,
    pub kabul: StoreId,
    pub balkh: StoreId,
    pub partner: OrgId,
    pub partner_store: StoreId,
    /// Sends from Kabul and sees everything.
    pub sender: Actor,
    /// Keeps the store in Balkh and sees that province only.
    pub receiver: Actor,
    pub manager: Actor,
    pub leaflets: MaterialId,
    /// In Kabul: four cartons of 500 and 300 loose ones.
    pub batch: BatchId,
    pub batch_code: Code,
    pub cartons: Vec<(PackId, Code)>,
}

impl Road {
    pub async fn build(books: Arc<Books>) -> Self {
        let kabul = books.add_store(books.programme, "KBL", "AF01").await;
        let balkh = books.add_store(books.programme, "BAL", "AF21").await;
        let partner = books.add_org(OrgKind::Partner, "Relief").await;
        let partner_store = books.add_store(partner, "REL", "AF21").await;
        let leaflets = material(&books, "Know the risks", "M1").await;
        let sender = books.staff(Role::Logistics);
        let mut road = Self {
            kabul,
            balkh,
            partner,
            partner_store,
            receiver: books.staff_in(Role::Logistics, "AF21"),
            manager: books.staff(Role::Manager),
            leaflets,
            batch: books.id(),
            batch_code: Code::from_random(42).unwrap(),
            cartons: Vec::new(),
            sender,
            books,
        };
        let (batch, code) = road.opening(leaflets, 4, Some(300)).await;
        road.batch = batch;
        road.batch_code = code;
        let packs = road.books.reads(&road.sender).packs_of(batch).await.unwrap();
        road.cartons = packs.iter().map(|pack| (pack.id, pack.code)).collect();
        road
    }

    /// What stood in Kabul on 20 May 2017: cartons of 500, and loose pieces.
    pub async fn opening(
        &self,
        material: MaterialId,
        cartons: u32,
        loose: Option<i64>,
    ) -> (BatchId, Code) {
        let cartons = std::num::NonZeroU32::new(cartons);
        let row = FirstCountRow {
            material,
            cartons: cartons.map(|cartons| Cartons { cartons, each: pieces(500) }),
            loose: loose.map(pieces),
        };
        let body = FirstCount { store: self.kabul, rows: vec![row] };
        let counted = self.books.writes(&self.sender);
        let counted = counted.first_count(self.on("2017-05-20"), body).await.unwrap();
        (counted.batches[0].batch, counted.batches[0].code)
    }

    /// Three more cartons that came on 25 May.
    pub async fn opening_again(&self, material: MaterialId) -> (BatchId, Code) {
        let each = pieces(500);
        let cartons = std::num::NonZeroU32::new(3).map(|cartons| Cartons { cartons, each });
        let rows = vec![FirstCountRow { material, cartons, loose: None }];
        let body = FirstCount { store: self.kabul, rows };
        let submission = Submission { confirmed: true, ..self.on("2017-05-25") };
        let writer = self.books.writes(&self.sender);
        let counted = writer.first_count(submission, body).await.unwrap();
        (counted.batches[0].batch, counted.batches[0].code)
    }

    /// A record of today.
    pub fn now(&self) -> Submission {
        self.on("2017-06-01")
    }

    pub fn on(&self, day: &str) -> Submission {
        let now = self.books.stock.world().now();
        let day = Day::parse(day).unwrap();
        Submission::new(Envelope::typed(self.books.id(), Occurred::On(day), now))
    }

    /// An empty draft from Kabul. Nobody makes two in one millisecond: their ids tell which came
    /// first.
    pub async fn draft(&self, to: StoreId) -> ConsignmentId {
        self.books.world.wait_ms(1);
        let id = self.books.id();
        let trip = TripDetails::new("Driver", "KBL 4711", None).unwrap();
        let new = NewConsignment { id, from: self.kabul, to, carrier: Carrier::Own(trip) };
        self.books.writes(&self.sender).draft_consignment(new).await.unwrap();
        id
    }

    /// Leaflets under way since 30 May.
    pub async fn sent(&self, to: StoreId, count: i64) -> ConsignmentId {
        let id = self.draft(to).await;
        let wish = LineWish::Material(self.leaflets, pieces(count));
        let writer = self.books.writes(&self.sender);
        writer.add_lines(id, wish).await.unwrap();
        writer.dispatch(self.on("2017-05-30"), id).await.unwrap();
        id
    }

    pub fn count(&self, full_cartons: i64, good: i64, damaged: i64) -> CountedLine {
        CountedLine {
            batch: self.batch,
            full_cartons,
            packs: Vec::new(),
            good,
            damaged,
            damage: (damaged > 0).then_some(Reason::Wet),
        }
    }

    /// All that was counted, and nothing more is coming.
    pub async fn delivers(
        &self,
        actor: &Actor,
        id: ConsignmentId,
        line: CountedLine,
    ) -> Result<Delivered, DeliverError> {
        let delivery = delivery(id, line, Rest::NothingMore, &[]);
        self.books.writes(actor).deliver(self.now(), delivery).await
    }

    pub async fn verify(&self) {
        self.books.adds_up().await;
    }
}

pub fn delivery(
    consignment: ConsignmentId,
    line: CountedLine,
    rest: Rest,
    besides: &[RecordId],
) -> Delivery {
    Delivery { consignment, lines: vec![line], rest, besides: besides.to_vec() }
}

pub fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

/// 50 a bundle, 10 bundles a carton of 8.2 kg.
pub async fn material(books: &Books, title: &str, number: &str) -> MaterialId {
    let id = books.id();
    let input = MaterialInput {
        kind: MaterialKind::Leaflet,
        title: name(title),
        language: PrintLanguage::Dari,
        edition: name("2017-1"),
        outside_name: name(&format!("Printed paper {number}")),
        short_number: ShortNumber::parse(number).unwrap(),
        packing: Packing::new(pieces(50), pieces(10)).unwrap(),
        carton_weight_g: Some(pieces(8_200)),
        carton_volume_cm3: Some(pieces(30_000)),
        contact_numbers: Vec::new(),
        superseded_by: None,
    };
    books.admin().create_material(id, input).await.unwrap();
    id
}

/// The smallest picture.
pub fn png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (chunk, body) in [(b"IHDR", &b"0123456789abc"[..]), (b"IEND", b"")] {
        png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        png.extend(chunk);
        png.extend(body);
        png.extend([0; 4]);
    }
    png
}
