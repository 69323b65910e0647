//! Which packs a count shows to be here.
//!
//! Labels that were read are here for certain, also of packs that nobody had sent. The others are
//! known by their number: when as many came as were sent, they are these. Where the numbers
//! differ, nobody can say which of them came, and somebody has to look.

use super::Rest;
use super::arrive::CountedLine;
use crate::ids::{BatchId, PackId};
use crate::pack::PackKind;
use std::collections::BTreeMap;

/// A pack that is on the road, or whose label was read although it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parcel {
    pub id: PackId,
    pub batch: BatchId,
    pub kind: PackKind,
    pub nominal: i64,
    /// The most that a pack of this kind of the batch holds.
    pub full: i64,
}

impl Parcel {
    pub fn is_full_carton(&self) -> bool {
        self.kind == PackKind::Carton && self.nominal == self.full
    }
}

/// What the books know of a consignment before the count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Expected {
    /// The packs on the road.
    pub parcels: Vec<Parcel>,
    /// Packs that are not on the consignment and whose labels were read all the same.
    pub unsent: Vec<Parcel>,
    /// Pieces on the road.
    pub in_transit: BTreeMap<BatchId, i64>,
    /// Pieces that earlier deliveries of the consignment brought and that lie in no sealed pack.
    pub came_before: BTreeMap<BatchId, i64>,
}

/// The packs of one batch after the count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sorted {
    pub sealed: Vec<PackId>,
    pub check: Vec<PackId>,
    pub left_behind: Vec<PackId>,
}

impl Expected {
    /// Sealed packs never promise more than came (rule 9), and a pack for which what came leaves
    /// no room is not here.
    pub(super) fn sort(&self, counted: &CountedLine, rest: Rest) -> Sorted {
        let batch = counted.batch;
        let of_batch = |parcels: &[Parcel]| -> Vec<Parcel> {
            parcels.iter().filter(|parcel| parcel.batch == batch).copied().collect()
        };
        let (parcels, unsent) = (of_batch(&self.parcels), of_batch(&self.unsent));
        let sent = self.in_transit.get(&batch).copied().unwrap_or(0);
        let before = self.came_before.get(&batch).copied().unwrap_or(0);
        let mut room = counted.good + before;
        let mut sorted = Sorted::default();
        let mut strange = Vec::new();
        for parcel in unsent {
            if parcel.nominal <= room {
                room -= parcel.nominal;
                sorted.sealed.push(parcel.id);
                strange.push(parcel);
            } else {
                sorted.check.push(parcel.id);
            }
        }
        let of_others: i64 = strange.iter().map(|parcel| parcel.nominal).sum();
        let other_cartons = strange.iter().filter(|parcel| parcel.is_full_carton()).count() as i64;
        let cartons = parcels.iter().filter(|parcel| parcel.is_full_carton()).count() as i64;
        let all_good = counted.damaged == 0 && counted.good - of_others >= sent;
        let all_full = counted.full_cartons - other_cartons >= cartons;
        let (read, unread): (Vec<Parcel>, Vec<Parcel>) =
            parcels.into_iter().partition(|parcel| counted.packs.contains(&parcel.id));
        let (known, unknown): (Vec<Parcel>, Vec<Parcel>) = unread
            .into_iter()
            .partition(|parcel| all_good || (all_full && parcel.is_full_carton()));
        let mut others = Vec::new();
        for parcel in read.into_iter().chain(known) {
            if parcel.nominal <= room {
                room -= parcel.nominal;
                sorted.sealed.push(parcel.id);
            } else {
                others.push(parcel);
            }
        }
        let nothing_left = counted.good + counted.damaged >= sent;
        for parcel in others.into_iter().chain(unknown) {
            let fits = parcel.nominal <= room + counted.damaged;
            match (nothing_left, fits, rest) {
                (true, true, _) | (false, true, Rest::NothingMore) => sorted.check.push(parcel.id),
                (true, false, _) => sorted.left_behind.push(parcel.id),
                // Still on the road, or missing.
                (false, false, _) | (false, true, Rest::StillComing) => {}
            }
        }
        sorted
    }
}

