//! A month as the bulletin tells it: events, people, pieces, and the four numbers that are one in
//! most bulletins: issued to the partner, taken to events, given out, reported.

use super::reported::ReportedRow;
use crate::access::{Denied, Reader, scope};
use crate::events::{GivenByProvince, MonthEvents, MonthPeople};
use crate::movements::line_sums;
use crate::query::Query;
use domain::account::Channel;
use domain::attendance::{Group, Headcount};
use domain::bulletin::{Flag, KitContents, MonthFigures};
use domain::ids::MaterialId;
use domain::ledger::MovementKind;
use domain::material::MaterialKind;
use domain::reference::{PlaceName, Standing};
use domain::role::{Permission, PlaceCode, Scope};
use domain::statement::Column;
use domain::time::Month;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeMap;

/// Why a report about a month is not made.
#[derive(Debug, thiserror::Error)]
pub enum MonthError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What became of one kind in the month, in pieces.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KindNumbers {
    /// Delivered to partners from stores of others, or taken to their events straight from there.
    pub issued: i64,
    /// Taken to events, less what was brought back.
    pub taken: i64,
    /// Given to participants, to people who pass them on, in public places (drops included).
    pub given: BTreeMap<Channel, i64>,
    /// `None` is "no partner reported any", which differs from zero.
    pub reported: Option<i64>,
}

impl KindNumbers {
    pub fn given_in_all(&self) -> i64 {
        self.given.values().sum()
    }

    fn is_empty(&self) -> bool {
        let Self { issued, taken, given, reported } = self;
        *issued == 0 && *taken == 0 && given.values().all(|n| *n == 0) && reported.is_none()
    }
}

/// A province that was reached: by events in it, or by pieces left there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceReached {
    pub province: PlaceCode,
    pub name: PlaceName,
    pub events: i64,
    pub people: Headcount,
    /// At one of its events people of one sex only were counted.
    pub participants_at_least: bool,
    /// Given at its events and at drops, by kind.
    pub given: BTreeMap<MaterialKind, i64>,
    /// The part of it that was left at drops.
    pub at_drops: i64,
}

impl PlaceReached {
    pub fn pieces(&self) -> i64 {
        self.given.values().sum()
    }

