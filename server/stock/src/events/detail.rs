//! All about one event: what was planned, brought, given and left, who came, what is odd.

use super::find::{EventRow, Session, sessions};
use super::people::statements;
use super::plan::{self, EventPlan, PlanError};
use super::said::{SheetDetail, SheetState, sheets};
use crate::access::Reader;
use crate::query::Query;
use domain::attendance::{Picture, fold};
use domain::events::{Flag, plausibility, tenths_a_person, whole_kits};
use domain::ids::{EventId, KitVersionId, MaterialId, RecordId, UserId};
use domain::small_cells::Eyes;
use domain::time::{Day, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

#[derive(Clone, PartialEq, Debug)]
pub struct EventDetail {
    pub event: EventRow,
    pub sessions: Vec<Session>,
    pub planned_kits: Vec<PlannedKit>,
    /// Kits and pieces together, by material.
    pub planned: Vec<PlannedMaterial>,
    pub materials: Vec<MaterialAtEvent>,
    pub sheets: Vec<SheetDetail>,
    /// Nobody for [`Eyes::Others`], like everything else from which a headcount follows: small
    /// counts of single events would tell what the sums of a bulletin hide.
    pub people: Picture,
    pub statements: Vec<Statement>,
    pub flags: Vec<Flag>,
    pub eyes: Eyes,
}

/// A kit that was planned for an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedKit {
    pub version: KitVersionId,
    pub name: String,
    pub kits: i64,
    pub lines: Vec<(MaterialId, i64)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedMaterial {
    pub material: MaterialId,
    pub short_number: String,
    pub title: String,
    pub pieces: i64,
}

/// What the books say of one material at an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MaterialAtEvent {
    pub material: MaterialId,
    pub short_number: String,
    pub title: String,
    /// Store to event, less what was undone.
    pub taken: i64,
    pub brought_back: i64,
    pub damaged: i64,
    /// Still at the event.
    pub there: i64,
    pub to_participants: i64,
    pub to_multipliers: i64,
    pub in_public_places: i64,
    /// Given to participants, by head, in tenths.
    pub tenths_a_person: Option<i64>,
}

impl MaterialAtEvent {
    pub const fn given(&self) -> i64 {
        self.to_participants + self.to_multipliers + self.in_public_places
    }
}

/// A statement about who came, with who said it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    pub statement: domain::attendance::Statement,
    pub day: Day,
    pub recorded_at: Millis,
    pub by: UserId,
    pub on_behalf: bool,
}

