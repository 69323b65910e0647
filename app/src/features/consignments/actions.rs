//! What the sender's side does: drafts, lines, dispatch, explanations, papers.

use super::elsewhere::known_at;
use super::words::blocked_name;
use crate::error::PageError;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::made_at;
use crate::session::Visit;
use crate::ui::FieldError;
use domain::code::{self, Code};
use domain::consignment::Lacking;
use domain::ids::{BatchId, ConsignmentId, RecordId, StoreId};
use domain::ledger::Reason;
use domain::picture::{Picture, PictureError};
use domain::pieces::Pieces;
use domain::records::consignment::{Became, Explain};
use domain::records::{Envelope, Occurred};
use domain::reference::NameError;
use domain::time::Day;
use stock::Submission;
use stock::consignments::{
    CancelError, Carrier, CodeProblem, CodeTrouble, DispatchError, DraftError, ExplainError,
    LineError, LineWish, MaterialLacking, NewConsignment, PaperError, TripDetails,
};

pub(super) fn id(post: &Post) -> Result<ConsignmentId, PageError> {
    post.visit.param("id")
}

pub(super) fn see(id: ConsignmentId) -> Done {
    Done::see(format!("/consignments/{id}"))
}

/// The record that a form posts: its id, its day, its note.
pub(super) fn submission(post: &mut Post) -> Result<Option<Submission>, PageError> {
    let l = post.visit.locale;
    let record: RecordId = post.id("record")?;
    let now = post.visit.stock().world().now();
    // A form without a day is about now; a day that somebody took away is asked for.
    let day = if post.fields.holds("date") { date(post, "date", l) } else { Some(now.day()) };
    let Some(day) = day else { return Ok(None) };
    let note = post.optional("note");
    let envelope =
        Envelope { note, ..Envelope::typed(record, Occurred::On(day), made_at(record, now)) };
    Ok(Some(Submission::new(envelope)))
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

/// Labels, one a line, with pieces after the label of a batch: `4K7M-2QXD-9V3 500`.
pub async fn add_codes(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let text = post.text("codes").to_owned();
    let mut codes = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match code_line(l, line) {
            Ok(code) => codes.push(code),
            Err(why) => post.wrong("codes", format!("{line}: {why}")),
        }
    }
    if codes.is_empty() && post.is_right() {
        post.wrong("codes", td_string!(l, consignments.no_codes));
    }
    if !post.is_right() {
        // Whoever typed a list hears of all mistakes at once, not only of what was misread.
        let judged = post.visit.reader()?.judge_codes(id, &codes).await;
        let problems = judged.map_err(|error| line(error, l, "codes"))?;
        return Err(wrong_codes(post, problems).await?);
    }
    match post.visit.writer()?.add_lines(id, LineWish::Codes(codes)).await {
        Ok(()) => Ok(see(id)),
        Err(LineError::Codes(problems)) => Err(wrong_codes(post, problems).await?),
        Err(error) => Err(line(error, l, "codes")),
    }
}

async fn wrong_codes(mut post: Post, problems: Vec<CodeProblem>) -> Result<Failure, PageError> {
    let l = post.visit.locale;
    for CodeProblem { code, why } in problems {
        let mut words = format!("{}: {}", code.grouped(), trouble(why, l));
        if why == CodeTrouble::NotInStore
            && let Some(at) = known_at(&post.visit, code).await?
        {
            words = format!("{words} {at}");
        }
        post.wrong("codes", words);
    }
    Ok(post.failed())
}

/// A code, and pieces when the last word is a number of its own.
fn code_line(l: Locale, line: &str) -> Result<(Code, Option<Pieces>), String> {
    let whole = code::read(line);
    if let Ok((_, code)) = whole {
        return Ok((code, None));
    }
    let (first, last) = line.rsplit_once(char::is_whitespace).unwrap_or((line, ""));
    match code::read(first) {
        Ok((_, code)) => {
            let pieces = Pieces::parse(last).map_err(|error| explain::pieces(error, l))?;
            Ok((code, Some(pieces)))
        }
        Err(error) => Err(explain::code(whole.err().unwrap_or(error), l)),
    }
}

pub async fn add_material(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let material = post.parse("material", |text| {
        text.parse().map_err(|_| td_string!(l, consignments.choose_material))
    });
    let pieces = pieces(&mut post, "pieces");
    let (Some(material), Some(pieces)) = (material, pieces) else { return Err(post.failed()) };
    let added = post.visit.writer()?.add_lines(id, LineWish::Material(material, pieces)).await;
    added.map_err(|error| line(error, l, "pieces"))?;
    Ok(see(id))
}

