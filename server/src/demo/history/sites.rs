//! More partners, provinces, stores, materials and people, all of them invented.

use crate::demo::Told;
use crate::demo::cast::LogIn;
use crate::demo::places::{material, org};
use crate::demo::stage::Stage;
use domain::ids::{KitId, MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, PrintLanguage};
use domain::pieces::Pieces;
use domain::reference::{Name, OrgKind, StoreKind};
use domain::role::{Actor, PlaceCode, Role, Scope};
use std::collections::BTreeMap;
use stock::reference::kits::KitInput;
use stock::reference::materials::MaterialInput;
use stock::reference::stores::StoreInput;

/// Pieces in a kit; every quantity of the history is so many thousandths of one.
pub const LEAFLETS: i64 = 1_000;
pub const STICKERS: i64 = 500;
pub const MAGAZINES: i64 = 100;

const PROVINCES: usize = 12;
const PARTNERS: usize = 6;

/// The three materials in one language, and their kit.
pub struct Edition {
    pub leaflet: MaterialId,
    pub sticker: MaterialId,
    pub magazine: MaterialId,
    pub kit: KitId,
    /// Kits that the central store has, as far as the history knows.
    pub spare: i64,
}

/// A province with its store.
pub struct Region {
    pub code: PlaceCode,
    pub store: StoreId,
    pub keeper: Actor,
    /// The number of its edition.
    pub edition: usize,
    /// Kits that its store has beyond what it sends on.
    pub spare: i64,
}

/// A partner's store with whoever works from it.
pub struct Site {
    pub region: usize,
    pub partner: OrgId,
    pub store: StoreId,
    pub worker: Actor,
    /// Thousandths of a kit that it has.
    pub stock: i64,
}

pub struct Sites {
    pub editions: Vec<Edition>,
    pub regions: Vec<Region>,
    pub sites: Vec<Site>,
    pub log_ins: Vec<LogIn>,
}

