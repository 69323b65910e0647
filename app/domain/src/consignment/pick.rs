//! Which batches and packs to load when somebody asks for so many pieces of a material.

use crate::ids::{BatchId, PackId};
use crate::pack::PackKind;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// Why a batch may not be sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    Held,
    Recalled,
}

impl Blocked {
    /// Whether it stops a consignment. A recall stops what goes out, never what comes back to a
    /// store above (rule 6).
    pub const fn stops(self, goes_back: bool) -> bool {
        match self {
            Self::Held => true,
            Self::Recalled => !goes_back,
        }
    }
}

/// A sealed pack: it holds its nominal pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sealed {
    pub id: PackId,
    pub kind: PackKind,
    pub number: i64,
    pub nominal: i64,
    /// Another draft wants it, too.
    pub is_promised: bool,
}

/// One batch in one store, less what the same draft already takes from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnHand {
    pub batch: BatchId,
    pub arrived_on: Day,
    /// Pieces that can still be taken.
    pub free: i64,
    /// Pieces that other drafts want, perhaps more than there are.
    pub promised: i64,
    /// Sealed packs that nothing takes yet.
    pub sealed: Vec<Sealed>,
    pub blocked: Option<Blocked>,
}

impl OnHand {
    const fn all(&self) -> i64 {
        self.free
    }

    fn unpromised(&self) -> i64 {
        (self.free - self.promised).max(0)
    }
}

/// What to take of one batch: whole sealed packs, and pieces beside them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picked {
    pub batch: BatchId,
    pub packs: Vec<PackId>,
    pub loose: i64,
}

/// There is not enough that may be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("only {available} of {requested} pieces can be sent")]
pub struct Lacking {
    pub requested: i64,
    pub available: i64,
    /// Pieces that are there, but on hold or recalled.
    pub blocked: i64,
}

/// Takes `wanted` pieces, the oldest batch first, in whole packs as far as they fit. What another
/// draft wants goes last.
pub fn pick(stock: &[OnHand], wanted: i64) -> Result<Vec<Picked>, Lacking> {
    let mut batches: Vec<&OnHand> = stock.iter().filter(|on_hand| on_hand.free > 0).collect();
    batches.sort_by_key(|on_hand| (on_hand.arrived_on, on_hand.batch));
    let sum = |blocked: bool| -> i64 {
        let matching = batches.iter().filter(|on_hand| on_hand.blocked.is_some() == blocked);
        matching.map(|on_hand| on_hand.free).sum()
    };
    let available = sum(false);
    if available < wanted {
        return Err(Lacking { requested: wanted, available, blocked: sum(true) });
    }
    batches.retain(|on_hand| on_hand.blocked.is_none());
    let mut left = wanted;
    let mut takes = vec![0; batches.len()];
    for may_be_taken in [OnHand::unpromised, OnHand::all] {
        for (on_hand, take) in batches.iter().zip(&mut takes) {
            let more = left.min(may_be_taken(on_hand) - *take);
            *take += more;
            left -= more;
        }
    }
    let taken = batches.into_iter().zip(takes).filter(|(_, take)| *take > 0);
    Ok(taken.map(|(on_hand, take)| from_batch(on_hand, take)).collect())
}

/// Cartons before bundles before loose pieces, each by its number; packs that another draft wants
/// after all others.
fn from_batch(on_hand: &OnHand, take: i64) -> Picked {
    let mut sealed = on_hand.sealed.clone();
    sealed.sort_by_key(|pack| (pack.is_promised, pack.kind, pack.number, pack.id));
    let mut loose = take;
    let mut packs = Vec::new();
    for pack in sealed {
        if pack.nominal <= loose {
            loose -= pack.nominal;
            packs.push(pack.id);
        }
    }
    Picked { batch: on_hand.batch, packs, loose }
}

