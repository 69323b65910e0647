//! Which batches the pieces on a sheet were of.
//!
//! A sheet names materials. What was scanned says which batches; else it is the holder's oldest
//! batch, assumed. What is at the event already counts first; only what it lacks is taken from the
//! store. What the store lacks goes on its last batch, where the ledger finds it unexplained.

use super::SheetRow;
use crate::account::{Account, Channel, Occasion};
use crate::ids::{BatchId, EventId, StoreId};
use crate::ledger::{Draft, Line, MovementKind, Reason};
use crate::pieces::{Pieces, PiecesError};
use crate::time::Millis;

/// Pieces of a batch that can be taken from an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stocked {
    pub batch: BatchId,
    pub pieces: i64,
}

/// The batches of one material that the store or the event has, oldest first; the last one that they
/// ever had, where the store has none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Holdings {
    pub at_event: Vec<Stocked>,
    pub in_store: Vec<Stocked>,
    /// Batches of the material whose codes were scanned, in that order.
    pub scanned: Vec<BatchId>,
}

/// The store never had a batch of the material: nothing can be booked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the store never had a batch of this material")]
pub struct NoBatch;

/// What is taken, by batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Taken {
    pub batches: Vec<Stocked>,
    /// Whether somebody chose the batches or the program did.
    pub assumed: bool,
}

/// Chooses `wanted` pieces from the store, the scanned batches first.
pub fn take(wanted: i64, holdings: &Holdings) -> Result<Taken, NoBatch> {
    if wanted == 0 {
        return Ok(Taken::default());
    }
    let in_store = |batch: BatchId| -> i64 {
        holdings.in_store.iter().filter(|s| s.batch == batch).map(|s| s.pieces).sum()
    };
    let scanned = !holdings.scanned.is_empty();
    let candidates: Vec<Stocked> = if scanned {
        let scanned = holdings.scanned.iter();
        scanned.map(|&batch| Stocked { batch, pieces: in_store(batch) }).collect()
    } else {
        holdings.in_store.clone()
    };
    let last = candidates.last().copied().ok_or(NoBatch)?;
    let (mut batches, rest) = draw(&candidates, wanted);
    if rest > 0 {
        // Preferably the last batch that still has something, so that fewer batches are touched.
        let batch = batches.last().map_or(last.batch, |stocked| stocked.batch);
        let batch = if scanned { last.batch } else { batch };
        match batches.iter_mut().find(|stocked| stocked.batch == batch) {
            Some(stocked) => stocked.pieces += rest,
            None => batches.push(Stocked { batch, pieces: rest }),
        }
    }
    Ok(Taken { batches, assumed: !scanned })
}

/// What a row does to the books.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Booked {
    pub drafts: Vec<Draft>,
    /// Pieces that were not at the event before.
    pub taken: i64,
    pub assumed: bool,
}

/// Where a sheet books: its event, the store that supplies it, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub event: EventId,
    pub store: StoreId,
    pub at: Millis,
}

/// The movements of one row: take what was not there yet, give, damage, bring back.
pub fn book(row: &SheetRow, holdings: &Holdings, place: Place) -> Result<Booked, NoBatch> {
    // Scanned batches are what is in people's hands: they are used before the others.
    let is_scanned = |stocked: &&Stocked| holdings.scanned.contains(&stocked.batch);
    let scanned = holdings.at_event.iter().filter(is_scanned);
    let others = holdings.at_event.iter().filter(|stocked| !is_scanned(stocked));
    let there: Vec<Stocked> = scanned.chain(others).copied().collect();
    let (mut pool, lacking) = draw(&there, row.brought);
    let Taken { batches, mut assumed } = take(lacking, holdings)?;
    for stocked in &batches {
        match pool.iter_mut().find(|other| other.batch == stocked.batch) {
            Some(other) => other.pieces += stocked.pieces,
            None => pool.push(*stocked),
        }
    }
    assumed |= pool.len() > 1 && row.given() != row.brought && row.left != row.brought;
    let mut pool = Pool(pool);
    let Place { event, store, at } = place;
    let here = Account::at_event(event);
    let mut drafts =
        vec![draft(MovementKind::Take, Reason::Planned, at, Account::store(store), here, &batches)];
    let mut given = Vec::new();
    for channel in Channel::ALL {
        let to = Account::given(Occasion::Event(event), channel);
        given.extend(lines(here, to, &pool.next(row.by(channel))));
    }
    drafts.push(Draft::new(MovementKind::Give, Reason::Planned, at, given));
    let spoiled = pool.next(row.spoiled);
    let damaged = Account::damaged(store);
    drafts.push(draft(MovementKind::Damage, Reason::Other, at, here, damaged, &spoiled));
    let left = pool.next(row.left);
    let back = Account::store(store);
    drafts.push(draft(MovementKind::BringBack, Reason::Planned, at, here, back, &left));
    drafts.retain(|draft| !draft.lines.is_empty());
    Ok(Booked { drafts, taken: lacking, assumed })
}

