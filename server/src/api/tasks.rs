//! Tasks: what waits for you.

use super::extract::{Asked, Asker};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::responses::Refusals;
use super::words::time;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a0d6e-0000-7000-8000-000000000080",
    "kind": "explain_delivery",
    "about": "KBL-0042",
    "page": "/consignments/019a0d6e-0000-7000-8000-000000000060",
    "opened_at": "2017-06-04T12:05:00.000+04:30",
    "due_at": null
}))]
pub struct Task {
    pub id: Uuid,
    /// `confirm_opening`, `confirm_receipt`, `confirm_on_behalf`, `approve_count`,
    /// `receive_consignment`, `explain_delivery`, `decide_sheet`, `decide_drop`,
    /// `decide_goods`, `explain_shortfall`, `held_batch_moved`, `check_packs`, `stop_giving`,
    /// `confirm_alone`, `late_consignment`, `part_arrived` or `missing_sheet`.
    pub kind: &'static str,
    /// What it is about, as people call it.
    pub about: String,
    /// The page of the browser where it is done.
    pub page: String,
    pub opened_at: String,
    pub due_at: Option<String>,
}

impl From<stock::tasks::Task> for Task {
    fn from(task: stock::tasks::Task) -> Self {
        Self {
            id: task.id,
            kind: task.kind.word(),
            about: task.what,
            page: task.page,
            opened_at: time(task.opened_at),
            due_at: task.due_at.map(time),
        }
    }
}

/// List what waits for you
///
/// The most urgent first. A task goes away when what it asks for is recorded, by whomever.
#[utoipa::path(
    get, path = "/tasks", tag = "about", operation_id = "list_tasks", params(PageQuery),
    responses((status = 200, description = "A page", body = Page<Task>), Refusals)
)]
pub async fn list(
    asker: Asker,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<Task>>, Problem> {
    let tasks = asker.reader().tasks().await?;
    Ok(Json(Page::cut(tasks, &page, |task| task.id.to_string())?.map(Task::from)))
}
