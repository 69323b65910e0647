//! Books in which every kind of row stands: from the print run to a recall.

use super::Raw;
use crate::books::{Books, name};
use crate::consignments::road::{Road, pieces, png};
use domain::attendance::{Attendance, Headcount};
use domain::event_sheet::SheetRow;
use domain::events::{PublicPlace, SessionKind};
use domain::ids::{BatchId, EventId, RecordId, RunId};
use domain::ledger::Reason;
use domain::material::MaterialKind;
use domain::picture::Picture;
use domain::records::cartons::Cartons;
use domain::records::consignment::{DifferenceReason, DifferenceReasons, DifferenceSide};
use domain::records::events::{EventSheet, Goods, LeaveInPublic};
use domain::records::keeping::{
    ApproveCount, BatchPieces, Change, Count, Counted, Reverse, StockChange,
};
use domain::records::recall::{CallBack, RecallMode, RecallStep, Step, ToldHow};
use domain::records::receipt::{HowCounted, Receipt, ReceiptLabels, UnusedLabels};
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::records::run::IssueLabels;
use domain::reference::OrgKind;
use domain::role::{PlaceCode, Role};
use domain::run::{Order, Tolerance};
use domain::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use stock::Submission;
use stock::events::EventPlan;
use stock::reference::kits::KitInput;

/// The road, and everything else that can be recorded, once.
pub struct FullBooks {
    pub road: Road,
    pub raw: Raw,
    pub event: EventId,
}

impl FullBooks {
    pub async fn build(books: Arc<Books>) -> Self {
        let raw = Raw::open(&books).await;
        let mut full = Self { event: books.id(), road: Road::build(books).await, raw };
        full.travels().await;
        full.is_printed().await;
        full.is_given_out().await;
        full.is_kept().await;
        full.is_recalled_and_reported().await;
        full.road.books.is_right().await;
        full
    }

    fn now(&self) -> Submission {
        self.road.books.world.wait_ms(1);
        Submission { confirmed: true, ..self.road.now() }
    }

    /// A delivery that is short, its reason, its signed paper; and one to the partner.
    async fn travels(&self) {
        let road = &self.road;
        let id = road.sent(road.balkh, 1_000).await;
        road.delivers(&road.receiver, id, road.count(1, 900, 20)).await.unwrap();
        let batch = road.batch;
        let (side, reason) = (DifferenceSide::Missing, Reason::Checkpoint);
        let reasons = vec![DifferenceReason { batch, side, reason }];
        let reasons = DifferenceReasons { consignment: id, reasons };
        road.books.writes(&road.receiver).give_reasons(self.now(), reasons).await.unwrap();
        let sender = road.books.writes(&road.sender);
        let scan = Picture::parse(&png()).unwrap();
        let state = domain::consignment::PaperState::BackSigned;
        sender.set_paper(self.now(), id, state, Some(scan)).await.unwrap();
        let id = road.sent(road.partner_store, 500).await;
        let partner = road.books.member(Role::Partner, road.partner);
        road.delivers(&partner, id, road.count(1, 500, 0)).await.unwrap();
    }

    /// A run with issued labels, a delivery far over its tolerance, and the end of the run.
    async fn is_printed(&self) {
        let (road, books) = (&self.road, &self.road.books);
        let printer = books.add_org(OrgKind::Printer, "Kabul Press").await;
        let (run, clerk): (RunId, _) = (books.id(), books.writes(&road.sender));
        let order = Order {
            printer,
            material: road.leaflets,
            ordered: pieces(1_000),
            tolerance: Tolerance::permille(50).unwrap(),
            cost: None,
            purchase_order: "PO-17".to_owned(),
            donor: None,
            ordered_on: Day::parse("2017-05-01").unwrap(),
            due_on: Day::parse("2017-06-10").unwrap(),
        };
        clerk.create_run(run, order).await.unwrap();
        let cartons = vec![Cartons { cartons: 2.try_into().unwrap(), each: pieces(1_000) }];
        let labels = IssueLabels { run, cartons: cartons.clone(), bundles_of: None };
        clerk.issue_labels(self.now(), labels).await.unwrap();
        let receipt = Receipt {
            run,
            store: road.kabul,
            sealed: cartons,
            open: Vec::new(),
            damaged: Vec::new(),
            claimed: None,
            how: HowCounted::SealedAsMarked,
            labels: ReceiptLabels::Issued { scanned: Vec::new(), rest: UnusedLabels::Keep },
        };
        clerk.receive(self.now(), receipt).await.unwrap();
        clerk.close_run(self.now(), run).await.unwrap();
    }

