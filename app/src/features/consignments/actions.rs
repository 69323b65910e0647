//! What the sender's side does: drafts, dispatch, explanations, papers.

use super::elsewhere::known_at;
use super::words::blocked_name;
use crate::error::PageError;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::submission;
use crate::session::Visit;
use crate::ui::FieldError;
use domain::code::Code;
use domain::ids::{BatchId, ConsignmentId, StoreId};
use domain::ledger::Reason;
use domain::picture::{Picture, PictureError};
use domain::pieces::Pieces;
use domain::records::consignment::{Became, Explain};
use domain::reference::NameError;
use domain::time::Day;
use stock::consignments::{
    CancelError, Carrier, DispatchError, DraftError, ExplainError, NewConsignment, PaperError,
    TripDetails,
};

pub(super) fn id(post: &Post) -> Result<ConsignmentId, PageError> {
    post.visit.param("id")
}

pub(super) fn see(id: ConsignmentId) -> Done {
    Done::see(format!("/consignments/{id}"))
}

fn date(post: &mut Post, field: &str, l: Locale) -> Option<Day> {
    post.parse(field, |text| Day::parse(text).ok_or_else(|| td_string!(l, errors.date)))
}

pub(super) fn reason(post: &mut Post, field: &str) -> Option<Reason> {
    let l = post.visit.locale;
    post.parse(field, |word| {
        Reason::parse(word).ok_or_else(|| td_string!(l, consignments.choose_reason))
    })
}

pub(super) fn pieces(post: &mut Post, field: &str) -> Option<Pieces> {
    let l = post.visit.locale;
    post.parse(field, |text| Pieces::parse(text).map_err(|error| explain::pieces(error, l)))
}

fn store(post: &mut Post, field: &str) -> Option<StoreId> {
    let l = post.visit.locale;
    post.parse(field, |text| text.parse().map_err(|_| td_string!(l, consignments.choose_store)))
}

fn trip(post: &mut Post) -> Option<TripDetails> {
    let l = post.visit.locale;
    let leaves_on = match post.text("leaves_on") {
        "" => None,
        _ => Some(date(post, "leaves_on", l)?),
    };
    let (driver, vehicle) = (post.text("driver").to_owned(), post.text("vehicle").to_owned());
    match TripDetails::new(&driver, "", leaves_on) {
        Err(error) => {
            post.wrong("driver", name_words(l, error));
            None
        }
        Ok(_) => match TripDetails::new(&driver, &vehicle, leaves_on) {
            Err(error) => {
                post.wrong("vehicle", name_words(l, error));
                None
            }
            Ok(details) => Some(details),
        },
    }
}

fn name_words(l: Locale, error: NameError) -> &'static str {
    match error {
        NameError::Empty | NameError::NoLetter => td_string!(l, reference.name_no_letter),
        NameError::TooLong => td_string!(l, reference.name_long),
        NameError::Unprintable => td_string!(l, reference.name_unprintable),
    }
}

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: ConsignmentId = post.id("record")?;
    let from = store(&mut post, "from");
    let to = store(&mut post, "to");
    let carrier = match post.text("with") {
        "" => trip(&mut post).map(Carrier::Own),
        _ => post.parse("with", |text| {
            let with = text.parse().map(Carrier::With);
            with.map_err(|_| td_string!(l, consignments.other_trip))
        }),
    };
    let (Some(from), Some(to), Some(carrier)) = (from, to, carrier) else {
        return Err(post.failed());
    };
    let new = NewConsignment { id, from, to, carrier };
    let made = post.visit.writer()?.draft_consignment(new).await;
    match made {
        Ok(_) => Ok(see(id)),
        // Sent again after "back": what it made is there.
        Err(DraftError::SavedBefore) if post.visit.reader()?.consignment(id).await.is_ok() => {
            Ok(Done::see(format!("/consignments/{id}?again=1")))
        }
        Err(error) => Err(draft(error, l)),
    }
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let (to, details) = (store(&mut post, "to"), trip(&mut post));
    let (Some(to), Some(details)) = (to, details) else { return Err(post.failed()) };
    let saved = post.visit.writer()?.edit_consignment(id, to, details).await;
    saved.map_err(|error| draft(error, l))?;
    Ok(see(id))
}

pub async fn cancel(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let (submission, reason) = (submission(&mut post)?, reason(&mut post, "reason"));
    let (Some(submission), Some(reason)) = (submission, reason) else {
        return Err(post.failed());
    };
    let cancelled = post.visit.writer()?.cancel_consignment(submission, id, reason).await;
    cancelled.map_err(|error| match error {
        CancelError::Record(error) => explain::record(error, l),
        CancelError::NotDraft(_) => Failure::form(td_string!(l, consignments.not_draft)),
    })?;
    Ok(see(id))
}

pub async fn erase_driver(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    post.visit.writer()?.erase_driver(id).await.map_err(|error| draft(error, l))?;
    Ok(see(id))
}

pub async fn dispatch(mut post: Post) -> Result<Done, Failure> {
    let id = id(&post)?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let away = post.visit.writer()?.dispatch(submission, id).await;
    match away {
        Ok(_) => Ok(Done::see(format!("/consignments/{id}?done=1"))),
        Err(error) => Err(not_dispatched(&post.visit, error).await?),
    }
}