impl Reader<'_> {
    /// Everything about an event that the actor may know of.
    pub async fn event_detail(&self, id: EventId) -> Result<Option<EventDetail>, DbErr> {
        let Some(event) = self.event(id).await? else { return Ok(None) };
        let db = self.stock.db.read();
        let eyes = self.eyes(Some(event.org)).await?;
        let said = match eyes {
            Eyes::Ours => statements(db, event_ids(id)).await?,
            Eyes::Others => Vec::new(),
        };
        let said: Vec<_> = said.into_iter().map(|(_, statement)| statement).collect();
        let people = fold(&said);
        let planned_kits = planned_kits(db, id).await?;
        let materials = materials(db, id, people.count.participants()).await?;
        let sheets = sheets(db, id, eyes).await?;
        let mut detail = EventDetail {
            sessions: sessions(db, id).await?,
            planned: planned(db, id).await?,
            statements: with_authors(db, id, said).await?,
            event,
            planned_kits,
            materials,
            sheets,
            people,
            flags: Vec::new(),
            eyes,
        };
        detail.flags = flags(&detail);
        Ok(Some(detail))
    }

    /// What was planned, for the form that changes it.
    pub async fn event_plan(&self, id: EventId) -> Result<Option<EventPlan>, DbErr> {
        let today = self.stock.world.now().day();
        match plan::load(self.stock.db.read(), &self.actor, today, id).await {
            Ok(plan) => Ok(Some(plan)),
            Err(PlanError::Database(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }
}

fn event_ids(id: EventId) -> Query {
    Query::new("SELECT e.id FROM event e WHERE e.id = ").bind(id.uuid())
}

fn flags(detail: &EventDetail) -> Vec<Flag> {
    let mut flags = Vec::new();
    let to_participants = detail.materials.iter().map(|m| m.to_participants).sum();
    if detail.eyes == Eyes::Ours {
        flags.extend(plausibility(to_participants, &detail.people.count));
    }
    let given: Vec<_> = detail.materials.iter().map(|m| (m.material, m.given())).collect();
    let kits = detail.planned_kits.iter().find_map(|kit| whole_kits(&given, &kit.lines));
    flags.extend(kits.map(|kits| Flag::WholeKits { kits }));
    let differs = detail.people.disagreements.iter();
    flags.extend(differs.map(|d| Flag::AttendanceDiffers { difference: d.difference }));
    let posted = detail.sheets.iter().any(|sheet| sheet.state == SheetState::Posted);
    let there: i64 = detail.materials.iter().map(|m| m.there).sum();
    if posted && there > 0 {
        flags.push(Flag::StillAtEvent { pieces: there });
    }
    let standing = detail.sheets.iter().filter(|sheet| sheet.state == SheetState::Posted);
    if standing.flat_map(|sheet| &sheet.rows).any(|row| row.assumed) {
        flags.push(Flag::BatchAssumed);
    }
    if detail.event.sheets_kept > 0 {
        flags.push(Flag::SheetKept);
    }
    if detail.event.sheets_held > 0 {
        flags.push(Flag::SheetHeld);
    }
    flags
}

#[derive(FromQueryResult)]
struct KitRow {
    id: Uuid,
    name: String,
    kits: i64,
    material_id: Uuid,
    pieces: i64,
}

async fn planned_kits(db: &impl ConnectionTrait, id: EventId) -> Result<Vec<PlannedKit>, DbErr> {
    let rows: Vec<KitRow> = Query::new(
        "SELECT v.id, k.name, e.kits, l.material_id, l.pieces FROM event_planned_kit e
         JOIN kit_version v ON v.id = e.kit_version_id JOIN kit k ON k.id = v.kit_id
         JOIN kit_line l ON l.kit_version_id = v.id WHERE e.event_id = ",
    )
    .bind(id.uuid())
    .push(" ORDER BY k.name, v.id, l.material_id")
    .all(db)
    .await?;
    let mut kits: Vec<PlannedKit> = Vec::new();
    for row in rows {
        let line = (MaterialId::new(row.material_id), row.pieces);
        match kits.last_mut().filter(|kit| kit.version.uuid() == row.id) {
            Some(kit) => kit.lines.push(line),
            None => kits.push(PlannedKit {
                version: row.id.into(),
                name: row.name,
                kits: row.kits,
                lines: vec![line],
            }),
        }
    }
    Ok(kits)
}

#[derive(FromQueryResult)]
struct PlannedRow {
    id: Uuid,
    short_number: String,
    title: String,
    pieces: i64,
}

async fn planned(db: &impl ConnectionTrait, id: EventId) -> Result<Vec<PlannedMaterial>, DbErr> {
    let rows: Vec<PlannedRow> = Query::new(
        "SELECT m.id, m.short_number, m.title, CAST(SUM(x.pieces) AS BIGINT) AS pieces FROM (
            SELECT material_id, pieces FROM event_planned_material WHERE event_id = ",
    )
    .bind(id.uuid())
    .push(
        " UNION ALL SELECT l.material_id, l.pieces * e.kits FROM event_planned_kit e
            JOIN kit_line l ON l.kit_version_id = e.kit_version_id WHERE e.event_id = ",
    )
    .bind(id.uuid())
    .push(
        ") x JOIN material m ON m.id = x.material_id
         GROUP BY m.id, m.short_number, m.title ORDER BY m.short_number",
    )
    .all(db)
    .await?;
    let material = |row: PlannedRow| PlannedMaterial {
        material: row.id.into(),
        short_number: row.short_number,
        title: row.title,
        pieces: row.pieces,
    };
    Ok(rows.into_iter().map(material).collect())
}

#[derive(FromQueryResult)]
struct FlowRow {
    id: Uuid,
    short_number: String,
    title: String,
    taken: i64,
    brought_back: i64,
    damaged: i64,
    there: i64,
    to_participants: i64,
    to_multipliers: i64,
    in_public_places: i64,
}

/// Sums of lines into (or, negative, out of) one kind of account on the other side of the event.
fn flow(of: &str, kind: &str) -> String {
    format!(
        "CAST(SUM(CASE WHEN f.kind = '{kind}' AND t.kind = '{of}' THEN -l.pieces
            WHEN t.kind = '{kind}' AND f.kind = '{of}' THEN l.pieces ELSE 0 END) AS BIGINT)"
    )
}