/// One movement of each kind, moment and reason for all rows of a sheet.
pub fn merged(drafts: impl IntoIterator<Item = Draft>) -> Vec<Draft> {
    let mut merged: Vec<Draft> = Vec::new();
    for draft in drafts {
        let same = |other: &&mut Draft| {
            other.kind == draft.kind
                && other.reason == draft.reason
                && other.occurred_at == draft.occurred_at
                && draft.reverses.is_none()
        };
        match merged.iter_mut().find(same) {
            Some(other) => other.lines.extend(draft.lines),
            None => merged.push(draft),
        }
    }
    merged
}

/// A movement of these pieces from one account to another.
pub fn draft(
    kind: MovementKind,
    reason: Reason,
    at: Millis,
    from: Account,
    to: Account,
    batches: &[Stocked],
) -> Draft {
    Draft::new(kind, reason, at, lines(from, to, batches))
}

fn lines(from: Account, to: Account, batches: &[Stocked]) -> Vec<Line> {
    let line = |stocked: &Stocked| -> Result<Line, PiecesError> {
        Ok(Line { batch: stocked.batch, from, to, pieces: Pieces::new(stocked.pieces)? })
    };
    // Rows are checked before: what is left out here is zero pieces.
    batches.iter().filter_map(|stocked| line(stocked).ok()).collect()
}

/// Takes up to `wanted` pieces, in order; gives them and what is still lacking.
pub fn draw(from: &[Stocked], wanted: i64) -> (Vec<Stocked>, i64) {
    let mut drawn = Vec::new();
    let mut rest = wanted;
    for stocked in from {
        let pieces = stocked.pieces.clamp(0, rest);
        if pieces > 0 {
            drawn.push(Stocked { batch: stocked.batch, pieces });
            rest -= pieces;
        }
    }
    (drawn, rest)
}

struct Pool(Vec<Stocked>);

