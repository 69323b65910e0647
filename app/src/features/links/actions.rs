use super::{page, paper};
use crate::error::PageError;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::session::Visit;
use domain::text::latin_digits;
use stock::access::{LinkError, LinkJob};
use uuid::Uuid;

/// What a page of links is about: the first word of its path says it.
pub(super) fn job_of(visit: &Visit) -> Result<LinkJob, PageError> {
    if visit.path.starts_with("/events/") {
        Ok(LinkJob::Event(visit.param("id")?))
    } else {
        Ok(LinkJob::Consignment(visit.param("id")?))
    }
}

pub async fn make(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let job = job_of(&post.visit)?;
    let about = page::about(&post.visit, job).await?;
    let wrong = || td_string!(l, links.days_wrong);
    let days = post.parse("days", |text| latin_digits(text).parse::<i64>().map_err(|_| wrong()));
    let Some(days) = days else { return Err(post.failed()) };
    let made = post.visit.writer()?.make_link(job, days).await;
    let (token, until) = made.map_err(|error| match error {
        LinkError::Days => Failure::field("days", wrong()),
        error @ (LinkError::Denied(_) | LinkError::Database(_)) => PageError::from(error).into(),
    })?;
    // Not a redirect: the address is in no other address and no log, only on this page.
    let link = paper::Link::new(&post.visit.state, about, &token, until)?;
    Ok(Done::show(move || link.page(l)))
}

pub async fn end(post: Post) -> Result<Done, Failure> {
    let id: Uuid = post.visit.param("id")?;
    let job = post.visit.writer()?.end_link(id).await.map_err(PageError::from)?;
    Ok(Done::see(match job {
        LinkJob::Event(event) => format!("/events/{event}/links"),
        LinkJob::Consignment(consignment) => format!("/consignments/{consignment}/links"),
    }))
}
