//! Who came to a month's events, for the reconciliation and the bulletin.
//!
//! Most events have one statement about who came, or one for each session, and these only have to be
//! added up. The database does it, and adds up events too that have filled the same boxes, so that
//! few rows are read however many events there were. What was said twice or corrected is folded.

use super::find::counts;
use super::people::{COLUMNS, SaidRow, StatementRow};
use crate::access::Reader;
use domain::attendance::{Attendance, Group, Headcount, Picture, Statement, fold};
use domain::ids::EventId;
use domain::role::PlaceCode;
use domain::time::Month;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};

/// Who came to the events of a month.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MonthPeople {
    pub count: Headcount,
    /// `None` is "not recorded at any event".
    pub participants: Option<i64>,
    /// Women and girls; at least, when `females_at_least`.
    pub females: Option<i64>,
    pub females_at_least: bool,
    /// At some event people of one sex only were counted.
    pub participants_at_least: bool,
    /// The provinces of these events.
    pub at_least_in: BTreeSet<PlaceCode>,
    /// At how many events each group was present.
    pub groups: BTreeMap<Group, i64>,
    /// Events at which two unlinked statements about who came stand.
    pub events_that_differ: i64,
    pub by_province: BTreeMap<PlaceCode, Headcount>,
    /// Held events of which nobody said who came.
    pub events_without: i64,
}

/// About the event `e` several things were said, and not each about a session of its own.
const HAS_TO_BE_FOLDED: &str = "EXISTS (SELECT 1 FROM attendance o WHERE o.event_id = e.id
    GROUP BY o.event_id HAVING COUNT(*) > 1
        AND (COUNT(DISTINCT o.session_id) < COUNT(*) OR COUNT(o.corrects_id) > 0))";

/// Events of one province whose statements have filled the same boxes, or that have none that counts.
#[derive(FromQueryResult)]
struct AlikeRow {
    province: String,
    events: i64,
    statements: i64,
    #[sea_orm(nested)]
    said: SaidRow,
}

/// A statement about an event that has to be folded.
#[derive(FromQueryResult)]
struct ToFoldRow {
    province: String,
    counts: bool,
    #[sea_orm(nested)]
    statement: StatementRow,
}

impl Reader<'_> {
    /// Who came to the events held in a month. Of two unlinked statements the first counts.
    pub async fn month_people(&self, month: Month) -> Result<MonthPeople, DbErr> {
        let mut people = MonthPeople::default();
        let (alike, to_fold) = tokio::try_join!(self.said_alike(month), self.to_fold(month))?;
        for row in alike {
            let said = Attendance::from(row.said);
            if said.count == Headcount::default() {
                people.events_without += row.events;
            }
            if row.statements > 0 {
                people.add(row.events, row.province, said);
            }
        }
        let mut events: BTreeMap<EventId, (String, Vec<Statement>)> = BTreeMap::new();
        for row in to_fold {
            let event = events.entry(row.statement.event_id.into());
            let (_, said) = event.or_insert_with(|| (row.province, Vec::new()));
            if row.counts {
                said.push(row.statement.into());
            }
        }
        for (province, statements) in events.into_values() {
            if statements.iter().all(|statement| statement.said.count == Headcount::default()) {
                people.events_without += 1;
            }
            if statements.is_empty() {
                continue;
            }
            let Picture { count, groups, disagreements } = fold(&statements);
            people.events_that_differ += i64::from(!disagreements.is_empty());
            people.add(1, province, Attendance { count, groups });
        }
        people.participants = people.count.participants();
        people.females = people.count.females();
        people.participants_at_least = !people.at_least_in.is_empty();
        people.females_at_least = people.count.females_at_least();
        Ok(people)
    }

    /// The events whose statements only have to be added up, those that are alike together.
    async fn said_alike(&self, month: Month) -> Result<Vec<AlikeRow>, DbErr> {
        let events = format!(
            "SELECT COALESCE(p.parent_code, p.code) AS province, COUNT(t.record_id) AS statements,
                SUM(t.women) AS women, SUM(t.men) AS men, SUM(t.girls) AS girls,
                SUM(t.boys) AS boys, SUM(t.age_not_recorded) AS age_not_recorded,
                SUM(t.sex_not_recorded) AS sex_not_recorded,
                COUNT(CASE WHEN t.community THEN 1 END) > 0 AS community,
                COUNT(CASE WHEN t.officials THEN 1 END) > 0 AS officials,
                COUNT(CASE WHEN t.religious_leaders THEN 1 END) > 0 AS religious_leaders
             FROM event e JOIN place p ON p.code = e.place_code
             LEFT JOIN attendance t ON t.event_id = e.id AND {} WHERE ",
            counts()
        );
        self.of_month(&events, "e.held_on", month)
            .push(&format!(
                " AND NOT {HAS_TO_BE_FOLDED} GROUP BY e.id, COALESCE(p.parent_code, p.code)"
            ))
            .wrap(
                "SELECT x.province, COUNT(*) AS events,
                    CAST(SUM(x.statements) AS BIGINT) AS statements,
                    CAST(SUM(x.women) AS BIGINT) AS women, CAST(SUM(x.men) AS BIGINT) AS men,
                    CAST(SUM(x.girls) AS BIGINT) AS girls, CAST(SUM(x.boys) AS BIGINT) AS boys,
                    CAST(SUM(x.age_not_recorded) AS BIGINT) AS age_not_recorded,
                    CAST(SUM(x.sex_not_recorded) AS BIGINT) AS sex_not_recorded,
                    x.community, x.officials, x.religious_leaders
                 FROM (",
                ") x GROUP BY x.province, x.statements = 0, x.women IS NULL, x.men IS NULL,
                    x.girls IS NULL, x.boys IS NULL, x.age_not_recorded IS NULL,
                    x.sex_not_recorded IS NULL, x.community, x.officials, x.religious_leaders",
            )
            .all(self.stock.db.read())
            .await
    }

    /// The statements about the other events, in the order in which they were recorded.
    async fn to_fold(&self, month: Month) -> Result<Vec<ToFoldRow>, DbErr> {
        let statements = format!(
            "SELECT COALESCE(p.parent_code, p.code) AS province, {} AS counts, {COLUMNS}
             FROM event e JOIN place p ON p.code = e.place_code
             JOIN attendance t ON t.event_id = e.id JOIN record r ON r.id = t.record_id WHERE ",
            counts()
        );
        self.of_month(&statements, "e.held_on", month)
            .push(&format!(" AND {HAS_TO_BE_FOLDED} ORDER BY r.recorded_at, r.id"))
            .all(self.stock.db.read())
            .await
    }
}

impl MonthPeople {
    /// Adds what `events` events come to that have filled the same boxes.
    fn add(&mut self, events: i64, province: String, said: Attendance) {
        let province = PlaceCode::new(province);
        self.count = self.count.plus(said.count);
        for group in said.groups {
            *self.groups.entry(group).or_default() += events;
        }
        if said.count.participants_at_least() {
            self.at_least_in.insert(province.clone());
        }
        let sum = self.by_province.entry(province).or_default();
        *sum = sum.plus(said.count);
    }
}
