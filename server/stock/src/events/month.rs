//! What a month's events come to, for the reconciliation and the bulletin.
//!
//! An event is of the month in which it was held: the local day of its first standing sheet or
//! headcount, whatever was planned. Pieces are of the month in which they are booked (rule 5).
//! All of it within the actor's scope.

use super::find::visible;
use crate::access::{Reader, scope};
use crate::movements::line_sums;
use crate::query::Query;
use domain::account::Channel;
use domain::ids::OrgId;
use domain::ledger::MovementKind;
use domain::material::MaterialKind;
use domain::role::PlaceCode;
use domain::time::Month;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The events of a month.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MonthEvents {
    pub held: i64,
    /// Events by province, every province with at least one.
    pub by_province: BTreeMap<PlaceCode, i64>,
    /// The organisations that held them, and what types they were, by name.
    pub partners: BTreeSet<String>,
    pub types: BTreeSet<String>,
    /// Sheets of these events, or planned for the month, that wait for a decision.
    pub sheets_waiting: i64,
}

/// Pieces given, by the province of the event or drop and by who gave them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenByProvince {
    pub province: PlaceCode,
    /// The organisation of the event, or of the store that a drop came from.
    pub org: OrgId,
    pub kind: MaterialKind,
    pub channel: Channel,
    /// Whether it was at a drop and not at an event.
    pub at_drops: bool,
    pub pieces: i64,
}

/// The lines that gave pieces, or took given ones back.
pub(crate) struct GivenSide {
    /// The side of the line that is an account of given pieces: `from` or `to`.
    pub name: &'static str,
    /// How the pieces count.
    pub sign: &'static str,
    /// The kinds of movements that may have such a side, by which the month's index leaves out
    /// most of its lines.
    kinds: &'static [MovementKind],
}

pub(crate) const GIVEN: GivenSide = GivenSide {
    name: "to",
    sign: "",
    kinds: &[
        MovementKind::Give,
        MovementKind::Settle,
        MovementKind::Shortfall,
        MovementKind::Reverse,
    ],
};

pub(crate) const TAKEN_BACK: GivenSide = GivenSide {
    name: "from",
    sign: "-",
    kinds: &[MovementKind::Collect, MovementKind::Settle, MovementKind::Reverse],
};

const GIVEN_KINDS: &str = "('given_event', 'given_drop')";

impl GivenSide {
    /// Needs the aliases `a` of the account and `m` of the movement.
    pub fn condition(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.as_str()).collect();
        let kinds = kinds.join("', '");
        format!("NOT a.shadow AND a.kind IN {GIVEN_KINDS} AND m.kind IN ('{kinds}')")
    }
}

/// So many events that are alike.
#[derive(FromQueryResult)]
struct HeldRow {
    province: String,
    org_name: String,
    type_name: String,
    events: i64,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

#[derive(FromQueryResult)]
struct GivenRow {
    province: String,
    org_id: Uuid,
    kind: String,
    channel: String,
    at_drops: bool,
    pieces: i64,
}

impl Reader<'_> {
    /// The events held in a month: how many, where, and what waits for a decision.
    pub async fn month_events(&self, month: Month) -> Result<MonthEvents, DbErr> {
        let mut events = MonthEvents::default();
        for row in self.held_in(month).await? {
            events.held += row.events;
            *events.by_province.entry(PlaceCode::new(row.province)).or_default() += row.events;
            events.partners.insert(row.org_name);
            events.types.insert(row.type_name);
        }
        let waiting: Option<Count> = self
            .of_month(
                &format!(
                    "SELECT COUNT(*) AS count FROM event e JOIN event_sheet s
                        ON s.event_id = e.id AND {} WHERE ",
                    super::find::WAITS
                ),
                "COALESCE(e.held_on, e.planned_on)",
                month,
            )
            .one(self.stock.db.read())
            .await?;
        events.sheets_waiting = waiting.map_or(0, |row| row.count);
        Ok(events)
    }

