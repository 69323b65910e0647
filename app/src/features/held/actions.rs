use super::{page, words};
use crate::error::PageError;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::state::NotLetIn;
use domain::held::Ruling;
use domain::ids::RecordId;
use stock::held::DecideHeldError;

pub async fn decide(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: RecordId = post.visit.param("id")?;
    // Only what this person sees.
    post.visit.reader()?.held_record(id).await?.ok_or(PageError::NotFound)?;
    let ruling = post.parse("decision", |word| {
        Ruling::parse(word).ok_or_else(|| td_string!(l, held.decide_missing))
    });
    let Some(ruling) = ruling else { return Err(post.failed()) };
    match ruling {
        Ruling::Post => {
            let (stock, decider) = (post.visit.state.stock.clone(), post.visit.actor()?.clone());
            let posted = (post.visit.state.let_in)(stock, decider, id).await;
            posted.map_err(|error| not_let_in(error, l))?;
        }
        Ruling::Drop(why) => {
            let dropped = post.visit.writer()?.drop_held(id, why).await;
            dropped.map_err(|error| not_decided(error, l))?;
        }
    }
    Ok(Done::see(page::path(id)))
}

fn not_let_in(error: NotLetIn, l: Locale) -> Failure {
    match error {
        NotLetIn::Decide(error) => not_decided(error, l),
        NotLetIn::Refused(code) => Failure::field("decision", words::refused(code, l)),
    }
}

fn not_decided(error: DecideHeldError, l: Locale) -> Failure {
    match error {
        DecideHeldError::Denied(denied) => PageError::from(denied).into(),
        DecideHeldError::Others => Failure::form(td_string!(l, held.others)),
        DecideHeldError::Decided => Failure::form(td_string!(l, held.decided_before)),
        DecideHeldError::Database(error) => PageError::from(error).into(),
    }
}
