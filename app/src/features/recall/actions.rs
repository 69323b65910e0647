use super::page::path;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::posting::submission;
use domain::ids::{MaterialId, RecordId, StoreId};
use domain::records::recall::{CallBack, EndRecall, RecallMode, RecallStep, Step, ToldHow};
use stock::recall::RecallError;

pub async fn call(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let submission = submission(&mut post)?;
    let material = post.parse("material", |id| {
        id.parse::<MaterialId>().map_err(|_| td_string!(l, recall.choose_edition))
    });
    let mode = post
        .parse("mode", |word| RecallMode::parse(word).ok_or_else(|| td_string!(l, errors.choose)));
    let (Some(submission), Some(material), Some(mode)) = (submission, material, mode) else {
        return Err(post.failed());
    };
    let body = CallBack { material, mode };
    let called = post.visit.writer()?.recall(submission, body).await;
    Ok(Done::see(path(called.map_err(|error| explain(error, l))?)))
}

pub async fn step(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let recall: RecordId = post.visit.param("id")?;
    let submission = submission(&mut post)?;
    let store = post.parse("store", |id| {
        id.parse::<StoreId>().map_err(|_| td_string!(l, recall.choose_holder))
    });
    let step = post.parse("step", |word| match (word, ToldHow::parse(word)) {
        ("stopped", _) => Ok(Step::Stopped),
        (_, Some(how)) => Ok(Step::Told { how }),
        (_, None) => Err(td_string!(l, errors.choose)),
    });
    let (Some(submission), Some(store), Some(step)) = (submission, store, step) else {
        return Err(post.failed());
    };
    let body = RecallStep { recall, store, step };
    let done = post.visit.writer()?.recall_step(submission, body).await;
    done.map_err(|error| explain(error, l))?;
    Ok(Done::see(path(recall)))
}

pub async fn end(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let recall: RecordId = post.visit.param("id")?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let ended = post.visit.writer()?.end_recall(submission, EndRecall { recall }).await;
    ended.map_err(|error| explain(error, l))?;
    Ok(Done::see(path(recall)))
}

fn explain(error: RecallError, l: Locale) -> Failure {
    match error {
        RecallError::Record(error) => explain::record(error, l),
        RecallError::AlreadyRecalled => Failure::field("material", td_string!(l, recall.already)),
        RecallError::Over => Failure::form(td_string!(l, recall.is_over)),
    }
}
