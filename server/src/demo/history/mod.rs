//! Years of generated history, for measurements and for whoever wants to see full lists.
//!
//! From 2018 to yesterday, quarter by quarter: what the coming events need is printed, travels to
//! the provinces and to the partners' stores, and is given out. All of it goes through the same
//! `Writer`s as everything else; names say that it is invented.

mod dice;
mod field;
mod sites;
mod supply;

use super::Told;
use super::cast::LogIn;
use super::stage::Stage;
use dice::Dice;
use domain::ids::{EventId, SessionId};
use domain::time::{Day, Millis, Month};
use field::Coming;
use sites::Sites;
use std::collections::BTreeMap;

/// The first quarter.
const FIRST: Month = Month(201_801);
/// A partner's store for so many movements.
const MOVEMENTS_A_SITE: u32 = 2_500;
const MOST_SITES: usize = 24;
/// Movements that an event makes, in tenths: two sessions, of three movements each.
const TENTHS_AN_EVENT: u32 = 62;
/// The days of a quarter on which stock travels.
const TRAVEL_DAYS: i32 = 9;

/// Adds about `wanted` movements until the day before `present`.
pub async fn grow(stage: &Stage, present: Millis, wanted: u32) -> Told<Vec<LogIn>> {
    stage.it_is(FIRST.first_day(), 8);
    let count = (wanted / MOVEMENTS_A_SITE) as usize;
    let mut sites = sites::open(stage, count.clamp(1, MOST_SITES)).await?;
    let mut dice = Dice::new();
    let quarters = quarters(FIRST, Day(present.day().0 - 1));
    let mut moved = 0;
    for (done, quarter) in quarters.iter().enumerate() {
        let left = (quarters.len() - done) as u32;
        let wanted = wanted.saturating_sub(moved) / left;
        moved += tell(stage, &mut sites, &mut dice, *quarter, wanted).await?;
    }
    Ok(sites.log_ins)
}

/// The first and last days of the quarters from a month to a day; a last one that is too short for
/// anything to arrive is left out.
fn quarters(first: Month, last: Day) -> Vec<(Day, Day)> {
    let mut quarters = Vec::new();
    let mut month = first;
    while month.first_day().0 + TRAVEL_DAYS + 7 <= last.0 {
        let third = month.next().next();
        quarters.push((month.first_day(), third.last_day().min(last)));
        month = third.next();
    }
    quarters
}

/// One quarter with about `wanted` movements.
async fn tell(
    stage: &Stage,
    sites: &mut Sites,
    dice: &mut Dice,
    (first, last): (Day, Day),
    wanted: u32,
) -> Told<u32> {
    let travels = 6 + 2 * (sites.regions.len() + sites.sites.len()) as u32;
    let drops = sites.sites.len() as u32;
    let events = wanted.saturating_sub(travels + drops) * 10 / TENTHS_AN_EVENT;
    let days = (Day(first.0 + TRAVEL_DAYS), last);
    let coming = (0..events).map(|_| field::think_up(dice, sites.sites.len(), days));
    let mut coming: Vec<Coming> = coming.collect();
    coming.sort_by_key(|event| event.day);

    let mut needs = vec![0; sites.sites.len()];
    for event in &coming {
        needs[event.site] += event.parts.iter().map(|part| part.brought).sum::<i64>();
    }
    let mut moved = supply::supply(stage, sites, dice, first, &needs).await?;
    stage.it_is(Day(first.0 + 8), 9);
    for number in 0..sites.sites.len() {
        moved += field::leaves_in_clinic(stage, sites, number).await?;
    }
    let mut planned: Vec<(EventId, Vec<SessionId>)> = Vec::with_capacity(coming.len());
    for event in &coming {
        planned.push(field::plan(stage, sites, event).await?);
    }
    let mut given: BTreeMap<Month, BTreeMap<usize, i64>> = BTreeMap::new();
    for (event, planned) in coming.iter().zip(&planned) {
        moved += field::happens(stage, sites, dice, event, planned).await?;
        let month = given.entry(event.day.month()).or_default();
        *month.entry(event.site).or_default() += event.given();
    }
    for (month, given) in given {
        stage.it_is(last, 17);
        field::report(stage, sites, dice, month, &given).await?;
    }
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_reach_to_yesterday() {
        let day = |text| Day::parse(text).unwrap_or_default();
        let quarters = |last| quarters(FIRST, day(last));
        let two = [("2018-01-01", "2018-03-31"), ("2018-04-01", "2018-05-20")];
        assert_eq!(quarters("2018-05-20"), two.map(|(first, last)| (day(first), day(last))));
        assert_eq!(quarters("2018-04-10").len(), 1, "nothing arrives in ten days");
    }
}
