//! What a phone knows of the books: no more than its user may see, and nothing that a phone in the
//! wrong hands should tell. Events that were told are not among it, nor what was sent to whom.

use crate::calendar::Lang;
use crate::code::Code;
use crate::event_sheet::SheetRow;
use crate::events::SessionKind;
use crate::hex::hex;
use crate::ids::{BatchId, ConsignmentId, EventId, MaterialId, OrgId, SessionId, StoreId, UserId};
use crate::material::{MaterialKind, Packing, PrintLanguage};
use crate::reference::PlaceName;
use crate::role::PlaceCode;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A part of what is known, which changes by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part<T> {
    /// Changes whenever the items do.
    pub version: String,
    /// `None` where the phone has this version already.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<T>>,
}

const fn none<T>() -> Option<T> {
    None
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { version: String::new(), items: None }
    }
}

impl<T: Serialize> Part<T> {
    /// A part with its version; only that where `has` is the same.
    pub fn of(items: Vec<T>, has: Option<&str>) -> Result<Self, serde_json::Error> {
        let hash = Sha256::digest(serde_json::to_vec(&items)?);
        let version = hex(&hash[..8]);
        let items = (has != Some(version.as_str())).then_some(items);
        Ok(Self { version, items })
    }
}

impl<T> Part<T> {
    pub fn items(&self) -> &[T] {
        self.items.as_deref().unwrap_or_default()
    }

    /// The version that the phone can do without hearing of again.
    fn has(&self) -> &str {
        if self.items.is_some() { &self.version } else { "" }
    }

    fn take(&mut self, newer: Self) {
        if newer.items.is_some() {
            *self = newer;
        }
    }
}

/// Everything that a phone knows, or what changed of it since its last sync.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Known {
    /// Changes when the books are restored from a backup.
    pub epoch: Uuid,
    pub user: UserId,
    pub org: OrgId,
    /// The server's clock.
    pub at: Millis,
    /// Opened by a link to one event or consignment, without an account.
    #[serde(default)]
    pub by_link: bool,
    /// What the account calls its owner; nothing for a link.
    #[serde(default)]
    pub name: String,
    /// When he last gave his password in this browser; `None` for a link or a token.
    #[serde(default)]
    pub signed_in_at: Option<Millis>,
    pub stores: Part<KnownStore>,
    pub materials: Part<KnownMaterial>,
    pub batches: Part<KnownBatch>,
    pub packs: Part<KnownPack>,
    pub events: Part<KnownEvent>,
    pub consignments: Part<KnownConsignment>,
    pub places: Part<KnownPlace>,
}

/// A store of the user, and what the books have in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownStore {
    pub id: StoreId,
    pub name: String,
    pub org: OrgId,
    pub place: PlaceCode,
    pub holds: Vec<(BatchId, i64)>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownMaterial {
    pub id: MaterialId,
    pub kind: MaterialKind,
    pub short_number: String,
    pub title: String,
    pub language: PrintLanguage,
    pub packing: Packing,
    /// The SHA-256 of its picture, by which the picture is asked for.
    pub cover: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownBatch {
    pub id: BatchId,
    pub code: Code,
    pub material: MaterialId,
    /// Pieces that a full carton of it is marked with.
    pub per_carton: i64,
    /// On hold or recalled: it should not be given out.
    pub stopped: bool,
}

/// A sealed carton or bundle in one of the user's stores.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownPack {
    pub code: Code,
    pub batch: BatchId,
    pub pieces: i64,
    pub store: StoreId,
}

/// An event of which nobody has said yet what happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownEvent {
    pub id: EventId,
    pub code: Code,
    pub number: String,
    pub type_name: String,
    pub place_name: PlaceName,
    pub planned_on: Day,
    pub store: StoreId,
    pub org: OrgId,
    pub sessions: Vec<(SessionId, SessionKind)>,
    /// Planned for it or taken there.
    pub materials: Vec<MaterialId>,
}

/// Pieces on their way to one of the user's stores: what to look for, and never how much.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownConsignment {
    pub id: ConsignmentId,
    pub code: Code,
    pub number: String,
    pub from_name: String,
    pub to: StoreId,
    pub left_at: Option<Millis>,
    pub batches: Vec<BatchId>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KnownPlace {
    pub code: PlaceCode,
    pub name: PlaceName,
}

