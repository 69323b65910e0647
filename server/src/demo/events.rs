//! The eleven events of June 2017. Their sums are the bulletin's; how they split is invented.

use super::Told;
use super::clock::{june, may};
use super::places::Province;
use super::stage::{Stage, asked};
use super::supply::{Batches, pieces};
use domain::account::Account;
use domain::attendance::{Attendance, Group, Headcount};
use domain::code::Code;
use domain::event_sheet::{SheetRow, ToMultipliers, ToPublic};
use domain::events::{Multiplier, PublicPlace, SessionKind};
use domain::ids::{EventId, MaterialId};
use domain::records::events::{EventSheet, Goods, TakeStock};
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use stock::Submission;
use stock::events::EventPlan;

/// The pieces that one participant plausibly takes home of each material.
const A_PERSON: [i64; 3] = [5, 5, 1];

/// Into whose hands the pieces of a sheet went.
#[derive(Clone, Copy)]
enum Hands {
    /// The sheet says that participants took everything: what a careful manager asks about.
    Participants,
    /// Some to each participant, the rest to so many people who pass them on.
    PassedOn(Multiplier, i64),
    /// Some to each participant, the rest put up in so many places.
    PutUp(PublicPlace, i64),
}

/// Leaflets, stickers and magazines, in this order.
type Three = [i64; 3];

/// One event: what was given, left over and spoiled, and who came.
struct Event {
    province: Province,
    district: u32,
    day: Day,
    given: Three,
    left: Three,
    spoiled: Three,
    hands: Hands,
    /// Women, men, girls, boys.
    people: [i64; 4],
    groups: &'static [Group],
    how: How,
}

/// How its sheet came into the books.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// With the labels that were scanned, on the day.
    Scanned,
    /// From paper, on the day after, without labels.
    Paper,
    /// Cartons were scanned as they left the store, before the event.
    TakenBefore,
    /// A sheet for the women's session and one for the men's.
    TwoSessions,
    /// It brought more than the books know of.
    Unexplained,
}

const ALL_GROUPS: &[Group] = &[Group::Community, Group::Officials, Group::ReligiousLeaders];
const COMMUNITY: &[Group] = &[Group::Community];
const OFFICIALS: &[Group] = &[Group::Community, Group::Officials];
const LEADERS: &[Group] = &[Group::Community, Group::ReligiousLeaders];

#[rustfmt::skip]
const EVENTS: [Event; 11] = [
    event(Province::Kabul, 1, 5, [2_200, 2_400, 220], [12, 18, 2, 3], OFFICIALS)
        .hands(Hands::PassedOn(Multiplier::Teachers, 14)).how(How::TwoSessions),
    event(Province::Balkh, 1, 6, [2_400, 2_400, 240], [10, 22, 2, 3], ALL_GROUPS)
        .hands(Hands::PassedOn(Multiplier::Elders, 22)).left([100, 100, 10]).how(How::TakenBefore),
    event(Province::Kandahar, 1, 7, [2_500, 2_500, 250], [4, 30, 0, 2], LEADERS),
    event(Province::Helmand, 1, 8, [2_400, 2_500, 250], [5, 25, 1, 2], OFFICIALS),
    event(Province::Balkh, 6, 11, [2_500, 2_300, 250], [8, 20, 1, 2], LEADERS)
        .hands(Hands::PutUp(PublicPlace::Clinic, 9)).left([40, 0, 0]).spoiled([60, 0, 0]),
    event(Province::Kabul, 2, 13, [2_100, 2_300, 210], [10, 17, 1, 2], COMMUNITY)
        .hands(Hands::PutUp(PublicPlace::School, 12)).spoiled([0, 50, 0]),
    event(Province::Nuristan, 1, 14, [1_500, 1_900, 200], [6, 16, 1, 2], ALL_GROUPS)
        .left([500, 0, 0]).how(How::Paper),
    event(Province::Balkh, 10, 18, [2_100, 2_200, 200], [9, 18, 1, 4], OFFICIALS)
        .hands(Hands::PassedOn(Multiplier::Mosque, 8)).how(How::Paper),
    event(Province::Kandahar, 2, 20, [2_300, 2_000, 230], [3, 28, 0, 1], LEADERS)
        .hands(Hands::PassedOn(Multiplier::Elders, 31)),
    event(Province::Helmand, 2, 21, [2_900, 2_400, 240], [4, 27, 0, 3], COMMUNITY)
        .how(How::Unexplained),
    event(Province::Kabul, 10, 22, [2_100, 2_100, 210], [9, 22, 1, 2], ALL_GROUPS)
        .hands(Hands::PutUp(PublicPlace::Market, 6)),
];

