//! What a phone in the field is to know before it goes where there is no network.

use crate::access::{Door, Reader, scope};
use crate::events::EventRow;
use crate::query::Query;
use domain::code::Code;
use domain::consignment::State;
use domain::events::SessionKind;
use domain::field::known::{
    Known, KnownBatch, KnownConsignment, KnownEvent, KnownMaterial, KnownPack, KnownPlace,
    KnownStore, Part,
};
use domain::ids::{BatchId, ConsignmentId, EventId, MaterialId, SessionId, StoreId};
use domain::reference::{PlaceName, Standing};
use domain::role::{Permission, PlaceCode};
use domain::time::Millis;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Events that are further away come with a later sync.
const DAYS_AHEAD: i32 = 30;

/// The most labels that a phone knows; others it keeps as they were read.
const MOST_PACKS: usize = 2_000;

#[derive(FromQueryResult)]
struct OwnerRow {
    name: String,
    created_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct StoreRow {
    id: Uuid,
    name: String,
    org_id: Uuid,
    place_code: String,
}

#[derive(FromQueryResult)]
struct HoldRow {
    store_id: Uuid,
    batch_id: Uuid,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct BatchRow {
    id: Uuid,
    code: String,
    material_id: Uuid,
    per_carton: i64,
    stopped: bool,
}

#[derive(FromQueryResult)]
struct PackRow {
    code: String,
    batch_id: Uuid,
    pieces: i64,
    store_id: Uuid,
}

#[derive(FromQueryResult)]
struct SessionRow {
    event_id: Uuid,
    id: Uuid,
    kind: String,
}

#[derive(FromQueryResult)]
struct MaterialRow {
    event_id: Uuid,
    material_id: Uuid,
}

#[derive(FromQueryResult)]
struct SentRow {
    consignment_id: Uuid,
    batch_id: Uuid,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    code: String,
    name_en: String,
    name_fa: Option<String>,
    name_ps: Option<String>,
}

impl Reader<'_> {
    /// What the actor's phone is to know, who came in by `door`; of the parts whose versions `has`
    /// names, nothing more than that they are the same.
    pub async fn known_in_the_field(&self, door: Door, has: &[&str]) -> Result<Known, DbErr> {
        let (owner, stores, packs, events, consignments, places, materials, epoch) = tokio::try_join!(
            self.field_owner(door),
            self.field_stores(),
            self.field_packs(),
            self.field_events(),
            self.field_consignments(),
            self.field_places(),
            self.materials(),
            self.stock.epoch(),
        )?;
        let held = stores.iter().flat_map(|store| store.holds.iter().map(|(batch, _)| *batch));
        let sent = consignments.iter().flat_map(|consignment| consignment.batches.clone());
        let batches = self.field_batches(held.chain(sent).collect()).await?;
        let needed: BTreeSet<MaterialId> = batches
            .iter()
            .map(|batch| batch.material)
            .chain(events.iter().flat_map(|event| event.materials.clone()))
            .collect();
        // A colleague may bring what this phone has never heard of, so all in use are known.
        let materials = materials
            .into_iter()
            .filter(|material| {
                material.standing == Standing::InUse || needed.contains(&material.id)
            })
            .map(|material| KnownMaterial {
                id: material.id,
                kind: material.kind,
                short_number: material.short_number.as_str().to_owned(),
                title: material.title,
                language: material.language,
                packing: material.packing,
                cover: material.cover.map(|cover| cover.to_string()),
            });
        let has = |part: usize| has.get(part).copied();
        Ok(Known {
            epoch,
            user: self.actor.user,
            org: self.actor.org,
            at: self.stock.world.now(),
            by_link: !self.actor.has_account(),
            signed_in_at: owner.as_ref().and_then(|owner| owner.created_at).map(Millis),
            name: owner.map(|owner| owner.name).unwrap_or_default(),
            stores: part(stores, has(0))?,
            materials: part(materials.collect(), has(1))?,
            batches: part(batches, has(2))?,
            packs: part(packs, has(3))?,
            events: part(events, has(4))?,
            consignments: part(consignments, has(5))?,
            places: part(places, has(6))?,
        })
    }

    /// What the actor is called, and when he signed in; `None` for a link.
    async fn field_owner(&self, door: Door) -> Result<Option<OwnerRow>, DbErr> {
        // No token has the id of a session.
        let (Door::Session(door) | Door::Token(door)) = door;
        Query::new("SELECT p.name, s.created_at FROM person p LEFT JOIN session s ON s.id = ")
            .bind(door)
            .push(" WHERE p.id = ")
            .bind(self.actor.user.uuid())
            .one(self.stock.db.read())
            .await
    }

