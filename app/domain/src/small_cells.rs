//! Hiding small headcounts in what leaves the organisation (design, section 5).
//!
//! "1 woman in Nuristan" names somebody without a name. Counts from 1 to 4 are hidden, and with
//! each of them others, so that no sum tells what was hidden. Zero stays: it is about nobody.
//!
//! The table is seen with its sums as a graph: rows and columns are points, each hidden cell joins
//! its row with its column. A hidden cell can be worked out exactly when nothing else joins the two
//! (it is a bridge), whatever else is shown; so cells are hidden until each lies on a circle.

use serde::{Deserialize, Serialize};

/// The smallest count of people that is shown outside, zero apart.
pub const SMALLEST_SHOWN: i64 = 5;

/// A count as others may see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    Count(i64),
    Hidden,
}

/// Participants and how many of them are female, of one place or of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PeopleShown {
    pub participants: Shown,
    pub females: Shown,
}

/// For whose eyes people are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Eyes {
    /// People of the programme, or of whoever held the event, see every count.
    Ours,
    /// Another organisation's, or a paper's.
    Others,
}

/// What these eyes may see of people by place, given as (participants, females), and of their sum.
pub fn people_for(eyes: Eyes, places: &[(i64, i64)]) -> (Vec<PeopleShown>, PeopleShown) {
    let plain = |&(all, females): &(i64, i64)| PeopleShown {
        participants: Shown::Count(all),
        females: Shown::Count(females),
    };
    match eyes {
        Eyes::Others => people(places),
        Eyes::Ours => {
            let sum = places.iter().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
            (places.iter().map(plain).collect(), plain(&sum))
        }
    }
}

/// The others of a place are the difference of the two and are protected like what is printed.
fn people(places: &[(i64, i64)]) -> (Vec<PeopleShown>, PeopleShown) {
    let counts: Vec<Vec<i64>> =
        places.iter().map(|(all, females)| vec![*females, all - females]).collect();
    let shown = |row: &Vec<Shown>| PeopleShown { females: row[0], participants: row[2] };
    let mut rows: Vec<PeopleShown> = hide_small_cells(&counts, 2).iter().map(shown).collect();
    let nobody = PeopleShown { participants: Shown::Count(0), females: Shown::Count(0) };
    let sum = rows.pop().unwrap_or(nobody);
    (rows, sum)
}

/// A table of counts with the sums of its rows as the last column and the sums of its columns as
/// the last row, in which nothing that is hidden follows from what is shown. Each row has `columns`
/// counts.
pub fn hide_small_cells(counts: &[Vec<i64>], columns: usize) -> Vec<Vec<Shown>> {
    let mut table = Table::with_sums(counts, columns);
    while let Some(more) = table.way_round_a_bridge() {
        more.into_iter().for_each(|cell| table.hide(cell));
    }
    let show = |(count, hidden): (&i64, &bool)| match hidden {
        true => Shown::Hidden,
        false => Shown::Count(*count),
    };
    let row =
        |(counts, hidden): (&Vec<i64>, &Vec<bool>)| counts.iter().zip(hidden).map(show).collect();
    table.counts.iter().zip(&table.hidden).map(row).collect()
}

type CellAt = (usize, usize);

struct Table {
    counts: Vec<Vec<i64>>,
    hidden: Vec<Vec<bool>>,
    columns: usize,
}

impl Table {
    fn with_sums(counts: &[Vec<i64>], columns: usize) -> Self {
        let sum_of = |column: usize| counts.iter().filter_map(|row| row.get(column)).sum();
        let sums: Vec<i64> = (0..columns).map(sum_of).collect();
        let with_sum = |row: &Vec<i64>| {
            let cells = row.iter().copied().take(columns);
            cells.chain([row.iter().take(columns).sum()]).collect()
        };
        let counts: Vec<Vec<i64>> = counts.iter().chain([&sums]).map(with_sum).collect();
        let small = |count: &i64| (1..SMALLEST_SHOWN).contains(count);
        let hidden = counts.iter().map(|row| row.iter().map(small).collect()).collect();
        Self { counts, hidden, columns: columns + 1 }
    }

