//! What the receiver's side does: the count and its confirmation.

use super::actions::{id, reason, see};
use super::receive::may_be_the_same;
use crate::error::PageError;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::{ask, submission};
use crate::ui::FieldError;
use domain::code;
use domain::consignment::{ArrivalError, CountedLine, Parcel, Rest, beside};
use domain::ids::{BatchId, RecordId, StoreId};
use domain::pieces::parse_count;
use domain::records::EntryMethod;
use domain::records::consignment::Delivery;
use stock::consignments::{
    ConfirmDeliveryError, CountSheet, CountSheetLine, DeliverError, LabelOf,
};

pub async fn receive(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    // Before anything is asked: what is here already may be what this form brought.
    if post.visit.reader()?.sent_record(post.id("record")?).await?.is_some() {
        return Ok(Done::see(format!("/consignments/{id}?again=1")));
    }
    let sheet = post.visit.reader()?.count_sheet_of(id).await;
    let sheet = sheet.map_err(|error| not_received(error, l))?;
    let submission = submission(&mut post)?;
    let scanned = scanned(&mut post).await?;
    here_already(&mut post, sheet.consignment.to.id, &scanned).await?;
    let packs: Vec<Parcel> = scanned.iter().filter_map(|(_, label)| label.pack).collect();
    let lines: Vec<Option<CountedLine>> =
        sheet.lines.iter().map(|line| counted(&mut post, line, &packs)).collect();
    let other = other(&mut post, &packs).await?;
    let mut listed: Vec<BatchId> = sheet.lines.iter().map(|line| line.title.batch).collect();
    listed.extend(other.iter().flatten().map(|line| line.batch));
    uncounted(&mut post, &scanned, &listed);
    let rest = post.parse("rest", |word| match word {
        "nothing_more" => Ok(Rest::NothingMore),
        "still_coming" => Ok(Rest::StillComing),
        _ => Err(td_string!(l, consignments.choose)),
    });
    let besides = besides(&mut post, &sheet);
    let lines: Option<Vec<CountedLine>> = lines.into_iter().collect();
    let (Some(mut submission), Some(mut lines), Some(other), Some(rest), Some(besides)) =
        (submission, lines, other, rest, besides)
    else {
        return Err(post.failed());
    };
    if !post.is_right() {
        return Err(post.failed());
    }
    far_too_many(&mut post, &sheet, &lines).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    lines.extend(other);
    lines.extend(beside(&listed, &packs));
    if post.fields.has("by_phone") {
        submission.envelope.on_behalf = Some(sheet.consignment.to.org);
    }
    if !scanned.is_empty() {
        submission.envelope.entry = EntryMethod::Scanned;
    }
    let delivery = Delivery { consignment: id, lines, rest, besides };
    let delivered = post.visit.writer()?.deliver(submission, delivery).await;
    let delivered = delivered.map_err(|error| not_received(error, l))?;
    let all_here = rest == Rest::NothingMore;
    if !all_here || (delivered.differences.is_empty() && delivered.unsent.is_empty()) {
        Ok(Done::see(format!("/consignments/{id}?done=1")))
    } else {
        Ok(Done::see(format!("/consignments/{id}/differences")))
    }
}

/// Asks once about a count that looks like a slip.
async fn far_too_many(
    post: &mut Post,
    sheet: &CountSheet,
    lines: &[CountedLine],
) -> Result<(), Failure> {
    let l = post.visit.locale;
    let reader = post.visit.reader()?;
    let far = reader.far_more_than_sent(sheet.consignment.id, lines).await;
    let far = far.map_err(|error| not_received(error, l))?;
    for line in lines.iter().filter(|line| far.contains(&line.batch)) {
        let of = sheet.lines.iter().find(|of| of.title.batch == line.batch);
        let title = of.map(|of| of.title.title.clone()).unwrap_or_default();
        let pieces = line.good.saturating_add(line.damaged);
        let n = i18n::lang(l).number(pieces);
        let words = td_string!(l, consignments.far_too_many, title = title, n = n);
        ask(post, &format!("far_{}_{pieces}", line.batch), words);
    }
    Ok(())
}