    /// Pieces given in a month, by province of the event or drop, organisation, kind and channel,
    /// less what was undone or collected again in it.
    pub async fn month_given(&self, month: Month) -> Result<Vec<GivenByProvince>, DbErr> {
        let side = |side: &GivenSide| {
            let GivenSide { name, sign, .. } = side;
            format!(
                "SELECT at_place, at_org, material_id, {name}_channel AS channel,
                    {name}_kind = 'given_drop' AS at_drops, {name}_store AS store_id,
                    {sign}pieces AS pieces
                 FROM sums WHERE NOT {name}_shadow AND {name}_kind IN {GIVEN_KINDS}"
            )
        };
        let rows: Vec<GivenRow> = line_sums::with_month(
            month,
            &format!(
                "SELECT COALESCE(p.parent_code, p.code) AS province,
                    COALESCE(w.org_id, x.at_org) AS org_id, g.kind, x.channel, x.at_drops,
                    CAST(SUM(x.pieces) AS BIGINT) AS pieces
                 FROM ({} UNION ALL {}) x JOIN material g ON g.id = x.material_id
                 JOIN place p ON p.code = x.at_place
                 LEFT JOIN store w ON x.at_drops AND w.id = x.store_id WHERE ((NOT x.at_drops AND ",
                side(&GIVEN),
                side(&TAKEN_BACK)
            ),
        )
        .condition(|next| scope::places_and_orgs(&self.actor, "x.at_place", "x.at_org", next))
        .push(") OR (x.at_drops AND ")
        .condition(|next| scope::stores(&self.actor, "x.store_id", next))
        .push(
            ")) GROUP BY COALESCE(p.parent_code, p.code), COALESCE(w.org_id, x.at_org), g.kind,
                x.channel, x.at_drops
             ORDER BY COALESCE(p.parent_code, p.code), g.kind, x.channel",
        )
        .all(self.stock.db.read())
        .await?;
        rows.into_iter().filter(|row| row.pieces != 0).map(GivenRow::given).collect()
    }

    /// The events held in a month, those that are alike counted together.
    async fn held_in(&self, month: Month) -> Result<Vec<HeldRow>, DbErr> {
        let held = "SELECT COALESCE(p.parent_code, p.code) AS province, o.name AS org_name,
                y.name AS type_name
             FROM event e JOIN place p ON p.code = e.place_code JOIN org o ON o.id = e.org_id
             JOIN event_type y ON y.id = e.event_type_id WHERE ";
        self.of_month(held, "e.held_on", month)
            .wrap(
                "SELECT h.province, h.org_name, h.type_name, COUNT(*) AS events
                 FROM (",
                ") h GROUP BY h.province, h.org_name, h.type_name",
            )
            .all(self.stock.db.read())
            .await
    }

    /// Visible events whose `day` falls into the month.
    pub(super) fn of_month(&self, text: &str, day: &str, month: Month) -> Query {
        let today = self.stock.world.now().day();
        visible(Query::new(text), &self.actor, today)
            .push(" AND ")
            .push(day)
            .push(" BETWEEN ")
            .bind(i64::from(month.first_day().0))
            .push(" AND ")
            .bind(i64::from(month.last_day().0))
    }
}

impl GivenRow {
    fn given(self) -> Result<GivenByProvince, DbErr> {
        let unknown = |word: &str| DbErr::Type(format!("the books hold the word {word:?}"));
        Ok(GivenByProvince {
            province: PlaceCode::new(self.province),
            org: self.org_id.into(),
            kind: MaterialKind::parse(&self.kind).ok_or_else(|| unknown(&self.kind))?,
            channel: Channel::parse(&self.channel).ok_or_else(|| unknown(&self.channel))?,
            at_drops: self.at_drops,
            pieces: self.pieces,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::account::{Account, Occasion, Real};
    use domain::ids::{ConsignmentId, EventId, RunId, StoreId};
    use uuid::Uuid;

    #[test]
    fn no_other_movement_gives_or_takes_back() {
        let id = Uuid::from_u128;
        let (store, event) = (StoreId::new(id(1)), EventId::new(id(2)));
        let given = Real::Given(Occasion::Event(event), Channel::Participants);
        let real = [
            Real::Store(store),
            Real::InTransit(ConsignmentId::new(id(3))),
            Real::AtEvent(event),
            given,
            Real::Damaged(store),
            Real::Lost(store),
            Real::Disposed(store),
        ];
        let others = [
            Account::Printer(RunId::new(id(4))),
            Account::Opening(store),
            Account::CountDifference(store),
        ];
        let all =
            real.into_iter().flat_map(|real| [Account::Real(real), Account::Unexplained(real)]);
        let all: Vec<Account> = all.chain(others).collect();
        let given = Account::Real(given);
        for kind in MovementKind::ALL {
            let gives = all.iter().any(|from| kind.joins(*from, given));
            let takes_back = all.iter().any(|to| kind.joins(given, *to));
            assert_eq!(GIVEN.kinds.contains(&kind), gives, "{kind:?}");
            assert_eq!(TAKEN_BACK.kinds.contains(&kind), takes_back, "{kind:?}");
        }
    }
}
