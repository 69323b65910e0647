//! What the phone keeps: IndexedDB, as JSON, so that a newer version of this page reads what an
//! older one wrote.

use domain::field::outbox::Kept;
use domain::field::stamp::device;
use domain::ids::{DeviceId, RecordId};
use domain::records::DeviceStamp;
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Transaction, TransactionMode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// A neutral name: whoever looks through the browser sees it.
const NAME: &str = "lists";
const OUTBOX: &str = "outbox";
const THINGS: &str = "things";
const DEVICE: &str = "device";
const SEQUENCE: &str = "sequence";

/// Why nothing was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unkept {
    /// The browser keeps nothing at all.
    Never,
    /// There is no room, or the browser took the write back.
    Full,
}

impl From<idb::Error> for Unkept {
    fn from(_: idb::Error) -> Self {
        Self::Full
    }
}

impl From<serde_json::Error> for Unkept {
    fn from(_: serde_json::Error) -> Self {
        Self::Full
    }
}

pub struct Store {
    db: Database,
    device: Uuid,
}

impl Store {
    pub async fn open() -> Result<Self, Unkept> {
        let never = |_: idb::Error| Unkept::Never;
        let mut request = Factory::new().map_err(never)?.open(NAME, Some(1)).map_err(never)?;
        request.on_upgrade_needed(|event| {
            // Without its stores the next step fails, and says so.
            if let Ok(db) = event.database() {
                for name in [OUTBOX, THINGS] {
                    drop(db.create_object_store(name, ObjectStoreParams::new()));
                }
            }
        });
        let db = request.await.map_err(never)?;
        let device = this_device(&db).await.map_err(|_| Unkept::Never)?;
        Ok(Self { db, device })
    }

    /// The id by which the books know this phone.
    pub fn phone(&self) -> DeviceId {
        DeviceId::new(self.device)
    }

    /// Everything that was said here and is not forgotten yet.
    pub async fn outbox(&self) -> Result<Vec<Kept>, Unkept> {
        let tx = self.db.transaction(&[OUTBOX], TransactionMode::ReadOnly)?;
        let rows = tx.object_store(OUTBOX)?.get_all(None, None)?.await?;
        let read = |row: &JsValue| serde_json::from_str(&row.as_string()?).ok();
        let mut outbox: Vec<Kept> = rows.iter().filter_map(read).collect();
        outbox.sort_by_key(|kept| kept.sequence);
        Ok(outbox)
    }

    /// Keeps a record under the next number of this phone; it is on the phone when this returns.
    pub async fn keep<M>(&self, make: M) -> Result<Kept, Unkept>
    where
        M: FnOnce(DeviceStamp) -> Result<Kept, serde_json::Error>,
    {
        let tx = self.db.transaction(&[OUTBOX, THINGS], TransactionMode::ReadWrite)?;
        let things = tx.object_store(THINGS)?;
        let key = JsValue::from_str(SEQUENCE);
        let last = things.get(key.clone())?.await?.and_then(|last| last.as_f64()).unwrap_or(0.0);
        let next = last + 1.0;
        let kept = make(device(self.device, next as i64))?;
        things.put(&JsValue::from_f64(next), Some(&key))?.await?;
        put(&tx, &kept).await?;
        committed(tx).await?;
        Ok(kept)
    }

    pub async fn change(&self, changed: &[Kept]) -> Result<(), Unkept> {
        let tx = self.db.transaction(&[OUTBOX], TransactionMode::ReadWrite)?;
        for kept in changed {
            put(&tx, kept).await?;
        }
        committed(tx).await
    }

    pub async fn delete(&self, gone: &[RecordId]) -> Result<(), Unkept> {
        let tx = self.db.transaction(&[OUTBOX], TransactionMode::ReadWrite)?;
        for id in gone {
            let key = JsValue::from_str(&id.to_string());
            tx.object_store(OUTBOX)?.delete(key)?.await?;
        }
        committed(tx).await
    }

    pub async fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadOnly).ok()?;
        let found =
            tx.object_store(THINGS).ok()?.get(JsValue::from_str(name)).ok()?.await.ok()??;
        serde_json::from_str(&found.as_string()?).ok()
    }

    pub async fn write(&self, name: &str, thing: &impl Serialize) -> Result<(), Unkept> {
        let text = serde_json::to_string(thing)?;
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadWrite)?;
        let key = JsValue::from_str(name);
        tx.object_store(THINGS)?.put(&JsValue::from_str(&text), Some(&key))?.await?;
        committed(tx).await
    }
}

/// What a script cannot write down: keys that the browser keeps.
impl Store {
    pub async fn raw(&self, name: &str) -> Option<JsValue> {
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadOnly).ok()?;
        tx.object_store(THINGS).ok()?.get(JsValue::from_str(name)).ok()?.await.ok()?
    }

    /// Keeps a thing unless there is one of this name: gives what is kept, whichever tab was first.
    pub async fn first_raw(&self, name: &str, thing: &JsValue) -> Option<JsValue> {
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadWrite).ok()?;
        let (things, key) = (tx.object_store(THINGS).ok()?, JsValue::from_str(name));
        if let Some(first) = things.get(key.clone()).ok()?.await.ok()? {
            return Some(first);
        }
        things.put(thing, Some(&key)).ok()?.await.ok()?;
        committed(tx).await.ok()?;
        Some(thing.clone())
    }
}

async fn put(tx: &Transaction, kept: &Kept) -> Result<(), Unkept> {
    let text = serde_json::to_string(kept)?;
    let key = JsValue::from_str(&kept.id.to_string());
    tx.object_store(OUTBOX)?.put(&JsValue::from_str(&text), Some(&key))?.await?;
    Ok(())
}

async fn committed(tx: Transaction) -> Result<(), Unkept> {
    let ended = tx.commit()?.await?;
    if ended.is_committed() { Ok(()) } else { Err(Unkept::Full) }
}

/// The id by which the books know this phone; made once.
async fn this_device(db: &Database) -> Result<Uuid, Unkept> {
    let tx = db.transaction(&[THINGS], TransactionMode::ReadWrite)?;
    let things = tx.object_store(THINGS)?;
    let key = JsValue::from_str(DEVICE);
    let known = things.get(key.clone())?.await?.and_then(|known| known.as_string());
    if let Some(known) = known.and_then(|known| known.parse().ok()) {
        return Ok(known);
    }
    let device = crate::clock::new_uuid();
    things.put(&JsValue::from_str(&device.to_string()), Some(&key))?.await?;
    committed(tx).await?;
    Ok(device)
}
