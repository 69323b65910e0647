//! Why a page cannot be shown.
//!
//! What an actor may not see answers exactly like what does not exist. An operation's own refusals
//! (one enum an operation, in `stock`) are not here: the feature turns them into sentences beside
//! the fields of its form, see `forms::Failure`.

use domain::time::Millis;
use stock::access::{Denied, DoorError, PersonError, SessionsError};
use stock::consignments::{DeliverError, DraftError, PaperError};
use stock::keeping::KeepingError;
use stock::reconcile::MonthError;
use stock::{DbErr, RecordError};

#[derive(Debug)]
pub enum PageError {
    /// Does not exist, or not for this actor.
    NotFound,
    /// Only for people who have signed in.
    SignIn,
    /// Too many tries: nobody looks at this one.
    TooMany { until: Millis },
    /// There is no room left to write; reading still works.
    StorageFull,
    /// The database does not answer at the moment.
    OutOfReach,
    /// What was asked for has another address: a code in upper case, a typed code.
    Elsewhere(String),
    /// Something broke. The text goes to the log and never to the screen.
    Internal(String),
}

impl From<DbErr> for PageError {
    fn from(error: DbErr) -> Self {
        if stock::is_storage_full(&error) {
            tracing::error!(error = %error, "there is no room left to write");
            return Self::StorageFull;
        }
        if stock::is_out_of_reach(&error) {
            tracing::error!(error = %error, "the database does not answer");
            return Self::OutOfReach;
        }
        Self::Internal(error.to_string())
    }
}

impl From<DoorError> for PageError {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::TooMany { until } => Self::TooMany { until },
            DoorError::Database(error) => error.into(),
        }
    }
}

impl From<Denied> for PageError {
    fn from(_: Denied) -> Self {
        Self::NotFound
    }
}

impl From<DraftError> for PageError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Denied(denied) => denied.into(),
            DraftError::Database(error) => error.into(),
            other @ (DraftError::SameStore
            | DraftError::UnknownReceiver
            | DraftError::UnknownSender
            | DraftError::OtherTrip
            | DraftError::NotDraft(_)
            | DraftError::SavedBefore) => Self::Internal(other.to_string()),
        }
    }
}

impl From<RecordError> for PageError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Denied(denied) => denied.into(),
            RecordError::Database(error) => error.into(),
            other @ (RecordError::Conflict
            | RecordError::NotOnTheirBehalf
            | RecordError::Future
            | RecordError::TooEarly
            | RecordError::NeedsConfirmation(_)
            | RecordError::Refused(_)) => Self::Internal(other.to_string()),
        }
    }
}

impl From<DeliverError> for PageError {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::Record(error) => error.into(),
            // Nothing can be counted here: the page does not exist.
            DeliverError::NotUnderWay(_) => Self::NotFound,
            other @ (DeliverError::Count(_)
            | DeliverError::UnknownBatch
            | DeliverError::BeforeDispatch { .. }
            | DeliverError::SenderReceives
            | DeliverError::WrongOrganisation
            | DeliverError::AlreadyReceived(_)) => Self::Internal(other.to_string()),
        }
    }
}

impl From<PaperError> for PageError {
    fn from(error: PaperError) -> Self {
        match error {
            PaperError::Record(error) => error.into(),
            PaperError::NoPaper(_) => Self::NotFound,
        }
    }
}

impl From<KeepingError> for PageError {
    fn from(error: KeepingError) -> Self {
        match error {
            KeepingError::Record(error) => error.into(),
            other @ (KeepingError::Empty
            | KeepingError::Twice(_)
            | KeepingError::NoWitness
            | KeepingError::OwnCount
            | KeepingError::AlreadyDecided
            | KeepingError::SameMoment
            | KeepingError::OtherRun(_)
            | KeepingError::BeforeArrival { .. }) => Self::Internal(other.to_string()),
        }
    }
}

impl From<MonthError> for PageError {
    fn from(error: MonthError) -> Self {
        match error {
            MonthError::Denied(denied) => denied.into(),
            MonthError::Database(error) => error.into(),
        }
    }
}

impl From<SessionsError> for PageError {
    fn from(error: SessionsError) -> Self {
        match error {
            SessionsError::Denied(denied) => denied.into(),
            SessionsError::Database(error) => error.into(),
        }
    }
}

impl From<PersonError> for PageError {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Denied(denied) => denied.into(),
            PersonError::Database(error) => error.into(),
            PersonError::LoginTaken
            | PersonError::LoginMalformed
            | PersonError::UnknownOrg
            | PersonError::UnknownPlace
            | PersonError::NoAccounts
            | PersonError::HoldsNothing
            | PersonError::PartnerScope
            | PersonError::AdministratorScope
            | PersonError::LastAdministrator
            | PersonError::Weak(_) => Self::Internal(error.to_string()),
        }
    }
}

/// Only for when there is not even a visit to show a page to: the sessions cannot be read.
impl axum::response::IntoResponse for PageError {
    fn into_response(self) -> axum::response::Response {
        match self {
            Self::NotFound => http::StatusCode::NOT_FOUND.into_response(),
            Self::SignIn => http::StatusCode::UNAUTHORIZED.into_response(),
            Self::TooMany { .. } => http::StatusCode::TOO_MANY_REQUESTS.into_response(),
            Self::StorageFull => http::StatusCode::INSUFFICIENT_STORAGE.into_response(),
            Self::OutOfReach => http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::Elsewhere(path) => axum::response::Redirect::to(&path).into_response(),
            Self::Internal(text) => {
                tracing::error!(error = text, "a request failed before its page");
                http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
