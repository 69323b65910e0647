//! The phones on which people say what happened: when each last met the server, and which are lost.

use super::audit::{self, Action};
use super::sessions::SessionsError;
use super::{Denied, Reader, Writer};
use crate::Stock;
use crate::db::{all, run};
use crate::query::Query;
use domain::ids::{DeviceId, UserId};
use domain::role::Permission;
use domain::time::Millis;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// "Last sync" is only this exact, so that reading what is new does not write.
const SYNCED_EVERY_MS: i64 = 5 * 60_000;

/// Phones that are noted for one link. Whoever holds it can name any number of them; of a link with so
/// many nobody knows any more on which it was not opened.
const MOST_OF_A_LINK: i64 = 40;

/// Several of an organisation share a phone, and lose it together. Phones of other organisations are
/// not theirs to report, whatever id somebody sends.
const OF_COLLEAGUES: &str = "person_id IN (SELECT c.id FROM person c
    JOIN person p ON p.org_id = c.org_id WHERE p.id = $1)";

/// By what somebody came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    Session(Uuid),
    Token(Uuid),
}

impl Door {
    const fn table(self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Token(_) => "api_token",
        }
    }

    const fn id(self) -> Uuid {
        match self {
            Self::Session(id) | Self::Token(id) => id,
        }
    }
}

/// A phone as one of its users.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhoneEntry {
    pub device: DeviceId,
    pub met_at: Millis,
    pub synced_at: Millis,
    pub lost_at: Option<Millis>,
    /// Records of it that wait for a decision.
    pub waiting: i64,
    /// What its browser called itself when somebody last signed in there.
    pub agent: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    device_id: Uuid,
    met_at: i64,
    synced_at: i64,
    lost_at: Option<i64>,
    waiting: i64,
    agent: Option<String>,
}

impl Stock {
    /// Somebody's phone has met the server, and came in by this door: whoever reports the phone lost
    /// closes the door.
    pub async fn phone_met(
        &self,
        person: UserId,
        phone: DeviceId,
        door: Door,
    ) -> Result<(), DbErr> {
        let now = self.world.now();
        let is_known = Query::new("SELECT 1 AS one FROM phone f JOIN ")
            .push(door.table())
            .push(" d ON d.person_id = f.person_id AND d.phone_id IS NOT NULL WHERE d.id = ")
            .bind(door.id())
            .push(" AND f.person_id = ")
            .bind(person.uuid())
            .push(" AND f.device_id = ")
            .bind(phone.uuid())
            .push(" AND f.synced_at > ")
            .bind(now.0 - SYNCED_EVERY_MS)
            .finds(self.db.read())
            .await?;
        if is_known || self.is_read_only() {
            return Ok(());
        }
        self.db
            .write(move |tx| Box::pin(async move { note(tx, person, phone, door, now).await }))
            .await
    }
}

