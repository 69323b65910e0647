//! A small June of one partner: what stood in its store, one event, and who reports about it.

use crate::program::{PASSWORD, Program, name};
use domain::attendance::{Attendance, Group, Headcount};
use domain::event_sheet::{SheetRow, ToPublic};
use domain::events::PublicPlace;
use domain::ids::{EventId, EventTypeId, MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::cartons::Cartons;
use domain::records::events::{EventSheet, Goods, LeaveInPublic};
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber, StoreKind};
use domain::role::{Actor, PlaceCode, Role, Scope};
use domain::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use stock::Submission;
use stock::access::NewPerson;
use stock::events::EventPlan;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;

/// Books on 28 June 2017 with a manager (`manager`), somebody of the programme who enters reports
/// (`clerk`), and a member of each of two partners (`relief`, `aid`). Relief's store in Mazar
/// counted 5,000 leaflets and 300 stickers in May.
pub struct SmallMonth {
    pub program: Program,
    pub relief: OrgId,
    pub store: StoreId,
    pub leaflets: MaterialId,
    pub worker: Actor,
    event_type: EventTypeId,
}

impl SmallMonth {
    pub async fn new() -> Self {
        let program = Program::new().await;
        program.world.pass_minutes(27 * 24 * 60);
        let relief = add_partner(&program, "Fast Relief").await;
        let aid = add_partner(&program, "Slow Aid").await;
        let store = add_store(&program, relief, "Mazar depot", "AF2101").await;
        let admin = program.actor("admin").await;
        let writer = program.stock.writer(&admin);
        let event_type = EventTypeId::new(program.stock.world().new_id());
        let event_name = name("Community based intervention events");
        writer.create_event_type(event_type, event_name).await.unwrap();
        let leaflets = add_material(&program, MaterialKind::Leaflet, "M1").await;
        let stickers = add_material(&program, MaterialKind::Sticker, "M2").await;
        program.add_person("manager", Role::Manager).await;
        program.add_person("clerk", Role::Logistics).await;
        let worker = add_member(&program, "relief", relief).await;
        add_member(&program, "aid", aid).await;
        let month = Self { program, relief, store, leaflets, worker, event_type };
        let counted = |material, loose| FirstCountRow {
            material,
            cartons: None,
            loose: Some(Pieces::new(loose).unwrap()),
        };
        let rows = vec![counted(leaflets, 5_000), counted(stickers, 300)];
        let writer = month.program.stock.writer(&month.worker);
        writer.first_count(month.said("2017-05-20"), FirstCount { store, rows }).await.unwrap();
        month
    }

    /// One carton of 500 leaflets that came up later.
    pub async fn counts_a_carton(&self) {
        let (cartons, each) = (NonZeroU32::MIN, Pieces::new(500).unwrap());
        let cartons = Some(Cartons { cartons, each });
        let row = FirstCountRow { material: self.leaflets, cartons, loose: None };
        let body = FirstCount { store: self.store, rows: vec![row] };
        let writer = self.program.stock.writer(&self.worker);
        writer.first_count(self.said("2017-06-02"), body).await.unwrap();
    }

    pub fn said(&self, day: &str) -> Submission {
        let world = self.program.stock.world();
        let occurred = Occurred::On(Day::parse(day).unwrap());
        Submission::confirmed(Envelope::typed(world.new_id().into(), occurred, world.now()))
    }

    /// An event of that day in that place.
    pub async fn plan(&self, day: &str, place: &str) -> EventId {
        let plan = EventPlan {
            id: self.program.stock.world().new_id().into(),
            event_type: self.event_type,
            store: self.store,
            org: self.relief,
            place: PlaceCode::new(place),
            planned_on: Day::parse(day).unwrap(),
            expected_people: None,
            sessions: Vec::new(),
            kits: BTreeMap::new(),
            materials: BTreeMap::new(),
        };
        let id = plan.id;
        self.program.stock.writer(&self.worker).plan_event(plan).await.unwrap();
        id
    }