const fn event(
    province: Province,
    district: u32,
    day: i32,
    given: Three,
    people: [i64; 4],
    groups: &'static [Group],
) -> Event {
    let (left, spoiled) = ([0; 3], [0; 3]);
    let (hands, how) = (Hands::Participants, How::Scanned);
    let day = june(day);
    Event { province, district, day, given, left, spoiled, hands, people, groups, how }
}

impl Event {
    const fn hands(mut self, hands: Hands) -> Self {
        self.hands = hands;
        self
    }

    const fn left(mut self, left: Three) -> Self {
        self.left = left;
        self
    }

    const fn spoiled(mut self, spoiled: Three) -> Self {
        self.spoiled = spoiled;
        self
    }

    const fn how(mut self, how: How) -> Self {
        self.how = how;
        self
    }

    fn participants(&self) -> i64 {
        self.people.iter().sum()
    }
}

/// Plans the eleven events and tells what happened there.
pub async fn eleven(stage: &Stage, batches: &Batches) -> Told<()> {
    stage.it_is(may(31), 9);
    let mut planned = Vec::with_capacity(EVENTS.len());
    for event in &EVENTS {
        let sessions = match event.how {
            How::TwoSessions => vec![SessionKind::Women, SessionKind::Men],
            How::Scanned | How::Paper | How::TakenBefore | How::Unexplained => Vec::new(),
        };
        let place = (event.province, event.district);
        planned.push(plans(stage, place, event.day, sessions).await?);
    }
    for (event, id) in EVENTS.iter().zip(planned) {
        happens(stage, batches, event, id).await?;
    }
    Ok(())
}

/// The partner plans an event with one kit.
pub async fn plans(
    stage: &Stage,
    (province, district): (Province, u32),
    planned_on: Day,
    sessions: Vec<SessionKind>,
) -> Told<EventId> {
    let plan = EventPlan {
        id: stage.id(),
        event_type: stage.goods.event_type,
        store: stage.field(province)?,
        org: stage.places.partner,
        place: province.district(district),
        planned_on,
        expected_people: Some(35),
        sessions,
        kits: BTreeMap::from([(stage.goods.kit_version, pieces(1)?)]),
        materials: BTreeMap::new(),
    };
    let id = plan.id;
    stage.by(&stage.cast.worker).plan_event(plan).await?;
    Ok(id)
}

async fn happens(stage: &Stage, batches: &Batches, event: &Event, id: EventId) -> Told<()> {
    stage.it_is(event.day, 8);
    let mut sheet = EventSheet {
        event: id,
        session: None,
        rows: rows(stage, event),
        codes: labels(batches, event.province),
        attendance: Some(attendance(event.people, event.groups)),
    };
    match event.how {
        How::Scanned => {}
        How::TakenBefore => takes(stage, batches, event, id).await?,
        How::TwoSessions => return in_sessions(stage, event, sheet).await,
        How::Paper | How::Unexplained => sheet.codes.clear(),
    }
    let said = match event.how {
        How::Scanned | How::TakenBefore | How::TwoSessions => {
            stage.it_is(event.day, 15);
            stage.said("")
        }
        How::Paper => on_paper(stage, event.day),
        How::Unexplained => asked(on_paper(stage, event.day)),
    };
    stage.by(&stage.cast.worker).event_sheet(said, sheet).await?;
    Ok(())
}

fn on_paper(stage: &Stage, day: Day) -> Submission {
    stage.it_is(Day(day.0 + 1), 10);
    stage.said_of(day, "from the paper form")
}

/// Five cartons of leaflets by their labels, the rest by material.
async fn takes(stage: &Stage, batches: &Batches, event: &Event, id: EventId) -> Told<()> {
    let goods = &stage.goods;
    let worker = &stage.cast.worker;
    let store = Account::store(stage.field(event.province)?);
    let packs = stage.seen_by(worker).packs_of(batches.leaflets[0].batch).await?;
    let cartons = packs.iter().filter(|pack| pack.at == Some(store)).take(5);
    let taken = Goods {
        packs: cartons.map(|pack| pack.code).collect(),
        batches: vec![(batches.stickers[0].code, pieces(2_500)?)],
        materials: vec![(goods.magazine, pieces(250)?)],
    };
    let take = TakeStock { event: id, goods: taken };
    stage.by(worker).take_stock(stage.said(""), take).await?;
    Ok(())
}

