//! The statement's proof: says of every figure of a month whether something else in the books
//! agrees with it, and names the figures where nothing does.
//!
//! Four things are compared, each with what was kept apart from it: the month's sums, which posting
//! keeps, with what its lines come to; the month's closing with its opening and its sums; the latest
//! closing with the balances of today; and sealed packs with their balances. An opening is the
//! closing before it. Of sealed lines the database has summed what is sealed, whatever posting made
//! of them; that those sums are the lines' is for `verify`, which reads them all.
//!
//! Each comparison is one snapshot, so that what others post meanwhile breaks nothing. They are read
//! side by side.

use super::closings::LATEST;
use super::statement::StatementRow;
use crate::access::{Reader, scope};
use crate::movements::{AccountRow, line_sums};
use crate::query::Query;
use domain::account::Channel;
use domain::ids::{MaterialId, StoreId};
use domain::ledger::MovementKind;
use domain::statement::{Column, Side, effects};
use domain::time::Month;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most breaks of one sort that are named.
const MOST_NAMED: usize = 20;

/// What does not agree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Break {
    /// A figure of the month, and the sum of its lines.
    Figure(Column),
    /// The closing, and what the opening and the columns come to.
    Closing,
    /// The latest closing, and the balances.
    OnHand,
    /// The balance of a batch, and its sealed packs, which hold more or were changed.
    Packs { batch_code: String },
}

/// A holder and material whose figures disagree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    pub store: StoreId,
    pub store_name: String,
    pub material: MaterialId,
    pub title: String,
    pub what: Break,
    /// What the statement is made of: the month's sums and closings, or the balance of a batch.
    pub kept: i64,
    /// What the lines, the columns, the balances or the packs say.
    pub found: i64,
}

impl Broken {
    /// Whether a row's closing is what its opening and its columns come to.
    pub(super) fn closing(row: &StatementRow) -> Option<Self> {
        let (kept, found) = (row.closing, row.sum());
        (kept != found).then_some(())?;
        Some(Self {
            store: row.store?,
            store_name: row.store_name.clone(),
            material: row.material?,
            title: row.title.clone(),
            what: Break::Closing,
            kept,
            found,
        })
    }
}

/// Whose figure of what: holder, material and column.
type FigureKey = (Uuid, Uuid, Column);

/// A figure as it is kept, and as its lines sum to it.
#[derive(Clone, Copy, Default)]
struct Both {
    kept: i64,
    found: i64,
}

#[derive(FromQueryResult)]
struct KeptRow {
    holder_id: Uuid,
    material_id: Uuid,
    flow: String,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct SumRow {
    kind: String,
    undone: bool,
    material_id: Uuid,
    from_kind: String,
    from_shadow: bool,
    from_store: Uuid,
    to_kind: String,
    to_shadow: bool,
    to_store: Uuid,
    pieces: i64,
}

#[derive(FromQueryResult)]
struct PairRow {
    store_id: Uuid,
    store_name: String,
    material_id: Uuid,
    title: String,
    batch_code: Option<String>,
    kept: i64,
    found: i64,
}

impl Reader<'_> {
    /// Figures of the month that their lines do not sum to.
    pub(super) async fn broken_figures(&self, month: Month) -> Result<Vec<Broken>, DbErr> {
        let broken = against_lines(&self.stock.db.snapshot().await?, month).await?;
        if broken.is_empty() {
            return Ok(Vec::new());
        }
        // Only now: names, and what this actor does not see is not his to hear of.
        let stores: BTreeMap<Uuid, String> =
            self.stores().await?.into_iter().map(|s| (s.id.uuid(), s.name)).collect();
        let titles: BTreeMap<Uuid, String> =
            self.materials().await?.into_iter().map(|m| (m.id.uuid(), m.title)).collect();
        let named = broken.into_iter().filter_map(|((store, material, column), both)| {
            Some(Broken {
                store: store.into(),
                store_name: stores.get(&store)?.clone(),
                material: material.into(),
                title: titles.get(&material).cloned().unwrap_or_default(),
                what: Break::Figure(column),
                kept: both.kept,
                found: both.found,
            })
        });
        Ok(named.take(MOST_NAMED).collect())
    }

    /// Where the latest closing and the balances of today disagree.
    pub(super) async fn broken_balances(&self) -> Result<Vec<Broken>, DbErr> {
        let rows: Vec<PairRow> = Query::new(&format!(
            "SELECT s.id AS store_id, s.name AS store_name, m.id AS material_id, m.title,
                CAST(NULL AS TEXT) AS batch_code, z.kept, z.found
             FROM (SELECT x.holder_id, x.material_id, CAST(SUM(x.closing) AS BIGINT) AS kept,
                CAST(SUM(x.held) AS BIGINT) AS found FROM (
                SELECT k.holder_id, k.material_id, {LATEST} AS closing, 0 AS held
                FROM month_closing k WHERE k.booked_month = 0
                UNION ALL
                SELECT a.holder_id, t.material_id, 0 AS closing, b.pieces AS held
                FROM balance b JOIN account a ON a.id = b.account_id
                JOIN batch t ON t.id = b.batch_id WHERE b.on_hand AND b.pieces <> 0
                ) AS x GROUP BY x.holder_id, x.material_id HAVING SUM(x.closing) <> SUM(x.held)
             ) AS z JOIN store s ON s.id = z.holder_id JOIN material m ON m.id = z.material_id
             WHERE "
        ))
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .push(&format!(" ORDER BY s.name, m.title LIMIT {MOST_NAMED}"))
        .all(self.stock.db.read())
        .await?;
        Ok(rows.into_iter().map(|row| row.broken(|_| Break::OnHand)).collect())
    }

