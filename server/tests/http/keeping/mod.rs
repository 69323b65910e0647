//! What a keeper and a manager do to stock between the big papers, as browsers send it.

mod changes;
mod counts;
mod recalls;
mod records;
mod unexplained;

use crate::program::{Browser, PASSWORD, Program, name};
use domain::ids::{BatchId, MaterialId, OrgId, RecordId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, ShortNumber, StoreKind};
use domain::role::{Actor, PlaceCode, Role, Scope};
use domain::time::Day;
use stock::Submission;
use stock::access::NewPerson;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use uuid::Uuid;

/// A store in Kabul with 2,300 leaflets, a partner's store in Balkh with 400, and their people.
pub struct Depot {
    pub program: Program,
    pub keeper: Browser,
    pub second: Browser,
    pub manager: Browser,
    pub partner: Browser,
    pub kabul: StoreId,
    pub balkh: StoreId,
    pub leaflets: MaterialId,
    /// In Kabul.
    pub batch: BatchId,
    pub first_count: RecordId,
    /// In Balkh.
    pub relief_batch: BatchId,
    pub relief_count: RecordId,
}

pub fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

impl Depot {
    pub async fn build() -> Self {
        let program = Program::new().await;
        let org = program.programme().await;
        let relief = partner(&program, "Relief").await;
        let kabul = store(&program, org, "KBL", "AF01").await;
        let balkh = store(&program, relief, "REL", "AF21").await;
        let leaflets = leaflets(&program).await;
        let keeper = enter(&program, "keeper", org, Role::Logistics).await;
        let second = enter(&program, "second", org, Role::Logistics).await;
        let manager = enter(&program, "manager", org, Role::Manager).await;
        let member = enter(&program, "partner", relief, Role::Partner).await;
        let counter = program.actor("keeper").await;
        let (first_count, batch) = count(&program, &counter, kabul, leaflets, 2_300).await;
        let theirs = program.actor("partner").await;
        let (relief_count, relief_batch) = count(&program, &theirs, balkh, leaflets, 400).await;
        Self {
            program,
            keeper,
            second,
            manager,
            partner: member,
            kabul,
            balkh,
            leaflets,
            batch,
            first_count,
            relief_batch,
            relief_count,
        }
    }

    /// An organisation that has nothing to do with the others.
    pub async fn outsider(&self) -> Browser {
        let org = partner(&self.program, "Other Aid").await;
        enter(&self.program, "outsider", org, Role::Partner).await
    }

    /// Somebody says that something happened to so many pieces in Kabul.
    pub async fn change(&self, login: &str, change: Change, count: i64) -> RecordId {
        let lines = vec![BatchPieces { batch: self.batch, pieces: pieces(count) }];
        let reason = domain::ledger::Reason::Wet;
        let body = StockChange { store: self.kabul, change, reason, lines };
        let (actor, said) = (self.program.actor(login).await, self.said());
        let id = said.envelope.id;
        self.program.stock.writer(&actor).change_stock(said, body).await.unwrap();
        id
    }

    /// A record of today, a minute later than the last one.
    pub fn said(&self) -> Submission {
        self.program.world.pass_minutes(1);
        let now = self.program.stock.world().now();
        let id = RecordId::new(self.program.stock.world().new_id());
        Submission::confirmed(Envelope::typed(id, Occurred::On(now.day()), now))
    }

    /// What the books hold of the Kabul batch in the store.
    pub async fn in_kabul(&self) -> i64 {
        let actor = self.program.actor("keeper").await;
        let batches = self.program.stock.reader(&actor).batches_in(self.kabul, None).await.unwrap();
        batches.iter().map(|batch| batch.pieces).sum()
    }

    /// The books add up, and say nothing is wrong.
    pub async fn adds_up(&self) {
        let report = self.program.stock.verify(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{report:?}");
    }
}

pub async fn partner(program: &Program, text: &str) -> OrgId {
    let (id, admin) = (OrgId::new(Uuid::now_v7()), program.actor("admin").await);
    let input = OrgInput { kind: OrgKind::Partner, name: name(text), short_name: name(text) };
    program.stock.writer(&admin).create_org(id, input).await.unwrap();
    id
}

pub async fn store(program: &Program, org: OrgId, text: &str, place: &str) -> StoreId {
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

async fn leaflets(program: &Program) -> MaterialId {
    let (id, admin) = (MaterialId::new(Uuid::now_v7()), program.actor("admin").await);
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
    program.stock.writer(&admin).create_material(id, input).await.unwrap();
    id
}

/// Somebody called "Name of LOGIN"; a partner sees only its organisation.
async fn enter(program: &Program, login: &str, org: OrgId, role: Role) -> Browser {
    let scope = if role == Role::Partner { Scope::Org(org) } else { Scope::Everything };
    let own = name(&format!("Name of {login}"));
    let person = NewPerson { login: login.to_owned(), name: own, org, role, scope };
    program.stock.add_person(person, PASSWORD).await.unwrap();
    program.browser_of(login).await
}

/// Loose pieces that stood there on 20 May.
async fn count(
    program: &Program,
    actor: &Actor,
    store: StoreId,
    material: MaterialId,
    loose: i64,
) -> (RecordId, BatchId) {
    let row = FirstCountRow { material, cartons: None, loose: Some(pieces(loose)) };
    let on = Occurred::On(Day::parse("2017-05-20").unwrap());
    let said = Envelope::typed(Uuid::now_v7().into(), on, program.stock.world().now());
    let body = FirstCount { store, rows: vec![row] };
    let counted = program.stock.writer(actor).first_count(Submission::new(said), body).await;
    let counted = counted.unwrap();
    (counted.record, counted.batches[0].batch)
}

/// The id of the record that the form for `action` will post.
pub fn record_of(page: &str, action: &str) -> String {
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).unwrap_or_else(|| {
        panic!("no form for {action} on {page}");
    });
    let input = form.split("<input").find(|input| input.contains("name=\"record\"")).unwrap();
    crate::program::between(input, "value=\"", "\"").to_owned()
}
