//! Where pieces are in the books, as the API names it.

use domain::account::{Account as Book, Real};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account: a piece is always in exactly one.
#[derive(Serialize, ToSchema, Clone, Debug)]
#[schema(example = json!({
    "kind": "store",
    "owner": "019a0d6e-0000-7000-8000-000000000001",
    "channel": null,
    "unexplained": false
}))]
pub struct Account {
    /// `store`, `in_transit`, `at_event`, `given_event`, `given_drop`, `damaged`, `lost` or
    /// `disposed`; the sources are `printer`, `opening` and `count_difference`.
    pub kind: &'static str,
    /// The store, consignment, event, drop or print run that it belongs to.
    pub owner: Uuid,
    /// Of given pieces: `participants`, `multipliers` or `public_places`.
    pub channel: Option<&'static str>,
    /// Whether it is the shadow of that account: what it lacked and nobody has explained yet.
    pub unexplained: bool,
}

impl Account {
    /// What tells it from all others, for cursors.
    pub fn key(&self) -> String {
        let Self { kind, owner, channel, unexplained } = self;
        format!("{kind}|{owner}|{}|{unexplained}", channel.unwrap_or_default())
    }

    fn real(real: Real, unexplained: bool) -> Self {
        let channel = Some(real.channel_str()).filter(|channel| !channel.is_empty());
        Self { kind: real.kind_str(), owner: real.owner(), channel, unexplained }
    }
}

impl From<Book> for Account {
    fn from(account: Book) -> Self {
        let source = |kind, owner| Self { kind, owner, channel: None, unexplained: false };
        match account {
            Book::Real(real) => Self::real(real, false),
            Book::Unexplained(real) => Self::real(real, true),
            Book::Printer(run) => source("printer", run.uuid()),
            Book::Opening(store) => source("opening", store.uuid()),
            Book::CountDifference(store) => source("count_difference", store.uuid()),
        }
    }
}
