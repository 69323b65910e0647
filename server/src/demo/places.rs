//! Organisations, stores, materials and the kit: what everything else points at.

use super::Told;
use domain::ids::{EventTypeId, KitId, KitVersionId, MaterialId, OrgId, StoreId};
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::picture::Picture;
use domain::pieces::Pieces;
use domain::reference::{Name, OrgKind, ShortNumber, StoreKind};
use domain::role::{Actor, PlaceCode};
use std::collections::BTreeMap;
use stock::reference::kits::KitInput;
use stock::reference::materials::MaterialInput;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use stock::{Stock, Writer};
use uuid::Uuid;

/// The five provinces of the bulletin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Province {
    Balkh,
    Kandahar,
    Helmand,
    Nuristan,
    Kabul,
}

impl Province {
    pub const ALL: [Self; 5] =
        [Self::Balkh, Self::Kandahar, Self::Helmand, Self::Nuristan, Self::Kabul];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Balkh => "Balkh",
            Self::Kandahar => "Kandahar",
            Self::Helmand => "Helmand",
            Self::Nuristan => "Nuristan",
            Self::Kabul => "Kabul",
        }
    }

    pub const fn login(self) -> &'static str {
        match self {
            Self::Balkh => "balkh",
            Self::Kandahar => "kandahar",
            Self::Helmand => "helmand",
            Self::Nuristan => "nuristan",
            Self::Kabul => "kabul",
        }
    }

    const fn short(self) -> &'static str {
        match self {
            Self::Balkh => "BAL",
            Self::Kandahar => "KAN",
            Self::Helmand => "HEL",
            Self::Nuristan => "NUR",
            Self::Kabul => "KAB",
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Balkh => "AF21",
            Self::Kandahar => "AF27",
            Self::Helmand => "AF30",
            Self::Nuristan => "AF16",
            Self::Kabul => "AF01",
        }
    }

    /// A district of the province by its number in the list of places.
    pub fn district(self, number: u32) -> PlaceCode {
        PlaceCode::new(format!("{}{number:02}", self.code()))
    }

    /// Where the keeper of the provincial store works. In Kabul that is one district, so that the
    /// keeper does not see the central store and counts without knowing what was sent.
    pub fn keeps(self) -> PlaceCode {
        match self {
            Self::Balkh | Self::Kandahar | Self::Helmand | Self::Nuristan => {
                PlaceCode::new(self.code())
            }
            Self::Kabul => self.district(4),
        }
    }

    /// Where the provincial store stands.
    fn stands(self) -> PlaceCode {
        match self {
            Self::Balkh | Self::Kandahar | Self::Helmand | Self::Nuristan => self.district(1),
            Self::Kabul => self.keeps(),
        }
    }
}

pub struct Places {
    pub printer: OrgId,
    pub donor: OrgId,
    pub partner: OrgId,
    pub central: StoreId,
    pub provincial: BTreeMap<Province, StoreId>,
    /// The partner's stores.
    pub field: BTreeMap<Province, StoreId>,
}

/// What is printed, and what is issued together.
pub struct Goods {
    pub leaflet: MaterialId,
    pub sticker: MaterialId,
    pub magazine: MaterialId,
    /// The leaflet of the year before.
    pub old_leaflet: MaterialId,
    pub kit: KitId,
    pub kit_version: KitVersionId,
    /// The activity of the bulletin.
    pub event_type: EventTypeId,
}

/// The organisations: the partner's name is the bulletin's, the rest is invented.
pub struct Orgs {
    pub printer: OrgId,
    pub donor: OrgId,
    pub partner: OrgId,
}

fn id<T: From<Uuid>>(stock: &Stock) -> T {
    stock.world().new_id().into()
}

pub async fn orgs(stock: &Stock, administrator: &Actor) -> Told<Orgs> {
    let writer = stock.writer(administrator);
    let programme = org(OrgKind::Programme, "Awareness programme (demo)", "Programme")?;
    writer.edit_org(administrator.org, programme).await?;
    let orgs = Orgs { printer: id(stock), donor: id(stock), partner: id(stock) };
    let printer = org(OrgKind::Printer, "Kabul Printing House (invented)", "Printing House")?;
    writer.create_org(orgs.printer, printer).await?;
    writer.create_org(orgs.donor, org(OrgKind::Donor, "USAID", "USAID")?).await?;
    let partner = org(OrgKind::Partner, "Organization of Fast Relief and Development", "OFRD")?;
    writer.create_org(orgs.partner, partner).await?;
    Ok(orgs)
}

pub(super) fn org(kind: OrgKind, name: &str, short_name: &str) -> Told<OrgInput> {
    Ok(OrgInput { kind, name: Name::parse(name)?, short_name: Name::parse(short_name)? })
}