impl Pool {
    fn next(&mut self, wanted: i64) -> Vec<Stocked> {
        let (drawn, _) = draw(&self.0, wanted);
        for taken in &drawn {
            if let Some(stocked) = self.0.iter_mut().find(|s| s.batch == taken.batch) {
                stocked.pieces -= taken.pieces;
            }
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_sheet::{ToMultipliers, ToPublic};
    use crate::events::{Multiplier, PublicPlace};
    use crate::ids::{MaterialId, MovementId};
    use crate::time::Day;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn batch(n: u128) -> BatchId {
        BatchId::new(Uuid::from_u128(n))
    }

    fn of(n: u128, pieces: i64) -> Stocked {
        Stocked { batch: batch(n), pieces }
    }

    fn place() -> Place {
        Place {
            event: EventId::new(Uuid::from_u128(90)),
            store: StoreId::new(Uuid::from_u128(91)),
            at: Day(17_318).noon(),
        }
    }

    fn row(brought: i64, left: i64, spoiled: i64) -> SheetRow {
        let material = MaterialId::new(Uuid::from_u128(80));
        let participants = brought - left - spoiled;
        SheetRow { material, brought, left, spoiled, participants, multipliers: None, public: None }
    }

    fn moved(booked: &Booked, kind: MovementKind) -> Vec<(BatchId, i64)> {
        let drafts = booked.drafts.iter().filter(|draft| draft.kind == kind);
        drafts.flat_map(|d| &d.lines).map(|line| (line.batch, line.pieces.get())).collect()
    }

    #[test]
    fn without_a_scan_the_oldest_batch_is_assumed() {
        let holdings = Holdings { in_store: vec![of(1, 300), of(2, 900)], ..Holdings::default() };
        let booked = book(&row(500, 100, 0), &holdings, place()).unwrap();
        assert!(booked.assumed);
        assert_eq!(booked.taken, 500);
        assert_eq!(moved(&booked, MovementKind::Take), [(batch(1), 300), (batch(2), 200)]);
        assert_eq!(moved(&booked, MovementKind::Give), [(batch(1), 300), (batch(2), 100)]);
        assert_eq!(moved(&booked, MovementKind::BringBack), [(batch(2), 100)]);
    }

    #[test]
    fn what_was_scanned_is_not_assumed() {
        let in_store = vec![of(1, 300), of(2, 900)];
        let holdings = Holdings { in_store, scanned: vec![batch(2)], ..Holdings::default() };
        let booked = book(&row(500, 0, 0), &holdings, place()).unwrap();
        assert!(!booked.assumed);
        assert_eq!(moved(&booked, MovementKind::Take), [(batch(2), 500)]);
    }

    #[test]
    fn only_what_was_not_taken_before_is_taken() {
        let holdings = Holdings {
            at_event: vec![of(1, 400)],
            in_store: vec![of(1, 50), of(2, 900)],
            ..Holdings::default()
        };
        let booked = book(&row(500, 0, 20), &holdings, place()).unwrap();
        assert_eq!(booked.taken, 100);
        assert_eq!(moved(&booked, MovementKind::Take), [(batch(1), 50), (batch(2), 50)]);
        assert_eq!(moved(&booked, MovementKind::Damage), [(batch(2), 20)]);
    }

    #[test]
    fn what_the_store_lacks_goes_on_its_last_batch() {
        let holdings = Holdings { in_store: vec![of(1, 300), of(2, 100)], ..Holdings::default() };
        let booked = book(&row(500, 0, 0), &holdings, place()).unwrap();
        assert_eq!(moved(&booked, MovementKind::Take), [(batch(1), 300), (batch(2), 200)]);
        let empty = Holdings { in_store: vec![of(1, 0), of(2, 0)], ..Holdings::default() };
        let booked = book(&row(500, 0, 0), &empty, place()).unwrap();
        assert_eq!(moved(&booked, MovementKind::Take), [(batch(2), 500)]);
    }

    #[test]
    fn what_scanned_batches_lack_goes_on_the_last_of_them() {
        let (in_store, scanned) = (vec![of(1, 300)], vec![batch(1), batch(2)]);
        let holdings = Holdings { in_store, scanned, ..Holdings::default() };
        let booked = book(&row(500, 0, 0), &holdings, place()).unwrap();
        assert_eq!(moved(&booked, MovementKind::Take), [(batch(1), 300), (batch(2), 200)]);
    }

    #[test]
    fn what_was_scanned_at_the_event_is_given_first() {
        let (at_event, scanned) = (vec![of(1, 100), of(2, 100)], vec![batch(2)]);
        let holdings = Holdings { at_event, scanned, ..Holdings::default() };
        let booked = book(&row(150, 0, 0), &holdings, place()).unwrap();
        assert_eq!(moved(&booked, MovementKind::Give), [(batch(2), 100), (batch(1), 50)]);
    }

    #[test]
    fn where_all_of_several_batches_go_one_way_nothing_is_assumed() {
        let holdings = Holdings { at_event: vec![of(1, 100), of(2, 100)], ..Holdings::default() };
        let assumed = |row| book(&row, &holdings, place()).unwrap().assumed;
        assert!(!assumed(row(200, 0, 0)), "all given");
        assert!(!assumed(row(200, 200, 0)), "all brought back");
        assert!(assumed(row(200, 50, 0)), "which batch came back?");
    }

    #[test]
    fn movements_of_different_moments_and_reversals_stay_apart() {
        let holdings = Holdings { in_store: vec![of(1, 900)], ..Holdings::default() };
        let later = Place { at: place().at.plus_ms(1), ..place() };
        let first = book(&row(500, 0, 0), &holdings, place()).unwrap().drafts;
        let second = book(&row(500, 0, 0), &holdings, later).unwrap().drafts;
        assert_eq!(merged(first.clone().into_iter().chain(second)).len(), 4);
        let undone = |draft: &Draft| {
            let original = MovementId::new(Uuid::from_u128(70));
            Draft::reversal(original, Reason::TypedWrong, draft.occurred_at, &draft.lines)
        };
        assert_eq!(merged(first.iter().map(undone)).len(), first.len());
    }

    #[test]
    fn a_material_that_the_store_never_had_cannot_be_booked() {
        assert_eq!(book(&row(500, 0, 0), &Holdings::default(), place()), Err(NoBatch));
        let nothing = book(&row(0, 0, 0), &Holdings::default(), place()).unwrap();
        assert!(nothing.drafts.is_empty());
    }

    #[test]
    fn rows_of_a_sheet_share_their_movements() {
        let holdings = Holdings { in_store: vec![of(1, 900)], ..Holdings::default() };
        let booked = book(&row(500, 100, 50), &holdings, place()).unwrap();
        let twice = booked.drafts.clone().into_iter().chain(booked.drafts);
        assert_eq!(merged(twice).len(), 4);
    }

    prop_compose! {
        fn a_row()(
            left in 0..300_i64, spoiled in 0..50_i64, participants in 0..400_i64,
            multipliers in 0..400_i64, public in 0..400_i64,
        ) -> SheetRow {
            SheetRow {
                brought: left + spoiled + participants + multipliers + public,
                participants,
                multipliers: Some(ToMultipliers {
                    pieces: multipliers, people: None, who: Multiplier::Teachers,
                }),
                public: Some(ToPublic { pieces: public, places: None, kind: PublicPlace::Market }),
                ..row(left + spoiled, left, spoiled)
            }
        }
    }

    fn stock() -> impl Strategy<Value = Vec<Stocked>> {
        prop::collection::vec(0..500_i64, 1..4)
            .prop_map(|pieces| (1..).zip(pieces).map(|(n, pieces)| of(n, pieces)).collect())
    }

    proptest! {
        #[test]
        fn every_piece_that_was_brought_goes_somewhere(
            row in a_row(), in_store in stock(), at_event in stock(), scan in any::<bool>(),
        ) {
            let scanned = if scan { vec![batch(2)] } else { Vec::new() };
            let before: BTreeMap<_, _> = at_event.iter().map(|s| (s.batch, s.pieces)).collect();
            let holdings = Holdings { at_event, in_store, scanned };
            let booked = book(&row, &holdings, place()).unwrap();
            let sum = |kind| moved(&booked, kind).iter().map(|(_, pieces)| pieces).sum::<i64>();
            prop_assert_eq!(sum(MovementKind::Give), row.given());
            prop_assert_eq!(sum(MovementKind::Damage), row.spoiled);
            prop_assert_eq!(sum(MovementKind::BringBack), row.left);
            let there: i64 = before.values().sum();
            prop_assert_eq!(sum(MovementKind::Take), (row.brought - there).max(0));
            // Batch by batch, the event never hands out more than it had and took.
            let mut balance = before;
            for (batch, pieces) in moved(&booked, MovementKind::Take) {
                *balance.entry(batch).or_default() += pieces;
            }
            for kind in [MovementKind::Give, MovementKind::Damage, MovementKind::BringBack] {
                for (batch, pieces) in moved(&booked, kind) {
                    *balance.entry(batch).or_default() -= pieces;
                }
            }
            prop_assert!(balance.values().all(|pieces| *pieces >= 0));
        }
    }
}
