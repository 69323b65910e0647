use super::editor::OPEN_CARTONS;
use crate::explain;
use crate::features::runs::actions::{cartons, cartons_words, optional_pieces, pieces};
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::{asking, submission};
use crate::ui::FieldError;
use domain::code::{self, Code};
use domain::ids::{RecordId, RunId, StoreId};
use domain::records::receipt::{
    Damage, DamagedPieces, HowCounted, IssuedCarton, LabelProblem, Receipt, ReceiptLabels,
    ReceiptProblem, UnusedLabels, WrongLabel, judge,
};
use stock::receipts::{ReceiptWarning, ReceiveError};
use stock::records::ConfirmError;

pub async fn receive(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let run: RunId = post.visit.param("id")?;
    // Bundles are as big as the material's usual ones.
    let per_bundle = post.visit.reader()?.run(run).await?;
    let per_bundle = per_bundle.map(|run| run.row.packing.per_bundle());
    let submission = submission(&mut post)?;
    let issued = post.visit.reader()?.unused_labels(run).await;
    let issued = issued.map_err(|error| explain::record(error, l))?;
    let body = read(&mut post, run, per_bundle.unwrap_or(1), &issued);
    let (Some(submission), Some(body)) = (submission, body) else { return Err(post.failed()) };
    let received = post.visit.writer()?.receive(submission, body).await;
    let received = received.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("/receipts/{}?posted={}", received.receipt, received.new_labels)))
}

fn read(post: &mut Post, run: RunId, per_bundle: i64, issued: &[IssuedCarton]) -> Option<Receipt> {
    let l = post.visit.locale;
    let store = post.parse("store", |id| {
        id.parse::<StoreId>().map_err(|_| td_string!(l, receipts.store_prompt))
    });
    let sealed = cartons(post, ["cartons", "each", "last"]);
    let open: Vec<_> =
        (1..=OPEN_CARTONS).map(|number| optional_pieces(post, &format!("open_{number}"))).collect();
    let damaged: Vec<_> = Damage::ALL
        .into_iter()
        .map(|damage| {
            let found = optional_pieces(post, &format!("damage_{}", damage.as_str()))?;
            Some(found.map(|pieces| DamagedPieces { damage, pieces }))
        })
        .collect();
    let claimed = match post.text("claimed") {
        "" => Some(None),
        _ => pieces(post, "claimed").map(Some),
    };
    let how = post.parse("how", |word| {
        HowCounted::parse(word).ok_or_else(|| td_string!(l, receipts.how_missing))
    });
    let labels = labels(post, per_bundle, issued);
    Some(Receipt {
        run,
        store: store?,
        sealed: sealed?,
        open: open.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect(),
        damaged: damaged.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect(),
        claimed: claimed?,
        how: how?,
        labels: labels?,
    })
}

fn labels(post: &mut Post, per_bundle: i64, issued: &[IssuedCarton]) -> Option<ReceiptLabels> {
    let rest = match post.fields.has("void_rest") {
        true => UnusedLabels::Void,
        false => UnusedLabels::Keep,
    };
    match post.text("labels") {
        "bundles" => {
            let bundles_of = domain::pieces::Pieces::new(per_bundle).ok();
            Some(ReceiptLabels::New { bundles_of })
        }
        "issued" => Some(ReceiptLabels::Issued { scanned: Vec::new(), rest }),
        "scanned" => {
            let scanned = scanned(post, issued)?;
            Some(ReceiptLabels::Issued { scanned, rest })
        }
        _ => Some(ReceiptLabels::New { bundles_of: None }),
    }
}

/// The labels of a list. Those that were misread and those that cannot have come are named in one
/// answer.
fn scanned(post: &mut Post, issued: &[IssuedCarton]) -> Option<Vec<Code>> {
    let l = post.visit.locale;
    let text = post.text("codes").to_owned();
    let (mut codes, mut wrong) = (Vec::new(), Vec::new());
    for word in text.split_whitespace() {
        match code::read(word) {
            Ok((_, code)) => codes.push(code),
            Err(error) => wrong.push(format!("{word}: {}", explain::code(error, l))),
        }
    }
    let labels = judge(&codes, issued).err().unwrap_or_default();
    wrong.extend(labels.iter().map(|one| wrong_label(one, l)));
    if wrong.is_empty() && codes.is_empty() {
        wrong.push(td_string!(l, receipts.codes_missing).to_owned());
    }
    if wrong.is_empty() {
        return Some(codes);
    }
    wrong.into_iter().for_each(|words| post.wrong("codes", words));
    None
}

