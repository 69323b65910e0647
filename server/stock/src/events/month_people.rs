//! Who came to a month's events, for the reconciliation and the bulletin.
//!
//! What is kept with each event only has to be added up. The database does it, those together where
//! the same boxes were filled, so that few rows are read however many events there were.

use super::people::{SaidRow, says_something};
use crate::access::Reader;
use domain::attendance::{Attendance, Group, Headcount};
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

/// Events of one province where the same boxes were filled.
#[derive(FromQueryResult)]
struct AlikeRow {
    province: String,
    events: i64,
    counted_twice: i64,
    #[sea_orm(nested)]
    came: SaidRow,
}

impl Reader<'_> {
    /// Who came to the events held in a month. Of two unlinked statements the first counts.
    pub async fn month_people(&self, month: Month) -> Result<MonthPeople, DbErr> {
        let mut people = MonthPeople::default();
        for row in self.alike(month).await? {
            let came = Attendance::from(row.came);
            people.events_that_differ += row.counted_twice;
            if !came.count.is_recorded() {
                people.events_without += row.events;
            }
            if says_something(&came) {
                people.add(row.events, row.province, came);
            }
        }
        people.participants = people.count.participants();
        people.females = people.count.females();
        people.participants_at_least = !people.at_least_in.is_empty();
        people.females_at_least = people.count.females_at_least();
        Ok(people)
    }

    /// The events of a month, those that are alike together.
    async fn alike(&self, month: Month) -> Result<Vec<AlikeRow>, DbErr> {
        let alike = "SELECT COALESCE(p.parent_code, p.code) AS province, COUNT(*) AS events,
                COUNT(CASE WHEN e.counted_twice THEN 1 END) AS counted_twice,
                CAST(SUM(e.women) AS BIGINT) AS women, CAST(SUM(e.men) AS BIGINT) AS men,
                CAST(SUM(e.girls) AS BIGINT) AS girls, CAST(SUM(e.boys) AS BIGINT) AS boys,
                CAST(SUM(e.age_not_recorded) AS BIGINT) AS age_not_recorded,
                CAST(SUM(e.sex_not_recorded) AS BIGINT) AS sex_not_recorded,
                e.community, e.officials, e.religious_leaders
             FROM event e JOIN place p ON p.code = e.place_code WHERE ";
        self.of_month(alike, "e.held_on", month)
            .push(
                " GROUP BY COALESCE(p.parent_code, p.code), e.women IS NULL, e.men IS NULL,
                    e.girls IS NULL, e.boys IS NULL, e.age_not_recorded IS NULL,
                    e.sex_not_recorded IS NULL, e.community, e.officials, e.religious_leaders",
            )
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