async fn not_dispatched(visit: &Visit, error: DispatchError) -> Result<Failure, PageError> {
    let l = visit.locale;
    let named = |codes: &mut dyn Iterator<Item = (Code, &'static str)>| {
        let each = codes.map(|(code, why)| {
            let words = format!("{}: {why}", code.grouped());
            FieldError::new("", words)
        });
        Failure::Form(each.collect())
    };
    Ok(match error {
        DispatchError::Record(error) => explain::record(error, l),
        DispatchError::NotDraft(_) => Failure::form(td_string!(l, consignments.not_draft)),
        DispatchError::Empty => Failure::form(td_string!(l, consignments.no_lines)),
        DispatchError::TooMany => Failure::form(td_string!(l, errors.too_many)),
        DispatchError::Changed => Failure::form(td_string!(l, consignments.changed)),
        DispatchError::Blocked(codes) => {
            named(&mut codes.into_iter().map(|(code, why)| (code, blocked_name(l, why))))
        }
        DispatchError::PacksGone(codes) => {
            let why = td_string!(l, consignments.pack_gone);
            let mut errors = Vec::with_capacity(codes.len());
            for code in codes {
                let at = known_at(visit, code).await?.unwrap_or_default();
                errors.push(FieldError::new("", format!("{}: {why} {at}", code.grouped())));
            }
            Failure::Form(errors)
        }
        DispatchError::Short(short) => {
            let named = explain::named(visit, &short, explain::short).await?;
            Failure::Form(named.into_iter().map(|words| FieldError::new("", words)).collect())
        }
    })
}

pub async fn explain(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let consignment = id(&post)?;
    let batch: BatchId = post.visit.param("batch")?;
    let became = match post.text("became").to_owned().as_str() {
        "lost" => Some(Became::Lost),
        "came_back" => Some(Became::CameBack),
        "arrived" => Some(Became::Arrived),
        "counted_too_many" => Some(Became::CountedTooMany),
        "loaded_unwritten" => Some(Became::LoadedUnwritten),
        "elsewhere" => store(&mut post, "store").map(Became::Elsewhere),
        _ => {
            post.wrong("became", td_string!(l, consignments.choose));
            None
        }
    };
    let said = became.and_then(Became::reason).filter(|_| post.text("reason").is_empty());
    let reason = said.or_else(|| reason(&mut post, "reason"));
    let pieces = pieces(&mut post, "pieces");
    let submission = submission(&mut post)?;
    let (Some(became), Some(pieces), Some(reason), Some(submission)) =
        (became, pieces, reason, submission)
    else {
        return Err(post.failed());
    };
    let body = Explain { consignment, batch, pieces, became, reason };
    let explained = post.visit.writer()?.explain(submission, body).await;
    explained.map_err(|error| not_explained(error, l))?;
    Ok(Done::see(format!("/consignments/{consignment}?done=1")))
}

fn not_explained(error: ExplainError, l: Locale) -> Failure {
    let lang = i18n::lang(l);
    match error {
        ExplainError::Record(error) => explain::record(error, l),
        ExplainError::NotUnderWay(_) => Failure::form(td_string!(l, consignments.not_in_transit)),
        ExplainError::BeforeDispatch { left } => {
            let day = lang.day(left);
            Failure::field("date", td_string!(l, consignments.before_dispatch, day = day))
        }
        ExplainError::TooMany { open } => {
            let n = lang.number(open);
            Failure::field("pieces", td_string!(l, consignments.explains_too_many, n = n))
        }
        ExplainError::WrongStore => {
            Failure::field("store", td_string!(l, consignments.other_store_hint))
        }
        ExplainError::NotWithReceiver => {
            Failure::field("pieces", td_string!(l, consignments.not_with_receiver))
        }
        ExplainError::Short(short) => Failure::Form(
            short.iter().map(|one| FieldError::new("pieces", explain::short(one, l))).collect(),
        ),
    }
}

pub async fn paper(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let state = post.parse("paper", |word| {
        super::paper::asked_paper(word).ok_or_else(|| td_string!(l, consignments.choose))
    });
    let scan = match post.files.iter().find(|file| !file.bytes.is_empty()) {
        Some(file) => match Picture::parse(&file.bytes) {
            Ok(picture) => Some(Some(picture)),
            Err(error) => {
                post.wrong("scan", picture_words(l, error));
                None
            }
        },
        None => Some(None),
    };
    let submission = submission(&mut post)?;
    let (Some(state), Some(scan), Some(submission)) = (state, scan, submission) else {
        return Err(post.failed());
    };
    let noted = post.visit.writer()?.set_paper(submission, id, state, scan).await;
    noted.map_err(|error| match error {
        PaperError::Record(error) => explain::record(error, l),
        PaperError::NoPaper(_) => Failure::form(td_string!(l, consignments.not_in_transit)),
    })?;
    Ok(Done::see(format!("/consignments/{id}?done=1#paper")))
}

fn picture_words(l: Locale, error: PictureError) -> &'static str {
    match error {
        PictureError::TooLarge => td_string!(l, consignments.scan_large),
        PictureError::UnknownFormat | PictureError::Damaged => {
            td_string!(l, consignments.scan_wrong)
        }
    }
}

pub(super) fn draft(error: DraftError, l: Locale) -> Failure {
    match error {
        DraftError::Denied(denied) => denied.into(),
        DraftError::SameStore => Failure::field("to", td_string!(l, consignments.same_store)),
        DraftError::UnknownReceiver => {
            Failure::field("to", td_string!(l, consignments.choose_store))
        }
        DraftError::UnknownSender => {
            Failure::field("from", td_string!(l, consignments.choose_store))
        }
        DraftError::OtherTrip => Failure::field("with", td_string!(l, consignments.other_trip)),
        DraftError::NotDraft(_) => Failure::form(td_string!(l, consignments.not_draft)),
        DraftError::SavedBefore => Failure::form(td_string!(l, reference.saved_before)),
        DraftError::Database(error) => error.into(),
    }
}