/// What was typed for one batch. A batch that nobody counted is asked for: that none of it came
/// has to be said.
fn counted(post: &mut Post, line: &CountSheetLine, scanned: &[Parcel]) -> Option<CountedLine> {
    let l = post.visit.locale;
    let batch = line.title.batch;
    let (good, damaged) = (format!("good_{batch}"), format!("damaged_{batch}"));
    let part = |post: &mut Post, part: &str| {
        let text = post.text(&format!("{good}_{part}")).to_owned();
        match parse_count(&text) {
            Ok(count) => Some(count),
            Err(error) => {
                post.wrong(good.clone(), explain::pieces(error, l));
                None
            }
        }
    };
    let (cartons, bundles, loose) =
        (part(post, "cartons")?, part(post, "bundles")?, part(post, "pieces")?);
    let bad =
        post.parse(&damaged, |text| parse_count(text).map_err(|error| explain::pieces(error, l)))?;
    if [cartons, bundles, loose, bad].iter().all(Option::is_none) {
        post.wrong(good, td_string!(l, consignments.count_this));
        return None;
    }
    let bad = bad.unwrap_or(0);
    let damage = if bad > 0 { Some(reason(post, &format!("damage_{batch}"))?) } else { None };
    let full_cartons = cartons.unwrap_or(0);
    let sum = full_cartons.checked_mul(line.per_carton).and_then(|sum| {
        let bundles = bundles.unwrap_or(0).checked_mul(line.per_bundle)?;
        sum.checked_add(bundles)?.checked_add(loose.unwrap_or(0))
    });
    let sum = sum.filter(|sum| *sum <= domain::pieces::MOST_PIECES);
    let Some(sum) = sum else {
        post.wrong(good, td_string!(l, errors.too_many));
        return None;
    };
    let packs = scanned.iter().filter(|pack| pack.batch == batch).map(|pack| pack.id).collect();
    Some(CountedLine { batch, full_cartons, packs, good: sum, damaged: bad, damage })
}

/// The labels that were scanned, one a line. One that was never made is a typing mistake.
async fn scanned(post: &mut Post) -> Result<Vec<(String, LabelOf)>, PageError> {
    let l = post.visit.locale;
    let text = post.text("codes").to_owned();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match code::read(line) {
            Ok((_, code)) => match post.visit.reader()?.label_of(code).await? {
                Some(label) => found.push((line.to_owned(), label)),
                None => {
                    let words = format!("{line}: {}", td_string!(l, consignments.code_unknown));
                    post.wrong("codes", words);
                }
            },
            Err(error) => post.wrong("codes", format!("{line}: {}", explain::code(error, l))),
        }
    }
    Ok(found)
}

/// Packs that the books have in the receiver's store: what stands beside a delivery is scanned with
/// it easily, and did not come with it.
async fn here_already(
    post: &mut Post,
    store: StoreId,
    scanned: &[(String, LabelOf)],
) -> Result<(), PageError> {
    let l = post.visit.locale;
    let packs = scanned.iter().filter_map(|(_, label)| label.pack.map(|pack| pack.id));
    let here = post.visit.reader()?.sealed_in(store, packs).await?;
    for (line, label) in scanned {
        if label.pack.is_some_and(|pack| here.contains(&pack.id)) {
            post.wrong("codes", format!("{line}: {}", td_string!(l, consignments.here_already)));
        }
    }
    Ok(())
}

/// The label of a batch says which edition came and not how many pieces: one that is not on the
/// form has to be counted.
fn uncounted(post: &mut Post, scanned: &[(String, LabelOf)], listed: &[BatchId]) {
    let l = post.visit.locale;
    for (line, label) in scanned {
        let counted = scanned.iter().any(|(_, of)| of.batch == label.batch && of.pack.is_some());
        if !counted && !listed.contains(&label.batch) {
            post.wrong("codes", format!("{line}: {}", td_string!(l, consignments.count_other)));
        }
    }
}