pub async fn add_kit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let kit =
        post.parse("kit", |text| text.parse().map_err(|_| td_string!(l, consignments.choose_kit)));
    let times = pieces(&mut post, "times");
    let (Some(kit), Some(times)) = (kit, times) else { return Err(post.failed()) };
    let added = post.visit.writer()?.add_lines(id, LineWish::Kit(kit, times)).await;
    added.map_err(|error| line(error, l, "times"))?;
    Ok(see(id))
}

pub async fn remove(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let batch: BatchId = post.id("batch")?;
    let removed = post.visit.writer()?.remove_batch(id, batch).await;
    removed.map_err(|error| draft(error, l))?;
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
        "loaded_unwritten" => Some(Became::LoadedUnwritten),
        "elsewhere" => store(&mut post, "store").map(Became::Elsewhere),
        _ => {
            post.wrong("became", td_string!(l, consignments.choose));
            None
        }
    };
    let (pieces, reason) = (pieces(&mut post, "pieces"), reason(&mut post, "reason"));
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
        ExplainError::NotUnderWay(_) => Failure::form(td_string!(l, consignments.not_under_way)),
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
        PaperError::NoPaper(_) => Failure::form(td_string!(l, consignments.not_under_way)),
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

fn draft(error: DraftError, l: Locale) -> Failure {
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

fn line(error: LineError, l: Locale, field: &str) -> Failure {
    match error {
        LineError::Draft(error) => draft(error, l),
        LineError::Codes(problems) => Failure::Form(
            problems
                .iter()
                .map(|CodeProblem { code, why }| {
                    let words = format!("{}: {}", code.grouped(), trouble(*why, l));
                    FieldError::new(field, words)
                })
                .collect(),
        ),
        LineError::Lacking(lacking) => Failure::Form(
            lacking.iter().map(|one| FieldError::new(field, lacking_words(one, l))).collect(),
        ),
        LineError::UnknownMaterial => {
            Failure::field("material", td_string!(l, consignments.choose_material))
        }
        LineError::UnknownKit => Failure::field("kit", td_string!(l, consignments.choose_kit)),
        LineError::TooMany => Failure::field(field, td_string!(l, errors.too_many)),
        LineError::ChangedMeanwhile { .. } => Failure::form(td_string!(l, consignments.changed)),
    }
}

fn lacking_words(one: &MaterialLacking, l: Locale) -> String {
    let lang = i18n::lang(l);
    let Lacking { requested, available, blocked } = one.lacking;
    let title = one.title.clone();
    let (requested, available) = (lang.number(requested), lang.number(available));
    if blocked > 0 {
        let blocked = lang.number(blocked);
        return td_string!(
            l,
            consignments.lacking_blocked,
            title = title,
            requested = requested,
            available = available,
            blocked = blocked
        );
    }
    td_string!(l, consignments.lacking, title = title, requested = requested, available = available)
}

fn trouble(why: CodeTrouble, l: Locale) -> String {
    let lang = i18n::lang(l);
    match why {
        CodeTrouble::Unknown => td_string!(l, consignments.code_unknown).to_owned(),
        CodeTrouble::NotStock => td_string!(l, consignments.code_not_stock).to_owned(),
        CodeTrouble::Voided => td_string!(l, consignments.code_voided).to_owned(),
        CodeTrouble::NotInStore => td_string!(l, consignments.code_not_here).to_owned(),
        CodeTrouble::InCarton => td_string!(l, consignments.code_in_carton).to_owned(),
        CodeTrouble::NotSealed => td_string!(l, consignments.code_not_sealed).to_owned(),
        CodeTrouble::Blocked(blocked) => blocked_name(l, blocked).to_owned(),
        CodeTrouble::AlreadyListed => td_string!(l, consignments.code_listed).to_owned(),
        CodeTrouble::WholePack => td_string!(l, consignments.code_whole_pack).to_owned(),
        CodeTrouble::PiecesMissing { available } => {
            td_string!(l, consignments.code_pieces, n = lang.number(available))
        }
        CodeTrouble::NotEnough { available } => {
            td_string!(l, consignments.code_not_enough, n = lang.number(available))
        }
    }
}
