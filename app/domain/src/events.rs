//! The words around an event, and what a careful reader notices about one.

use crate::attendance::Headcount;
use crate::ids::{MaterialId, OrgId};
use crate::reference::{OrgKind, kinds};
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// A sheet is asked for when so many days have passed since the event: people travel home first.
const SHEET_DAYS: i32 = 3;

/// The day after which the sheet of an event is missing.
pub const fn sheet_due(planned_on: Day) -> Day {
    Day(planned_on.0 + SHEET_DAYS)
}

/// Events planned before this day should have a sheet by `today`.
pub const fn sheets_due_before(today: Day) -> Day {
    Day(today.0 - SHEET_DAYS)
}

kinds!(
    /// For whom a session is; sessions share the event's stock and count as one event.
    SessionKind {
        Women = "women",
        Men = "men",
        Girls = "girls",
        Boys = "boys",
        Mixed = "mixed",
    }
);
kinds!(
    /// People who will pass pieces on.
    Multiplier {
        Elders = "elders",
        Teachers = "teachers",
        Mosque = "mosque",
        HealthWorkers = "health_workers",
        Officials = "officials",
        Other = "other",
    }
);
kinds!(
    /// Where the public finds pieces.
    PublicPlace {
        Clinic = "clinic",
        School = "school",
        Mosque = "mosque",
        Market = "market",
        Transport = "transport",
        Office = "office",
        Other = "other",
    }
);
kinds!(
    /// What somebody says about a sheet that was not posted.
    SheetDecision {
        // The same statement once more: dropped.
        Same = "same",
        // Takes the place of the sheet that is posted.
        Correction = "correction",
        // A statement of its own: posted too.
        BothHappened = "both_happened",
        // A held sheet whose reason has gone.
        PostNow = "post_now",
    }
);
kinds!(
    /// Where an event stands; a fold over what was recorded about it.
    EventState {
        Planned = "planned",
        // Its day has passed and nobody has said what happened.
        SheetMissing = "sheet_missing",
        Held = "held",
        Cancelled = "cancelled",
    }
);

/// What the state of an event follows from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EventFacts {
    pub planned_on: Day,
    pub cancelled: bool,
    /// The day of the first sheet or headcount that stands.
    pub held_on: Option<Day>,
}

impl EventState {
    /// What was recorded about an event outweighs its cancellation: it took place.
    pub fn of(facts: EventFacts, today: Day) -> Self {
        if facts.held_on.is_some() {
            Self::Held
        } else if facts.cancelled {
            Self::Cancelled
        } else if facts.planned_on < today {
            Self::SheetMissing
        } else {
            Self::Planned
        }
    }
}

/// More people come to no event, and nobody expects them.
const MOST_EXPECTED: i64 = 1_000_000;

/// Why a plan cannot be meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPlan {
    #[error("not a number of people that come to one event")]
    People,
    #[error("more than five years ahead")]
    TooFar,
}

pub fn check_plan(planned_on: Day, expected: Option<i64>, today: Day) -> Result<(), NoPlan> {
    if expected.is_some_and(|people| !(0..=MOST_EXPECTED).contains(&people)) {
        Err(NoPlan::People)
    } else if planned_on.is_beyond_plans(today) {
        Err(NoPlan::TooFar)
    } else {
        Ok(())
    }
}

/// A day so far from the plan, or so many people, is asked about once: it looks like a slip.
const MOST_DAYS_FROM_PLAN: u32 = 60;
const MOST_PEOPLE: i64 = 2_000;
const MOST_TIMES_EXPECTED: i64 = 10;

/// What looks like a slip of whoever fills in a form about an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unlikely {
    /// The day is months away from the planned one.
    Day,
    /// Far more people than were expected, or than come to one event.
    People,
}