    /// An event at which leaflets were handed out, half of them to clinics, with who came.
    pub async fn hold(&self, day: &str, place: &str, leaflets: i64, came: (i64, i64)) -> EventId {
        let (women, men) = came;
        let count = Headcount { women: Some(women), men: Some(men), ..Headcount::default() };
        let groups = BTreeSet::from([Group::Community, Group::ReligiousLeaders]);
        self.sheet(day, place, leaflets, Some(Attendance { count, groups })).await
    }

    /// The same, and nobody recorded who came.
    pub async fn hold_uncounted(&self, day: &str, place: &str, leaflets: i64) -> EventId {
        self.sheet(day, place, leaflets, None).await
    }

    async fn sheet(
        &self,
        day: &str,
        place: &str,
        leaflets: i64,
        attendance: Option<Attendance>,
    ) -> EventId {
        let event = self.plan(day, place).await;
        let public = leaflets / 2;
        let rows = vec![SheetRow {
            material: self.leaflets,
            brought: leaflets,
            left: 0,
            spoiled: 0,
            participants: leaflets - public,
            multipliers: None,
            public: Some(ToPublic { pieces: public, places: Some(2), kind: PublicPlace::Clinic }),
        }];
        let sheet = EventSheet { event, session: None, rows, codes: Vec::new(), attendance };
        let writer = self.program.stock.writer(&self.worker);
        writer.event_sheet(self.said(day), sheet).await.unwrap();
        event
    }

    /// Leaflets left in a clinic, without an event.
    pub async fn leave(&self, day: &str, place: &str, leaflets: i64) {
        let pieces = Pieces::new(leaflets).unwrap();
        let body = LeaveInPublic {
            store: self.store,
            place: PlaceCode::new(place),
            kind: PublicPlace::Clinic,
            places: Some(1),
            goods: Goods { materials: vec![(self.leaflets, pieces)], ..Goods::default() },
        };
        let writer = self.program.stock.writer(&self.worker);
        writer.leave_in_public(self.said(day), body).await.unwrap();
    }

    /// What Relief reported for June.
    pub async fn report(&self, kind: &str, pieces: i64) {
        let figure = ReportedFigure {
            org: self.relief,
            month: Month(201_706),
            kind: MaterialKind::parse(kind).unwrap(),
            pieces,
            source: ReportSource::Spreadsheet,
        };
        let writer = self.program.stock.writer(&self.worker);
        writer.report_figure(self.said("2017-06-28"), figure).await.unwrap();
    }
}

async fn add_partner(program: &Program, text: &str) -> OrgId {
    let (id, admin) = (program.stock.world().new_id().into(), program.actor("admin").await);
    let input = OrgInput { kind: OrgKind::Partner, name: name(text), short_name: name(text) };
    program.stock.writer(&admin).create_org(id, input).await.unwrap();
    id
}

async fn add_store(program: &Program, org: OrgId, text: &str, place: &str) -> StoreId {
    let (id, admin) = (program.stock.world().new_id().into(), program.actor("admin").await);
    let input = StoreInput {
        kind: StoreKind::Partner,
        name: name(text),
        short_name: name(text),
        org,
        parent: None,
        place: PlaceCode::new(place),
        service_areas: Vec::new(),
    };
    program.stock.writer(&admin).create_store(id, input).await.unwrap();
    id
}

async fn add_member(program: &Program, login: &str, org: OrgId) -> Actor {
    let scope = Scope::Org(org);
    let role = Role::Partner;
    let person = NewPerson { login: login.to_owned(), name: name(login), org, role, scope };
    program.stock.add_person(person, PASSWORD).await.unwrap();
    program.actor(login).await
}

async fn add_material(program: &Program, kind: MaterialKind, number: &str) -> MaterialId {
    let (id, admin) = (program.stock.world().new_id().into(), program.actor("admin").await);
    let pieces = |count| Pieces::new(count).unwrap();
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
    program.stock.writer(&admin).create_material(id, input).await.unwrap();
    id
}
