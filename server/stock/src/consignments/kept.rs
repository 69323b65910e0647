//! Where a consignment and its paper stand, in columns that lists go by. They are folds over what
//! was recorded, made again with every record about it.

use super::Known;
use super::find::{KnownRow, select};
use super::paper::papers;
use crate::Db;
use crate::query::Query;
use domain::consignment::PaperState;
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::BTreeSet;

/// Consignments that are looked at together.
const CHUNK: usize = 500;

/// What the columns should hold.
struct Columns {
    state: &'static str,
    left_at: Option<i64>,
    paper: Option<&'static str>,
}

impl Columns {
    fn of(known: &Known, paper: Option<PaperState>) -> Self {
        let paper = known.facts.dispatched.then(|| paper.unwrap_or(PaperState::Out).as_str());
        let left_at = known.dispatched.map(|(at, _)| at.0);
        Self { state: known.state().as_str(), left_at, paper }
    }
}

/// Brings the columns in line with what is recorded.
pub(super) async fn keep(db: &impl ConnectionTrait, known: &Known) -> Result<(), DbErr> {
    let paper = papers(db, [known.id]).await?.remove(&known.id);
    let Columns { state, left_at, paper } = Columns::of(known, paper.map(|paper| paper.state));
    Query::new("UPDATE consignment SET state = ")
        .bind(state)
        .push(", left_at = ")
        .bind(left_at)
        .push(", paper = ")
        .bind(paper)
        .push(" WHERE id = ")
        .bind(known.id.uuid())
        .run(db)
        .await?;
    Ok(())
}

/// The first consignment whose columns are not what its records say.
pub(crate) async fn first_wrong(db: &Db) -> Result<Option<Known>, DbErr> {
    let rows: Vec<KnownRow> = Query::new(&select()).push(" ORDER BY c.id").all(db.read()).await?;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut chunk = Vec::with_capacity(CHUNK);
        for mut row in rows.by_ref().take(CHUNK) {
            let (state, paper) = (std::mem::take(&mut row.kept_state), row.paper.take());
            let left_at = row.left_at;
            chunk.push((row.known(&BTreeSet::new())?, (state, left_at, paper)));
        }
        let papers = papers(db.read(), chunk.iter().map(|(known, _)| known.id)).await?;
        for (known, (state, left_at, paper)) in chunk {
            let columns = Columns::of(&known, papers.get(&known.id).map(|paper| paper.state));
            if (state.as_str(), left_at, paper.as_deref())
                != (columns.state, columns.left_at, columns.paper)
            {
                return Ok(Some(known));
            }
        }
    }
    Ok(None)
}
