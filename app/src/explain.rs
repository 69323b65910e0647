//! Sentences for the errors that every kind of record shares.
//!
//! Codes with parameters come from `domain` and `stock`; only here, and in the actions of a
//! feature, do they become words.

use crate::error::PageError;
use crate::features::codes::words::account_name;
use crate::features::materials::inside_words;
use crate::features::stock::words as stock_words;
use crate::forms::{Failure, FormState};
use crate::i18n::{self, Locale, td_string};
use crate::session::Visit;
use crate::ui::{self, CONFIRMED, FieldError};
use domain::account::{Account, Real};
use domain::code::CodeError;
use domain::ledger::{Refusal, Shortage};
use domain::pieces::PiecesError;
use leptos::prelude::*;
use stock::RecordError;
use stock::access::Denied;

/// Why a record was not posted, as the refusal of its form.
pub fn record(error: RecordError, l: Locale) -> Failure {
    match error {
        RecordError::Denied(Denied::NotFound) => PageError::NotFound.into(),
        RecordError::Denied(Denied::NotAllowed(_)) => {
            Failure::form(td_string!(l, errors.not_allowed))
        }
        RecordError::Conflict => Failure::form(td_string!(l, errors.conflict)),
        RecordError::NotOnTheirBehalf => Failure::form(td_string!(l, errors.not_on_their_behalf)),
        RecordError::Future => Failure::field("date", td_string!(l, errors.future)),
        RecordError::TooEarly => Failure::field("date", td_string!(l, errors.date)),
        RecordError::NeedsConfirmation(short) => Failure::Form(
            short.iter().map(|one| FieldError::new(CONFIRMED, lacking(one, l))).collect(),
        ),
        RecordError::Refused(refusal) => refused(&refusal, l),
        RecordError::Database(error) => error.into(),
    }
}

fn refused(refusal: &Refusal, l: Locale) -> Failure {
    let lang = i18n::lang(l);
    match refusal {
        Refusal::Nothing => Failure::form(td_string!(l, errors.nothing)),
        Refusal::Future => Failure::field("date", td_string!(l, errors.future)),
        Refusal::WrongAccounts { .. } => Failure::form(td_string!(l, errors.wrong_accounts)),
        Refusal::TooMany => Failure::form(td_string!(l, errors.too_many)),
        Refusal::SettlesTooMuch { open } => {
            Failure::form(td_string!(l, errors.settles_too_much, open = lang.number(*open)))
        }
        Refusal::Short(short) => Failure::Form(
            short.iter().map(|one| FieldError::new("", self::short(one, l))).collect(),
        ),
    }
}

/// What a command lacks.
pub fn short(shortage: &Shortage, l: Locale) -> String {
    let lang = i18n::lang(l);
    let Shortage { requested, available, day, .. } = *shortage;
    td_string!(
        l,
        errors.short,
        available = lang.number(available),
        requested = lang.number(requested),
        day = lang.day(day)
    )
    .to_string()
}

/// What a fact takes beyond what the books know of, and how to say that it happened all the same.
pub fn lacking(shortage: &Shortage, l: Locale) -> String {
    let lang = i18n::lang(l);
    let Shortage { requested, available, day, .. } = *shortage;
    td_string!(
        l,
        errors.lacking,
        available = lang.number(available),
        requested = lang.number(requested),
        day = lang.day(day)
    )
    .to_string()
}

/// What the books lack, each with its name: the edition, the code, the place that lacks it, and
/// where else the books have pieces of it, as far as the actor sees. `sentence` is [`short`] or [`lacking`].
pub async fn named(
    visit: &Visit,
    shortages: &[Shortage],
    sentence: fn(&Shortage, Locale) -> String,
) -> Result<Vec<String>, PageError> {
    let (l, reader) = (visit.locale, visit.reader()?);
    let mut all = Vec::with_capacity(shortages.len());
    for one in shortages {
        let words = sentence(one, l);
        let Some(batch) = reader.batch(one.batch).await? else {
            all.push(words);
            continue;
        };
        let title = inside_words(&batch.title, &batch.short_number);
        let mut name = format!("{title} · {} · {}", batch.edition, batch.code.grouped());
        if let Some(holder) = reader.holder_name(one.account).await? {
            let place = stock_words::account_of(one.account.kind_str(), &holder, l);
            name = format!("{name} · {place}");
        }
        let elsewhere = elsewhere(visit, one).await?;
        all.push(format!("{name}: {words}{elsewhere}"));
    }
    Ok(all)
}

/// The fullest places only: the page of the batch has all of them.
const MOST_PLACES: usize = 3;

async fn elsewhere(visit: &Visit, lacks: &Shortage) -> Result<String, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let mut places = visit.reader()?.whereabouts(lacks.batch).await?;
    places.retain(|place| {
        let somewhere = match place.account.real() {
            Some(Real::Store(_) | Real::InTransit(_) | Real::AtEvent(_)) => true,
            Some(Real::Given(..) | Real::Damaged(_) | Real::Lost(_) | Real::Disposed(_)) | None => {
                false
            }
        };
        somewhere && place.pieces > 0 && place.account != Account::Real(lacks.account)
    });
    places.sort_by_key(|place| std::cmp::Reverse(place.pieces));
    let named = places.iter().take(MOST_PLACES).map(|place| {
        let (store, n) = (place.holder_name.clone(), lang.number(place.pieces));
        let account = account_name(l, place.account);
        td_string!(l, errors.place_has, store = store, account = account, n = n)
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(" {}", td_string!(l, errors.elsewhere, places = named.join("; "))))
}

pub fn pieces(error: PiecesError, l: Locale) -> String {
    match error {
        PiecesError::Empty => td_string!(l, errors.pieces_empty).to_string(),
        PiecesError::NotWhole => td_string!(l, errors.pieces_whole).to_string(),
        PiecesError::Negative => td_string!(l, errors.pieces_negative).to_string(),
        PiecesError::Zero => td_string!(l, errors.pieces_zero).to_string(),
        PiecesError::TooMany => td_string!(l, errors.too_many).to_string(),
    }
}

pub fn code(error: CodeError, l: Locale) -> String {
    match error {
        CodeError::Length => td_string!(l, errors.code_length).to_string(),
        CodeError::Character => td_string!(l, errors.code_character).to_string(),
        CodeError::Check => td_string!(l, errors.code_check).to_string(),
    }
}

/// The box to tick once the person has seen that the books lack pieces; only there when it was
/// asked.
pub fn confirm_box(form: &FormState, l: Locale) -> Option<impl IntoView + use<>> {
    let error = form.error(CONFIRMED)?;
    Some(view! {
        <ui::CheckField name=CONFIRMED label=td_string!(l, errors.confirm)
            hint=td_string!(l, errors.confirm_hint) error=error/>
    })
}