    /// Participants, and how many of them are female, as far as they were recorded.
    pub fn participants(&self) -> (i64, i64) {
        let females = self.people.females().unwrap_or(0);
        (self.people.participants().unwrap_or(0), females)
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bulletin {
    pub month: Month,
    pub figures: MonthFigures,
    /// Nobody recorded who came, at any event.
    pub people_not_recorded: bool,
    /// There may be more females than the figures say.
    pub females_at_least: bool,
    /// At some event people of one sex only were counted: more may have come.
    pub participants_at_least: bool,
    /// By name.
    pub partners: Vec<String>,
    pub event_types: Vec<String>,
    /// At how many events each group was present.
    pub groups: BTreeMap<Group, i64>,
    /// The most events first.
    pub places: Vec<PlaceReached>,
    /// Only kinds with a figure.
    pub kinds: BTreeMap<MaterialKind, KindNumbers>,
    pub events_that_differ: i64,
    pub sheets_waiting: i64,
    pub flags: Vec<Flag>,
}

#[derive(FromQueryResult)]
struct KindRow {
    kind: String,
    pieces: i64,
}

impl Reader<'_> {
    /// The month's bulletin for what the actor sees.
    pub async fn bulletin(&self, month: Month) -> Result<Bulletin, MonthError> {
        self.require_role(Permission::SeeReports)?;
        let (events, people, given) = tokio::try_join!(
            self.month_events(month),
            self.month_people(month),
            self.month_given(month),
        )?;
        let (places, kinds, kits) = tokio::try_join!(
            self.places_reached(&events, &people, &given),
            self.kind_numbers(month, &given),
            self.kit_contents(),
        )?;
        let figures = figures(&events, &people, &given, &places);
        let flags = figures.flags(&kits);
        Ok(Bulletin {
            month,
            people_not_recorded: people.participants.is_none(),
            females_at_least: people.females_at_least,
            participants_at_least: people.participants_at_least,
            partners: events.partners.into_iter().collect(),
            event_types: events.types.into_iter().collect(),
            groups: people.groups,
            places,
            kinds,
            events_that_differ: people.events_that_differ,
            sheets_waiting: events.sheets_waiting,
            flags,
            figures,
        })
    }

    async fn places_reached(
        &self,
        events: &MonthEvents,
        people: &MonthPeople,
        given: &[GivenByProvince],
    ) -> Result<Vec<PlaceReached>, DbErr> {
        let mut places: Vec<PlaceReached> = Vec::new();
        for province in self.provinces().await? {
            let mine = given.iter().filter(|row| row.province == province.code);
            let mut by_kind = BTreeMap::new();
            let mut at_drops = 0;
            for row in mine {
                *by_kind.entry(row.kind).or_default() += row.pieces;
                at_drops += if row.at_drops { row.pieces } else { 0 };
            }
            let held = events.by_province.get(&province.code).copied().unwrap_or(0);
            if held > 0 || !by_kind.is_empty() {
                places.push(PlaceReached {
                    participants_at_least: people.at_least_in.contains(&province.code),
                    people: people.by_province.get(&province.code).copied().unwrap_or_default(),
                    province: province.code,
                    name: province.name,
                    events: held,
                    given: by_kind,
                    at_drops,
                });
            }
        }
        places.sort_by_key(|place| std::cmp::Reverse(place.events));
        Ok(places)
    }

    async fn kind_numbers(
        &self,
        month: Month,
        given: &[GivenByProvince],
    ) -> Result<BTreeMap<MaterialKind, KindNumbers>, DbErr> {
        let mut kinds: BTreeMap<MaterialKind, KindNumbers> = BTreeMap::new();
        for row in given {
            let numbers = kinds.entry(row.kind).or_default();
            *numbers.given.entry(row.channel).or_default() += row.pieces;
        }
        for (kind, pieces) in self.issued_to_partners(month).await? {
            kinds.entry(kind).or_default().issued = pieces;
        }
        for (kind, pieces) in self.taken_to_events(month).await? {
            kinds.entry(kind).or_default().taken = pieces;
        }
        for row in self.comparable(month).await?.into_iter().filter(|row| !row.superseded) {
            let numbers = kinds.entry(known(&row.kind)?).or_default();
            numbers.reported = Some(numbers.reported.unwrap_or(0) + row.pieces);
        }
        kinds.retain(|_, numbers| !numbers.is_empty());
        Ok(kinds)
    }

    /// The figures that can stand beside the others here. A partner reports for all of its places at
    /// once: beside what was given in one of them its figure would only seem to differ.
    async fn comparable(&self, month: Month) -> Result<Vec<ReportedRow>, DbErr> {
        match self.actor.scope {
            Scope::Everything | Scope::Org(_) => self.reported(month).await,
            Scope::Place(_) | Scope::Event(_) | Scope::Consignment(_) => Ok(Vec::new()),
        }
    }

    /// What left the stores of one organisation and came into a partner's hands: by consignment,
    /// issued by its sender to the store that counts it, or because the partner's event was supplied
    /// straight from there. Pieces count against it when they were brought back or the movement was
    /// undone.
    async fn issued_to_partners(&self, month: Month) -> Result<Vec<(MaterialKind, i64)>, DbErr> {
        let query = line_sums::with_month(
            month,
            &format!(
                "SELECT m.kind, CAST(SUM(CASE WHEN x.back THEN -x.pieces ELSE x.pieces END)
                    AS BIGINT) AS pieces
                 FROM (SELECT kind, material_id, at_org, pieces,
                        (kind = '{back}') <> undone AS back,
                        CASE WHEN (kind = '{back}') <> undone THEN to_store ELSE from_store END
                            AS issuer,
                        CASE WHEN (kind = '{back}') <> undone THEN from_store ELSE to_store END
                            AS getter,
                        CASE WHEN (kind = '{back}') <> undone THEN from_kind ELSE to_kind END
                            AS got_as
                    FROM sums WHERE kind IN ('{deliver}', '{take}', '{back}')) x
                 JOIN store s ON s.id = x.issuer LEFT JOIN store d ON d.id = x.getter
                 JOIN org o ON o.kind = 'partner'
                    AND o.id = CASE WHEN x.kind = '{deliver}' THEN d.org_id ELSE x.at_org END
                 JOIN material m ON m.id = x.material_id
                 WHERE x.got_as <> 'lost' AND o.id <> s.org_id AND ",
                deliver = MovementKind::Deliver.as_str(),
                take = MovementKind::Take.as_str(),
                back = MovementKind::BringBack.as_str(),
            ),
        );
        let seen = format!(
            "(CASE WHEN x.kind = '{}' THEN d.id ELSE s.id END)",
            MovementKind::Deliver.as_str()
        );
        let query = query
            .condition(|next| scope::orgs(&self.actor, "o.id", next))
            .push(" AND ")
            .condition(|next| scope::stores(&self.actor, &seen, next))
            .push(" GROUP BY m.kind");
        by_kind(query.all(self.stock.db.read()).await?)
    }