/// The sealed packs that have to be opened so that `needed` loose pieces can be taken where
/// `loose` lie outside packs: bundles first, because they are less work.
pub fn open_for(sealed: &[Sealed], loose: i64, needed: i64) -> Vec<PackId> {
    let mut sealed = sealed.to_vec();
    sealed.sort_by_key(|pack| (std::cmp::Reverse(pack.kind), pack.number, pack.id));
    let mut there = loose;
    let mut opened = Vec::new();
    for pack in sealed {
        if there >= needed {
            break;
        }
        there += pack.nominal;
        opened.push(pack.id);
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn pack(id: u128, kind: PackKind, number: i64, nominal: i64) -> Sealed {
        Sealed { id: pack_id(id), kind, number, nominal, is_promised: false }
    }

    fn pack_id(id: u128) -> PackId {
        PackId::new(Uuid::from_u128(id))
    }

    fn batch(id: u128, day: i32, free: i64, sealed: Vec<Sealed>) -> OnHand {
        let batch = BatchId::new(Uuid::from_u128(id));
        OnHand { batch, arrived_on: Day(day), free, promised: 0, sealed, blocked: None }
    }

    #[test]
    fn the_oldest_batch_goes_first_in_whole_cartons() {
        let cartons = vec![
            pack(2, PackKind::Carton, 2, 500),
            pack(1, PackKind::Carton, 1, 500),
            pack(3, PackKind::Bundle, 1, 50),
        ];
        let newer = batch(7, 20, 5_000, Vec::new());
        let older = batch(8, 10, 1_100, cartons);
        let picked = pick(&[newer, older], 1_300).unwrap();
        assert_eq!(picked.len(), 2);
        assert_eq!(picked[0].batch.uuid(), Uuid::from_u128(8));
        assert_eq!(picked[0].packs, [pack_id(1), pack_id(2), pack_id(3)]);
        assert_eq!((picked[0].loose, picked[1].loose), (50, 200));
    }

    #[test]
    fn what_another_draft_wants_is_picked_last() {
        let mut cartons: Vec<Sealed> =
            (1..=3).map(|n| pack(n, PackKind::Carton, n as i64, 500)).collect();
        cartons[0].is_promised = true;
        let older = OnHand { promised: 600, ..batch(8, 10, 1_600, cartons) };
        let newer = batch(7, 20, 200, Vec::new());
        let stock = [newer, older];
        assert_eq!(pick(&stock, 1_000).unwrap()[0].packs, [pack_id(2), pack_id(3)]);
        let pieces = |wanted| -> Vec<(i64, i64)> {
            let picked = pick(&stock, wanted).unwrap();
            picked.iter().map(|of| (of.packs.len() as i64, of.loose)).collect()
        };
        assert_eq!(pieces(1_200), [(2, 0), (0, 200)], "the newer batch is nobody's");
        assert_eq!(pieces(1_800), [(3, 100), (0, 200)]);
        let over = OnHand { promised: 9_000, ..batch(8, 10, 50, Vec::new()) };
        assert_eq!(pick(&[over], 50).unwrap()[0].loose, 50, "drafts may want more than there is");
    }

    #[test]
    fn what_is_on_hold_is_not_picked_and_is_named() {
        let mut held = batch(7, 1, 900, Vec::new());
        held.blocked = Some(Blocked::Held);
        let free = batch(8, 2, 100, Vec::new());
        let lacking = Lacking { requested: 200, available: 100, blocked: 900 };
        assert_eq!(pick(&[held, free], 200), Err(lacking));
    }

    #[test]
    fn a_recalled_edition_may_come_back_and_what_is_on_hold_stays() {
        assert!(Blocked::Recalled.stops(false) && !Blocked::Recalled.stops(true));
        assert!(Blocked::Held.stops(false) && Blocked::Held.stops(true));
    }

    #[test]
    fn a_carton_is_opened_only_when_loose_pieces_run_out() {
        let sealed = [pack(1, PackKind::Carton, 1, 500), pack(2, PackKind::Bundle, 9, 50)];
        assert_eq!(open_for(&sealed, 40, 40), []);
        assert_eq!(open_for(&sealed, 0, 50), [pack_id(2)]);
        assert_eq!(open_for(&sealed, 0, 250), [pack_id(2), pack_id(1)]);
    }
}
