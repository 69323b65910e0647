//! Packs go back to where the records that still stand left them.

use super::PackState;
use crate::query::Query;
use crate::records::{RecordError, RecordTx};
use domain::ids::{PackId, RecordId};
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Here {
    id: Uuid,
    account_id: i64,
    /// Where the carton is out of which it came.
    carton_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Said {
    pack_id: Uuid,
    state: String,
    account_id: Option<i64>,
}

/// Records whose movements were not all taken back, reversals aside. Needs the alias `r`.
const STANDS: &str = "r.kind <> 'reverse' AND (
    NOT EXISTS (SELECT 1 FROM movement m WHERE m.record_id = r.id
        AND NOT m.derived AND m.kind <> 'reverse')
    OR EXISTS (SELECT 1 FROM movement m WHERE m.record_id = r.id
        AND NOT m.derived AND m.kind <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM movement x WHERE x.reverses_id = m.id)))";

impl RecordTx<'_> {
    /// Takes packs back that records moved which nobody stands behind any more: the pieces are back,
    /// and so are the packs. An opened pack stays open, a used-up one stays used up.
    pub(crate) async fn put_packs_back(
        &self,
        records: &BTreeSet<RecordId>,
    ) -> Result<(), RecordError> {
        let moved: Vec<Here> = Query::new(
            "SELECT s.pack_id AS id, s.account_id, c.account_id AS carton_at
             FROM pack_state s JOIN pack p ON p.id = s.pack_id
             LEFT JOIN pack_state c ON c.pack_id = p.parent_id
             WHERE s.account_id IS NOT NULL AND s.state IN ('sealed', 'check') AND s.pack_id IN (
                SELECT e.pack_id FROM pack_event e JOIN record r ON r.id = e.record_id
                WHERE r.id IN ",
        )
        .list(records.iter().map(|record| record.uuid()))
        .push(&format!(" AND NOT ({STANDS})) ORDER BY s.pack_id"))
        .all(self.conn)
        .await?;
        let mut back: BTreeMap<(PackState, i64), Vec<PackId>> = BTreeMap::new();
        for chunk in moved.chunks(200) {
            let said = self.standing_words(chunk).await?;
            for here in chunk {
                let Some((state, at)) = said.get(&here.id) else { continue };
                // A bundle that lay in its carton stands by itself since it was taken out of it.
                let at = at.or(here.carton_at);
                if let Some(at) = at.filter(|at| *at != here.account_id) {
                    back.entry((*state, at)).or_default().push(PackId::new(here.id));
                }
            }
        }
        for ((state, at), packs) in back {
            self.set_packs_at(&packs, state, Some(at)).await?;
        }
        Ok(())
    }

    /// The last that is said about each pack: its state, and its account where it has one.
    async fn standing_words(
        &self,
        packs: &[Here],
    ) -> Result<BTreeMap<Uuid, (PackState, Option<i64>)>, RecordError> {
        let said: Vec<Said> = Query::new(
            "SELECT e.pack_id, e.state, e.account_id FROM pack_event e
             JOIN record r ON r.id = e.record_id WHERE e.pack_id IN ",
        )
        .list(packs.iter().map(|pack| pack.id))
        .push(&format!(" AND {STANDS} ORDER BY e.number"))
        .all(self.conn)
        .await?;
        Ok(said
            .into_iter()
            .filter_map(|said| {
                Some((said.pack_id, (PackState::parse(&said.state)?, said.account_id)))
            })
            .collect())
    }
}