/// The sheet in two: the women got their share, the men the rest.
async fn in_sessions(stage: &Stage, event: &Event, whole: EventSheet) -> Told<()> {
    let worker = &stage.cast.worker;
    let detail = stage.seen_by(worker).event_detail(whole.event).await?;
    let sessions = detail.ok_or("the event is gone")?.sessions;
    let [women, men, girls, boys] = event.people;
    let of_women = event.given.map(|given| given * 2 / 5);
    let of_men = [0, 1, 2].map(|n: usize| event.given[n] - of_women[n]);
    let parts = [(of_women, [women, 0, girls, 0]), (of_men, [0, men, 0, boys])];
    stage.it_is(event.day, 16);
    for (session, (given, people)) in sessions.iter().zip(parts) {
        let part = Event { given, people, ..*event };
        let sheet = EventSheet {
            session: Some(session.id),
            rows: rows(stage, &part),
            attendance: Some(attendance(people, event.groups)),
            ..whole.clone()
        };
        stage.by(worker).event_sheet(stage.said(""), sheet).await?;
    }
    Ok(())
}

fn rows(stage: &Stage, event: &Event) -> Vec<SheetRow> {
    let people = event.participants();
    let materials = [stage.goods.leaflet, stage.goods.sticker, stage.goods.magazine];
    let row = |n: usize| {
        let amounts = (event.given[n], event.left[n], event.spoiled[n]);
        row(materials[n], amounts, event.hands, people * A_PERSON[n])
    };
    [0, 1, 2].map(row).to_vec()
}

/// Splits what was given of a material; participants get at most `most`.
fn row(
    material: MaterialId,
    (given, left, spoiled): (i64, i64, i64),
    hands: Hands,
    most: i64,
) -> SheetRow {
    let participants = match hands {
        Hands::Participants => given,
        Hands::PassedOn(..) | Hands::PutUp(..) => given.min(most),
    };
    let rest = given - participants;
    let (multipliers, public) = match hands {
        Hands::Participants => (None, None),
        Hands::PassedOn(who, people) => {
            (Some(ToMultipliers { pieces: rest, people: Some(people), who }), None)
        }
        Hands::PutUp(kind, places) => {
            (None, Some(ToPublic { pieces: rest, places: Some(places), kind }))
        }
    };
    let brought = given + left + spoiled;
    SheetRow { material, brought, left, spoiled, participants, multipliers, public }
}

/// All that was given went to participants.
pub fn simple_row(material: MaterialId, given: i64, left: i64) -> SheetRow {
    row(material, (given, left, 0), Hands::Participants, given)
}

pub fn attendance([women, men, girls, boys]: [i64; 4], groups: &[Group]) -> Attendance {
    let count = Headcount {
        women: Some(women),
        men: Some(men),
        girls: Some(girls),
        boys: Some(boys),
        ..Headcount::default()
    };
    Attendance { count, groups: groups.iter().copied().collect::<BTreeSet<_>>() }
}

/// The labels of the batches that went to a province.
fn labels(batches: &Batches, province: Province) -> Vec<Code> {
    let Batches { leaflets, stickers, magazines } = batches;
    let labelled = match province {
        Province::Balkh | Province::Kandahar => vec![leaflets[0], stickers[0], magazines[0]],
        Province::Helmand => {
            vec![leaflets[0], leaflets[1], stickers[0], stickers[1], magazines[0]]
        }
        Province::Nuristan => vec![leaflets[1], stickers[1], magazines[0]],
        Province::Kabul => vec![leaflets[1], stickers[1], magazines[1]],
    };
    labelled.iter().map(|labelled| labelled.code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleven_events_sum_to_the_bulletin() {
        let given = |n: usize| EVENTS.iter().map(|event| event.given[n]).sum::<i64>();
        assert_eq!([given(0), given(1), given(2)], [25_000, 25_000, 2_500]);
        assert_eq!(EVENTS.iter().map(Event::participants).sum::<i64>(), 359);
        let females = EVENTS.iter().map(|event| event.people[0] + event.people[2]);
        assert_eq!(females.sum::<i64>(), 90);
        let provinces: BTreeSet<_> = EVENTS.iter().map(|event| event.province).collect();
        assert_eq!(provinces.len(), 5);
    }
}
