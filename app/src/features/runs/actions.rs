use crate::explain;
use crate::features::recall::stopping::ask_about;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::{asking, submission};
use domain::decimal::parse_cents;
use domain::ids::{OrgId, RunId};
use domain::money::{Currency, Money};
use domain::pieces::{Pieces, parse_count};
use domain::records::cartons::{Cartons, CartonsError, LastTooFull, with_last};
use domain::records::recall::Purpose;
use domain::records::run::IssueLabels;
use domain::run::{Order, OrderDays, Tolerance};
use domain::time::Day;
use std::num::NonZeroU32;
use stock::runs::{CloseRunError, IssueLabelsError, LabelsWarning, SaveRunError};

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: RunId = post.id("record")?;
    let Some(order) = read(&mut post) else { return Err(post.failed()) };
    ask_about(&mut post, [order.material], Purpose::More).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    match post.visit.writer()?.create_run(id, order).await {
        Ok(_) => Ok(Done::see(format!("/runs/{id}?saved=1"))),
        // Sent again after "back": what it made is there.
        Err(SaveRunError::SavedBefore(_)) if post.visit.reader()?.run(id).await?.is_some() => {
            Ok(Done::see(format!("/runs/{id}?again=1")))
        }
        Err(error) => Err(explain(error, l)),
    }
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: RunId = post.visit.param("id")?;
    let seen: i64 = post.id("version")?;
    let Some(order) = read(&mut post) else { return Err(post.failed()) };
    let before = post.visit.reader()?.run(id).await?.map(|run| run.row.material);
    let chosen = Some(order.material).filter(|material| before != Some(*material));
    ask_about(&mut post, chosen, Purpose::More).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    post.visit.writer()?.edit_run(id, seen, order).await.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("/runs/{id}?saved=1")))
}

pub async fn close(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: RunId = post.visit.param("id")?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    post.visit.writer()?.close_run(submission, id).await.map_err(|error| match error {
        CloseRunError::Record(error) => explain::record(error, l),
        CloseRunError::AlreadyClosed => Failure::form(td_string!(l, runs.already_closed)),
    })?;
    Ok(Done::see(format!("/runs/{id}")))
}

pub async fn issue_labels(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let run: RunId = post.visit.param("id")?;
    let submission = submission(&mut post)?;
    let is_none = |name: &str| matches!(parse_count(post.text(name)), Ok(None | Some(0)));
    if is_none("cartons") && is_none("last") {
        post.wrong("cartons", td_string!(l, runs.cartons_missing));
    }
    let cartons = cartons(&mut post, ["cartons", "each", "last"]);
    let bundles_of = match post.fields.has("bundles") {
        true => pieces(&mut post, "bundles_of").map(Some),
        false => Some(None),
    };
    let (Some(submission), Some(cartons), Some(bundles_of), true) =
        (submission, cartons, bundles_of, post.is_right())
    else {
        return Err(post.failed());
    };
    let body = IssueLabels { run, cartons, bundles_of };
    let issued = post.visit.writer()?.issue_labels(submission, body).await;
    issued.map_err(|error| match error {
        IssueLabelsError::Record(error) => explain::record(error, l),
        IssueLabelsError::Nothing => Failure::field("cartons", td_string!(l, runs.cartons_missing)),
        IssueLabelsError::Cartons(error) => Failure::field("cartons", cartons_words(l, error)),
        IssueLabelsError::Asks(warnings) => {
            asking(warnings.iter().map(|warning| (warning.key(), labels_question(l, *warning))))
        }
    })?;
    Ok(Done::see(format!("/labels/run/{run}?made=1")))
}

fn labels_question(l: Locale, warning: LabelsWarning) -> String {
    let lang = i18n::lang(l);
    match warning {
        LabelsWarning::StillUnused { unused } => {
            td_string!(l, runs.labels_still_unused, unused = lang.number(unused))
        }
        LabelsWarning::MoreThanOrdered { labelled, most } => {
            let (labelled, most) = (lang.number(labelled), lang.number(most));
            td_string!(l, runs.labels_more_than_ordered, labelled = labelled, most = most)
        }
    }
}

pub(crate) fn cartons_words(l: Locale, error: CartonsError) -> String {
    match error {
        CartonsError::TooManyPacks { asked } => {
            td_string!(l, runs.labels_too_many, asked = i18n::lang(l).number(asked))
        }
        CartonsError::TooManyPieces => td_string!(l, runs.cartons_too_many).to_owned(),
    }
}

/// A quantity that must be there.
pub(crate) fn pieces(post: &mut Post, name: &str) -> Option<Pieces> {
    let l = post.visit.locale;
    post.parse(name, |text| Pieces::parse(text).map_err(|error| explain::pieces(error, l)))
}

