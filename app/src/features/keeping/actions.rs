use super::page::PREFIX;
use super::what::What;
use crate::error::PageError;
use crate::explain::{lacking, named};
use crate::features::counts::actions::{check_arrived, explain, filled, quantity};
use crate::features::records;
use crate::features::runs::actions::pieces;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::posting::attempt;
use crate::ui::{CONFIRMED, FieldError};
use domain::account::{Channel, Occasion, Real};
use domain::ids::{BatchId, RunId, StoreId};
use domain::ledger::{Reason, Shortage};
use domain::pieces::Pieces;
use domain::records::keeping::{BatchPieces, Change, Disposal, StockChange};
use stock::RecordError;
use stock::Submission;
use stock::batches::Origin;
use stock::keeping::{Held, KeepingError};

/// Where pieces of a batch were given, as the value of a choice.
pub(super) fn written(held: &Held) -> Option<String> {
    let Real::Given(occasion, channel) = held.account else { return None };
    serde_json::to_string(&(held.batch, occasion, channel)).ok()
}

pub async fn change(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let store: StoreId = post.visit.param("id")?;
    let what =
        post.parse("what", |word| What::parse(word).ok_or_else(|| td_string!(l, errors.choose)));
    if post.visit.reader()?.store(store).await?.is_none() {
        return Err(PageError::NotFound.into());
    }
    let mut submission = attempt(&mut post)?;
    let reason = post.parse("reason", |word| {
        Reason::parse(word).ok_or_else(|| td_string!(l, records.choose_reason))
    });
    let Some(what) = what else { return Err(post.failed()) };
    let said = match what {
        What::Collected => collected(&mut post),
        What::Damaged
        | What::Lost
        | What::Found
        | What::Salvaged
        | What::Disposed
        | What::HandedBack => {
            let lines = lines(&mut post, Some(&submission).filter(|said| !said.asks_more)).await?;
            let change = meaning(&mut post, what, &lines).await?;
            change.map(|change| (change, lines))
        }
    };
    // What the books lack is found out beside what else is wrong.
    let Some((change, lines)) = said.filter(|(_, lines)| post.is_right() || !lines.is_empty())
    else {
        return Err(post.failed());
    };
    let reason = reason.unwrap_or(Reason::Other);
    if post.fields.has("by_phone") {
        let holder = post.visit.reader()?.store(store).await?;
        submission.envelope.on_behalf = holder.map(|holder| holder.org);
    }
    submission.asks_more = !post.is_right();
    let record = submission.envelope.id;
    let body = StockChange { store, change, reason, lines };
    let changed = post.visit.writer()?.change_stock(submission, body).await;
    match changed {
        Ok(_) => Ok(Done::see(format!("{}?done=1", records::words::path(record)))),
        Err(KeepingError::Record(RecordError::NeedsConfirmation(short))) => {
            let failure = asks(&post, &short).await?;
            Err(post.failed_too(failure))
        }
        Err(error) => Err(post.failed_too(explain(error, l))),
    }
}

/// What the books lack, of which batch: a form may have many.
async fn asks(post: &Post, short: &[Shortage]) -> Result<Failure, PageError> {
    let named = named(&post.visit, short, lacking).await?;
    let errors = named.into_iter().map(|words| FieldError::new(CONFIRMED, words));
    Ok(Failure::Form(errors.collect()))
}

/// What was typed for each batch of the form.
async fn lines(
    post: &mut Post,
    submission: Option<&Submission>,
) -> Result<Vec<BatchPieces>, PageError> {
    let mut lines: Vec<BatchPieces> = Vec::new();
    let filled = filled(post, PREFIX).await?;
    check_arrived(post, submission, &filled);
    for filled in filled {
        let typed = quantity(post, &filled.name, filled.packing);
        if let Some(pieces) = typed.flatten().and_then(|count| Pieces::new(count).ok()) {
            lines.push(BatchPieces { batch: filled.batch, pieces });
        }
    }
    Ok(lines)
}

async fn meaning(
    post: &mut Post,
    what: What,
    lines: &[BatchPieces],
) -> Result<Option<Change>, PageError> {
    Ok(match what {
        What::Damaged => Some(Change::Damaged),
        What::Lost => Some(Change::Lost),
        What::Found => Some(Change::Found),
        What::Salvaged => Some(Change::Salvaged),
        What::Disposed => {
            let (from_damaged, how) = (from_damaged(post), disposal(post));
            from_damaged.zip(how).map(|(from_damaged, how)| Change::Disposed { how, from_damaged })
        }
        What::HandedBack => {
            let from_damaged = from_damaged(post);
            let run = run(post, lines).await?;
            from_damaged
                .zip(run)
                .map(|(from_damaged, run)| Change::HandedBack { run, from_damaged })
        }
        What::Collected => None,
    })
}

fn from_damaged(post: &mut Post) -> Option<bool> {
    let l = post.visit.locale;
    post.parse("from", |word| match word {
        "damaged" => Ok(true),
        "store" => Ok(false),
        _ => Err(td_string!(l, errors.choose)),
    })
}

/// The print run of the first batch; that the others are of the same is checked with the books.
async fn run(post: &mut Post, lines: &[BatchPieces]) -> Result<Option<RunId>, PageError> {
    let l = post.visit.locale;
    let Some(first) = lines.first() else {
        post.wrong("", td_string!(l, counts.nothing));
        return Ok(None);
    };
    let batch = post.visit.reader()?.batch(first.batch).await?.ok_or(PageError::NotFound)?;
    match batch.origin {
        Origin::Printed { run, .. } => Ok(Some(run)),
        Origin::BeforeTawzi => {
            post.wrong(format!("{PREFIX}{}", first.batch), td_string!(l, keeping.none_printed));
            Ok(None)
        }
    }
}

fn disposal(post: &mut Post) -> Option<Disposal> {
    let l = post.visit.locale;
    match post.text("how") {
        "destroyed" => {
            let role = |name| post.text(name).to_owned();
            let witness_roles = [role("witness_1"), role("witness_2")];
            let certificate = role("certificate");
            let disposal = Disposal::Destroyed { witness_roles, certificate };
            if !disposal.is_witnessed() {
                post.wrong("witness_1", td_string!(l, counts.no_witness));
            }
            Some(disposal)
        }
        "office_use" => Some(Disposal::OfficeUse),
        "archive" => Some(Disposal::Archive),
        _ => {
            post.wrong("how", td_string!(l, errors.choose));
            None
        }
    }
}

/// A recalled edition that came back from where it was given.
fn collected(post: &mut Post) -> Option<(Change, Vec<BatchPieces>)> {
    let l = post.visit.locale;
    let given = post.parse("given", |text| {
        serde_json::from_str::<(BatchId, Occasion, Channel)>(text)
            .map_err(|_| td_string!(l, keeping.given_prompt))
    });
    let pieces = pieces(post, "pieces");
    let ((batch, occasion, channel), pieces) = (given?, pieces?);
    Some((Change::Collected { occasion, channel }, vec![BatchPieces { batch, pieces }]))
}
