//! What is behind the pieces given in a province: the events and drops, line by line.

use super::bulletin::MonthError;
use crate::access::{Reader, scope};
use crate::events::{GIVEN, GivenSide, TAKEN_BACK};
use crate::query::Query;
use domain::account::Channel;
use domain::ids::{DropId, EventId, RecordId};
use domain::material::MaterialKind;
use domain::role::{Permission, PlaceCode};
use domain::time::{Millis, Month};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// The most lines that one page shows.
const MOST_LINES: i64 = 2_000;

/// Where pieces were given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GivenAt {
    Event(EventId),
    Drop(DropId),
}

/// One line by which pieces were given, or given pieces were taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenLine {
    pub at: GivenAt,
    /// Of the event or drop: `E-KBL-0007`.
    pub number: String,
    pub record: RecordId,
    pub occurred_at: Millis,
    pub title: String,
    pub batch_code: String,
    pub channel: Channel,
    /// Below zero where it was undone or collected again.
    pub pieces: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GivenLines {
    pub lines: Vec<GivenLine>,
    /// There are more lines than are shown.
    pub cut: bool,
}

#[derive(FromQueryResult)]
struct Row {
    event_id: Option<Uuid>,
    drop_id: Option<Uuid>,
    number: String,
    record_id: Uuid,
    occurred_at: i64,
    title: String,
    batch_code: String,
    channel: String,
    pieces: i64,
}

impl Reader<'_> {
    /// The lines behind the pieces given in a month: in one province or all, of one kind or all.
    pub async fn given_lines(
        &self,
        month: Month,
        province: Option<&PlaceCode>,
        kind: Option<MaterialKind>,
    ) -> Result<GivenLines, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let lines = |side: &GivenSide| {
            format!(
                "SELECT l.id AS line_id, m.record_id, m.occurred_at, a.owner_id, a.channel,
                    l.batch_id, {}l.pieces AS pieces
                 FROM line l JOIN movement m ON m.id = l.movement_id
                 JOIN account a ON a.id = l.{}_id
                 WHERE {} AND m.booked_month = ",
                side.sign,
                side.name,
                side.condition()
            )
        };
        let mut query = Query::new(
            "SELECT e.id AS event_id, d.id AS drop_id, COALESCE(e.number, d.number) AS number,
                x.record_id, x.occurred_at, g.title, b.code AS batch_code, x.channel, x.pieces
             FROM (",
        )
        .push(&lines(&GIVEN))
        .bind(i64::from(month.0))
        .push(" UNION ALL ")
        .push(&lines(&TAKEN_BACK))
        .bind(i64::from(month.0))
        .push(
            ") x JOIN batch b ON b.id = x.batch_id JOIN material g ON g.id = b.material_id
             LEFT JOIN event e ON e.id = x.owner_id LEFT JOIN drop_off d ON d.id = x.owner_id
             JOIN place p ON p.code = COALESCE(e.place_code, d.place_code) WHERE ((e.id IS NOT NULL
                AND ",
        )
        .condition(|next| scope::places_and_orgs(&self.actor, "e.place_code", "e.org_id", next))
        .push(") OR (d.id IS NOT NULL AND ")
        .condition(|next| scope::stores(&self.actor, "d.store_id", next))
        .push("))");
        if let Some(province) = province {
            query = query.push(" AND COALESCE(p.parent_code, p.code) = ").bind(province.as_str());
        }
        if let Some(kind) = kind {
            query = query.push(" AND g.kind = ").bind(kind.as_str());
        }
        let order = format!(" ORDER BY x.occurred_at, x.line_id LIMIT {}", MOST_LINES + 1);
        let mut rows: Vec<Row> = query.push(&order).all(self.stock.db.read()).await?;
        let cut = rows.len() as i64 > MOST_LINES;
        rows.truncate(MOST_LINES as usize);
        let lines = rows.into_iter().map(Row::line).collect::<Result<_, DbErr>>()?;
        Ok(GivenLines { lines, cut })
    }
}

impl Row {
    fn line(self) -> Result<GivenLine, DbErr> {
        let at = match (self.event_id, self.drop_id) {
            (Some(event), _) => GivenAt::Event(event.into()),
            (None, Some(drop)) => GivenAt::Drop(drop.into()),
            (None, None) => return Err(DbErr::Type("given at no event and no drop".to_owned())),
        };
        let channel = Channel::parse(&self.channel)
            .ok_or_else(|| DbErr::Type(format!("the books hold the word {:?}", self.channel)))?;
        Ok(GivenLine {
            at,
            number: self.number,
            record: self.record_id.into(),
            occurred_at: Millis(self.occurred_at),
            title: self.title,
            batch_code: self.batch_code,
            channel,
            pieces: self.pieces,
        })
    }
}
