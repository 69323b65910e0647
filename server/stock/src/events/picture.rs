//! What is kept with an event of what was told about it: the day on which it was held, and who came.
//! Both are folds over its sheets and headcounts that stand, made anew with each record that changes
//! them, so that lists and months only read the event.

use super::find::{STANDS, counts};
use super::people::{SaidRow, statements};
use crate::query::Query;
use domain::attendance::{Attendance, Group, Headcount, Picture, Statement, fold};
use domain::ids::EventId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What `held_on` is a fold over: the local day of the first standing sheet or headcount of the
/// event `e`.
pub(crate) fn held_on() -> String {
    let counts = counts();
    format!(
        "(SELECT MIN(r.local_day) FROM record r WHERE r.id IN (
            SELECT s.record_id FROM event_sheet s WHERE s.event_id = e.id AND {STANDS}
            UNION SELECT t.record_id FROM attendance t WHERE t.event_id = e.id AND {counts}))"
    )
}

/// Nobody has said how many came to the event `e`.
pub(super) const NOBODY_COUNTED: &str = "COALESCE(e.women, e.men, e.girls, e.boys,
    e.age_not_recorded, e.sex_not_recorded) IS NULL";

/// Who came to an event, as it is kept there.
#[derive(PartialEq, Eq, Debug, Default)]
struct Kept {
    came: Attendance,
    counted_twice: bool,
}

impl From<Picture> for Kept {
    fn from(picture: Picture) -> Self {
        let Picture { count, groups, disagreements } = picture;
        Self { came: Attendance { count, groups }, counted_twice: !disagreements.is_empty() }
    }
}

/// Brings an event in line with what is recorded about it.
pub(crate) async fn keep(db: &impl ConnectionTrait, id: EventId) -> Result<(), DbErr> {
    let said = statements(db, Query::new("").bind(id.uuid())).await?;
    let said: Vec<Statement> = said.into_iter().map(|(_, statement)| statement).collect();
    let Kept { came: Attendance { count, groups }, counted_twice } = fold(&said).into();
    let Headcount { women, men, girls, boys, age_not_recorded, sex_not_recorded } = count;
    let present = |group| Value::from(groups.contains(&group));
    let columns: [(&str, Value); 10] = [
        ("women", women.into()),
        ("men", men.into()),
        ("girls", girls.into()),
        ("boys", boys.into()),
        ("age_not_recorded", age_not_recorded.into()),
        ("sex_not_recorded", sex_not_recorded.into()),
        ("community", present(Group::Community)),
        ("officials", present(Group::Officials)),
        ("religious_leaders", present(Group::ReligiousLeaders)),
        ("counted_twice", counted_twice.into()),
    ];
    let mut query = Query::new(&format!("UPDATE event AS e SET held_on = {}", held_on()));
    for (column, value) in columns {
        query = query.push(&format!(", {column} = ")).bind(value);
    }
    query.push(" WHERE e.id = ").bind(id.uuid()).run(db).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct KeptRow {
    id: Uuid,
    #[sea_orm(nested)]
    came: SaidRow,
    counted_twice: bool,
}

/// Events that are compared at a time.
const AT_A_TIME: usize = 500;

/// The first event with which something else is kept than its statements come to: its id, what was
/// expected and what was found.
pub(crate) async fn first_wrong(
    db: &impl ConnectionTrait,
) -> Result<Option<(EventId, String, String)>, DbErr> {
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<KeptRow> = Query::new(
            "SELECT e.id, e.women, e.men, e.girls, e.boys, e.age_not_recorded,
                e.sex_not_recorded, e.community, e.officials, e.religious_leaders,
                e.counted_twice FROM event e WHERE e.id > ",
        )
        .bind(after)
        .push(&format!(" ORDER BY e.id LIMIT {AT_A_TIME}"))
        .all(db)
        .await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
        let these = Query::new("SELECT e.id FROM event e WHERE e.id > ").bind(after);
        let these = these.push(" AND e.id <= ").bind(last);
        let mut said: BTreeMap<EventId, Vec<Statement>> = BTreeMap::new();
        for (event, statement) in statements(db, these).await? {
            said.entry(event).or_default().push(statement);
        }
        for KeptRow { id, came, counted_twice } in rows {
            let id = EventId::new(id);
            let expected = Kept::from(fold(&said.remove(&id).unwrap_or_default()));
            let found = Kept { came: came.into(), counted_twice };
            if expected != found {
                return Ok(Some((id, expected.text(), found.text())));
            }
        }
        after = last;
    }
}

impl Kept {
    /// For whoever repairs it.
    fn text(&self) -> String {
        let Self { came, counted_twice } = self;
        let boxes = came.count.boxes().map(|count| count.map_or("-".to_owned(), |n| n.to_string()));
        let groups: Vec<&str> = came.groups.iter().map(|group| group.as_str()).collect();
        let twice = if *counted_twice { ", counted twice" } else { "" };
        format!("who came {} [{}]{twice}", boxes.join(" "), groups.join(", "))
    }
}