async fn materials(
    db: &impl ConnectionTrait,
    id: EventId,
    participants: Option<i64>,
) -> Result<Vec<MaterialAtEvent>, DbErr> {
    // A reversal runs the other way and so takes back what its original added; what went out to
    // the store under the word "take" and came back under "reverse" is told apart by the original.
    let kind = "CASE WHEN m.kind = 'reverse' THEN (
        SELECT o.kind FROM movement o WHERE o.id = m.reverses_id) ELSE m.kind END";
    let one_way = |word: &str, from: &str| {
        format!(
            "CAST(SUM(CASE WHEN {kind} = '{word}' THEN CASE WHEN f.kind = '{from}'
                THEN l.pieces ELSE -l.pieces END ELSE 0 END) AS BIGINT)"
        )
    };
    let given = |channel: &str| {
        format!(
            "CAST(SUM(CASE WHEN t.kind = 'given_event' AND t.channel = '{channel}' THEN l.pieces
                WHEN f.kind = 'given_event' AND f.channel = '{channel}' THEN -l.pieces
                ELSE 0 END) AS BIGINT)"
        )
    };
    let text = format!(
        "SELECT g.id, g.short_number, g.title, {} AS taken, {} AS brought_back, {} AS damaged,
            CAST(SUM(CASE WHEN t.kind = 'at_event' THEN l.pieces ELSE 0 END)
                - SUM(CASE WHEN f.kind = 'at_event' THEN l.pieces ELSE 0 END) AS BIGINT) AS there,
            {} AS to_participants, {} AS to_multipliers, {} AS in_public_places
         FROM line l JOIN movement m ON m.id = l.movement_id
         JOIN account f ON f.id = l.from_id JOIN account t ON t.id = l.to_id
         JOIN batch b ON b.id = l.batch_id JOIN material g ON g.id = b.material_id
         WHERE l.id IN (
            SELECT x.id FROM account a JOIN line x ON x.from_id = a.id
            WHERE NOT a.shadow AND a.owner_id = ",
        one_way("take", "store"),
        one_way("bring_back", "at_event"),
        flow("at_event", "damaged"),
        given("participants"),
        given("multipliers"),
        given("public_places"),
    );
    let rows: Vec<FlowRow> = Query::new(&text)
        .bind(id.uuid())
        .push(
            " UNION SELECT x.id FROM account a JOIN line x ON x.to_id = a.id
            WHERE NOT a.shadow AND a.owner_id = ",
        )
        .bind(id.uuid())
        .push(") GROUP BY g.id, g.short_number, g.title ORDER BY g.short_number")
        .all(db)
        .await?;
    let material = |row: FlowRow| MaterialAtEvent {
        material: row.id.into(),
        short_number: row.short_number,
        title: row.title,
        taken: row.taken,
        brought_back: row.brought_back,
        damaged: row.damaged,
        there: row.there,
        to_participants: row.to_participants,
        to_multipliers: row.to_multipliers,
        in_public_places: row.in_public_places,
        tenths_a_person: tenths_a_person(row.to_participants, participants),
    };
    Ok(rows.into_iter().map(material).collect())
}

#[derive(FromQueryResult)]
struct AuthorRow {
    id: Uuid,
    local_day: i64,
    recorded_at: i64,
    actor_id: Uuid,
    on_behalf_org_id: Option<Uuid>,
}

async fn with_authors(
    db: &impl ConnectionTrait,
    id: EventId,
    said: Vec<domain::attendance::Statement>,
) -> Result<Vec<Statement>, DbErr> {
    let authors: Vec<AuthorRow> = Query::new(
        "SELECT r.id, r.local_day, r.recorded_at, r.actor_id, r.on_behalf_org_id
         FROM attendance t JOIN record r ON r.id = t.record_id WHERE t.event_id = ",
    )
    .bind(id.uuid())
    .all(db)
    .await?;
    let find = |record: RecordId| authors.iter().find(|row| row.id == record.uuid());
    let with = |statement: domain::attendance::Statement| {
        find(statement.record).map(|row| Statement {
            statement,
            day: super::find::day(row.local_day),
            recorded_at: Millis(row.recorded_at),
            by: row.actor_id.into(),
            on_behalf: row.on_behalf_org_id.is_some(),
        })
    };
    Ok(said.into_iter().filter_map(with).collect())
}