/// What a code on a label, a waybill or an event's form leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Read<'k> {
    Pack(&'k KnownPack, &'k KnownMaterial),
    Batch(&'k KnownBatch, &'k KnownMaterial),
    Event(&'k KnownEvent),
    Consignment(&'k KnownConsignment),
}

impl Known {
    /// The versions of the parts, as a phone sends them to hear only of what is new.
    pub fn versions(&self) -> String {
        let parts = [
            self.stores.has(),
            self.materials.has(),
            self.batches.has(),
            self.packs.has(),
            self.events.has(),
            self.consignments.has(),
            self.places.has(),
        ];
        parts.join(",")
    }

    /// Whether parts were only named that the phone does not have: those of another user.
    pub fn lacks_parts(&self) -> bool {
        self.versions().split(',').any(str::is_empty)
    }

    /// Whether somebody who looks at the screens sees no difference: only clocks went on.
    pub fn shows_the_same(&self, other: &Self) -> bool {
        let shown = |known: &Self| (known.user, known.org, known.by_link, known.versions());
        shown(self) == shown(other) && self.name == other.name
    }

    /// Takes over what is new. Nothing of another user stays.
    pub fn take(&mut self, newer: Self) {
        if (newer.user, newer.org) != (self.user, self.org) {
            *self = newer;
            return;
        }
        (self.epoch, self.at, self.by_link) = (newer.epoch, newer.at, newer.by_link);
        (self.name, self.signed_in_at) = (newer.name, newer.signed_in_at);
        self.stores.take(newer.stores);
        self.materials.take(newer.materials);
        self.batches.take(newer.batches);
        self.packs.take(newer.packs);
        self.events.take(newer.events);
        self.consignments.take(newer.consignments);
        self.places.take(newer.places);
    }

    pub fn material(&self, id: MaterialId) -> Option<&KnownMaterial> {
        self.materials.items().iter().find(|material| material.id == id)
    }

    pub fn batch(&self, id: BatchId) -> Option<&KnownBatch> {
        self.batches.items().iter().find(|batch| batch.id == id)
    }

    pub fn store(&self, id: StoreId) -> Option<&KnownStore> {
        self.stores.items().iter().find(|store| store.id == id)
    }

    pub fn event(&self, id: EventId) -> Option<&KnownEvent> {
        self.events.items().iter().find(|event| event.id == id)
    }

    /// What a code means, as far as the phone has ever heard of it.
    pub fn read(&self, code: Code) -> Option<Read<'_>> {
        let material = |batch: &KnownBatch| self.material(batch.material);
        if let Some(pack) = self.packs.items().iter().find(|pack| pack.code == code) {
            return Some(Read::Pack(pack, material(self.batch(pack.batch)?)?));
        }
        if let Some(batch) = self.batches.items().iter().find(|batch| batch.code == code) {
            return Some(Read::Batch(batch, material(batch)?));
        }
        if let Some(event) = self.events.items().iter().find(|event| event.code == code) {
            return Some(Read::Event(event));
        }
        let mut consignments = self.consignments.items().iter();
        consignments.find(|consignment| consignment.code == code).map(Read::Consignment)
    }

    /// What a store holds of each material, after what this phone has said and the books do not
    /// know yet. It may be out of date, so it warns and never forbids.
    pub fn left(&self, store: StoreId, said: &[Shift]) -> BTreeMap<MaterialId, i64> {
        let mut left: BTreeMap<MaterialId, i64> = BTreeMap::new();
        let holds = self.store(store).map(|store| store.holds.as_slice()).unwrap_or_default();
        for (batch, pieces) in holds {
            if let Some(batch) = self.batch(*batch) {
                *left.entry(batch.material).or_default() += pieces;
            }
        }
        for shift in said.iter().filter(|shift| shift.store == store) {
            *left.entry(shift.material).or_default() += shift.pieces;
        }
        left
    }
}

/// What a record that is still on the phone will change in a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shift {
    pub store: StoreId,
    pub material: MaterialId,
    pub pieces: i64,
}

/// What a sheet takes from its store: all that was brought and did not come back.
pub fn shifts_of_sheet(store: StoreId, rows: &[SheetRow]) -> Vec<Shift> {
    let gone =
        |row: &SheetRow| Shift { store, material: row.material, pieces: row.left - row.brought };
    rows.iter().map(gone).filter(|shift| shift.pieces != 0).collect()
}

impl KnownMaterial {
    /// "M3 Know the risks", as people point at it.
    pub fn label(&self) -> String {
        format!("{} {}", self.short_number, self.title)
    }
}