    fn hide(&mut self, (row, column): CellAt) {
        self.hidden[row][column] = true;
    }

    fn cells(&self) -> impl Iterator<Item = CellAt> + use<> {
        let columns = self.columns;
        (0..self.counts.len()).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// More cells to hide, for a hidden cell that could be worked out.
    fn way_round_a_bridge(&self) -> Option<Vec<CellAt>> {
        let mut hidden = self.cells().filter(|(row, column)| self.hidden[*row][*column]);
        hidden.find_map(|cell| {
            let way = self.cheapest_way(cell);
            let more: Vec<CellAt> =
                way.into_iter().filter(|(row, column)| !self.hidden[*row][*column]).collect();
            (!more.is_empty()).then_some(more)
        })
    }

    /// What is lost by hiding a cell. A zero protects little, because few would believe in anything
    /// else, and is taken only where nothing else is left.
    fn cost(&self, (row, column): CellAt) -> i64 {
        match self.counts[row][column] {
            _ if self.hidden[row][column] => 0,
            0 => 1_000_000_000_000_000,
            count => count,
        }
    }

    /// The other cells of the cheapest circle through this cell: from its row to its column.
    fn cheapest_way(&self, cell: CellAt) -> Vec<CellAt> {
        let mut rows: Vec<Option<Reached>> = vec![None; self.counts.len()];
        let mut columns: Vec<Option<Reached>> = vec![None; self.columns];
        rows[cell.0] = Some(Reached { cost: 0, by: None });
        loop {
            let mut cheaper = false;
            for at in self.cells().filter(|at| *at != cell) {
                let cost = self.cost(at);
                let (row, column) = (rows[at.0], columns[at.1]);
                cheaper |= improve(&mut columns[at.1], row, at, cost);
                cheaper |= improve(&mut rows[at.0], column, at, cost);
            }
            if !cheaper {
                break;
            }
        }
        let mut way = Vec::new();
        let (mut reached, mut in_column) = (columns[cell.1], true);
        while let Some(at) = reached.and_then(|reached| reached.by) {
            way.push(at);
            reached = if in_column { rows[at.0] } else { columns[at.1] };
            in_column = !in_column;
        }
        way
    }
}

/// How cheaply a row or column can be reached, and by which cell.
#[derive(Clone, Copy)]
struct Reached {
    cost: i64,
    by: Option<CellAt>,
}

/// Reaches `to` from the other end of the cell `at`, where that is cheaper.
fn improve(to: &mut Option<Reached>, from: Option<Reached>, at: CellAt, cost: i64) -> bool {
    let Some(from) = from else { return false };
    let cost = from.cost.saturating_add(cost);
    let cheaper = to.is_none_or(|known| cost < known.cost);
    if cheaper {
        *to = Some(Reached { cost, by: Some(at) });
    }
    cheaper
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HIDDEN: Shown = Shown::Hidden;

    fn count(count: i64) -> Shown {
        Shown::Count(count)
    }

    #[test]
    fn figures_that_are_large_enough_stay() {
        let (rows, sum) = people(&[(40, 12), (35, 0)]);
        assert_eq!(rows[0], PeopleShown { participants: count(40), females: count(12) });
        assert_eq!(rows[1], PeopleShown { participants: count(35), females: count(0) });
        assert_eq!(sum, PeopleShown { participants: count(75), females: count(12) });
    }

    #[test]
    fn a_small_figure_takes_a_second_one_with_it() {
        // Three women in Nuristan: without the second cell, 90 less the others would tell.
        let (rows, sum) = people(&[(60, 30), (50, 3), (80, 57)]);
        assert_eq!(rows[1].females, HIDDEN);
        assert_eq!(rows[0].females, HIDDEN, "the next smallest of the column");
        assert_eq!(rows[2].females, count(57));
        assert_eq!(sum, PeopleShown { participants: count(190), females: count(90) });
        // The men of both places would tell as well, and are not printed; the sums stay.
        assert_eq!((rows[0].participants, rows[1].participants), (count(60), count(50)));
    }

    #[test]
    fn the_few_who_are_not_female_are_protected_too() {
        let (rows, _) = people(&[(23, 20), (40, 20)]);
        assert_ne!((rows[0].participants, rows[0].females), (count(23), count(20)));
    }

    #[test]
    fn a_small_sum_is_hidden_with_its_only_place() {
        let (rows, sum) = people(&[(4, 1)]);
        assert_eq!(rows[0], PeopleShown { participants: HIDDEN, females: HIDDEN });
        assert_eq!(sum, PeopleShown { participants: HIDDEN, females: HIDDEN });
    }

    #[test]
    fn nobody_at_all_is_an_empty_table() {
        let (rows, sum) = people(&[]);
        assert!(rows.is_empty());
        assert_eq!(sum, PeopleShown { participants: count(0), females: count(0) });
    }

    /// What can be worked out of a table: solves its sums for the hidden cells, modulo a prime.
    fn can_be_worked_out(shown: &[Vec<Shown>]) -> bool {
        let columns = shown[0].len();
        let hidden: Vec<CellAt> = (0..shown.len())
            .flat_map(|row| (0..columns).map(move |column| (row, column)))
            .filter(|(row, column)| shown[*row][*column] == HIDDEN)
            .collect();
        let sign = |place: usize, of: usize| if place + 1 == of { PRIME - 1 } else { 1 };
        let of_row = |row: usize| {
            let term = |cell: &CellAt| if cell.0 == row { sign(cell.1, columns) } else { 0 };
            hidden.iter().map(term).collect::<Vec<u64>>()
        };
        let of_column = |column: usize| {
            let term = |cell: &CellAt| if cell.1 == column { sign(cell.0, shown.len()) } else { 0 };
            hidden.iter().map(term).collect::<Vec<u64>>()
        };
        let sums: Vec<Vec<u64>> =
            (0..shown.len()).map(of_row).chain((0..columns).map(of_column)).collect();
        let known = rank(sums.clone());
        (0..hidden.len()).any(|place| {
            let mut with = sums.clone();
            with.push((0..hidden.len()).map(|other| u64::from(other == place)).collect());
            rank(with) == known
        })
    }

    const PRIME: u64 = 1_000_003;

    fn rank(mut rows: Vec<Vec<u64>>) -> usize {
        let columns = rows.first().map_or(0, Vec::len);
        let mut rank = 0;
        for column in 0..columns {
            let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else {
                continue;
            };
            rows.swap(rank, pivot);
            let (done, rest) = rows.split_at_mut(rank + 1);
            let pivot = &done[rank];
            for row in rest {
                let (a, b) = (pivot[column], row[column]);
                for (cell, by) in row.iter_mut().zip(pivot) {
                    *cell = (*cell * a + (PRIME - b) * by) % PRIME;
                }
            }
            rank += 1;
        }
        rank
    }

    proptest! {
        #[test]
        fn nothing_that_is_hidden_follows_from_what_is_shown(
            counts in prop::collection::vec(prop::collection::vec(0..12_i64, 3), 1..7),
        ) {
            let shown = hide_small_cells(&counts, 3);
            prop_assert!(!can_be_worked_out(&shown), "{shown:?}");
            for (row, cells) in counts.iter().zip(&shown) {
                for (count, cell) in row.iter().zip(cells) {
                    let small = (1..SMALLEST_SHOWN).contains(count);
                    prop_assert!(*cell == HIDDEN || (!small && *cell == Shown::Count(*count)));
                }
            }
        }

        #[test]
        fn tables_of_large_counts_are_shown_whole(
            counts in prop::collection::vec(prop::collection::vec(5..99_i64, 2), 1..7),
        ) {
            let shown = hide_small_cells(&counts, 2);
            prop_assert!(shown.iter().flatten().all(|cell| *cell != HIDDEN));
        }
    }
}