/// What is said about an event and looks like a slip; never a reason to refuse it.
pub fn unlikely(
    (planned_on, expected): (Day, Option<i64>),
    (said_on, people): (Day, Option<i64>),
) -> Vec<Unlikely> {
    let most =
        expected.map_or(MOST_PEOPLE, |expected| expected.saturating_mul(MOST_TIMES_EXPECTED));
    let most = most.clamp(MOST_PEOPLE / 10, MOST_PEOPLE);
    let day = said_on.0.abs_diff(planned_on.0) > MOST_DAYS_FROM_PLAN;
    let people = people.is_some_and(|people| people > most);
    let found = [(day, Unlikely::Day), (people, Unlikely::People)];
    found.into_iter().filter_map(|(is_so, what)| is_so.then_some(what)).collect()
}

/// Whether an organisation of this kind holds events: printers and donors do not.
pub const fn holds_events(kind: OrgKind) -> bool {
    match kind {
        OrgKind::Programme | OrgKind::Partner => true,
        OrgKind::Printer | OrgKind::Donor => false,
    }
}

/// Whether the store of one organisation may supply the event of another: the programme supplies
/// everybody, a partner only itself.
pub fn supplies(store_of: (OrgId, OrgKind), event_of: OrgId) -> bool {
    let (org, kind) = store_of;
    org == event_of || kind == OrgKind::Programme
}

/// Above this many pieces a person in the hands of participants somebody should ask.
pub const MOST_PIECES_A_PERSON: i64 = 10;

/// A plausibility rule that fired, with the numbers that it is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "flag")]
pub enum Flag {
    /// Pieces handed to participants, by head, in tenths.
    ManyPiecesAPerson { tenths: i64 },
    /// Pieces were given to participants and nobody was counted.
    GivenWithoutPeople { pieces: i64 },
    /// Everything given is a whole multiple of a kit: it looks like what was issued.
    WholeKits { kits: i64 },
    /// Two unlinked statements about who came.
    AttendanceDiffers { difference: i64 },
    /// Pieces are still at an event whose sheet is in.
    StillAtEvent { pieces: i64 },
    /// Which batch it was is assumed.
    BatchAssumed,
    /// A second sheet waits for a decision.
    SheetKept,
    /// A sheet names a material that the store never had.
    SheetHeld,
}

/// How many pieces a person got, in tenths, rounded; `None` without people.
pub fn tenths_a_person(pieces: i64, participants: Option<i64>) -> Option<i64> {
    let people = participants.filter(|people| *people > 0)?;
    Some((pieces * 20 + people) / (people * 2))
}

/// Pieces for each participant, in tenths. Both numbers are always said together: one of them alone
/// answers another question on every page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PiecesEach {
    /// All that was given out at events, through whatever channel.
    pub given: i64,
    /// What went into the hands of participants themselves.
    pub handed: i64,
}

impl PiecesEach {
    pub fn of(given: i64, to_participants: i64, participants: Option<i64>) -> Option<Self> {
        Some(Self {
            given: tenths_a_person(given, participants)?,
            handed: tenths_a_person(to_participants, participants)?,
        })
    }
}

/// The number of whole kits that the given pieces are, if they are exactly that.
pub fn whole_kits(given: &[(MaterialId, i64)], kit: &[(MaterialId, i64)]) -> Option<i64> {
    let pieces_of = |of: &[(MaterialId, i64)], material: MaterialId| -> i64 {
        of.iter().filter(|(id, _)| *id == material).map(|(_, pieces)| *pieces).sum()
    };
    let (first, per_kit) = kit.first().copied()?;
    let kits = pieces_of(given, first).checked_div(per_kit)?;
    let all = kit.iter().all(|(id, pieces)| pieces_of(given, *id) == kits * pieces);
    let nothing_else =
        given.iter().all(|(id, pieces)| *pieces == 0 || kit.iter().any(|(other, _)| other == id));
    (kits > 0 && all && nothing_else).then_some(kits)
}

