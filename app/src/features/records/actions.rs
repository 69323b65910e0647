use super::words;
use crate::error::PageError;
use crate::explain;
use crate::features::receipts::actions::confirm_record;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::posting::submission;
use domain::ids::{MovementId, RecordId};
use domain::ledger::Reason;
use domain::records::keeping::Reverse;
use stock::RecordError;
use stock::access::Denied;
use stock::corrections::{CorrectionError, ReversalStep};

pub async fn confirm(mut post: Post) -> Result<Done, Failure> {
    let record: RecordId = post.visit.param("id")?;
    confirm_record(&mut post, record).await?;
    Ok(Done::see(format!("{}?done=1", words::path(record))))
}

pub async fn reverse(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: RecordId = post.visit.param("id")?;
    let reader = post.visit.reader()?;
    // Whoever does not see the record does not learn what stands in it.
    reader.record(id).await?;
    let set: Vec<MovementId> =
        post.fields.all("movement").filter_map(|id| id.parse().ok()).collect();
    let movements = match set.is_empty() {
        true => reader.reversible_movements(id).await,
        false => Ok(set),
    };
    let submission = submission(&mut post)?;
    let reason = post.parse("reason", |word| {
        Reason::parse(word).ok_or_else(|| td_string!(l, records.choose_reason))
    });
    let (Some(submission), Some(reason)) = (submission, reason) else { return Err(post.failed()) };
    let here = words::path(id);
    let movements = match movements {
        Ok(movements) => movements,
        // Sent again after it was taken back: nothing stands any more.
        Err(error) => {
            nothing_stands(error)?;
            return Ok(Done::see(here));
        }
    };
    match post.visit.writer()?.reverse(submission, Reverse { movements, reason }).await {
        Ok(_) => Ok(Done::see(format!("{here}?done=1"))),
        Err(CorrectionError::ReverseFirst(steps)) => Ok(Done::see(offer(&here, &steps, reason))),
        Err(error) => Err(explain(error, l)),
    }
}

/// The page that offers the whole set.
fn offer(here: &str, steps: &[ReversalStep], reason: Reason) -> String {
    let set: Vec<String> = steps.iter().map(|step| step.movement.to_string()).collect();
    format!("{here}/reverse?reason={}&set={}", reason.as_str(), set.join(","))
}

/// A record may have nothing that could be taken back; other errors stay errors.
pub(super) fn nothing_stands(error: CorrectionError) -> Result<(), PageError> {
    match error {
        CorrectionError::Record(RecordError::Denied(Denied::NotFound)) => Ok(()),
        other @ (CorrectionError::Record(_)
        | CorrectionError::Empty
        | CorrectionError::AlreadyReversed(_)
        | CorrectionError::NotReversible(_)
        | CorrectionError::BuiltOn
        | CorrectionError::ReverseFirst(_)) => Err(other.into()),
    }
}

pub(crate) fn explain(error: CorrectionError, l: Locale) -> Failure {
    match error {
        CorrectionError::Record(RecordError::Denied(Denied::NotAllowed(_))) => {
            Failure::form(td_string!(l, records.mistake_others))
        }
        CorrectionError::Record(error) => explain::record(error, l),
        CorrectionError::Empty => Failure::form(td_string!(l, records.moved_nothing)),
        CorrectionError::AlreadyReversed(_) => Failure::form(td_string!(l, records.already)),
        CorrectionError::NotReversible(_) => Failure::form(td_string!(l, records.not_reversible)),
        CorrectionError::BuiltOn => Failure::form(td_string!(l, records.built_on)),
        CorrectionError::ReverseFirst(_) => Failure::form(td_string!(l, records.together_text)),
    }
}