/// A quantity that may be missing. The outer `None` is one that was refused; zero is none.
pub(crate) fn optional_pieces(post: &mut Post, name: &str) -> Option<Option<Pieces>> {
    let l = post.visit.locale;
    let count =
        post.parse(name, |text| parse_count(text).map_err(|error| explain::pieces(error, l)))?;
    Some(count.and_then(|count| Pieces::new(count).ok()))
}

/// Sealed cartons from three fields: how many, the pieces marked on each, the last partial one.
pub(crate) fn cartons(post: &mut Post, [count, each, last]: [&str; 3]) -> Option<Vec<Cartons>> {
    let l = post.visit.locale;
    let number = optional_pieces(post, count);
    let partial = optional_pieces(post, last);
    let each = match number {
        Some(None) => optional_pieces(post, each)?,
        Some(Some(_)) | None => Some(pieces(post, each)?),
    };
    let full = match number?.zip(each) {
        None => None,
        Some((number, each)) => {
            let number = u32::try_from(number.get()).ok().and_then(NonZeroU32::new);
            let Some(cartons) = number else {
                post.wrong(count, td_string!(l, errors.too_many));
                return None;
            };
            Some(Cartons { cartons, each })
        }
    };
    match with_last(full, partial?) {
        Ok(cartons) => Some(cartons),
        Err(LastTooFull { each }) => {
            let each = i18n::lang(l).number(each.get());
            post.wrong(last, td_string!(l, runs.last_too_full, each = each));
            None
        }
    }
}

fn read(post: &mut Post) -> Option<Order> {
    let l = post.visit.locale;
    let printer = post
        .parse("printer", |id| id.parse::<OrgId>().map_err(|_| td_string!(l, runs.printer_prompt)));
    let material =
        post.parse("material", |id| id.parse().map_err(|_| td_string!(l, runs.material_prompt)));
    let ordered = pieces(post, "ordered");
    let tolerance = post.parse("tolerance", |text| {
        Tolerance::parse_percent(text).map_err(|_| td_string!(l, runs.tolerance_wrong))
    });
    let day = |text: &str| Day::parse(text).ok_or_else(|| td_string!(l, errors.date));
    let ordered_on = post.parse("ordered_on", day);
    let due_on = post.parse("due_on", day);
    let today = post.visit.stock().world().now().day();
    for wrong in OrderDays::all(ordered_on, due_on, today) {
        let (field, words) = days_words(wrong, l);
        post.wrong(field, words);
    }
    let cost = cost(post);
    let donor = post.parse("donor", |text| match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| td_string!(l, runs.donor_unknown)),
    });
    if !post.is_right() {
        return None;
    }
    Some(Order {
        printer: printer?,
        material: material?,
        ordered: ordered?,
        tolerance: tolerance?,
        cost: cost?,
        purchase_order: post.text("purchase_order").to_owned(),
        donor: donor?,
        ordered_on: ordered_on?,
        due_on: due_on?,
    })
}

/// An amount with its currency, or none. The outer `None` is one that was refused.
fn cost(post: &mut Post) -> Option<Option<Money>> {
    let l = post.visit.locale;
    if post.text("cost").is_empty() {
        return Some(None);
    }
    let amount =
        post.parse("cost", |text| parse_cents(text).ok_or_else(|| td_string!(l, runs.cost_wrong)));
    let currency = post.parse("currency", |text| {
        Currency::parse(text).map_err(|_| td_string!(l, runs.currency_wrong))
    });
    Some(Some(Money { minor_units: amount?, currency: currency? }))
}

fn days_words(wrong: OrderDays, l: Locale) -> (&'static str, &'static str) {
    match wrong {
        OrderDays::DueBeforeOrdered => ("due_on", td_string!(l, runs.due_before_ordered)),
        OrderDays::Future => ("ordered_on", td_string!(l, runs.ordered_future)),
        OrderDays::DueTooLate => ("due_on", td_string!(l, runs.due_too_late)),
    }
}

fn explain(error: SaveRunError, l: Locale) -> Failure {
    match error {
        SaveRunError::Denied(denied) => denied.into(),
        SaveRunError::UnknownPrinter => {
            Failure::field("printer", td_string!(l, runs.printer_unknown))
        }
        SaveRunError::UnknownMaterial => {
            Failure::field("material", td_string!(l, runs.material_unknown))
        }
        SaveRunError::UnknownDonor => Failure::field("donor", td_string!(l, runs.donor_unknown)),
        SaveRunError::Days(wrong) => {
            let (field, words) = days_words(wrong, l);
            Failure::field(field, words)
        }
        SaveRunError::Received => Failure::form(td_string!(l, runs.is_editable_not)),
        SaveRunError::ChangedMeanwhile => Failure::form(td_string!(l, runs.changed_meanwhile)),
        SaveRunError::SavedBefore(_) => Failure::form(td_string!(l, runs.saved_before)),
        SaveRunError::Database(error) => error.into(),
    }
}
