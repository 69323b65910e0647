//! What waits for people.
//!
//! A feature opens a task in the transaction that makes it necessary and closes it in the one that
//! settles it. The same kind waits only once for a subject, however often it is noticed. What waits
//! because a day has passed is worked out when somebody looks, so that nothing depends on a timer.

use crate::access::{Reader, scope};
use crate::query::Query;
use crate::world::World;
use domain::ids::{OrgId, StoreId, UserId};
use domain::role::{Permission, Scope};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Why something waits. The screens have a sentence and a page for each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TaskKind {
    /// A second person confirms a first count.
    ConfirmOpening,
    /// A second person confirms a receipt over the tolerance.
    ConfirmReceipt,
    /// A store holder or another person confirms what was entered on behalf.
    ConfirmOnBehalf,
    /// A second person approves a count.
    ApproveCount,
    /// The receiver counts what is on its way to him.
    ReceiveConsignment,
    /// The sender explains what was missing or extra at a delivery.
    ExplainDelivery,
    /// A second sheet for the same rows: same, correction, or both happened.
    DecideSheet,
    /// A drop that could not be booked: posted now, or dropped.
    DecideDrop,
    /// Goods of an event that could not be booked: posted now, or dropped.
    DecideGoods,
    /// Records that are held because of their phone or their author (`crate::held`).
    DecideHeld,
    /// The books lacked pieces for what somebody says has happened.
    ExplainShortfall,
    /// A fact about a batch that is on hold or recalled.
    HeldBatchMoved,
    /// The packs of a place no longer fit its balance.
    CheckPacks,
    /// A holder stops giving out a recalled edition.
    StopGiving,
    /// Something was done alone and is to be confirmed within 7 days.
    ConfirmAlone,
    /// A consignment that should have arrived.
    LateConsignment,
    /// A part of a consignment came, and the rest is still under way.
    PartArrived,
    /// An event that took place and has no sheet.
    MissingSheet,
}

impl TaskKind {
    pub const ALL: [Self; 18] = [
        Self::ConfirmOpening,
        Self::ConfirmReceipt,
        Self::ConfirmOnBehalf,
        Self::ApproveCount,
        Self::ReceiveConsignment,
        Self::ExplainDelivery,
        Self::DecideSheet,
        Self::DecideDrop,
        Self::DecideGoods,
        Self::DecideHeld,
        Self::ExplainShortfall,
        Self::HeldBatchMoved,
        Self::CheckPacks,
        Self::StopGiving,
        Self::ConfirmAlone,
        Self::LateConsignment,
        Self::PartArrived,
        Self::MissingSheet,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::ConfirmOpening => "confirm_opening",
            Self::ConfirmReceipt => "confirm_receipt",
            Self::ConfirmOnBehalf => "confirm_on_behalf",
            Self::ApproveCount => "approve_count",
            Self::ReceiveConsignment => "receive_consignment",
            Self::ExplainDelivery => "explain_delivery",
            Self::DecideSheet => "decide_sheet",
            Self::DecideDrop => "decide_drop",
            Self::DecideGoods => "decide_goods",
            Self::DecideHeld => "decide_held",
            Self::ExplainShortfall => "explain_shortfall",
            Self::HeldBatchMoved => "held_batch_moved",
            Self::CheckPacks => "check_packs",
            Self::StopGiving => "stop_giving",
            Self::ConfirmAlone => "confirm_alone",
            Self::LateConsignment => "late_consignment",
            Self::PartArrived => "part_arrived",
            Self::MissingSheet => "missing_sheet",
        }
    }

    fn parse(word: &str) -> Result<Self, DbErr> {
        let known = Self::ALL.into_iter().find(|kind| kind.word() == word);
        known.ok_or_else(|| DbErr::Type(format!("the books hold the unknown task {word:?}")))
    }
}

/// Who is to do it: everyone who fits all that is given.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Audience {
    pub person: Option<UserId>,
    /// Not this person, because they did the first half.
    pub not_person: Option<UserId>,
    pub permission: Option<Permission>,
    pub org: Option<OrgId>,
    pub store: Option<StoreId>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTask {
    pub kind: TaskKind,
    /// The path of the page where it is done: `/receipts/ID`.
    pub page: String,
    /// What it is about, as people call it: `KBL-0042`. Shown in the sentence.
    pub what: String,
    pub audience: Audience,
    pub due_at: Option<Millis>,
}

/// A task as its doer sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    pub id: Uuid,
    pub kind: TaskKind,
    pub page: String,
    pub what: String,
    pub opened_at: Millis,
    pub due_at: Option<Millis>,
}

