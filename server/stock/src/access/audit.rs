//! The audit log: who did what to accounts, and who took which sensitive view or export.

use super::Reader;
use crate::db::run;
use domain::ids::UserId;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr};

/// What can stand in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    SetUp,
    SignedIn,
    SessionEnded,
    Invited,
    InvitationWithdrawn,
    InvitationAccepted,
    ResetCodeMade,
    PasswordReset,
    RightsChanged,
    Retired,
    Handed,
    TokenMade,
    TokenEnded,
    PhoneIntroduced,
    PhoneLost,
    PhoneFound,
    HeldPosted,
    HeldDropped,
    LinkMade,
    LinkEnded,
    ReferenceChanged,
    Exported,
    Viewed,
}

impl Action {
    const fn word(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::SignedIn => "signed_in",
            Self::SessionEnded => "session_ended",
            Self::Invited => "invited",
            Self::InvitationWithdrawn => "invitation_withdrawn",
            Self::InvitationAccepted => "invitation_accepted",
            Self::ResetCodeMade => "reset_code_made",
            Self::PasswordReset => "password_reset",
            Self::RightsChanged => "rights_changed",
            Self::Retired => "retired",
            Self::Handed => "handed_over",
            Self::TokenMade => "token_made",
            Self::TokenEnded => "token_ended",
            Self::PhoneIntroduced => "phone_introduced",
            Self::PhoneLost => "phone_lost",
            Self::PhoneFound => "phone_found",
            Self::HeldPosted => "held_posted",
            Self::HeldDropped => "held_dropped",
            Self::LinkMade => "link_made",
            Self::LinkEnded => "link_ended",
            Self::ReferenceChanged => "reference_changed",
            Self::Exported => "exported",
            Self::Viewed => "viewed",
        }
    }
}

/// Adds an entry within the transaction of what it tells about.
pub(crate) async fn log<C: ConnectionTrait>(
    tx: &C,
    now: Millis,
    person: Option<UserId>,
    action: Action,
    subject: &str,
    detail: &str,
) -> Result<(), DbErr> {
    let text = "INSERT INTO audit_log (logged_at, person_id, action, subject, detail) \
        VALUES ($1, $2, $3, $4, $5)";
    let values = [
        now.0.into(),
        person.map(UserId::uuid).into(),
        action.word().into(),
        subject.to_owned().into(),
        detail.to_owned().into(),
    ];
    run(tx, text, values).await.map(drop)
}

impl Reader<'_> {
    /// Notes an export or a sensitive view before its bytes leave.
    pub async fn note(&self, action: Action, subject: &str) -> Result<(), DbErr> {
        note(self.stock, self.actor.user, action, subject).await
    }
}

async fn note(
    stock: &crate::Stock,
    person: UserId,
    action: Action,
    subject: &str,
) -> Result<(), DbErr> {
    let (now, subject) = (stock.world.now(), subject.to_owned());
    stock
        .db
        .write(move |tx| {
            let subject = subject.clone();
            Box::pin(async move { log(tx, now, Some(person), action, &subject, "").await })
        })
        .await
}