    async fn taken_to_events(&self, month: Month) -> Result<Vec<(MaterialKind, i64)>, DbErr> {
        let query = Query::new(&format!(
            "SELECT m.kind, CAST(SUM(CASE WHEN f.flow = '{taken}' THEN f.pieces
                ELSE -f.pieces END) AS BIGINT) AS pieces
             FROM month_flow f JOIN material m ON m.id = f.material_id
             WHERE f.flow IN ('{taken}', '{back}') AND f.booked_month = ",
            taken = Column::Taken.as_str(),
            back = Column::BroughtBack.as_str(),
        ))
        .bind(i64::from(month.0))
        .push(" AND ")
        .condition(|next| scope::stores(&self.actor, "f.holder_id", next))
        .push(" GROUP BY m.kind");
        by_kind(query.all(self.stock.db.read()).await?)
    }

    /// What the kits in use hold, by kind.
    async fn kit_contents(&self) -> Result<Vec<KitContents>, DbErr> {
        let kinds: BTreeMap<MaterialId, MaterialKind> =
            self.materials().await?.into_iter().map(|m| (m.id, m.kind)).collect();
        let kits = self.kits().await?.into_iter().filter(|kit| kit.standing == Standing::InUse);
        let contents = kits.map(|kit| {
            let mut pieces = BTreeMap::new();
            for line in kit.lines {
                if let Some(kind) = kinds.get(&line.material) {
                    *pieces.entry(*kind).or_default() += line.pieces;
                }
            }
            KitContents { name: kit.name, pieces }
        });
        Ok(contents.collect())
    }
}

fn by_kind(rows: Vec<KindRow>) -> Result<Vec<(MaterialKind, i64)>, DbErr> {
    rows.into_iter().map(|row| Ok((known(&row.kind)?, row.pieces))).collect()
}

fn known(kind: &str) -> Result<MaterialKind, DbErr> {
    MaterialKind::parse(kind)
        .ok_or_else(|| DbErr::Type(format!("the books hold the word {kind:?}")))
}

fn figures(
    events: &MonthEvents,
    people: &MonthPeople,
    given: &[GivenByProvince],
    places: &[PlaceReached],
) -> MonthFigures {
    let mut figures = MonthFigures {
        events: events.held,
        provinces: places
            .iter()
            .filter(|place| place.events > 0)
            .map(|place| place.province.as_str().to_owned())
            .collect(),
        participants: people.participants.unwrap_or(0),
        females: people.females.unwrap_or(0),
        events_without_attendance: people.events_without,
        ..MonthFigures::default()
    };
    for row in given {
        *figures.given.entry(row.kind).or_default() += row.pieces;
        if row.channel == Channel::Participants {
            *figures.given_to_participants.entry(row.kind).or_default() += row.pieces;
        }
        if row.at_drops {
            *figures.given_at_drops.entry(row.kind).or_default() += row.pieces;
        }
    }
    figures
}
