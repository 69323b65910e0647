use super::page::path;
use crate::error::PageError;
use crate::explain;
use crate::features::materials::numbered;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::posting::{ask, submission};
use domain::ids::{MaterialId, RecordId, StoreId};
use domain::records::recall::{CallBack, EndRecall, RecallMode, RecallStep, Step, ToldHow};
use stock::recall::RecallError;
use stock::whereabouts::HoldingFilter;

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
    meant(&mut post, material, mode).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    let body = CallBack { material, mode };
    let called = post.visit.writer()?.recall(submission, body).await;
    Ok(Done::see(path(called.map_err(|error| explain(error, l))?)))
}

/// Asks whether that edition is meant: a recall stops it in every store at once.
async fn meant(post: &mut Post, material: MaterialId, mode: RecallMode) -> Result<(), PageError> {
    let (l, lang) = (post.visit.locale, post.visit.lang());
    let reader = post.visit.reader()?;
    let edition = reader.material(material).await?.ok_or(PageError::NotFound)?;
    let edition = format!("{} ({})", edition.title, numbered(l, &edition));
    let filter = HoldingFilter { material: Some(material), ..HoldingFilter::default() };
    let held = reader.holdings(&filter).await?;
    let pieces = held.iter().map(|here| here.in_store + here.in_transit + here.at_events).sum();
    let (stores, pieces) = (lang.number(held.len() as i64), lang.number(pieces));
    let held = td_string!(l, recall.held_by, edition = edition, stores = stores, pieces = pieces);
    let words = match mode {
        RecallMode::StopNow => td_string!(l, recall.asks_stop, held = held),
        RecallMode::UseUp => td_string!(l, recall.asks_use_up, held = held),
    };
    ask(post, &format!("{mode}_{material}", mode = mode.as_str()), words);
    Ok(())
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
