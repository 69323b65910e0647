//! How often a secret may be guessed, and from where.
//!
//! The counts are in the database, which all nodes share. Wrong passwords are counted by account
//! and address together: who has to wait is whoever sits where they came from, and never the
//! account's owner elsewhere. Two wider counts, of everything at one address and of one account
//! from everywhere, stop only strangers: an account that came in from an address lately is known
//! there. A try is counted before it is looked at, so that a thousand at once are not one, and is
//! given back when it was right.

use crate::Stock;
use crate::db::run;
use crate::query::Query;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// So long after it came in, an account is known at an address.
const KNOWN: i64 = 30 * DAY;

/// An office of dozens behind one address mistypes less often than this.
const AT_ADDRESS: Limit = Limit { most: 100, window: 15 * MINUTE };
const OF_ACCOUNT_HERE: Limit = Limit { most: 5, window: 15 * MINUTE };
const OF_ACCOUNT_ANYWHERE: Limit = Limit { most: 100, window: 60 * MINUTE };
/// Kilobytes of forms that strangers leave behind.
const OF_FORMS: Limit = Limit { most: 5_000, window: 15 * MINUTE };

/// So many in a window that begins with the first.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub most: i64,
    pub window: i64,
}

/// Where a request comes from, as far as it is counted: an address of IPv4, or the /64 of IPv6
/// that one house has as a whole. Unknown ones count as one.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Origin(Option<IpAddr>);

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        Self(Some(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let house = u128::from(address) >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from(house))
            }
        }))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

/// Who stands before the door: what the list of sessions calls them, and where they are.
#[derive(Clone, Default, Debug)]
pub struct Visitor {
    pub device: String,
    pub origin: Origin,
}

/// Why nobody looks at a request.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error("too many tries")]
    TooMany { until: Millis },
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// One count.
#[derive(Clone)]
pub(super) struct Counter {
    key: Vec<u8>,
    limit: Limit,
}

impl Counter {
    pub(super) fn new(limit: Limit, parts: &[&str]) -> Self {
        // No part holds a zero byte: logins and addresses are words.
        let key = Sha256::digest(parts.join("\0").as_bytes()).to_vec();
        Self { key, limit }
    }

    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }
}

/// What was tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    Password,
    /// On its own: whoever is locked out with the password may use a code at once.
    ResetCode,
}

/// The counts that one try at an account goes to.
#[derive(Clone)]
pub(crate) struct Try {
    here: Counter,
    wider: Vec<Counter>,
}

impl Try {
    pub(super) fn new(secret: Secret, login: &str, origin: Origin) -> Self {
        let address = of_address(origin);
        match secret {
            Secret::Password => {
                let anywhere = Counter::new(OF_ACCOUNT_ANYWHERE, &["password", login]);
                Self { here: password_here(login, origin), wider: vec![address, anywhere] }
            }
            // A code has too many letters to be guessed, so that strangers do not lock it.
            Secret::ResetCode => {
                let here = &["reset", login, &origin.to_string()];
                Self { here: Counter::new(OF_ACCOUNT_HERE, here), wider: vec![address] }
            }
        }
    }

    fn counters(&self) -> impl Iterator<Item = &Counter> {
        std::iter::once(&self.here).chain(&self.wider)
    }

    /// Until when it has to wait, if it has to.
    fn wait(&self, counts: &Counts, now: Millis) -> Option<Millis> {
        let known = counts.get(self.here.key()).is_some_and(|count| count.known_until > now.0);
        let wider: &[Counter] = if known { &[] } else { &self.wider };
        std::iter::once(&self.here).chain(wider).filter_map(|counter| over(counter, counts)).max()
    }
}

fn of_address(origin: Origin) -> Counter {
    Counter::new(AT_ADDRESS, &["address", &origin.to_string()])
}

fn password_here(login: &str, origin: Origin) -> Counter {
    Counter::new(OF_ACCOUNT_HERE, &["password", login, &origin.to_string()])
}

fn over(counter: &Counter, counts: &Counts) -> Option<Millis> {
    let count = counts.get(counter.key())?;
    (count.used > counter.limit.most).then_some(Millis(count.ends_at))
}

/// What stands in the counts once a try is in them, by key.
type Counts = BTreeMap<Vec<u8>, Count>;

#[derive(FromQueryResult)]
struct Count {
    key: Vec<u8>,
    used: i64,
    ends_at: i64,
    known_until: i64,
}

impl Stock {
    /// Counts a try, unless there were too many.
    pub(super) async fn knock(&self, knocking: &Try) -> Result<(), DoorError> {
        let (now, knocking) = (self.world.now(), knocking.clone());
        self.db
            .write(move |tx| {
                let knocking = knocking.clone();
                Box::pin(async move {
                    let counts = charge(tx, knocking.counters(), 1, now).await?;
                    // What is refused is not counted either: the write is taken back.
                    let wait = knocking.wait(&counts, now);
                    wait.map_or(Ok(()), |until| Err(DoorError::TooMany { until }))
                })
            })
            .await
    }