/// Something that came and is not on the form. The outer `None` is a mistake in its fields.
async fn other(
    post: &mut Post,
    scanned: &[Parcel],
) -> Result<Option<Option<CountedLine>>, PageError> {
    let l = post.visit.locale;
    let text = post.text("other_code").to_owned();
    if text.is_empty() {
        return Ok(if post.text("other_good").is_empty() {
            Some(None)
        } else {
            post.wrong("other_code", td_string!(l, consignments.other_code_missing));
            None
        });
    }
    let good = super::actions::pieces(post, "other_good");
    let code = post.parse("other_code", |text| {
        code::read(text).map(|(_, code)| code).map_err(|error| explain::code(error, l))
    });
    let (Some(good), Some(code)) = (good, code) else { return Ok(None) };
    let Some(label) = post.visit.reader()?.label_of(code).await? else {
        post.wrong("other_code", td_string!(l, consignments.code_unknown));
        return Ok(None);
    };
    let read = scanned.iter().filter(|pack| pack.batch == label.batch).copied();
    let mut packs: Vec<_> = label.pack.into_iter().chain(read).map(|pack| pack.id).collect();
    packs.sort_unstable();
    packs.dedup();
    Ok(Some(Some(CountedLine {
        batch: label.batch,
        full_cartons: 0,
        packs,
        good: good.get(),
        damaged: 0,
        damage: None,
    })))
}

/// The earlier deliveries that the person has seen, once the box is ticked.
fn besides(post: &mut Post, sheet: &CountSheet) -> Option<Vec<RecordId>> {
    if sheet.earlier.is_empty() {
        return Some(Vec::new());
    }
    let l = post.visit.locale;
    if may_be_the_same(&post.visit, sheet) && !post.fields.has("another") {
        post.wrong("another", td_string!(l, consignments.another_missing));
        return None;
    }
    Some(post.fields.all("besides").filter_map(|id| id.parse().ok()).collect())
}

fn not_received(error: DeliverError, l: Locale) -> Failure {
    let lang = i18n::lang(l);
    match error {
        DeliverError::Record(error) => explain::record(error, l),
        DeliverError::NotUnderWay(_) => Failure::form(td_string!(l, consignments.not_in_transit)),
        DeliverError::Count(why) => miscounted(why, l),
        DeliverError::UnknownBatch => {
            Failure::field("other_code", td_string!(l, consignments.code_unknown))
        }
        DeliverError::BeforeDispatch { left } => {
            let day = lang.day(left);
            Failure::field("date", td_string!(l, consignments.before_dispatch, day = day))
        }
        DeliverError::SenderReceives => {
            Failure::field("by_phone", td_string!(l, consignments.sender_counts_text))
        }
        DeliverError::WrongOrganisation => {
            Failure::field("by_phone", td_string!(l, consignments.not_in_transit))
        }
        DeliverError::AlreadyReceived(_) => {
            Failure::field("another", td_string!(l, consignments.another_missing))
        }
    }
}

fn miscounted(why: ArrivalError, l: Locale) -> Failure {
    match why {
        ArrivalError::Nothing => Failure::form(td_string!(l, errors.nothing)),
        ArrivalError::Twice { .. } => {
            Failure::field("other_code", td_string!(l, consignments.other_listed))
        }
        ArrivalError::Negative { batch } => {
            Failure::field(format!("good_{batch}"), td_string!(l, errors.pieces_negative))
        }
        ArrivalError::TooMany { batch } => {
            Failure::field(format!("good_{batch}"), td_string!(l, errors.too_many))
        }
        ArrivalError::DamageReason { batch } => {
            Failure::field(format!("damage_{batch}"), td_string!(l, consignments.choose_reason))
        }
    }
}

pub async fn confirm(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let consignment = id(&post)?;
    let delivery: RecordId = post.id("delivery")?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let confirmed = post.visit.writer()?.confirm_delivery(submission, delivery).await;
    confirmed.map_err(|error| not_confirmed(error, l))?;
    Ok(see(consignment))
}

pub(super) fn not_confirmed(error: ConfirmDeliveryError, l: Locale) -> Failure {
    match error {
        ConfirmDeliveryError::Record(error) => explain::record(error, l),
        ConfirmDeliveryError::NothingToConfirm => {
            Failure::form(td_string!(l, consignments.nothing_to_confirm))
        }
        ConfirmDeliveryError::SamePerson => Failure::form(td_string!(l, consignments.same_person)),
        ConfirmDeliveryError::NotCounted => Failure::form(td_string!(l, consignments.count_first)),
        ConfirmDeliveryError::NoDifference => {
            Failure::Form(vec![FieldError::new("", td_string!(l, consignments.all_agrees))])
        }
    }
}
