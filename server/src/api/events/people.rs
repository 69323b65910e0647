//! Who came to an event: headcounts, in which zero differs from not recorded.

use crate::api::words::{date, time};
use domain::attendance::{self, Disagreement, Picture};
use domain::ids::{RecordId, SessionId};
use serde::Serialize;
use stock::events::Statement;
use utoipa::ToSchema;
use uuid::Uuid;

/// People; `null` is "not recorded", which differs from zero.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "women": 12, "men": 20, "girls": 4, "boys": 0, "age_not_recorded": null,
    "sex_not_recorded": null, "participants": 36, "females": 16, "females_at_least": false,
    "participants_at_least": false
}))]
pub struct Headcount {
    pub women: Option<i64>,
    pub men: Option<i64>,
    /// Under 18.
    pub girls: Option<i64>,
    pub boys: Option<i64>,
    pub age_not_recorded: Option<i64>,
    pub sex_not_recorded: Option<i64>,
    /// The sum of what was recorded.
    pub participants: Option<i64>,
    /// Women and girls.
    pub females: Option<i64>,
    /// There may be more females than that.
    pub females_at_least: bool,
    /// People of one sex only were counted: there may be more participants than that.
    pub participants_at_least: bool,
}

impl From<attendance::Headcount> for Headcount {
    fn from(count: attendance::Headcount) -> Self {
        Self {
            women: count.women,
            men: count.men,
            girls: count.girls,
            boys: count.boys,
            age_not_recorded: count.age_not_recorded,
            sex_not_recorded: count.sex_not_recorded,
            participants: count.participants(),
            females: count.females(),
            females_at_least: count.females_at_least(),
            participants_at_least: count.participants_at_least(),
        }
    }
}

/// Who came, folded over every statement that counts.
#[derive(Serialize, ToSchema)]
pub struct People {
    pub count: Headcount,
    /// Groups that were present: `community`, `officials`, `religious_leaders`.
    pub groups: Vec<&'static str>,
    /// Statements that disagree; the first one counts until somebody corrects it.
    pub disagreements: Vec<PeopleDiffer>,
}

#[derive(Serialize, ToSchema)]
pub struct PeopleDiffer {
    pub session: Option<Uuid>,
    /// The record that counts, and the other one.
    pub counted: Uuid,
    pub other: Uuid,
    pub difference: i64,
}

/// One statement about who came.
#[derive(Serialize, ToSchema)]
pub struct PeopleSaid {
    pub record: Uuid,
    pub session: Option<Uuid>,
    /// The earlier statement whose place it takes.
    pub corrects: Option<Uuid>,
    pub count: Headcount,
    pub groups: Vec<&'static str>,
    pub day: String,
    pub recorded_at: String,
    pub by: Uuid,
    pub on_behalf: bool,
}

pub fn groups(said: &attendance::Attendance) -> Vec<&'static str> {
    said.groups.iter().map(|group| group.as_str()).collect()
}

impl From<Disagreement> for PeopleDiffer {
    fn from(disagreement: Disagreement) -> Self {
        let Disagreement { session, counted, other, difference } = disagreement;
        let session = session.map(SessionId::uuid);
        Self { session, counted: counted.uuid(), other: other.uuid(), difference }
    }
}

impl From<Picture> for People {
    fn from(picture: Picture) -> Self {
        Self {
            count: picture.count.into(),
            groups: picture.groups.iter().map(|group| group.as_str()).collect(),
            disagreements: picture.disagreements.into_iter().map(PeopleDiffer::from).collect(),
        }
    }
}

impl From<Statement> for PeopleSaid {
    fn from(statement: Statement) -> Self {
        let said = &statement.statement;
        Self {
            record: said.record.uuid(),
            session: said.session.map(SessionId::uuid),
            corrects: said.corrects.map(RecordId::uuid),
            count: said.said.count.into(),
            groups: groups(&said.said),
            day: date(statement.day),
            recorded_at: time(statement.recorded_at),
            by: statement.by.uuid(),
            on_behalf: statement.on_behalf,
        }
    }
}
