//! Who came: headcounts that stand alone, come with a sheet, or correct an earlier one.

use super::EventError;
use super::find::counts;
use super::sheet::check_session;
use super::supply::as_said;
use super::waiting;
use crate::access::Writer;
use crate::query::Query;
use crate::records::{RecordTx, Submission};
use domain::attendance::{Attendance, Group, Headcount, Statement};
use domain::ids::{EventId, RecordId, SessionId};
use domain::records::events::CountPeople;
use domain::role::Permission;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A headcount that was recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PeopleCounted {
    pub record: RecordId,
}

pub(super) fn says_something(attendance: &Attendance) -> bool {
    attendance.count.is_recorded() || !attendance.groups.is_empty()
}

impl Writer<'_> {
    /// Records who came to an event or session, or corrects an earlier statement by its id. A
    /// second one that corrects nothing is shown as a difference.
    pub async fn count_people(
        &self,
        submission: Submission,
        body: CountPeople,
    ) -> Result<PeopleCounted, EventError> {
        self.require(Permission::TellEvent)?;
        if !says_something(&body.attendance) {
            return Err(EventError::Empty);
        }
        body.attendance.count.check()?;
        let event = body.event;
        self.say_about(submission, event, body, |tx, body| Box::pin(count(tx, body))).await
    }
}

#[derive(FromQueryResult)]
struct Corrected {
    event_id: Uuid,
    session_id: Option<Uuid>,
    sheet_id: Option<Uuid>,
    is_corrected: bool,
    counts: bool,
}

async fn count(tx: &RecordTx<'_>, body: &CountPeople) -> Result<PeopleCounted, EventError> {
    let event = as_said(tx, body.event).await?;
    check_session(tx, &event, body.session).await?;
    let (mut session, mut sheet) = (body.session, None);
    if let Some(corrects) = body.corrects {
        let counts = counts();
        let earlier: Option<Corrected> = Query::new(&format!(
            "SELECT t.event_id, t.session_id, t.sheet_id, {counts} AS counts,
                EXISTS (SELECT 1 FROM attendance n WHERE n.corrects_id = t.record_id)
                    AS is_corrected
             FROM attendance t WHERE t.record_id = "
        ))
        .bind(corrects.uuid())
        .one(tx.conn)
        .await?;
        let earlier = earlier.ok_or(EventError::NotCorrectable)?;
        if earlier.event_id != event.id.uuid() || earlier.is_corrected || !earlier.counts {
            return Err(EventError::NotCorrectable);
        }
        session = earlier.session_id.map(SessionId::new);
        // It corrects what a sheet said, and falls with the sheet: who corrects that whole sheet
        // later says anew who came.
        sheet = earlier.sheet_id.map(RecordId::new);
    }
    insert(tx, event.id, session, &body.attendance, (sheet, body.corrects)).await?;
    waiting::refresh(tx, &event).await?;
    Ok(PeopleCounted { record: tx.id })
}

/// `links`: the sheet that the statement came with, and the statement that it corrects.
pub(super) async fn insert(
    tx: &RecordTx<'_>,
    event: EventId,
    session: Option<SessionId>,
    attendance: &Attendance,
    (sheet, corrects): (Option<RecordId>, Option<RecordId>),
) -> Result<(), DbErr> {
    let Headcount { women, men, girls, boys, age_not_recorded, sex_not_recorded } =
        attendance.count;
    let present = |group| Value::from(attendance.groups.contains(&group));
    Query::new(
        "INSERT INTO attendance (record_id, event_id, session_id, sheet_id, corrects_id, women,
            men, girls, boys, age_not_recorded, sex_not_recorded, community, officials,
            religious_leaders) VALUES ",
    )
    .list::<Value>([
        tx.id.uuid().into(),
        event.uuid().into(),
        session.map(|session| session.uuid()).into(),
        sheet.map(|sheet| sheet.uuid()).into(),
        corrects.map(|record| record.uuid()).into(),
        women.into(),
        men.into(),
        girls.into(),
        boys.into(),
        age_not_recorded.into(),
        sex_not_recorded.into(),
        present(Group::Community),
        present(Group::Officials),
        present(Group::ReligiousLeaders),
    ])
    .run(tx.conn)
    .await
    .map(|_| ())
}

/// What is said in a statement, or in several that filled the same boxes.
#[derive(FromQueryResult)]
pub(super) struct SaidRow {
    women: Option<i64>,
    men: Option<i64>,
    girls: Option<i64>,
    boys: Option<i64>,
    age_not_recorded: Option<i64>,
    sex_not_recorded: Option<i64>,
    community: bool,
    officials: bool,
    religious_leaders: bool,
}

#[derive(FromQueryResult)]
struct StatementRow {
    event_id: Uuid,
    record_id: Uuid,
    session_id: Option<Uuid>,
    corrects_id: Option<Uuid>,
    #[sea_orm(nested)]
    said: SaidRow,
}

impl From<SaidRow> for Attendance {
    fn from(row: SaidRow) -> Self {
        let groups = [
            (row.community, Group::Community),
            (row.officials, Group::Officials),
            (row.religious_leaders, Group::ReligiousLeaders),
        ];
        let present = groups.into_iter().filter(|(present, _)| *present);
        let count = Headcount {
            women: row.women,
            men: row.men,
            girls: row.girls,
            boys: row.boys,
            age_not_recorded: row.age_not_recorded,
            sex_not_recorded: row.sex_not_recorded,
        };
        Self { count, groups: present.map(|(_, group)| group).collect() }
    }
}

impl From<StatementRow> for Statement {
    fn from(row: StatementRow) -> Self {
        Self {
            record: row.record_id.into(),
            session: row.session_id.map(SessionId::new),
            corrects: row.corrects_id.map(RecordId::new),
            said: row.said.into(),
        }
    }
}

/// The columns of [`StatementRow`]. Needs the alias `t`.
const COLUMNS: &str = "t.event_id, t.record_id, t.session_id, t.corrects_id, t.women,
    t.men, t.girls, t.boys, t.age_not_recorded, t.sex_not_recorded, t.community, t.officials,
    t.religious_leaders";

/// What the sheets of an event said about who came, by sheet, whether it counts or not. It has
/// the sheet's own id.
pub(super) async fn said_on_sheets(
    db: &impl ConnectionTrait,
    event: EventId,
) -> Result<BTreeMap<RecordId, Attendance>, DbErr> {
    let rows: Vec<StatementRow> = Query::new(&format!(
        "SELECT {COLUMNS} FROM attendance t JOIN event_sheet s ON s.record_id = t.record_id
         WHERE t.event_id = "
    ))
    .bind(event.uuid())
    .all(db)
    .await?;
    Ok(rows.into_iter().map(Statement::from).map(|said| (said.record, said.said)).collect())
}

/// The statements that count of the events that `which` finds (a subquery of ids), in the order
/// in which they were recorded.
pub(super) async fn statements(
    db: &impl ConnectionTrait,
    which: Query,
) -> Result<Vec<(EventId, Statement)>, DbErr> {
    let rows: Vec<StatementRow> = which
        .wrap(
            &format!(
                "SELECT {COLUMNS} FROM attendance t JOIN record r ON r.id = t.record_id
                 WHERE {} AND t.event_id IN (",
                counts()
            ),
            ") ORDER BY r.recorded_at, r.id",
        )
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.event_id.into(), row.into())).collect())
}