impl KnownEvent {
    pub fn place(&self, lang: Lang) -> &str {
        self.place_name.of(lang)
    }

    /// Today's event, or one of which the sheet is still to be told.
    pub fn is_due(&self, today: Day) -> bool {
        self.planned_on <= today
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::pieces::Pieces;

    fn id<T: From<Uuid>>(n: u128) -> T {
        Uuid::from_u128(n).into()
    }

    fn code(bits: u64) -> Code {
        (bits..).find_map(Code::from_random).expect("most draws are codes")
    }

    fn part<T>(version: &str, items: Vec<T>) -> Part<T> {
        Part { version: version.to_owned(), items: Some(items) }
    }

    pub fn known() -> Known {
        let pieces = |n| Pieces::new(n).expect("a quantity");
        let material = KnownMaterial {
            id: id(1),
            kind: MaterialKind::Leaflet,
            short_number: "M3".to_owned(),
            title: "Know the risks".to_owned(),
            language: PrintLanguage::ALL[0],
            packing: Packing::new(pieces(50), pieces(10)).expect("a packing"),
            cover: None,
        };
        let batch = KnownBatch {
            id: id(2),
            code: code(42),
            material: id(1),
            per_carton: 500,
            stopped: false,
        };
        let store = KnownStore {
            id: id(3),
            name: "Balkh store".to_owned(),
            org: id(9),
            place: PlaceCode::new("AF21".to_owned()),
            holds: vec![(id(2), 700)],
        };
        let pack = KnownPack { code: code(4_242), batch: id(2), pieces: 500, store: id(3) };
        Known {
            epoch: Uuid::from_u128(7),
            user: id(8),
            org: id(9),
            at: Millis(0),
            by_link: false,
            name: "Amina".to_owned(),
            signed_in_at: Some(Millis(0)),
            stores: part("s1", vec![store]),
            materials: part("m1", vec![material]),
            batches: part("b1", vec![batch]),
            packs: part("p1", vec![pack]),
            events: Part::default(),
            consignments: Part::default(),
            places: Part::default(),
        }
    }

    #[test]
    fn only_what_is_new_is_taken_over() {
        let mut known = known();
        let mut newer = Known { at: Millis(5), ..known.clone() };
        newer.stores = Part { version: "s1".to_owned(), items: None };
        newer.packs = part("p2", Vec::new());
        known.take(newer);
        assert_eq!(known.stores.items().len(), 1);
        assert!(known.packs.items().is_empty());
        assert_eq!(known.at, Millis(5));
        assert_eq!(known.versions(), "s1,m1,b1,p2,,,");
    }

    #[test]
    fn a_part_that_the_phone_has_is_only_named() {
        let first = Part::of(vec![1, 2], None).expect("numbers");
        assert_eq!(first.items(), [1, 2]);
        let same = Part::of(vec![1, 2], Some(&first.version)).expect("numbers");
        assert_eq!((same.version, same.items), (first.version.clone(), None));
        let changed = Part::of(vec![1], Some(&first.version)).expect("numbers");
        assert_eq!(changed.items(), [1]);
    }

    #[test]
    fn nothing_of_another_user_stays() {
        let mut known = known();
        let other = Known { user: id(88), packs: Part::default(), ..known.clone() };
        known.take(other.clone());
        assert_eq!(known, other);
        // What the server left out, because the other user's phone had it, is asked for again.
        assert!(known.lacks_parts());
        assert_eq!(known.versions(), "s1,m1,b1,,,,");
    }

    #[test]
    fn a_code_leads_to_what_it_is_stuck_on() {
        let known = known();
        assert!(matches!(known.read(code(4_242)), Some(Read::Pack(pack, material))
            if pack.pieces == 500 && material.short_number == "M3"));
        assert!(matches!(known.read(code(42)), Some(Read::Batch(..))));
        assert_eq!(known.read(code(777)), None);
    }

    #[test]
    fn what_this_phone_said_is_taken_off_what_the_books_knew() {
        let known = known();
        let row = SheetRow {
            material: id(1),
            brought: 500,
            left: 120,
            spoiled: 5,
            participants: 375,
            multipliers: None,
            public: None,
        };
        let said = shifts_of_sheet(id(3), &[row]);
        assert_eq!(known.left(id(3), &said), BTreeMap::from([(id(1), 320)]));
        assert_eq!(known.left(id(33), &said), BTreeMap::new());
    }
}