/// The central store, a store in each province, and the partner's store beside each.
pub async fn stores(stock: &Stock, administrator: &Actor, orgs: Orgs) -> Told<Places> {
    let writer = stock.writer(administrator);
    let programme = administrator.org;
    let central = id(stock);
    let mut input = StoreInput {
        kind: StoreKind::Central,
        name: Name::parse("Central store (invented)")?,
        short_name: Name::parse("CEN")?,
        org: programme,
        parent: None,
        place: Province::Kabul.district(1),
        service_areas: Province::ALL.map(|province| PlaceCode::new(province.code())).to_vec(),
    };
    writer.create_store(central, input.clone()).await?;
    let (mut provincial, mut field) = (BTreeMap::new(), BTreeMap::new());
    for province in Province::ALL {
        let above: StoreId = id(stock);
        input.kind = StoreKind::Provincial;
        input.name = Name::parse(&format!("{} store (invented)", province.name()))?;
        input.short_name = Name::parse(province.short())?;
        input.org = programme;
        input.parent = Some(central);
        input.place = province.stands();
        input.service_areas = vec![PlaceCode::new(province.code())];
        writer.create_store(above, input.clone()).await?;
        provincial.insert(province, above);
        let below: StoreId = id(stock);
        input.kind = StoreKind::Partner;
        input.name = Name::parse(&format!("OFRD {} (invented)", province.name()))?;
        input.short_name = Name::parse(&format!("O-{}", province.short()))?;
        input.org = orgs.partner;
        input.parent = Some(above);
        input.place = province.district(1);
        writer.create_store(below, input.clone()).await?;
        field.insert(province, below);
    }
    let Orgs { printer, donor, partner } = orgs;
    Ok(Places { printer, donor, partner, central, provincial, field })
}

/// The three materials of the bulletin, the edition before, the kit and the kind of event.
pub async fn goods(stock: &Stock, administrator: &Actor) -> Told<Goods> {
    let writer = stock.writer(administrator);
    let leaflet = id(stock);
    let leaflets = material(MaterialKind::Leaflet, "Know the risks (invented)", "M1", [50, 10])?;
    create(&writer, leaflet, leaflets.clone(), include_bytes!("covers/leaflet.png")).await?;
    let sticker = id(stock);
    let stickers = material(MaterialKind::Sticker, "Ask for help (invented)", "M2", [50, 10])?;
    create(&writer, sticker, stickers, include_bytes!("covers/sticker.png")).await?;
    let magazine = id(stock);
    let magazines =
        material(MaterialKind::Magazine, "The journey, a cartoon (invented)", "M3", [25, 4])?;
    create(&writer, magazine, magazines, include_bytes!("covers/magazine.png")).await?;
    let old_leaflet = id(stock);
    let old = MaterialInput {
        edition: Name::parse("2016-2")?,
        short_number: ShortNumber::parse("M4")?,
        outside_name: Name::parse("Printed paper M4")?,
        superseded_by: Some(leaflet),
        ..leaflets
    };
    create(&writer, old_leaflet, old, include_bytes!("covers/leaflet.png")).await?;
    let kit = id(stock);
    let lines = [(leaflet, 2_500), (sticker, 2_500), (magazine, 250)];
    let lines = lines.into_iter().map(|(material, n)| Ok((material, Pieces::new(n)?)));
    let input = KitInput { name: Name::parse("Event kit")?, lines: lines.collect::<Told<_>>()? };
    writer.create_kit(kit, input).await?;
    let known = writer.reader().kit(kit).await?.ok_or("the kit is gone")?;
    let event_type = id(stock);
    let name = Name::parse("Community-based intervention event")?;
    writer.create_event_type(event_type, name).await?;
    let kit_version = known.version_id;
    Ok(Goods { leaflet, sticker, magazine, old_leaflet, kit, kit_version, event_type })
}

pub(super) fn material(
    kind: MaterialKind,
    title: &str,
    number: &str,
    [per_bundle, bundles]: [i64; 2],
) -> Told<MaterialInput> {
    Ok(MaterialInput {
        kind,
        title: Name::parse(title)?,
        language: PrintLanguage::DariPashto,
        edition: Name::parse("2017-1")?,
        outside_name: Name::parse(&format!("Printed paper {number}"))?,
        short_number: ShortNumber::parse(number)?,
        packing: Packing::new(Pieces::new(per_bundle)?, Pieces::new(bundles)?)?,
        carton_weight_g: Some(Pieces::new(8_200)?),
        carton_volume_cm3: Some(Pieces::new(30_000)?),
        contact_numbers: vec![Name::parse("000 (invented)")?],
        superseded_by: None,
    })
}

async fn create(
    writer: &Writer<'_>,
    id: MaterialId,
    input: MaterialInput,
    cover: &[u8],
) -> Told<()> {
    writer.create_material(id, input).await?;
    writer.set_cover(id, Picture::parse(cover)?).await?;
    Ok(())
}