    /// Counts the link of an invitation or of the set-up page that leads nowhere.
    pub async fn missed(&self, origin: Origin) -> Result<(), DoorError> {
        self.spend(of_address(origin), 1).await.map(drop)
    }

    /// Counts a form of somebody who is nobody, which is to be kept for a day: strangers must not
    /// be able to fill the disk.
    pub async fn stranger_leaves(&self, origin: Origin, bytes: usize) -> Result<(), DoorError> {
        let kilobytes = i64::try_from(bytes / 1_000).unwrap_or(OF_FORMS.most);
        let counter = Counter::new(OF_FORMS, &["forms", &origin.to_string()]);
        self.spend(counter, 1 + kilobytes).await.map(drop)
    }

    /// Adds to one count, unless that is too much; says when the count begins anew.
    pub(super) async fn spend(&self, counter: Counter, units: i64) -> Result<Millis, DoorError> {
        let now = self.world.now();
        self.db
            .write(move |tx| {
                let counter = counter.clone();
                Box::pin(async move {
                    let counts = charge(tx, std::iter::once(&counter), units, now).await?;
                    let ends = counts.get(counter.key()).map_or(now, |count| Millis(count.ends_at));
                    let refused = over(&counter, &counts);
                    refused.map_or(Ok(ends), |until| Err(DoorError::TooMany { until }))
                })
            })
            .await
    }
}

/// Adds to counts, and begins those anew whose window is over. One statement, so that two nodes
/// never both take the last try.
async fn charge(
    tx: &DatabaseTransaction,
    counters: impl Iterator<Item = &Counter>,
    units: i64,
    now: Millis,
) -> Result<Counts, DbErr> {
    let mut counters: Vec<&Counter> = counters.collect();
    // Everybody locks the rows in the same order.
    counters.sort_by(|one, other| one.key.cmp(&other.key));
    let mut query = Query::new("INSERT INTO door_count (key, used, ends_at, known_until) VALUES ");
    for (n, counter) in counters.into_iter().enumerate() {
        let ends_at = now.plus_ms(counter.limit.window).0;
        query = query.push(if n == 0 { "(" } else { ", (" }).bind(counter.key.clone());
        query = query.push(", ").bind(units).push(", ").bind(ends_at).push(", 0)");
    }
    let counts: Vec<Count> = query
        .push(
            " ON CONFLICT (key) DO UPDATE SET \
             used = excluded.used + CASE WHEN door_count.ends_at <= ",
        )
        .bind(now.0)
        .push(
            " THEN 0 ELSE door_count.used END, \
             ends_at = CASE WHEN door_count.ends_at <= ",
        )
        .bind(now.0)
        .push(
            " THEN excluded.ends_at ELSE door_count.ends_at END \
             RETURNING key, used, ends_at, known_until",
        )
        .all(tx)
        .await?;
    if counts.iter().any(|count| count.used == units) {
        // A window began: a good moment to forget those that are over.
        let text = "DELETE FROM door_count WHERE ends_at <= $1 AND known_until <= $1";
        run(tx, text, [now.0.into()]).await?;
    }
    Ok(counts.into_iter().map(|count| (count.key.clone(), count)).collect())
}

/// Somebody has come in: their account is known here, and the try that was right is given back.
pub(super) async fn admit<C: ConnectionTrait>(
    tx: &C,
    login: &str,
    origin: Origin,
    right: Option<&Try>,
    now: Millis,
) -> Result<(), DbErr> {
    let here = password_here(login, origin);
    if let Some(right) = right {
        let back = right.counters().filter(|counter| counter.key != here.key);
        Query::new("UPDATE door_count SET used = used - 1 WHERE used > 0 AND key IN ")
            .list(back.map(|counter| counter.key.clone()))
            .run(tx)
            .await?;
    }
    let text = "INSERT INTO door_count (key, used, ends_at, known_until) VALUES ($1, 0, $2, $3) \
        ON CONFLICT (key) DO UPDATE SET used = 0, known_until = excluded.known_until";
    let values = [here.key.into(), now.0.into(), now.plus_ms(KNOWN).0.into()];
    run(tx, text, values).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::from(text.parse::<IpAddr>().unwrap())
    }

    #[test]
    fn a_house_is_one_origin_however_it_is_written() {
        assert_eq!(origin("2001:db8:1:2::9"), origin("2001:db8:1:2:ffff::1"));
        assert_ne!(origin("2001:db8:1:2::9"), origin("2001:db8:1:3::9"));
        assert_eq!(origin("::ffff:192.0.2.1"), origin("192.0.2.1"));
        assert_ne!(origin("192.0.2.1"), origin("192.0.2.2"));
    }
}
