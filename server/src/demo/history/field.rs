//! A month in the field: events, what is left in public places, what partners report.

use super::dice::Dice;
use super::sites::{Site, Sites};
use super::supply::materials;
use crate::demo::Told;
use crate::demo::stage::{Stage, asked};
use crate::demo::supply::pieces;
use domain::attendance::{Attendance, Group, Headcount};
use domain::event_sheet::{SheetRow, ToMultipliers, ToPublic};
use domain::events::{Multiplier, PublicPlace, SessionKind};
use domain::ids::{EventId, MaterialId, SessionId};
use domain::material::MaterialKind;
use domain::records::events::{EventSheet, Goods, LeaveInPublic};
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use stock::events::EventPlan;

/// One session as it will be: thousandths of a kit that are brought, left over and spoiled.
#[derive(Clone, Copy)]
pub struct Part {
    pub brought: i64,
    left: i64,
    spoiled: i64,
}

/// An event as it will be.
pub struct Coming {
    pub site: usize,
    pub day: Day,
    pub parts: Vec<Part>,
}

/// Thinks up an event at a site between two days.
pub fn think_up(dice: &mut Dice, sites: usize, (first, last): (Day, Day)) -> Coming {
    let site = dice.between(0, sites as i64 - 1) as usize;
    let day = Day(dice.between(first.0.into(), last.0.into()) as i32);
    let sessions = dice.between(1, 3);
    // Multiples of 20, so that every material of the kit comes out whole.
    let part = |dice: &mut Dice| {
        let brought = dice.between(10, 40) * 20;
        let left = if dice.one_in(5) { 0 } else { dice.between(1, brought / 40) * 20 };
        let spoiled = if dice.one_in(3) { 20 } else { 0 };
        Part { brought, left: left.min(brought - 40), spoiled }
    };
    Coming { site, day, parts: (0..sessions).map(|_| part(dice)).collect() }
}

/// Plans an event; gives it with its sessions.
pub async fn plan(
    stage: &Stage,
    sites: &Sites,
    coming: &Coming,
) -> Told<(EventId, Vec<SessionId>)> {
    let site = &sites.sites[coming.site];
    let region = &sites.regions[site.region];
    let leaflet = sites.editions[region.edition].leaflet;
    let brought: i64 = coming.parts.iter().map(|part| part.brought).sum();
    let kinds = [SessionKind::Women, SessionKind::Men, SessionKind::Girls];
    let sessions = match coming.parts.len() {
        0 | 1 => Vec::new(),
        several => kinds[..several.min(kinds.len())].to_vec(),
    };
    let plan = EventPlan {
        id: stage.id(),
        event_type: stage.goods.event_type,
        store: site.store,
        org: site.partner,
        place: region.code.clone(),
        planned_on: coming.day,
        expected_people: Some(40),
        sessions,
        kits: BTreeMap::new(),
        materials: BTreeMap::from([(leaflet, pieces(brought)?)]),
    };
    let (id, several) = (plan.id, plan.sessions.len() > 1);
    stage.by(&site.worker).plan_event(plan).await?;
    if !several {
        return Ok((id, Vec::new()));
    }
    let detail = stage.seen_by(&site.worker).event_detail(id).await?;
    let sessions = detail.ok_or("an event is gone")?.sessions;
    Ok((id, sessions.iter().map(|session| session.id).collect()))
}

/// The sheets of an event; gives the movements that they made.
pub async fn happens(
    stage: &Stage,
    sites: &mut Sites,
    dice: &mut Dice,
    coming: &Coming,
    (event, sessions): &(EventId, Vec<SessionId>),
) -> Told<u32> {
    let site = &mut sites.sites[coming.site];
    let edition = &sites.editions[sites.regions[site.region].edition];
    stage.it_is(coming.day, 10);
    let mut moved = 0;
    for (n, part) in coming.parts.iter().enumerate() {
        let channel = dice.between(0, 2);
        let row = |(material, in_kit)| row(material, in_kit, *part, channel);
        let sheet = EventSheet {
            event: *event,
            session: sessions.get(n).copied(),
            rows: materials(edition).map(row).to_vec(),
            codes: Vec::new(),
            attendance: Some(people(dice)),
        };
        let said = asked(stage.said_plainly());
        moved += stage.by(&site.worker).event_sheet(said, sheet).await?.movements.len() as u32;
        site.stock -= part.brought - part.left;
    }
    Ok(moved)
}