/// Opens a task; nothing happens when the same kind already waits for the same page.
pub(crate) async fn open(
    tx: &impl ConnectionTrait,
    world: &dyn World,
    task: &NewTask,
) -> Result<(), DbErr> {
    let params = BTreeMap::from([("what", task.what.as_str())]);
    let params = serde_json::to_string(&params).map_err(|e| DbErr::Custom(e.to_string()))?;
    let audience = &task.audience;
    let columns = "id, kind, subject, params, for_person, not_person, for_permission, for_org, \
        for_store, opened_at, due_at";
    Query::new("INSERT INTO task (")
        .push(columns)
        .push(") VALUES ")
        .list::<Value>([
            world.new_id().into(),
            task.kind.word().into(),
            task.page.as_str().into(),
            params.into(),
            audience.person.map(UserId::uuid).into(),
            audience.not_person.map(UserId::uuid).into(),
            audience.permission.map(Permission::word).into(),
            audience.org.map(OrgId::uuid).into(),
            audience.store.map(StoreId::uuid).into(),
            world.now().0.into(),
            task.due_at.map(|due| due.0).into(),
        ])
        .push(" ON CONFLICT DO NOTHING")
        .run(tx)
        .await?;
    Ok(())
}

/// Closes what waits for this page; closing what does not wait is fine.
pub(crate) async fn close(
    tx: &impl ConnectionTrait,
    kind: TaskKind,
    page: &str,
    by: UserId,
    now: Millis,
) -> Result<(), DbErr> {
    Query::new("UPDATE task SET closed_at = ")
        .bind(now.0)
        .push(", closed_by = ")
        .bind(by.uuid())
        .push(" WHERE closed_at IS NULL AND kind = ")
        .bind(kind.word())
        .push(" AND subject = ")
        .bind(page)
        .run(tx)
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    subject: String,
    params: String,
    opened_at: i64,
    due_at: Option<i64>,
}

impl Row {
    fn task(self) -> Result<Task, DbErr> {
        let mut params: BTreeMap<String, String> =
            serde_json::from_str(&self.params).map_err(|e| DbErr::Type(e.to_string()))?;
        Ok(Task {
            id: self.id,
            kind: TaskKind::parse(&self.kind)?,
            page: self.subject,
            what: params.remove("what").unwrap_or_default(),
            opened_at: Millis(self.opened_at),
            due_at: self.due_at.map(Millis),
        })
    }
}

const COLUMNS: &str = "SELECT id, kind, subject, params, opened_at, due_at FROM task";

impl Reader<'_> {
    /// What waits for the actor, the most urgent first.
    pub async fn tasks(&self) -> Result<Vec<Task>, DbErr> {
        let actor = &self.actor;
        let user = actor.user.uuid();
        let granted: Vec<&str> = Permission::ALL
            .into_iter()
            .filter(|permission| actor.role.may(*permission))
            .map(Permission::word)
            .collect();
        let mut query = Query::new(COLUMNS)
            .push(" WHERE closed_at IS NULL AND (for_person IS NULL OR for_person = ")
            .bind(user)
            .push(") AND (not_person IS NULL OR not_person <> ")
            .bind(user)
            .push(") AND (for_permission IS NULL OR for_permission IN ")
            .list(granted);
        // A shortage is the sender's to explain, and a manager's to know of.
        if self.may(Permission::Reconcile) {
            query = query.push(" OR kind = ").bind(TaskKind::ExplainDelivery.word());
        }
        // Where everybody who delivers could have sent it, only they can confirm it.
        if self.may(Permission::Confirm) {
            query = query
                .push(" OR (subject LIKE '/consignments/%' AND kind = ")
                .bind(TaskKind::ConfirmOnBehalf.word())
                .push(")");
        }
        query = query
            .push(") AND (for_org IS NULL OR for_org = ")
            .bind(actor.org.uuid())
            .push(") AND (for_store IS NULL OR ")
            .condition(|next| scope::stores(actor, "for_store", next))
            .push(")");
        // What is addressed to nobody in particular is not for those who see only a part.
        if actor.scope != Scope::Everything {
            query = query.push(
                " AND (for_person IS NOT NULL OR for_org IS NOT NULL OR for_store IS NOT NULL)",
            );
        }
        let rows: Vec<Row> = query.all(self.stock.db.read()).await?;
        let kept: Vec<Task> = rows.into_iter().map(Row::task).collect::<Result<_, _>>()?;
        let kept = self.without_own_deliveries(kept).await?;
        let held = self.held_tasks().await?.into_iter().collect();
        let (late, untold) = (self.late_consignments().await?, self.missing_sheets().await?);
        let mut tasks = [kept, held, late, untold];
        let mut tasks: Vec<Task> = tasks.iter_mut().flat_map(std::mem::take).collect();
        tasks.sort_by_key(|task| (task.due_at.is_none(), task.due_at, task.opened_at, task.id));
        Ok(tasks)
    }
}

/// Gives a person's own tasks to another.
pub(crate) async fn hand_over(
    tx: &impl ConnectionTrait,
    from: UserId,
    to: UserId,
) -> Result<u64, DbErr> {
    Query::new("UPDATE task SET for_person = ")
        .bind(to.uuid())
        .push(" WHERE closed_at IS NULL AND for_person = ")
        .bind(from.uuid())
        .run(tx)
        .await
}

/// What waits for one person by name.
pub(crate) async fn of_person(
    db: &impl ConnectionTrait,
    person: UserId,
) -> Result<Vec<Task>, DbErr> {
    let query = Query::new(COLUMNS)
        .push(" WHERE closed_at IS NULL AND for_person = ")
        .bind(person.uuid())
        .push(" ORDER BY opened_at, id");
    let rows: Vec<Row> = query.all(db).await?;
    rows.into_iter().map(Row::task).collect()
}