fn explain(error: ReceiveError, l: Locale) -> Failure {
    match error {
        ReceiveError::Record(error) => explain::record(error, l),
        ReceiveError::Problem(problem) => refused(&problem, l),
        ReceiveError::Asks(warnings) => {
            asking(warnings.iter().map(|warning| (warning.key(), ask(warning, l))))
        }
    }
}

fn refused(problem: &ReceiptProblem, l: Locale) -> Failure {
    let lang = i18n::lang(l);
    match problem {
        ReceiptProblem::Nothing => Failure::field("cartons", td_string!(l, receipts.nothing)),
        ReceiptProblem::Cartons(error) => Failure::field("cartons", cartons_words(l, *error)),
        ReceiptProblem::Labels(wrong) => Failure::Form(
            wrong.iter().map(|one| FieldError::new("codes", wrong_label(one, l))).collect(),
        ),
        ReceiptProblem::MoreLabelsThanCartons { scanned, cartons } => {
            let scanned = lang.number(*scanned as i64);
            let cartons = lang.number(*cartons as i64);
            let words = td_string!(l, receipts.more_labels, scanned = scanned, cartons = cartons);
            Failure::field("codes", words)
        }
    }
}

fn wrong_label(wrong: &WrongLabel, l: Locale) -> String {
    let code = wrong.code.grouped();
    match wrong.why {
        LabelProblem::NotIssued => td_string!(l, receipts.not_issued, code = code),
        LabelProblem::ScannedTwice => td_string!(l, receipts.scanned_twice, code = code),
        LabelProblem::DoesNotFit { nominal } => {
            let nominal = i18n::lang(l).number(nominal.get());
            td_string!(l, receipts.does_not_fit, code = code, nominal = nominal)
        }
    }
}

fn ask(warning: &ReceiptWarning, l: Locale) -> String {
    let lang = i18n::lang(l);
    match warning {
        ReceiptWarning::SameDay { number, pieces } => {
            let (number, pieces) = (number.clone(), lang.number(*pieces));
            td_string!(l, receipts.same_day, number = number, pieces = pieces)
        }
        ReceiptWarning::OverTolerance { received, most } => {
            let (received, most) = (lang.number(*received), lang.number(*most));
            td_string!(l, receipts.over_tolerance, received = received, most = most)
        }
        ReceiptWarning::BeforeOrder { ordered_on } => {
            td_string!(l, receipts.before_order, day = lang.day(*ordered_on))
        }
        ReceiptWarning::NewLabels { cartons } => {
            let n = lang.number(*cartons);
            td_string!(l, receipts.asks_new_labels, count = *cartons, n = n)
        }
    }
}

pub async fn confirm(mut post: Post) -> Result<Done, Failure> {
    let receipt: RecordId = post.visit.param("id")?;
    confirm_record(&mut post, receipt).await?;
    Ok(Done::see(format!("/receipts/{receipt}")))
}

/// Confirms what somebody else recorded.
pub(crate) async fn confirm_record(post: &mut Post, record: RecordId) -> Result<(), Failure> {
    let l = post.visit.locale;
    let Some(submission) = submission(post)? else {
        return Err(Failure::form(td_string!(l, errors.date)));
    };
    let confirmed = post.visit.writer()?.confirm(submission, record).await;
    confirmed.map(|_| ()).map_err(|error| match error {
        ConfirmError::Record(error) => explain::record(error, l),
        ConfirmError::OwnRecord => Failure::form(td_string!(l, receipts.own_record)),
        ConfirmError::NothingToConfirm => Failure::form(td_string!(l, receipts.nothing_to_confirm)),
        ConfirmError::AlreadyConfirmed => Failure::form(td_string!(l, receipts.already_confirmed)),
    })
}
