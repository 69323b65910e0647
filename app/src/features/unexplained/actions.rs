use crate::features::records;
use crate::features::runs::actions::pieces;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::posting::submission;
use domain::account::Account;
use domain::ids::BatchId;
use domain::ledger::Reason;
use domain::records::keeping::Settle;

/// An account as the value of a choice.
pub(super) fn written(account: Account) -> String {
    serde_json::to_string(&account).unwrap_or_default()
}

pub async fn settle(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let (account, batch): (i64, BatchId) =
        (post.visit.param("account")?, post.visit.param("batch")?);
    let record = post.id("record")?;
    let submission = submission(&mut post)?;
    let by = post.parse("by", |text| {
        serde_json::from_str::<Account>(text).map_err(|_| td_string!(l, errors.choose))
    });
    let pieces = pieces(&mut post, "pieces");
    let reason = post.parse("reason", |word| {
        Reason::parse(word).ok_or_else(|| td_string!(l, records.choose_reason))
    });
    let of = match post.visit.reader()?.explainable(account, batch).await {
        Ok((open, _)) => {
            let (open, of) = (open.pieces.abs(), open.of);
            if pieces.is_some_and(|pieces| pieces.get() > open) {
                let open = post.visit.lang().number(open);
                post.wrong("pieces", td_string!(l, errors.settles_too_much, open = open));
            }
            of
        }
        // Sent again: what was open then is explained now, by this very form.
        Err(_) if post.visit.reader()?.record(record).await.is_ok() => {
            return Ok(Done::see("/unexplained?done=1"));
        }
        Err(error) => return Err(error.into()),
    };
    let (Some(submission), Some(by), Some(pieces), Some(reason), true) =
        (submission, by, pieces, reason, post.is_right())
    else {
        return Err(post.failed());
    };
    let body = Settle { of, batch, pieces, by, reason };
    let settled = post.visit.writer()?.settle(submission, body).await;
    settled.map_err(|error| records::actions::explain(error, l))?;
    Ok(Done::see("/unexplained?done=1"))
}
