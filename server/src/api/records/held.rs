//! Records that somebody has to decide about before they count (`stock::held`).

use super::posting::{Posted, post_now};
use crate::api::problem::{Code, Problem};
use app::state::{LetInFate, NotLetIn};
use domain::held::Dropped;
use domain::ids::RecordId;
use domain::role::Actor;
use stock::Stock;
use stock::held::{Fate, HeldError};
use stock::records::Outcome;

/// What whoever sent it is told.
pub(super) fn answer(fate: Fate) -> Result<Posted, Problem> {
    let posted = |outcome, result, held, repeated| Posted { repeated, outcome, result, held };
    match fate {
        Fate::Waits(why) => Ok(posted(Outcome::Held, None, Some(why), false)),
        Fate::Posted(outcome, result) => Ok(posted(outcome, Some(result), None, true)),
        Fate::Dropped(why) => {
            Err(Problem::new(Code::HeldDropped).with("reason", Dropped::word(why)))
        }
    }
}

/// Posts a record that waits, in its author's name, as somebody lets it in: the page at the desk.
pub fn let_in(stock: Stock, decider: Actor, id: RecordId) -> LetInFate {
    Box::pin(async move {
        let waiting = stock.reader(&decider).waiting(id).await.map_err(NotLetIn::Decide)?;
        let writer = stock.writer(&waiting.author);
        let kind = (waiting.kind.as_str(), waiting.schema);
        match post_now(&writer, waiting.submission, kind, waiting.body).await {
            Ok(_) => Ok(()),
            Err(problem) => Err(NotLetIn::Refused(problem.code.word())),
        }
    })
}

impl From<HeldError> for Problem {
    fn from(error: HeldError) -> Self {
        match error {
            HeldError::Conflict => Code::Conflict.into(),
            HeldError::Database(error) => error.into(),
        }
    }
}
