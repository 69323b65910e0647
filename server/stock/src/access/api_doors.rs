//! How many requests the API takes from one account, and from strangers at one address.
//!
//! A node takes them from the count in the database a hundred at a time, so that what is counted
//! costs less than what is asked. What it has taken and not used when it stops is lost: the account
//! has a few less in that minute.

use super::doors::{Counter, DoorError, Limit, Origin};
use crate::Stock;
use domain::ids::UserId;
use domain::time::Millis;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

const MINUTE: i64 = 60_000;
/// Two hundred a second: no person and no sound script, but a loop without a pause.
const OF_ACCOUNT: Limit = Limit { most: 12_000, window: MINUTE };
const ACCOUNT_AT_ONCE: i64 = 100;
/// Requests without a valid token or session.
const OF_STRANGERS: Limit = Limit { most: 600, window: 15 * MINUTE };
const STRANGERS_AT_ONCE: i64 = 10;
/// How long requests go uncounted after they could not be counted.
const UNCOUNTED: i64 = 5_000;
/// Above this many, those of the past are cleared away.
const MANY: usize = 1_000;

/// What this node has taken.
#[derive(Default)]
pub(crate) struct Taken(Mutex<HashMap<Vec<u8>, Arc<tokio::sync::Mutex<Share>>>>);

struct Share {
    left: i64,
    ends_at: Millis,
    refused: bool,
}

impl Taken {
    fn of(&self, counter: &Counter, now: Millis) -> Arc<tokio::sync::Mutex<Share>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > MANY {
            // Those in use at this moment are not in the past.
            all.retain(|_, share| share.try_lock().map_or(true, |share| share.ends_at > now));
        }
        let fresh = || Share { left: 0, ends_at: now, refused: false };
        let share = all.entry(counter.key().to_vec());
        Arc::clone(share.or_insert_with(|| Arc::new(tokio::sync::Mutex::new(fresh()))))
    }
}

impl Stock {
    /// Counts a request of an account to the API.
    pub async fn api_request(&self, user: UserId) -> Result<(), DoorError> {
        let counter = Counter::new(OF_ACCOUNT, &["api", &user.to_string()]);
        self.take(counter, ACCOUNT_AT_ONCE).await
    }

    /// Counts a request to the API of somebody who is nobody.
    pub async fn api_stranger(&self, origin: Origin) -> Result<(), DoorError> {
        let counter = Counter::new(OF_STRANGERS, &["api address", &origin.to_string()]);
        self.take(counter, STRANGERS_AT_ONCE).await
    }

    async fn take(&self, counter: Counter, at_once: i64) -> Result<(), DoorError> {
        let share = self.taken.of(&counter, self.world.now());
        // Whoever comes meanwhile waits, and takes from the same hundred.
        let mut share = share.lock().await;
        if self.world.now() < share.ends_at {
            if share.refused {
                return Err(DoorError::TooMany { until: share.ends_at });
            }
            if share.left > 0 {
                share.left -= 1;
                return Ok(());
            }
        }
        match self.spend(counter, at_once).await {
            Ok(ends_at) => *share = Share { left: at_once - 1, ends_at, refused: false },
            Err(DoorError::TooMany { until }) => {
                *share = Share { left: 0, ends_at: until, refused: true };
                return Err(DoorError::TooMany { until });
            }
            // On a full disk reading goes on. Nobody tries to count again at once: while the database
            // is away that takes seconds, for which everybody else of this account would wait.
            Err(DoorError::Database(error)) => {
                tracing::warn!(%error, "requests could not be counted");
                let ends_at = self.world.now().plus_ms(UNCOUNTED);
                *share = Share { left: at_once, ends_at, refused: false };
            }
        }
        Ok(())
    }
}