/// Labels of editions that the count does not list: nobody expected them, and they count as
/// marked. What was counted of an edition is never changed.
pub fn beside(listed: &[BatchId], read: &[Parcel]) -> Vec<CountedLine> {
    let mut lines: BTreeMap<BatchId, CountedLine> = BTreeMap::new();
    for parcel in read.iter().filter(|parcel| !listed.contains(&parcel.batch)) {
        let batch = parcel.batch;
        let line = lines.entry(batch).or_insert_with(|| CountedLine {
            batch,
            full_cartons: 0,
            packs: Vec::new(),
            good: 0,
            damaged: 0,
            damage: None,
        });
        if line.packs.contains(&parcel.id) {
            continue;
        }
        line.packs.push(parcel.id);
        line.good += parcel.nominal;
        line.full_cartons += i64::from(parcel.is_full_carton());
    }
    lines.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Reason;
    use uuid::Uuid;

    const BATCH: BatchId = BatchId::new(Uuid::from_u128(1));
    const OTHER: BatchId = BatchId::new(Uuid::from_u128(2));

    fn counted(full_cartons: i64, good: i64, damaged: i64) -> CountedLine {
        let damage = (damaged > 0).then_some(Reason::Wet);
        CountedLine { batch: BATCH, full_cartons, packs: Vec::new(), good, damaged, damage }
    }

    fn read(labels: &[u128], line: CountedLine) -> CountedLine {
        let packs = labels.iter().map(|id| PackId::new(Uuid::from_u128(*id))).collect();
        CountedLine { packs, ..line }
    }

    fn carton(id: u128, nominal: i64) -> Parcel {
        let id = PackId::new(Uuid::from_u128(id));
        Parcel { id, batch: BATCH, kind: PackKind::Carton, nominal, full: 500 }
    }

    fn sent(cartons: &[i64]) -> Expected {
        let parcels = (1..).zip(cartons).map(|(id, nominal)| carton(id, *nominal)).collect();
        let in_transit = BTreeMap::from([(BATCH, cartons.iter().sum())]);
        Expected { parcels, in_transit, ..Expected::default() }
    }

    fn numbers(packs: &[PackId]) -> Vec<u128> {
        packs.iter().map(|pack| pack.uuid().as_u128()).collect()
    }

    /// Sealed, to be looked for here, to be looked for where it was loaded.
    fn sorted(expected: &Expected, line: &CountedLine, rest: Rest) -> [Vec<u128>; 3] {
        let Sorted { sealed, check, left_behind } = expected.sort(line, rest);
        [numbers(&sealed), numbers(&check), numbers(&left_behind)]
    }

    const NOTHING_MORE: Rest = Rest::NothingMore;

    #[test]
    fn as_many_as_were_sent_are_these() {
        let expected = sent(&[500, 500, 300]);
        let all = sorted(&expected, &counted(2, 1_300, 0), NOTHING_MORE);
        assert_eq!(all, [vec![1, 2, 3], vec![], vec![]]);
        let full = sorted(&expected, &counted(2, 1_000, 0), NOTHING_MORE);
        assert_eq!(full, [vec![1, 2], vec![], vec![]], "the third is missing: it cannot be here");
    }

    #[test]
    fn of_one_carton_too_few_nobody_knows_which_one_it_is() {
        let expected = sent(&[500, 500, 500]);
        let coming = sorted(&expected, &counted(2, 1_000, 0), Rest::StillComing);
        assert_eq!(coming, [vec![], vec![], vec![]], "all of them may still be on the road");
        let over = sorted(&expected, &counted(2, 1_000, 0), NOTHING_MORE);
        assert_eq!(over, [vec![], vec![1, 2, 3], vec![]]);
        let one = sorted(&expected, &read(&[2], counted(2, 1_000, 0)), NOTHING_MORE);
        assert_eq!(one, [vec![2], vec![1, 3], vec![]]);
        let both = sorted(&expected, &read(&[1, 2], counted(2, 1_000, 0)), NOTHING_MORE);
        assert_eq!(both, [vec![1, 2], vec![], vec![]], "the third is missing, and by its name");
    }

    #[test]
    fn damage_leaves_the_sealed_cartons_what_they_are() {
        let expected = sent(&[500, 500, 300]);
        let wet = sorted(&expected, &counted(2, 1_000, 300), NOTHING_MORE);
        assert_eq!(wet, [vec![1, 2], vec![3], vec![]]);
    }

    #[test]
    fn what_nobody_sent_is_here_by_its_label() {
        let mut expected = sent(&[500, 500]);
        expected.unsent = vec![carton(9, 500)];
        let beside = sorted(&expected, &read(&[9], counted(3, 1_500, 0)), NOTHING_MORE);
        assert_eq!(beside, [vec![9, 1, 2], vec![], vec![]]);
        let instead = sorted(&expected, &read(&[1, 9], counted(2, 1_000, 0)), NOTHING_MORE);
        assert_eq!(instead, [vec![9, 1], vec![], vec![2]], "the second was left behind");
        let unread = sorted(&expected, &read(&[9], counted(2, 1_000, 0)), NOTHING_MORE);
        assert_eq!(unread, [vec![9], vec![1, 2], vec![]], "one of the two was left behind");
        let uncounted = sorted(&expected, &read(&[9], counted(0, 0, 0)), Rest::StillComing);
        assert_eq!(uncounted, [vec![], vec![9], vec![]], "its label was read, its pieces not");
    }

    #[test]
    fn a_second_delivery_makes_the_first_ones_packs_known() {
        let mut expected = sent(&[500, 500, 500, 500]);
        expected.in_transit = BTreeMap::from([(BATCH, 1_000)]);
        expected.came_before = BTreeMap::from([(BATCH, 1_000)]);
        let rest = sorted(&expected, &counted(2, 1_000, 0), NOTHING_MORE);
        assert_eq!(rest, [vec![1, 2, 3, 4], vec![], vec![]]);
    }

    #[test]
    fn sealed_packs_never_promise_more_than_was_counted() {
        let arrival = sorted(&sent(&[500, 500, 300]), &counted(2, 700, 0), Rest::StillComing);
        assert_eq!(arrival, [vec![1], vec![], vec![]]);
    }

    #[test]
    fn labels_of_other_editions_count_as_marked() {
        let other = |id, nominal| Parcel { batch: OTHER, ..carton(id, nominal) };
        let labels = [carton(1, 500), other(2, 500), other(3, 300), other(2, 500)];
        let lines = beside(&[BATCH], &labels);
        assert_eq!(lines.len(), 1, "what is on the form was counted there");
        assert_eq!((lines[0].batch, lines[0].good, lines[0].full_cartons), (OTHER, 800, 1));
        assert_eq!(numbers(&lines[0].packs), [2, 3]);
        assert_eq!(beside(&[BATCH, OTHER], &labels), []);
    }
}
