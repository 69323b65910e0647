use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::ids::EventTypeId;
use stock::reference::event_types::{EventTypeStandingError, SaveEventTypeError};

const LIST: &str = "/reference/event-types?saved=1";

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: EventTypeId = post.id("record")?;
    let Some(name) = reference::name(&mut post, "name") else { return Err(post.failed()) };
    let created = post.visit.writer()?.create_event_type(id, name).await;
    created.map_err(|error| explain(error, l))?;
    Ok(Done::see(LIST))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: EventTypeId = post.visit.param("id")?;
    let Some(name) = reference::name(&mut post, "name") else { return Err(post.failed()) };
    let edited = post.visit.writer()?.edit_event_type(id, name).await;
    edited.map_err(|error| explain(error, l))?;
    Ok(Done::see(LIST))
}

pub async fn standing(post: Post) -> Result<Done, Failure> {
    let id: EventTypeId = post.visit.param("id")?;
    let standing = reference::asked_standing(&post)?;
    let set = post.visit.writer()?.set_event_type_standing(id, standing).await;
    set.map_err(|error| match error {
        EventTypeStandingError::Denied(denied) => Failure::from(denied),
        EventTypeStandingError::Database(error) => error.into(),
    })?;
    Ok(Done::see(LIST))
}

fn explain(error: SaveEventTypeError, l: Locale) -> Failure {
    match error {
        SaveEventTypeError::Denied(denied) => denied.into(),
        SaveEventTypeError::DuplicateName => {
            Failure::field("name", td_string!(l, reference.duplicate_name))
        }
        SaveEventTypeError::SavedBefore(_) => Failure::form(td_string!(l, reference.saved_before)),
        SaveEventTypeError::Database(error) => error.into(),
    }
}