fn row(material: MaterialId, in_kit: i64, part: Part, channel: i64) -> SheetRow {
    let of_kit = |thousandths: i64| thousandths * in_kit / 1_000;
    let (brought, left, spoiled) = (of_kit(part.brought), of_kit(part.left), of_kit(part.spoiled));
    let given = brought - left - spoiled;
    let participants = if channel == 0 { given } else { given / 3 };
    let rest = given - participants;
    let multipliers = (channel == 1).then_some(ToMultipliers {
        pieces: rest,
        people: Some(12),
        who: Multiplier::Teachers,
    });
    let public = (channel == 2).then_some(ToPublic {
        pieces: rest,
        places: Some(4),
        kind: PublicPlace::Clinic,
    });
    SheetRow { material, brought, left, spoiled, participants, multipliers, public }
}

fn people(dice: &mut Dice) -> Attendance {
    let count = Headcount {
        women: Some(dice.between(0, 25)),
        men: Some(dice.between(0, 30)),
        girls: Some(dice.between(0, 6)),
        boys: Some(dice.between(0, 6)),
        age_not_recorded: dice.one_in(20).then(|| dice.between(1, 5)),
        sex_not_recorded: None,
    };
    let mut groups = BTreeSet::from([Group::Community]);
    if dice.one_in(2) {
        groups.insert(Group::Officials);
    }
    if dice.one_in(3) {
        groups.insert(Group::ReligiousLeaders);
    }
    Attendance { count, groups }
}

/// A site leaves leaflets in a clinic.
pub async fn leaves_in_clinic(stage: &Stage, sites: &mut Sites, number: usize) -> Told<u32> {
    const LEFT: i64 = 100;
    let site = &mut sites.sites[number];
    let region = &sites.regions[site.region];
    let leaflet = sites.editions[region.edition].leaflet;
    let body = LeaveInPublic {
        store: site.store,
        place: region.code.clone(),
        kind: PublicPlace::Clinic,
        places: Some(1),
        goods: Goods { materials: vec![(leaflet, pieces(LEFT)?)], ..Goods::default() },
    };
    stage.by(&site.worker).leave_in_public(asked(stage.said_plainly()), body).await?;
    site.stock -= LEFT;
    Ok(1)
}

/// Every partner reports its month, some of them a little more than they gave.
pub async fn report(
    stage: &Stage,
    sites: &Sites,
    dice: &mut Dice,
    month: Month,
    given: &BTreeMap<usize, i64>,
) -> Told<()> {
    let mut by_partner: BTreeMap<_, (&Site, i64)> = BTreeMap::new();
    for (site, thousandths) in given {
        let site = &sites.sites[*site];
        by_partner.entry(site.partner).or_insert((site, 0)).1 += thousandths;
    }
    for (org, (site, thousandths)) in by_partner {
        let more = if dice.one_in(4) { 200 } else { 0 };
        let figure = ReportedFigure {
            org,
            month,
            kind: MaterialKind::Leaflet,
            pieces: thousandths + more,
            source: ReportSource::Spreadsheet,
        };
        stage.by(&site.worker).report_figure(stage.said_plainly(), figure).await?;
    }
    Ok(())
}

impl Coming {
    /// Thousandths of a kit that are given out.
    pub fn given(&self) -> i64 {
        self.parts.iter().map(|part| part.brought - part.left - part.spoiled).sum()
    }
}