    /// An event of two sessions with its sheet and who came, and a drop.
    async fn is_given_out(&mut self) {
        let (road, books) = (&self.road, &self.road.books);
        let (kind, kit) = (books.id(), books.id());
        books.admin().create_event_type(kind, name("Community event")).await.unwrap();
        let lines = BTreeMap::from([(road.leaflets, pieces(100))]);
        let basic = KitInput { name: name("Basic"), lines };
        books.admin().create_kit(kit, basic).await.unwrap();
        let worker = books.member(Role::Partner, road.partner);
        let worker = books.writes(&worker);
        let plan = EventPlan {
            id: self.event,
            event_type: kind,
            store: road.partner_store,
            org: road.partner,
            place: PlaceCode::new("AF2101"),
            planned_on: Day::parse("2017-06-01").unwrap(),
            expected_people: Some(40),
            sessions: vec![SessionKind::Women, SessionKind::Men],
            kits: BTreeMap::new(),
            materials: BTreeMap::from([(road.leaflets, pieces(200))]),
        };
        worker.plan_event(plan).await.unwrap();
        let row = SheetRow {
            material: road.leaflets,
            brought: 200,
            left: 50,
            spoiled: 10,
            participants: 140,
            multipliers: None,
            public: None,
        };
        let count = Headcount { women: Some(40), ..Headcount::default() };
        let sheet = EventSheet {
            event: self.event,
            session: None,
            rows: vec![row],
            codes: Vec::new(),
            attendance: Some(Attendance { count, groups: BTreeSet::new() }),
        };
        worker.event_sheet(self.now(), sheet).await.unwrap();
        let materials = vec![(road.leaflets, pieces(30))];
        let drop_off = LeaveInPublic {
            store: road.partner_store,
            place: PlaceCode::new("AF2101"),
            kind: PublicPlace::Clinic,
            places: Some(1),
            goods: Goods { materials, ..Goods::default() },
        };
        worker.leave_in_public(self.now(), drop_off).await.unwrap();
    }

    /// Damage with a note, taken back again; a count that another person approved.
    async fn is_kept(&self) {
        let (road, books) = (&self.road, &self.road.books);
        let keeper = books.writes(&road.receiver);
        let damage = StockChange {
            store: road.balkh,
            change: Change::Damaged,
            reason: Reason::Wet,
            lines: vec![BatchPieces { batch: road.batch, pieces: pieces(7) }],
        };
        let mut said = self.now();
        said.envelope.note = Some("the roof leaks".to_owned());
        let changed = keeper.change_stock(said, damage).await.unwrap();
        let undo = Reverse { movements: changed.movements, reason: Reason::TypedWrong };
        keeper.reverse(self.now(), undo).await.unwrap();
        let count: RecordId = self.counted(road.batch, 890).await;
        let approve = ApproveCount { count, reason: Reason::CountedWrong };
        books.writes(&road.manager).approve_count(self.now(), approve).await.unwrap();
        let opening = self.opening().await;
        books.writes(&road.manager).confirm(self.now(), opening).await.unwrap();
    }

    pub async fn counted(&self, batch: BatchId, pieces: i64) -> RecordId {
        let road = &self.road;
        let count = Count { store: road.balkh, lines: vec![Counted { batch, pieces }] };
        road.books.writes(&road.receiver).count_stock(self.now(), count).await.unwrap()
    }

    pub async fn opening(&self) -> RecordId {
        let road = &self.road;
        road.books.reads(&road.sender).first_counts().await.unwrap()[0].record
    }

    async fn is_recalled_and_reported(&self) {
        let (road, books) = (&self.road, &self.road.books);
        let manager = books.writes(&road.manager);
        let back = CallBack { material: road.leaflets, mode: RecallMode::StopNow };
        let recall = manager.recall(self.now(), back).await.unwrap();
        let told = Step::Told { how: ToldHow::Phone };
        let step = RecallStep { recall, store: road.balkh, step: told };
        manager.recall_step(self.now(), step).await.unwrap();
        self.reports(MaterialKind::Leaflet).await;
    }

    /// One more record, which moves nothing.
    pub async fn reports(&self, kind: MaterialKind) {
        let figure = ReportedFigure {
            org: self.road.partner,
            month: Month(201_706),
            kind,
            pieces: 170,
            source: ReportSource::Paper,
        };
        let books = &self.road.books;
        let manager = books.staff(Role::Manager);
        books.writes(&manager).report_figure(self.now(), figure).await.unwrap();
    }
}