impl Stock {
    /// Somebody opened a link on this phone: whoever reports the phone lost ends the link.
    pub async fn link_met(&self, link: UserId, phone: DeviceId) -> Result<(), DbErr> {
        let known = move || {
            Query::new("SELECT 1 AS one FROM link_phone WHERE link_id = ")
                .bind(link.uuid())
                .push(" AND device_id = ")
                .bind(phone.uuid())
        };
        if known().finds(self.db.read()).await? || self.is_read_only() {
            return Ok(());
        }
        let now = self.world.now();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    // Somebody else may have noted it since.
                    if !known().finds(tx).await? && phones_of(tx, link).await? < MOST_OF_A_LINK {
                        let text = "INSERT INTO link_phone (link_id, device_id, met_at)
                            VALUES ($1, $2, $3) ON CONFLICT (link_id, device_id) DO NOTHING";
                        run(tx, text, [link.uuid().into(), phone.uuid().into(), now.0.into()])
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

async fn phones_of(tx: &DatabaseTransaction, link: UserId) -> Result<i64, DbErr> {
    let count: Option<Count> =
        Query::new("SELECT COUNT(*) AS count FROM link_phone WHERE link_id = ")
            .bind(link.uuid())
            .one(tx)
            .await?;
    Ok(count.map_or(0, |row| row.count))
}

async fn note(
    tx: &DatabaseTransaction,
    person: UserId,
    phone: DeviceId,
    door: Door,
    now: Millis,
) -> Result<(), DbErr> {
    meet(tx, person, phone, now).await?;
    // The first one counts: what came in on a phone stays that phone's.
    let text = format!(
        "UPDATE {} SET phone_id = $3 WHERE id = $1 AND person_id = $2 AND phone_id IS NULL",
        door.table()
    );
    run(tx, &text, [door.id().into(), person.uuid().into(), phone.uuid().into()]).await.map(drop)
}

/// Notes that a phone is somebody's, within the transaction in which he says so.
pub(crate) async fn meet(
    tx: &DatabaseTransaction,
    person: UserId,
    phone: DeviceId,
    now: Millis,
) -> Result<(), DbErr> {
    let text = "INSERT INTO phone (person_id, device_id, met_at, synced_at) \
        VALUES ($1, $2, $3, $3) ON CONFLICT (person_id, device_id) DO UPDATE SET \
        synced_at = CASE WHEN excluded.synced_at > phone.synced_at \
            THEN excluded.synced_at ELSE phone.synced_at END";
    run(tx, text, [person.uuid().into(), phone.uuid().into(), now.0.into()]).await.map(drop)
}

impl Reader<'_> {
    /// The phones of a person that have met the server: one's own, or anyone's for an administrator.
    pub async fn phones(&self, person: UserId) -> Result<Vec<PhoneEntry>, SessionsError> {
        if person != self.actor.user && !self.may(Permission::ManageAccounts) {
            return Err(Denied::NotFound.into());
        }
        let text = "SELECT f.device_id, f.met_at, f.synced_at, f.lost_at, \
            (SELECT COUNT(*) FROM held_record h WHERE h.person_id = f.person_id \
                AND h.phone_id = f.device_id AND NOT EXISTS \
                (SELECT 1 FROM held_decision d WHERE d.held_id = h.id)) AS waiting, \
            (SELECT s.device FROM session s WHERE s.person_id = f.person_id \
                AND s.phone_id = f.device_id ORDER BY s.created_at DESC, s.id DESC LIMIT 1) AS agent \
            FROM phone f WHERE f.person_id = $1 ORDER BY f.synced_at DESC, f.device_id";
        let rows: Vec<Row> = all(self.stock.db.read(), text, [person.uuid().into()]).await?;
        let entry = |row: Row| PhoneEntry {
            device: row.device_id.into(),
            met_at: Millis(row.met_at),
            synced_at: Millis(row.synced_at),
            lost_at: row.lost_at.map(Millis),
            waiting: row.waiting,
            agent: row.agent,
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// One of them.
    pub async fn phone(
        &self,
        person: UserId,
        device: DeviceId,
    ) -> Result<PhoneEntry, SessionsError> {
        let phones = self.phones(person).await?;
        let found = phones.into_iter().find(|phone| phone.device == device);
        Ok(found.ok_or(Denied::NotFound)?)
    }
}

impl Writer<'_> {
    /// Reports a phone as lost: all ends by which its users came in on it, links too, and by which this
    /// person came in nobody knows where, but for `asking`. What the phone sends from now on is held.
    pub async fn report_phone_lost(
        &self,
        person: UserId,
        phone: DeviceId,
        asking: Uuid,
    ) -> Result<(), SessionsError> {
        self.reader().phone(person, phone).await?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let whose = || [Value::from(person.uuid()), phone.uuid().into()];
                    let with = |more: [Value; 2]| whose().into_iter().chain(more);
                    let text = format!(
                        "UPDATE phone SET lost_at = $3, lost_by = $4
                         WHERE lost_at IS NULL AND device_id = $2 AND {OF_COLLEAGUES}"
                    );
                    let reported = with([now.0.into(), by.uuid().into()]);
                    if run(tx, &text, reported).await? == 0 {
                        return Ok(());
                    }
                    let text = format!(
                        "UPDATE session SET ended_at = $3 WHERE ended_at IS NULL
                         AND ((phone_id = $2 AND {OF_COLLEAGUES})
                            OR (person_id = $1 AND phone_id IS NULL AND id <> $4))"
                    );
                    run(tx, &text, with([now.0.into(), asking.into()])).await?;
                    let text = format!(
                        "UPDATE api_token SET ended_at = $3 WHERE ended_at IS NULL
                         AND phone_id = $2 AND {OF_COLLEAGUES}"
                    );
                    run(tx, &text, whose().into_iter().chain([now.0.into()])).await?;
                    // Of another organisation's link nobody here knows.
                    let text = format!(
                        "UPDATE job_link SET ended_at = $3 WHERE ended_at IS NULL
                         AND id IN (SELECT f.link_id FROM link_phone f WHERE f.device_id = $2
                            UNION SELECT f.link_id FROM link_phone f GROUP BY f.link_id
                                HAVING COUNT(*) >= {MOST_OF_A_LINK})
                         AND org_id IN (SELECT p.org_id FROM person p WHERE p.id = $1)"
                    );
                    run(tx, &text, whose().into_iter().chain([now.0.into()])).await?;
                    let (subject, detail) = (phone.to_string(), person.to_string());
                    audit::log(tx, now, Some(by), Action::PhoneLost, &subject, &detail).await?;
                    Ok::<_, SessionsError>(())
                })
            })
            .await
    }

    /// The phone is found, or was never lost: what it sends counts again. What was held stays held
    /// until somebody has looked.
    pub async fn take_phone_back(
        &self,
        person: UserId,
        phone: DeviceId,
    ) -> Result<(), SessionsError> {
        self.reader().phone(person, phone).await?;
        let (by, now) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let text = format!(
                        "UPDATE phone SET lost_at = NULL, lost_by = NULL
                         WHERE lost_at IS NOT NULL AND device_id = $2 AND {OF_COLLEAGUES}"
                    );
                    if run(tx, &text, [person.uuid().into(), phone.uuid().into()]).await? > 0 {
                        let (subject, detail) = (phone.to_string(), person.to_string());
                        let by = Some(by);
                        audit::log(tx, now, by, Action::PhoneFound, &subject, &detail).await?;
                    }
                    Ok::<_, SessionsError>(())
                })
            })
            .await
    }
}
