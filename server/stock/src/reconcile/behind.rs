//! The movements behind a figure: every line whose effect is in it.

use super::bulletin::MonthError;
use crate::access::{Reader, scope};
use crate::movements::AccountRow;
use crate::query::Query;
use domain::ids::{MaterialId, MovementId, RecordId, StoreId};
use domain::ledger::MovementKind;
use domain::material::MaterialKind;
use domain::role::Permission;
use domain::statement::{Column, Side, effects};
use domain::time::{Millis, Month};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most lines that are looked at for one figure.
const MOST_LINES: i64 = 2_000;

/// The materials of a figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Everything,
    Kind(MaterialKind),
    Material(MaterialId),
}

/// Which number of the statement or of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    Column(Column),
    /// Taken to events, less what was brought back.
    StayedAtEvents,
    /// What is on hand at the end of the month: the opening, and every change of it.
    Closing,
}

impl Figure {
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Column(column) => column.as_str(),
            Self::StayedAtEvents => "stayed_at_events",
            Self::Closing => "closing",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::StayedAtEvents, Self::Closing]
            .into_iter()
            .chain(Column::ALL.map(Self::Column))
            .find(|figure| figure.as_str() == text)
    }

    /// How much of a column's pieces is in the figure: 1, -1 or 0.
    fn sign(self, column: Column) -> i64 {
        match self {
            Self::Closing => column.sign(),
            Self::StayedAtEvents => {
                i64::from(column == Column::Taken) - i64::from(column == Column::BroughtBack)
            }
            Self::Column(own) => i64::from(own == column),
        }
    }
}

/// One figure of a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FigureOf {
    pub month: Month,
    /// `None` is every store that the actor sees.
    pub store: Option<StoreId>,
    pub what: What,
    pub figure: Figure,
}

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
    /// What was there before the month, where the figure begins with it.
    pub opening: i64,
    /// The opening and the shares of the lines.
    pub sum: i64,
    /// The figure as it is kept apart from the lines.
    pub kept: i64,
    /// There are more lines than are shown.
    pub cut: bool,
}

impl BehindPage {
    /// Whether the lines sum to the figure; a figure with too many lines is proved elsewhere.
    pub const fn adds_up(&self) -> bool {
        self.cut || self.sum == self.kept
    }
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

#[derive(FromQueryResult)]
struct KeptRow {
    flow: String,
    pieces: i64,
}

impl Reader<'_> {
    /// The lines behind one figure. An invisible store has none.
    pub async fn behind(&self, of: FigureOf) -> Result<BehindPage, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let db = &self.stock.db.snapshot().await?;
        let rows: Vec<Row> = self.lines_of(of).all(db).await?;
        let cut = rows.len() as i64 > MOST_LINES;
        let holders = self.holders_of(of).await?;
        let mut lines = Vec::new();
        for row in rows {
            let share = row.share(&holders, of.figure)?;
            if share != 0 {
                lines.push(row.line(share));
            }
        }
        let (opening, kept) = self.kept(db, of).await?;
        let sum = opening + lines.iter().map(|line| line.share).sum::<i64>();
        Ok(BehindPage { lines, opening, sum, kept, cut })
    }

    /// The stores whose figure it is, if the actor sees them.
    async fn holders_of(&self, of: FigureOf) -> Result<BTreeSet<StoreId>, DbErr> {
        let mut holders = self.visible_stores().await?;
        if let Some(store) = of.store {
            holders.retain(|holder| *holder == store);
        }
        Ok(holders)
    }

    fn lines_of(&self, of: FigureOf) -> Query {
        let query = Query::new(
            "SELECT m.id AS movement_id, m.record_id, m.kind, o.kind AS original_kind,
                m.occurred_at, t.code AS batch_code, l.pieces,
                f.id AS from_id, f.kind AS from_kind, f.owner_id AS from_owner,
                f.channel AS from_channel, f.shadow AS from_shadow, f.holder_id AS from_holder,
                fs.name AS from_name, g.id AS to_id, g.kind AS to_kind, g.owner_id AS to_owner,
                g.channel AS to_channel, g.shadow AS to_shadow, g.holder_id AS to_holder,
                gs.name AS to_name
             FROM movement m JOIN line l ON l.movement_id = m.id
             JOIN batch t ON t.id = l.batch_id JOIN material n ON n.id = t.material_id
             JOIN account f ON f.id = l.from_id JOIN account g ON g.id = l.to_id
             LEFT JOIN store fs ON fs.id = f.holder_id LEFT JOIN store gs ON gs.id = g.holder_id
             LEFT JOIN movement o ON o.id = m.reverses_id
             WHERE m.booked_month = ",
        )
        .bind(i64::from(of.month.0));
        let query = of.what.narrow(query);
        let query = match of.store {
            Some(store) => query
                .push(" AND (f.holder_id = ")
                .bind(store.uuid())
                .push(" OR g.holder_id = ")
                .bind(store.uuid())
                .push(")"),
            None => query,
        };
        query
            .push(" AND (")
            .condition(|next| scope::stores(&self.actor, "f.holder_id", next))
            .push(" OR ")
            .condition(|next| scope::stores(&self.actor, "g.holder_id", next))
            .push(&format!(") ORDER BY m.occurred_at, l.id LIMIT {}", MOST_LINES + 1))
    }

    /// What the figure begins with, and the figure, as they are kept.
    async fn kept(&self, db: &impl ConnectionTrait, of: FigureOf) -> Result<(i64, i64), DbErr> {
        if of.figure == Figure::Closing {
            let rows = self.closings(db, of.month, of.store, of.what).await?;
            let opening = rows.iter().map(|row| row.opening).sum();
            return Ok((opening, rows.iter().map(|row| row.closing).sum()));
        }
        let query = Query::new(
            "SELECT x.flow, CAST(SUM(x.pieces) AS BIGINT) AS pieces FROM month_flow x
             JOIN material n ON n.id = x.material_id WHERE x.booked_month = ",
        )
        .bind(i64::from(of.month.0));
        let query = match of.store {
            Some(store) => query.push(" AND x.holder_id = ").bind(store.uuid()),
            None => query,
        };
        let query = of
            .what
            .narrow(query)
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, "x.holder_id", next))
            .push(" GROUP BY x.flow");
        let mut kept = 0;
        for row in query.all::<KeptRow>(db).await? {
            let column = Column::parse(&row.flow)
                .ok_or_else(|| DbErr::Type(format!("no column is called {:?}", row.flow)))?;
            kept += of.figure.sign(column) * row.pieces;
        }
        Ok((0, kept))
    }
}

impl What {
    /// Needs the alias `n` of the material.
    pub(super) fn narrow(self, query: Query) -> Query {
        match self {
            Self::Everything => query,
            Self::Kind(kind) => query.push(" AND n.kind = ").bind(kind.as_str()),
            Self::Material(material) => query.push(" AND n.id = ").bind(material.uuid()),
        }
    }
}

impl Row {
    fn share(&self, holders: &BTreeSet<StoreId>, figure: Figure) -> Result<i64, DbErr> {
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
        let share: i64 = effects(kind, from, to, self.pieces)
            .into_iter()
            .filter(|(holder, _, _)| holders.contains(holder))
            .map(|(_, column, pieces)| figure.sign(column) * pieces)
            .sum();
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
