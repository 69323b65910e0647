//! "Stock on hold or recalled was moved here": on the page of what moved it.

use crate::error::PageError;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Tone};
use leptos::prelude::*;
use stock::held_moves::LookError;
use uuid::Uuid;

impl From<LookError> for PageError {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Denied(denied) => denied.into(),
            LookError::Database(error) => error.into(),
        }
    }
}

/// What whoever is asked to look finds there; nothing for everybody else.
pub(crate) async fn held_notice(visit: &Visit, page: &str) -> Result<Option<AnyView>, PageError> {
    let l = visit.locale;
    let Some(task) = visit.reader()?.held_move(page).await? else { return Ok(None) };
    let action = format!("/tasks/{}/looked-at", task.id);
    Ok(Some(
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, home.held_title)>
                <p>{td_string!(l, home.held_text)}</p>
                <ui::PostButton action label=td_string!(l, home.held_looked)/>
            </ui::Notice>
        }
        .into_any(),
    ))
}

pub async fn looked_at(post: Post) -> Result<Done, Failure> {
    let task: Uuid = post.visit.param("id")?;
    Ok(Done::see(post.visit.writer()?.looked_at(task).await?))
}