/// Opens `wanted` partner stores, and the provincial stores above them.
pub async fn open(stage: &Stage, wanted: usize) -> Told<Sites> {
    let mut editions = Vec::new();
    for (language, first) in [(PrintLanguage::Dari, 5), (PrintLanguage::Pashto, 8)] {
        editions.push(edition(stage, language, first).await?);
    }
    let provinces = elsewhere(stage).await?;
    let provinces = &provinces[..wanted.min(PROVINCES).min(provinces.len())];
    let partners = partners(stage, wanted.min(PARTNERS)).await?;
    let people = people(stage, provinces, &partners).await?;
    let mut log_ins = Vec::new();
    let mut known = |role, login: &str| {
        log_ins.push(LogIn::new(role, login));
        people.get(login).cloned().ok_or("somebody has no account")
    };
    let mut regions = Vec::new();
    for (number, (code, name)) in provinces.iter().enumerate() {
        let keeper = known(Role::Logistics, &keeper_login(code))?;
        let store = provincial_store(stage, code, name).await?;
        let edition = number % editions.len();
        regions.push(Region { code: code.clone(), store, keeper, edition, spare: 0 });
    }
    let workers = (0..partners.len())
        .map(|number| known(Role::Partner, &worker_login(number)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut sites = Vec::new();
    for number in 0..wanted {
        let (region, partner) = (number % regions.len(), (number / 2) % partners.len());
        let worker = workers[partner].clone();
        let above = &regions[region];
        let store = field_store(stage, above, partners[partner], number).await?;
        sites.push(Site { region, partner: partners[partner], store, worker, stock: 0 });
    }
    Ok(Sites { editions, regions, sites, log_ins })
}

fn keeper_login(code: &PlaceCode) -> String {
    format!("keeper{}", &code.as_str()[2..])
}

fn worker_login(partner: usize) -> String {
    format!("worker{}", partner + 1)
}

/// Provinces without a store, by name.
async fn elsewhere(stage: &Stage) -> Told<Vec<(PlaceCode, String)>> {
    let reader = stage.seen_by(&stage.cast.administrator);
    let stores = reader.stores().await?;
    let taken = |code: &PlaceCode| {
        stores.iter().any(|store| store.place.as_str().starts_with(code.as_str()))
    };
    let provinces = reader.provinces().await?;
    let free = provinces.into_iter().filter(|place| !taken(&place.code));
    Ok(free.map(|place| (place.code, place.name.en)).collect())
}

async fn partners(stage: &Stage, wanted: usize) -> Told<Vec<OrgId>> {
    let mut partners = Vec::new();
    for number in 1..=wanted {
        let id = stage.id();
        let (name, short) = (format!("Partner {number} (invented)"), format!("Partner {number}"));
        let input = org(OrgKind::Partner, &name, &short)?;
        stage.by(&stage.cast.administrator).create_org(id, input).await?;
        partners.push(id);
    }
    Ok(partners)
}

async fn people(
    stage: &Stage,
    provinces: &[(PlaceCode, String)],
    partners: &[OrgId],
) -> Told<BTreeMap<String, Actor>> {
    let mut crowd = stage.crowd();
    for (code, name) in provinces {
        let called = format!("{name} store (invented)");
        crowd.staff(&keeper_login(code), &called, Role::Logistics, Scope::Place(code.clone()))?;
    }
    for (number, partner) in partners.iter().enumerate() {
        let called = format!("Field worker of partner {} (invented)", number + 1);
        let scope = Scope::Org(*partner);
        crowd.add(&worker_login(number), &called, *partner, Role::Partner, scope)?;
    }
    crowd.gathered().await
}

async fn edition(stage: &Stage, language: PrintLanguage, first: usize) -> Told<Edition> {
    let writer = stage.by(&stage.cast.administrator);
    let word = language.as_str();
    let kinds = [
        (MaterialKind::Leaflet, "Know your rights", [100, 10]),
        (MaterialKind::Sticker, "Call before you go", [50, 10]),
        (MaterialKind::Magazine, "Two brothers, a cartoon", [25, 4]),
    ];
    let mut ids: Vec<MaterialId> = Vec::new();
    for ((kind, title, packing), number) in kinds.into_iter().zip(first..) {
        let (title, number) = (format!("{title} (invented, {word})"), format!("M{number}"));
        let input = MaterialInput {
            language,
            edition: Name::parse("2018-1")?,
            ..material(kind, &title, &number, packing)?
        };
        let id = stage.id();
        writer.create_material(id, input).await?;
        ids.push(id);
    }
    let kit = stage.id();
    let contents = [LEAFLETS, STICKERS, MAGAZINES].into_iter();
    let lines = ids.iter().zip(contents).map(|(id, n)| Ok((*id, Pieces::new(n)?)));
    let name = Name::parse(&format!("Event kit, {word} (invented)"))?;
    writer.create_kit(kit, KitInput { name, lines: lines.collect::<Told<_>>()? }).await?;
    let [leaflet, sticker, magazine] = ids[..] else { return Err("a kit of three".into()) };
    Ok(Edition { leaflet, sticker, magazine, kit, spare: 0 })
}

async fn provincial_store(stage: &Stage, code: &PlaceCode, name: &str) -> Told<StoreId> {
    let id = stage.id();
    let input = StoreInput {
        kind: StoreKind::Provincial,
        name: Name::parse(&format!("{name} store (invented)"))?,
        short_name: Name::parse(&format!("P{}", &code.as_str()[2..]))?,
        org: stage.cast.administrator.org,
        parent: Some(stage.places.central),
        place: code.clone(),
        service_areas: vec![code.clone()],
    };
    stage.by(&stage.cast.administrator).create_store(id, input).await?;
    Ok(id)
}

async fn field_store(
    stage: &Stage,
    above: &Region,
    partner: OrgId,
    number: usize,
) -> Told<StoreId> {
    let id = stage.id();
    let input = StoreInput {
        kind: StoreKind::Partner,
        name: Name::parse(&format!("Field store {} (invented)", number + 1))?,
        short_name: Name::parse(&format!("F{:02}", number + 1))?,
        org: partner,
        parent: Some(above.store),
        place: above.code.clone(),
        service_areas: Vec::new(),
    };
    stage.by(&stage.cast.administrator).create_store(id, input).await?;
    Ok(id)
}