    async fn field_stores(&self) -> Result<Vec<KnownStore>, DbErr> {
        let rows: Vec<StoreRow> = Query::new(
            "SELECT s.id, s.name, s.org_id, s.place_code FROM store s
             WHERE s.retired_at IS NULL AND ",
        )
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .push(" ORDER BY s.name")
        .all(self.stock.db.read())
        .await?;
        let holds: Vec<HoldRow> = Query::new(
            "SELECT a.owner_id AS store_id, b.batch_id, b.pieces
             FROM balance b JOIN account a ON a.id = b.account_id
             WHERE b.on_hand AND b.pieces <> 0 AND a.kind = 'store' AND NOT a.shadow AND ",
        )
        .condition(|next| scope::stores(&self.actor, "a.owner_id", next))
        .push(" ORDER BY a.owner_id, b.batch_id")
        .all(self.stock.db.read())
        .await?;
        let mut by_store: BTreeMap<Uuid, Vec<(BatchId, i64)>> = BTreeMap::new();
        for row in holds {
            by_store.entry(row.store_id).or_default().push((row.batch_id.into(), row.pieces));
        }
        let store = |row: StoreRow| KnownStore {
            id: row.id.into(),
            name: row.name,
            org: row.org_id.into(),
            place: PlaceCode::new(row.place_code),
            holds: by_store.remove(&row.id).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(store).collect())
    }

    async fn field_batches(&self, wanted: BTreeSet<BatchId>) -> Result<Vec<KnownBatch>, DbErr> {
        let rows: Vec<BatchRow> = Query::new(
            "SELECT t.id, t.code, t.material_id,
                COALESCE((SELECT MAX(p.nominal) FROM pack p
                    WHERE p.batch_id = t.id AND p.kind = 'carton'),
                    m.pieces_per_bundle * m.bundles_per_carton) AS per_carton,
                (EXISTS (SELECT 1 FROM batch_hold h WHERE h.batch_id = t.id
                    AND h.released_by IS NULL)
                 OR EXISTS (SELECT 1 FROM recall c WHERE c.material_id = m.id
                    AND c.ended_by IS NULL)) AS stopped
             FROM batch t JOIN material m ON m.id = t.material_id WHERE t.id IN ",
        )
        .list(wanted.into_iter().map(BatchId::uuid))
        .push(" ORDER BY t.arrived_on, t.id")
        .all(self.stock.db.read())
        .await?;
        let batch = |row: BatchRow| {
            Ok(KnownBatch {
                id: row.id.into(),
                code: code(&row.code)?,
                material: row.material_id.into(),
                per_carton: row.per_carton,
                stopped: row.stopped,
            })
        };
        rows.into_iter().map(batch).collect()
    }

    async fn field_packs(&self) -> Result<Vec<KnownPack>, DbErr> {
        let rows: Vec<PackRow> = Query::new(
            "SELECT c.code, k.batch_id, p.nominal AS pieces, a.owner_id AS store_id
             FROM account a JOIN pack_state k ON k.account_id = a.id AND k.state IN ('sealed', 'check')
             JOIN pack p ON p.id = k.pack_id
             JOIN code c ON c.subject_id = p.id AND c.kind = 'pack' AND c.state = 'active'
             WHERE a.kind = 'store' AND NOT a.shadow AND ",
        )
        .condition(|next| scope::stores(&self.actor, "a.owner_id", next))
        .push(&format!(" ORDER BY c.code LIMIT {MOST_PACKS}"))
        .all(self.stock.db.read())
        .await?;
        let pack = |row: PackRow| {
            Ok(KnownPack {
                code: code(&row.code)?,
                batch: row.batch_id.into(),
                pieces: row.pieces,
                store: row.store_id.into(),
            })
        };
        rows.into_iter().map(pack).collect()
    }

