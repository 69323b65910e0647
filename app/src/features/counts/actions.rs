use super::page::path;
use super::sheet::PREFIX;
use crate::error::PageError;
use crate::explain;
use crate::forms::{Done, Failure, Fields, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::submission;
use domain::code;
use domain::ids::{BatchId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::material::Packing;
use domain::pieces::parse_count;
use domain::records::Occurred;
use domain::records::keeping::{ApproveCount, Count, Counted, DeclineCount};
use domain::time::Day;
use stock::Submission;
use stock::keeping::KeepingError;

pub async fn send(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let store: StoreId = post.id("store")?;
    if post.visit.reader()?.store(store).await?.is_none() {
        return Err(PageError::NotFound.into());
    }
    let submission = submission(&mut post)?;
    let mut lines = Vec::new();
    let filled = filled(&post, PREFIX).await?;
    check_arrived(&mut post, submission.as_ref(), &filled);
    for filled in filled {
        if let Some(Some(pieces)) = quantity(&mut post, &filled.name, filled.packing) {
            lines.push(Counted { batch: filled.batch, pieces });
        }
    }
    if let Some(other) = other(&mut post).await? {
        lines.push(other);
    }
    let Some(submission) = submission.filter(|_| post.is_right()) else {
        return Err(post.failed());
    };
    let counted = post.visit.writer()?.count_stock(submission, Count { store, lines }).await;
    let counted = counted.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("{}?sent=1", path(counted))))
}

/// The fields of one batch in which something was typed.
pub(crate) struct Filled {
    pub batch: BatchId,
    pub name: String,
    pub packing: Option<Packing>,
    pub arrived_on: Day,
}

/// Notes that the day lies before something counted or moved on it had arrived.
pub(crate) fn check_arrived(post: &mut Post, submission: Option<&Submission>, filled: &[Filled]) {
    let Some(Occurred::On(day)) = submission.map(|said| said.envelope.occurred) else { return };
    let (l, lang) = (post.visit.locale, post.visit.lang());
    let last = filled.iter().map(|filled| filled.arrived_on).max();
    if let Some(arrived_on) = last.filter(|arrived_on| *arrived_on > day) {
        let words = td_string!(l, counts.before_arrival, day = lang.day(arrived_on));
        post.wrong("date", words);
    }
}

/// The batches for which something was typed, in the order of the form. They come from the form
/// and not from what stands in the store now, so that a form sent twice says the same twice.
pub(crate) async fn filled(post: &Post, prefix: &str) -> Result<Vec<Filled>, PageError> {
    let mut found: Vec<Filled> = Vec::new();
    let reader = post.visit.reader()?;
    for batch in typed_batches(&post.fields, prefix) {
        let of = reader.batch(batch).await?.ok_or(PageError::NotFound)?;
        let material = reader.material(of.material).await?;
        let packing = material.map(|material| material.packing);
        let (name, arrived_on) = (format!("{prefix}{batch}"), of.arrived_on);
        found.push(Filled { batch, name, packing, arrived_on });
    }
    Ok(found)
}

/// The batches whose fields are not empty, each once.
pub(crate) fn typed_batches(fields: &Fields, prefix: &str) -> Vec<BatchId> {
    let mut batches = Vec::new();
    for (name, _) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let id = name.strip_prefix(prefix).and_then(|rest| rest.split_once('_'));
        let batch = id.and_then(|(id, _)| id.parse::<BatchId>().ok());
        batches.extend(batch.filter(|batch| !batches.contains(batch)));
    }
    batches
}

/// Cartons, bundles and pieces of a `QuantityField`, added up. The outer `None` was refused; the
/// inner one was left empty, which is not zero.
pub(crate) fn quantity(
    post: &mut Post,
    name: &str,
    packing: Option<Packing>,
) -> Option<Option<i64>> {
    let l = post.visit.locale;
    let mut parts = [None; 3];
    for (part, word) in parts.iter_mut().zip(["cartons", "bundles", "pieces"]) {
        match parse_count(post.text(&format!("{name}_{word}"))) {
            Ok(count) => *part = count,
            Err(error) => {
                post.wrong(name, explain::pieces(error, l));
                return None;
            }
        }
    }
    if parts == [None; 3] {
        return Some(None);
    }
    let [cartons, bundles, loose] = parts.map(|part| part.unwrap_or(0));
    let sum = match packing {
        Some(packing) => packing.pieces(cartons, bundles, loose),
        None => Ok(loose),
    };
    match sum {
        Ok(sum) => Some(Some(sum)),
        Err(error) => {
            post.wrong(name, explain::pieces(error, l));
            None
        }
    }
}

/// A batch that is not on the sheet, by its label.
async fn other(post: &mut Post) -> Result<Option<Counted>, PageError> {
    let l = post.visit.locale;
    let (text, pieces) = (post.text("other_code").to_owned(), post.text("other_pieces").to_owned());
    if text.is_empty() && pieces.is_empty() {
        return Ok(None);
    }
    let code = post.parse("other_code", |text| {
        code::read(text).map(|(_, code)| code).map_err(|error| explain::code(error, l))
    });
    let pieces = post.parse("other_pieces", |text| match parse_count(text) {
        Ok(Some(count)) => Ok(count),
        Ok(None) => Err(td_string!(l, errors.pieces_empty).to_string()),
        Err(error) => Err(explain::pieces(error, l)),
    });
    let (Some(code), Some(pieces)) = (code, pieces) else { return Ok(None) };
    match post.visit.reader()?.label_of(code).await? {
        Some(label) => Ok(Some(Counted { batch: label.batch, pieces })),
        None => {
            post.wrong("other_code", td_string!(l, consignments.code_unknown));
            Ok(None)
        }
    }
}

pub async fn approve(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let count: RecordId = post.visit.param("id")?;
    let reason = post.parse("reason", |word| {
        Reason::parse(word).ok_or_else(|| td_string!(l, records.choose_reason))
    });
    let submission = submission(&mut post)?;
    let (Some(submission), Some(reason)) = (submission, reason) else { return Err(post.failed()) };
    let body = ApproveCount { count, reason };
    let approved = post.visit.writer()?.approve_count(submission, body).await;
    approved.map_err(|error| explain(error, l))?;
    Ok(Done::see(path(count)))
}

pub async fn decline(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let count: RecordId = post.visit.param("id")?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let declined = post.visit.writer()?.decline_count(submission, DeclineCount { count }).await;
    declined.map_err(|error| explain(error, l))?;
    Ok(Done::see(path(count)))
}

/// Why nothing was recorded about stock in a store.
pub(crate) fn explain(error: KeepingError, l: Locale) -> Failure {
    match error {
        KeepingError::Record(error) => explain::record(error, l),
        KeepingError::Empty => Failure::form(td_string!(l, counts.nothing)),
        KeepingError::Twice(_) => Failure::field("other_code", td_string!(l, counts.twice)),
        KeepingError::NoWitness => Failure::field("witness_1", td_string!(l, counts.no_witness)),
        KeepingError::OwnCount => Failure::form(td_string!(l, counts.own_count)),
        KeepingError::AlreadyDecided => Failure::form(td_string!(l, counts.already)),
        KeepingError::SameMoment => Failure::form(td_string!(l, counts.same_moment)),
        KeepingError::OtherRun(batch) => {
            Failure::field(format!("of_{batch}"), td_string!(l, counts.other_run))
        }
        KeepingError::BeforeArrival { arrived_on, .. } => {
            let day = i18n::lang(l).day(arrived_on);
            Failure::field("date", td_string!(l, counts.before_arrival, day = day))
        }
    }
}