/// The flags that the numbers of an event raise by themselves.
pub fn plausibility(to_participants: i64, count: &Headcount) -> Option<Flag> {
    if to_participants == 0 {
        return None;
    }
    match tenths_a_person(to_participants, count.participants()) {
        None => Some(Flag::GivenWithoutPeople { pieces: to_participants }),
        Some(tenths) if tenths > MOST_PIECES_A_PERSON * 10 => {
            Some(Flag::ManyPiecesAPerson { tenths })
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn material(n: u128) -> MaterialId {
        MaterialId::new(Uuid::from_u128(n))
    }

    #[test]
    fn the_june_bulletin_is_146_pieces_a_person() {
        assert_eq!(tenths_a_person(52_500, Some(359)), Some(1462));
        assert_eq!(tenths_a_person(25_000, Some(359)), Some(696));
        assert_eq!(tenths_a_person(2_500, Some(359)), Some(70));
        assert_eq!(tenths_a_person(2_500, Some(0)), None);
        assert_eq!(tenths_a_person(2_500, None), None);
    }

    #[test]
    fn the_june_bulletin_is_ten_whole_kits() {
        let kit = [(material(1), 2_500), (material(2), 2_500), (material(3), 250)];
        let given = [(material(1), 25_000), (material(2), 25_000), (material(3), 2_500)];
        assert_eq!(whole_kits(&given, &kit), Some(10));
        let less = [(material(1), 25_000), (material(2), 25_000), (material(3), 2_499)];
        assert_eq!(whole_kits(&less, &kit), None);
        let more = [given[0], given[1], given[2], (material(4), 1)];
        assert_eq!(whole_kits(&more, &kit), None);
        assert_eq!(whole_kits(&[], &kit), None);
        assert_eq!(whole_kits(&given, &[]), None);
    }

    #[test]
    fn an_event_that_has_a_sheet_took_place_whatever_else_was_said() {
        let today = Day(17_318);
        let facts = EventFacts { planned_on: Day(17_310), cancelled: false, held_on: None };
        assert_eq!(EventState::of(facts, today), EventState::SheetMissing);
        assert_eq!(EventState::of(facts, Day(17_310)), EventState::Planned);
        let cancelled = EventFacts { cancelled: true, ..facts };
        assert_eq!(EventState::of(cancelled, today), EventState::Cancelled);
        let held = EventFacts { held_on: Some(Day(17_311)), ..cancelled };
        assert_eq!(EventState::of(held, today), EventState::Held);
    }

    #[test]
    fn a_plan_is_for_people_who_can_come_and_for_these_years() {
        let check = |day, people| check_plan(Day(day), people, Day(17_318));
        assert_eq!(check(17_318, None), Ok(()));
        assert_eq!(check(17_318 + 1_830, Some(1_000_000)), Ok(()));
        assert_eq!(check(17_318, Some(1_000_001)), Err(NoPlan::People));
        assert_eq!(check(17_318, Some(-1)), Err(NoPlan::People));
        assert_eq!(check(17_318 + 1_831, Some(40)), Err(NoPlan::TooFar));
    }

    #[test]
    fn a_day_far_from_the_plan_and_too_many_people_are_slips() {
        let plan = (Day(17_310), Some(40));
        let said = |day, people| unlikely(plan, (Day(day), Some(people)));
        assert_eq!(said(17_310, 400), []);
        assert_eq!(said(17_310, 401), [Unlikely::People]);
        assert_eq!(said(17_370, 40), []);
        assert_eq!(said(17_371, 40), [Unlikely::Day]);
        assert_eq!(said(17_249, 40), [Unlikely::Day]);
        assert_eq!(said(17_249, 401), [Unlikely::Day, Unlikely::People]);
        assert_eq!(unlikely((Day(0), Some(2)), (Day(0), Some(200))), [], "a small plan grows");
        assert_eq!(unlikely((Day(0), Some(900)), (Day(0), Some(2_001))), [Unlikely::People]);
        assert_eq!(unlikely((Day(0), None), (Day(0), Some(2_000))), []);
        assert_eq!(unlikely((Day(0), None), (Day(0), None)), []);
    }

    #[test]
    fn pieces_for_nobody_and_many_pieces_a_person_are_flagged() {
        let people = |men| Headcount { men, ..Headcount::default() };
        assert_eq!(plausibility(0, &people(None)), None);
        assert_eq!(plausibility(100, &people(Some(10))), None);
        assert_eq!(
            plausibility(110, &people(Some(10))),
            Some(Flag::ManyPiecesAPerson { tenths: 110 })
        );
        assert_eq!(plausibility(5, &people(None)), Some(Flag::GivenWithoutPeople { pieces: 5 }));
    }
}
