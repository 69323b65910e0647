//! Sentences for the errors that every kind of record shares.
//!
//! Codes with parameters come from `domain` and `stock`; only here, and in the actions of a
//! feature, do they become words.

use crate::error::PageError;
use crate::forms::{Failure, FormState};
use crate::i18n::{self, Locale, td_string};
use crate::ui::{self, FieldError};
use domain::code::CodeError;
use domain::ledger::{Refusal, Shortage};
use domain::pieces::PiecesError;
use leptos::prelude::*;
use stock::RecordError;
use stock::access::Denied;

/// The field that says "it happened all the same"; see [`confirm_box`].
pub const CONFIRMED: &str = "confirmed";

/// Why a record was not posted, as the refusal of its form.
pub fn record(error: RecordError, l: Locale) -> Failure {
    match error {
        RecordError::Denied(Denied::NotFound) => PageError::NotFound.into(),
        RecordError::Denied(Denied::NotAllowed(_)) => {
            Failure::form(td_string!(l, errors.not_allowed))
        }
        RecordError::Conflict => Failure::form(td_string!(l, errors.conflict)),
        RecordError::Future => Failure::field("date", td_string!(l, errors.future)),
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
