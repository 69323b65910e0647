//! The movements behind a figure: every line whose effect is in it.

use crate::access::{Reader, scope};
use crate::movements::AccountRow;
use crate::query::Query;
use domain::ids::{MaterialId, MovementId, RecordId, StoreId};
use domain::ledger::MovementKind;
use domain::statement::{Column, Side, effects};
use domain::time::{Millis, Month};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// The most lines that are looked at for one figure.
const MOST_LINES: i64 = 2_000;

/// One line behind a figure, with its share of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BehindLine {
    pub movement: MovementId,
    pub record: RecordId,
    pub kind: MovementKind,
    pub occurred_at: Millis,
    pub batch_code: String,
    pub from_kind: String,
    pub from_holder: String,
    pub to_kind: String,
    pub to_holder: String,
    /// What the line adds to the figure, in pieces.
    pub share: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BehindPage {
    pub lines: Vec<BehindLine>,
    pub sum: i64,
    /// There are more lines than are shown; the CSV has all of them.
    pub cut: bool,
}

#[derive(FromQueryResult)]
struct Row {
    movement_id: Uuid,
    record_id: Uuid,
    kind: String,
    original_kind: Option<String>,
    occurred_at: i64,
    batch_code: String,
    pieces: i64,
    from_id: i64,
    from_kind: String,
    from_owner: Uuid,
    from_channel: String,
    from_shadow: bool,
    from_holder: Option<Uuid>,
    from_name: Option<String>,
    to_id: i64,
    to_kind: String,
    to_owner: Uuid,
    to_channel: String,
    to_shadow: bool,
    to_holder: Option<Uuid>,
    to_name: Option<String>,
}

impl Reader<'_> {
    /// The lines behind one figure of the statement. An invisible store has none.
    pub async fn behind(
        &self,
        month: Month,
        store: StoreId,
        material: MaterialId,
        column: Column,
    ) -> Result<BehindPage, DbErr> {
        let rows: Vec<Row> = Query::new(
            "SELECT m.id AS movement_id, m.record_id, m.kind, o.kind AS original_kind,
                m.occurred_at, t.code AS batch_code, l.pieces,
                f.id AS from_id, f.kind AS from_kind, f.owner_id AS from_owner,
                f.channel AS from_channel, f.shadow AS from_shadow, f.holder_id AS from_holder,
                fs.name AS from_name, g.id AS to_id, g.kind AS to_kind, g.owner_id AS to_owner,
                g.channel AS to_channel, g.shadow AS to_shadow, g.holder_id AS to_holder,
                gs.name AS to_name
             FROM movement m JOIN line l ON l.movement_id = m.id
             JOIN batch t ON t.id = l.batch_id
             JOIN account f ON f.id = l.from_id JOIN account g ON g.id = l.to_id
             LEFT JOIN store fs ON fs.id = f.holder_id LEFT JOIN store gs ON gs.id = g.holder_id
             LEFT JOIN movement o ON o.id = m.reverses_id
             WHERE m.booked_month = ",
        )
        .bind(i64::from(month.0))
        .push(" AND t.material_id = ")
        .bind(material.uuid())
        .push(" AND (f.holder_id = ")
        .bind(store.uuid())
        .push(" OR g.holder_id = ")
        .bind(store.uuid())
        .push(") AND EXISTS (SELECT 1 FROM store me WHERE me.id = ")
        .bind(store.uuid())
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "me.id", next))
        .push(&format!(") ORDER BY m.occurred_at, l.id LIMIT {}", MOST_LINES + 1))
        .all(self.stock.db.read())
        .await?;
        let cut = rows.len() as i64 > MOST_LINES;
        let mut lines = Vec::new();
        for row in rows {
            let share = row.share(store, column)?;
            if share != 0 {
                lines.push(row.line(share));
            }
        }
        let sum = lines.iter().map(|line| line.share).sum();
        Ok(BehindPage { lines, sum, cut })
    }
}

impl Row {
    fn share(&self, store: StoreId, column: Column) -> Result<i64, DbErr> {
        let side = |id, kind: &str, owner, channel: &str, shadow, holder: Option<Uuid>| {
            let row = AccountRow {
                id,
                kind: kind.to_owned(),
                owner_id: owner,
                channel: channel.to_owned(),
                shadow,
                holder_id: holder,
            };
            Ok::<_, DbErr>(Side { account: row.account()?, holder: holder.map(StoreId::new) })
        };
        let from = side(
            self.from_id,
            &self.from_kind,
            self.from_owner,
            &self.from_channel,
            self.from_shadow,
            self.from_holder,
        )?;
        let to = side(
            self.to_id,
            &self.to_kind,
            self.to_owner,
            &self.to_channel,
            self.to_shadow,
            self.to_holder,
        )?;
        let name = self.original_kind.as_deref().unwrap_or(&self.kind);
        let kind = MovementKind::parse(name).unwrap_or(MovementKind::Reverse);
        let reversal = self.original_kind.is_some();
        let (from, to) = if reversal { (to, from) } else { (from, to) };
        let mine = effects(kind, from, to, self.pieces)
            .into_iter()
            .filter(|(holder, of, _)| *holder == store && *of == column);
        let share: i64 = mine.map(|(_, _, pieces)| pieces).sum();
        Ok(if reversal { -share } else { share })
    }

    fn line(self, share: i64) -> BehindLine {
        BehindLine {
            movement: self.movement_id.into(),
            record: self.record_id.into(),
            kind: MovementKind::parse(&self.kind).unwrap_or(MovementKind::Reverse),
            occurred_at: Millis(self.occurred_at),
            batch_code: self.batch_code,
            from_kind: self.from_kind,
            from_holder: self.from_name.unwrap_or_default(),
            to_kind: self.to_kind,
            to_holder: self.to_name.unwrap_or_default(),
            share,
        }
    }
}