    async fn field_events(&self) -> Result<Vec<KnownEvent>, DbErr> {
        if !self.may(Permission::TellEvent) {
            return Ok(Vec::new());
        }
        let today = self.stock.world.now().day();
        let until = domain::time::Day(today.0 + DAYS_AHEAD);
        let events = self.untold_events(until).await?;
        let ids = || events.iter().map(|event| event.id.uuid());
        let sessions: Vec<SessionRow> =
            Query::new("SELECT event_id, id, kind FROM event_session WHERE event_id IN ")
                .list(ids())
                .push(" ORDER BY event_id, ordinal")
                .all(self.stock.db.read())
                .await?;
        let materials: Vec<MaterialRow> =
            Query::new("SELECT event_id, material_id FROM event_planned_material WHERE event_id IN ")
                .list(ids())
                .push(
                    " UNION SELECT e.event_id, l.material_id FROM event_planned_kit e
                        JOIN kit_line l ON l.kit_version_id = e.kit_version_id WHERE e.event_id IN ",
                )
                .list(ids())
                .push(
                    " UNION SELECT a.owner_id AS event_id, t.material_id FROM account a
                        JOIN balance b ON b.account_id = a.id JOIN batch t ON t.id = b.batch_id
                        WHERE a.kind = 'at_event' AND NOT a.shadow AND a.owner_id IN ",
                )
                .list(ids())
                .push(" ORDER BY event_id, material_id")
                .all(self.stock.db.read())
                .await?;
        let mut of_event: BTreeMap<Uuid, Vec<MaterialId>> = BTreeMap::new();
        for row in materials {
            of_event.entry(row.event_id).or_default().push(row.material_id.into());
        }
        let mut held: BTreeMap<Uuid, Vec<(SessionId, SessionKind)>> = BTreeMap::new();
        for row in sessions {
            let kind = SessionKind::parse(&row.kind)
                .ok_or_else(|| DbErr::Type(format!("unknown session {:?}", row.kind)))?;
            held.entry(row.event_id).or_default().push((row.id.into(), kind));
        }
        let known = |event: EventRow| {
            let id: EventId = event.id;
            Ok(KnownEvent {
                id,
                code: code(&event.code)?,
                number: event.number,
                type_name: event.type_name,
                place_name: event.place_name,
                planned_on: event.planned_on,
                store: event.store,
                org: event.org,
                sessions: held.remove(&id.uuid()).unwrap_or_default(),
                materials: of_event.remove(&id.uuid()).unwrap_or_default(),
            })
        };
        events.into_iter().map(known).collect()
    }

    async fn field_consignments(&self) -> Result<Vec<KnownConsignment>, DbErr> {
        if !self.may(Permission::CountIn) {
            return Ok(Vec::new());
        }
        let coming = self.in_transit().await?.into_iter().map(|one| one.consignment);
        // What was counted whole is looked into at a desk.
        let to_count = |state| matches!(state, State::Dispatched | State::PartlyDelivered);
        let coming: Vec<_> =
            coming.filter(|coming| coming.receives && to_count(coming.state)).collect();
        let sent: Vec<SentRow> = Query::new(
            "SELECT DISTINCT a.owner_id AS consignment_id, l.batch_id
             FROM account a JOIN line l ON l.to_id = a.id
             WHERE a.kind = 'in_transit' AND NOT a.shadow AND a.owner_id IN ",
        )
        .list(coming.iter().map(|consignment| consignment.id.uuid()))
        .push(" ORDER BY a.owner_id, l.batch_id")
        .all(self.stock.db.read())
        .await?;
        let mut of: BTreeMap<ConsignmentId, Vec<BatchId>> = BTreeMap::new();
        for row in sent {
            of.entry(row.consignment_id.into()).or_default().push(row.batch_id.into());
        }
        let known = coming.into_iter().map(|consignment| KnownConsignment {
            batches: of.remove(&consignment.id).unwrap_or_default(),
            id: consignment.id,
            code: consignment.code,
            number: consignment.number,
            from_name: consignment.from.name,
            to: StoreId::new(consignment.to.id.uuid()),
            left_at: consignment.dispatched_at,
        });
        Ok(known.collect())
    }

    /// The places in which something can be left: the provinces of the actor's stores with their
    /// districts.
    async fn field_places(&self) -> Result<Vec<KnownPlace>, DbErr> {
        let rows: Vec<PlaceRow> = Query::new(
            "SELECT p.code, p.name_en, p.name_fa, p.name_ps FROM place p
             WHERE p.retired_at IS NULL AND COALESCE(p.parent_code, p.code) IN (
                SELECT COALESCE(q.parent_code, q.code) FROM store s
                JOIN place q ON q.code = s.place_code WHERE s.retired_at IS NULL AND ",
        )
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .push(") ORDER BY p.code")
        .all(self.stock.db.read())
        .await?;
        let place = |row: PlaceRow| KnownPlace {
            code: PlaceCode::new(row.code),
            name: PlaceName { en: row.name_en, fa: row.name_fa, ps: row.name_ps },
        };
        Ok(rows.into_iter().map(place).collect())
    }
}

fn code(text: &str) -> Result<Code, DbErr> {
    Code::parse(text).map_err(|error| DbErr::Type(format!("the code {text:?}: {error}")))
}

fn part<T: serde::Serialize>(items: Vec<T>, has: Option<&str>) -> Result<Part<T>, DbErr> {
    Part::of(items, has).map_err(|error| DbErr::Type(error.to_string()))
}
