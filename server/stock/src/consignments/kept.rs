//! Where a consignment and its paper stand, in columns that lists go by. They are folds over what
//! was recorded, made again with every record about it.

use super::Known;
use super::find::{KnownRow, select};
use super::paper::papers;
use crate::query::Query;
use domain::consignment::PaperState;
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::BTreeSet;

/// Consignments that are looked at together.
const CHUNK: usize = 500;

/// What the columns hold, or should hold.
#[derive(PartialEq, Eq)]
pub(super) struct Columns {
    pub state: String,
    pub left_at: Option<i64>,
    pub paper: Option<String>,
}

impl Columns {
    fn of(known: &Known, paper: Option<PaperState>) -> Self {
        let paper = known.facts.dispatched.then(|| paper.unwrap_or(PaperState::Out));
        Self {
            state: known.state().as_str().to_owned(),
            left_at: known.dispatched.map(|(at, _)| at.0),
            paper: paper.map(|paper| paper.as_str().to_owned()),
        }
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
pub(crate) async fn first_wrong(db: &impl ConnectionTrait) -> Result<Option<Known>, DbErr> {
    let rows: Vec<KnownRow> = Query::new(&select()).push(" ORDER BY c.id").all(db).await?;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut chunk = Vec::with_capacity(CHUNK);
        for row in rows.by_ref().take(CHUNK) {
            let kept = row.columns();
            chunk.push((row.known(&BTreeSet::new())?, kept));
        }
        let papers = papers(db, chunk.iter().map(|(known, _)| known.id)).await?;
        for (known, kept) in chunk {
            if kept != Columns::of(&known, papers.get(&known.id).map(|paper| paper.state)) {
                return Ok(Some(known));
            }
        }
    }
    Ok(None)
}
