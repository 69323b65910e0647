//! Orders, deliveries, first counts, labels and codes, as browsers send them.

mod codes;
mod labels;
mod opening;
mod orders;
mod receipts;

use crate::program::{Browser, Program, between, name};
use domain::code::Code;
use domain::ids::{MaterialId, OrgId, RecordId, RunId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::pieces::Pieces;
use domain::reference::{OrgKind, ShortNumber, StoreKind};
use domain::role::{Actor, PlaceCode, Role};
use domain::run::{Order, Tolerance};
use domain::time::Day;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use stock::world::World;

/// A programme with a printer, a leaflet, a warehouse and two people of logistics.
pub struct Press {
    pub program: Program,
    pub clerk: Browser,
    pub second: Browser,
    pub actor: Actor,
    pub printer: OrgId,
    pub leaflet: MaterialId,
    pub kabul: StoreId,
}

impl Press {
    pub async fn new() -> Self {
        Self::of(Program::new().await).await
    }

    pub async fn of(program: Program) -> Self {
        let actor = program.add_person("clerk", Role::Logistics).await;
        program.add_person("second", Role::Logistics).await;
        let world = program.stock.world();
        let (printer, leaflet, kabul) =
            (world.new_id().into(), world.new_id().into(), world.new_id().into());
        let admin = program.actor("admin").await;
        let writer = program.stock.writer(&admin);
        let org = OrgInput {
            kind: OrgKind::Printer,
            name: name("Kabul Press"),
            short_name: name("Press"),
        };
        writer.create_org(printer, org).await.unwrap();
        let store = StoreInput {
            kind: StoreKind::Central,
            name: name("Central store"),
            short_name: name("KBL"),
            org: program.programme().await,
            parent: None,
            place: PlaceCode::new("AF01"),
            service_areas: Vec::new(),
        };
        writer.create_store(kabul, store).await.unwrap();
        writer.create_material(leaflet, material()).await.unwrap();
        let (clerk, second) =
            (program.browser_of("clerk").await, program.browser_of("second").await);
        Self { clerk, second, actor, printer, leaflet, kabul, program }
    }

    /// An order of 10,000 leaflets, 5 % more or less.
    pub async fn ordered(&self) -> RunId {
        let run = self.program.stock.world().new_id().into();
        let today = self.program.world.now().day();
        let order = Order {
            printer: self.printer,
            material: self.leaflet,
            ordered: Pieces::new(10_000).unwrap(),
            tolerance: Tolerance::permille(50).unwrap(),
            cost: None,
            purchase_order: String::new(),
            donor: None,
            ordered_on: Day(today.0 - 10),
            due_on: Day(today.0 + 10),
        };
        self.program.stock.writer(&self.actor).create_run(run, order).await.unwrap();
        run
    }

    pub async fn received(&self, run: RunId) -> i64 {
        let run = self.program.stock.reader(&self.actor).run(run).await.unwrap().unwrap();
        run.row.progress.received
    }

    /// The fields of a delivery of so many full cartons at the only store.
    pub fn delivery<'f>(
        &self,
        form: &'f Form,
        cartons: &'f str,
        others: &[(&'f str, &'f str)],
    ) -> Vec<(&'f str, &'f str)> {
        let mut fields = vec![
            ("record", form.record.as_str()),
            ("store", form.store.as_str()),
            ("date", "2017-06-01"),
            ("cartons", cartons),
            ("each", "500"),
            ("how", "sealed_as_marked"),
            ("labels", "new"),
        ];
        for (name, value) in others {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        fields
    }

    /// Receives so many cartons and gives the receipt and a code of a carton.
    pub async fn receive(&self, run: RunId, cartons: &str) -> (RecordId, Code) {
        let form = self.form(&self.clerk, run).await;
        let path = format!("/runs/{run}/receive");
        let answer = self.clerk.post(&path, &self.delivery(&form, cartons, &[])).await;
        let there = crate::program::location(&answer);
        let receipt = between(&there, "/receipts/", "?").parse().unwrap();
        let reader = self.program.stock.reader(&self.actor);
        let grn = reader.grn(receipt).await.unwrap().unwrap();
        let packs = reader.packs_of(grn.batch).await.unwrap();
        (receipt, packs[0].code)
    }

    /// Labels for so many cartons of 500; their codes.
    pub async fn issued(&self, run: RunId, cartons: &str) -> Vec<String> {
        let path = format!("/runs/{run}/labels");
        let form = record(&self.clerk.page(&path).await);
        let fields = [("record", form.as_str()), ("cartons", cartons), ("each", "500")];
        crate::program::location(&self.clerk.post(&path, &fields).await);
        let reader = self.program.stock.reader(&self.actor);
        let labels = reader.unused_labels(run).await.unwrap();
        labels.iter().map(|label| label.code.grouped()).collect()
    }

    /// The form of a delivery as a browser has it open.
    pub async fn form(&self, browser: &Browser, run: RunId) -> Form {
        let page = browser.page(&format!("/runs/{run}/receive")).await;
        Form { record: record(&page), store: self.kabul.to_string() }
    }
}

/// A form that is open in a browser.
pub struct Form {
    pub record: String,
    pub store: String,
}

/// The id of the record that the first form of a page will post.
pub fn record(page: &str) -> String {
    let input = page.split("<input").find(|input| input.contains("name=\"record\"")).unwrap();
    between(input, "value=\"", "\"").to_owned()
}

fn material() -> MaterialInput {
    let pieces = |count| Pieces::new(count).unwrap();
    MaterialInput {
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
    }
}