    /// Where sealed packs hold more than the balance, which always wins (rule 9), or no longer what
    /// they were packed with.
    pub(super) async fn broken_packs(&self) -> Result<Vec<Broken>, DbErr> {
        let rows: Vec<PairRow> = Query::new(
            "SELECT s.id AS store_id, s.name AS store_name, m.id AS material_id, m.title,
                t.code AS batch_code, COALESCE(b.pieces, 0) AS kept,
                CAST(SUM(p.nominal) AS BIGINT) AS found
             FROM pack_state k JOIN pack p ON p.id = k.pack_id
             JOIN account a ON a.id = k.account_id JOIN store s ON s.id = a.holder_id
             JOIN batch t ON t.id = k.batch_id JOIN material m ON m.id = t.material_id
             LEFT JOIN balance b ON b.account_id = k.account_id AND b.batch_id = k.batch_id
             WHERE k.state = 'sealed' AND ",
        )
        .condition(|next| scope::stores(&self.actor, "s.id", next))
        .push(
            " GROUP BY s.id, s.name, m.id, m.title, t.code, k.account_id, b.pieces
             HAVING SUM(p.nominal) > COALESCE(b.pieces, 0) OR SUM(p.nominal) <> SUM(k.nominal)",
        )
        .push(&format!(" ORDER BY s.name, t.code LIMIT {MOST_NAMED}"))
        .all(self.stock.db.read())
        .await?;
        let packs = |code: Option<String>| Break::Packs { batch_code: code.unwrap_or_default() };
        Ok(rows.into_iter().map(|row| row.broken(packs)).collect())
    }
}

/// The figures of a month that are kept, where the lines come to something else.
async fn against_lines(
    db: &impl ConnectionTrait,
    month: Month,
) -> Result<BTreeMap<FigureKey, Both>, DbErr> {
    let mut figures: BTreeMap<FigureKey, Both> = BTreeMap::new();
    let query = "SELECT holder_id, material_id, flow, pieces FROM month_flow WHERE booked_month = ";
    let kept: Vec<KeptRow> = Query::new(query).bind(i64::from(month.0)).all(db).await?;
    for row in kept {
        let column = Column::parse(&row.flow)
            .ok_or_else(|| DbErr::Type(format!("no column is called {:?}", row.flow)))?;
        figures.entry((row.holder_id, row.material_id, column)).or_default().kept = row.pieces;
    }
    for row in sums_of_lines(db, month).await? {
        for (key, pieces) in row.effects()? {
            figures.entry(key).or_default().found += pieces;
        }
    }
    figures.retain(|_, both| both.kept != both.found);
    Ok(figures)
}

/// The month's lines, summed over everything that makes no difference to a column, as the channel
/// of what was given.
async fn sums_of_lines(db: &impl ConnectionTrait, month: Month) -> Result<Vec<SumRow>, DbErr> {
    let by = "kind, undone, material_id, from_kind, from_shadow, from_store, to_kind, to_shadow,
        to_store";
    line_sums::of_month(month)
        .wrap(
            &format!("SELECT {by}, CAST(SUM(pieces) AS BIGINT) AS pieces FROM ("),
            &format!(") s GROUP BY {by}"),
        )
        .all(db)
        .await
}

impl SumRow {
    /// What these lines add to the month's figures.
    fn effects(&self) -> Result<Vec<(FigureKey, i64)>, DbErr> {
        let from = side(&self.from_kind, self.from_shadow, self.from_store)?;
        let to = side(&self.to_kind, self.to_shadow, self.to_store)?;
        let kind = MovementKind::parse(&self.kind)
            .ok_or_else(|| DbErr::Type(format!("no movement is of kind {:?}", self.kind)))?;
        let (from, to, sign) = if self.undone { (to, from, -1) } else { (from, to, 1) };
        let effects = effects(kind, from, to, self.pieces).into_iter();
        Ok(effects
            .map(|(holder, column, pieces)| {
                ((holder.uuid(), self.material_id, column), sign * pieces)
            })
            .collect())
    }
}

/// A side of many lines: whose run, consignment or event it was, and by which channel pieces were
/// given, makes no difference to a column.
fn side(kind: &str, shadow: bool, store: Uuid) -> Result<Side, DbErr> {
    let holder_id = (!store.is_nil()).then_some(store);
    let channel = if kind.starts_with("given_") { Channel::Participants.as_str() } else { "" };
    let row = AccountRow {
        id: 0,
        kind: kind.to_owned(),
        owner_id: Uuid::nil(),
        channel: channel.to_owned(),
        shadow,
        holder_id,
    };
    Ok(Side { account: row.account()?, holder: holder_id.map(StoreId::new) })
}

impl PairRow {
    fn broken(self, what: impl Fn(Option<String>) -> Break) -> Broken {
        Broken {
            store: self.store_id.into(),
            store_name: self.store_name,
            material: self.material_id.into(),
            title: self.title,
            what: what(self.batch_code),
            kept: self.kept,
            found: self.found,
        }
    }
}
