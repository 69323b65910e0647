//! What the phone keeps: IndexedDB, as JSON, so that a newer version of this page reads what an
//! older one wrote. All of it is sealed but ids, the order and the state of records.

use crate::js::{field, object};
use crate::safe::{Safe, is_sealed, nonce};
use domain::field::outbox::{Kept, put_in_order};
use domain::field::stamp::device;
use domain::ids::{DeviceId, RecordId};
use domain::records::DeviceStamp;
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Transaction, TransactionMode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// A neutral name: whoever looks through the browser sees it.
const NAME: &str = "lists";
pub const OUTBOX: &str = "outbox";
pub const THINGS: &str = "things";
pub const DEVICE: &str = "device";
const SEQUENCE: &str = "sequence";
const KEY: &str = "key";
/// The field of a record's row that the service worker may change (`worker.js`).
const STATE: &str = "state";

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

type Waiting<'s, T> = Pin<Box<dyn Future<Output = T> + 's>>;

pub struct Store {
    pub db: Database,
    device: Uuid,
    /// `None` where the browser has no cryptography: then things are kept as they are.
    pub safe: Option<Safe>,
    /// Records that were opened before, by what differs for each sealing: months of them wait for a
    /// restored server and are not opened anew at every sync.
    opened: RefCell<BTreeMap<Vec<u8>, Kept>>,
    /// How often a thing was written, by name.
    written: RefCell<BTreeMap<String, u32>>,
    /// Records, and other things, that cannot be opened.
    closed: Cell<(usize, usize)>,
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
        let mut store = Self {
            db,
            device,
            safe: None,
            opened: RefCell::default(),
            written: RefCell::default(),
            closed: Cell::default(),
        };
        store.safe = store.key().await.map(Safe::new);
        let closed = store.take_over().await.map_err(|_| Unkept::Never)?;
        store.closed.set((0, closed));
        Ok(store)
    }

    /// The key of this phone, made once.
    async fn key(&self) -> Option<JsValue> {
        match self.raw(KEY).await {
            Some(key) => Some(key),
            None => self.first_raw(KEY, &Safe::key().await?).await,
        }
    }

    /// The id by which the books know this phone.
    pub fn phone(&self) -> DeviceId {
        DeviceId::new(self.device)
    }

    /// How much is on the phone that nobody can read any more; it is kept as it is.
    pub fn closed(&self) -> usize {
        let (records, things) = self.closed.get();
        records + things
    }

    /// Everything that was said here and is not forgotten yet.
    pub async fn outbox(&self) -> Result<Vec<Kept>, Unkept> {
        let tx = self.db.transaction(&[OUTBOX], TransactionMode::ReadOnly)?;
        let rows = tx.object_store(OUTBOX)?.get_all(None, None)?.await?;
        let (mut outbox, mut opened) = (Vec::new(), BTreeMap::new());
        for row in &rows {
            let Some(kept) = self.record(row).await else { continue };
            if is_sealed(row) {
                opened.insert(nonce(row), kept.clone());
            }
            put_in_order(&mut outbox, kept);
        }
        self.opened.replace(opened);
        self.closed.set((rows.len() - outbox.len(), self.closed.get().1));
        Ok(outbox)
    }

    /// A record as it is in its row.
    async fn record(&self, row: &JsValue) -> Option<Kept> {
        let before = is_sealed(row).then(|| self.opened.borrow().get(&nonce(row)).cloned());
        let mut kept: Kept = match before.flatten() {
            Some(kept) => kept,
            None => {
                let name = field(row, "id").as_string().unwrap_or_default();
                serde_json::from_str(&self.text(&name, row).await?).ok()?
            }
        };
        if let Some(state) = field(row, STATE).as_string() {
            kept.is_now(&state);
        }
        Some(kept)
    }

    /// What is in a row of this name.
    async fn text(&self, name: &str, row: &JsValue) -> Option<String> {
        match row.as_string() {
            Some(text) => Some(text),
            None => self.safe.as_ref()?.open(name, row).await,
        }
    }

    /// The row of a record.
    pub async fn row(&self, kept: &Kept) -> Result<JsValue, Unkept> {
        let text = serde_json::to_string(kept)?;
        let Some(safe) = &self.safe else { return Ok(text.into()) };
        let id = kept.id.to_string();
        // As much as the worker needs to know what waits, and of whom.
        let outside = object([
            ("id", id.as_str().into()),
            ("by", kept.by.to_string().into()),
            ("sequence", (kept.sequence as f64).into()),
            (STATE, kept.state.name().into()),
        ]);
        safe.seal(&id, &text, outside).await.ok_or(Unkept::Full)
    }

    /// The row of another thing.
    pub async fn thing(&self, name: &str, text: &str) -> Result<JsValue, Unkept> {
        match &self.safe {
            None => Ok(text.into()),
            Some(safe) => safe.seal(name, text, object([])).await.ok_or(Unkept::Full),
        }
    }

    /// Keeps a record under the next number of this phone; it is on the phone when this returns.
    pub async fn keep<M>(&self, make: M) -> Result<Kept, Unkept>
    where
        M: FnOnce(DeviceStamp) -> Result<Kept, serde_json::Error>,
    {
        // The number first: a transaction does not wait until something is sealed. A number that was
        // drawn in vain is like that of a record that was deleted.
        let kept = make(device(self.device, self.next_number().await?))?;
        self.change(std::slice::from_ref(&kept)).await?;
        Ok(kept)
    }

    async fn next_number(&self) -> Result<i64, Unkept> {
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadWrite)?;
        let things = tx.object_store(THINGS)?;
        let key = JsValue::from_str(SEQUENCE);
        let last = things.get(key.clone())?.await?.and_then(|last| last.as_f64()).unwrap_or(0.0);
        let next = last + 1.0;
        things.put(&JsValue::from_f64(next), Some(&key))?.await?;
        committed(tx).await?;
        Ok(next as i64)
    }

    pub async fn change(&self, changed: &[Kept]) -> Result<(), Unkept> {
        let mut rows = Vec::new();
        for kept in changed {
            rows.push((JsValue::from_str(&kept.id.to_string()), self.row(kept).await?));
        }
        let tx = self.db.transaction(&[OUTBOX], TransactionMode::ReadWrite)?;
        for (key, row) in rows {
            tx.object_store(OUTBOX)?.put(&row, Some(&key))?.await?;
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
        serde_json::from_str(&self.read_text(name).await?).ok()
    }

    /// Boxed and of one type, as is [`Self::write_text`]: each kind of thing would be one more copy of
    /// all that happens while the phone waits.
    fn read_text<'s>(&'s self, name: &'s str) -> Waiting<'s, Option<String>> {
        Box::pin(async move {
            let row = self.raw(name).await?;
            self.text(name, &row).await
        })
    }

    pub async fn forget(&self, name: &str) -> Result<(), Unkept> {
        // What is being written under this name comes too late.
        *self.written.borrow_mut().entry(name.to_owned()).or_default() += 1;
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadWrite)?;
        tx.object_store(THINGS)?.delete(JsValue::from_str(name))?.await?;
        committed(tx).await
    }

    pub async fn write(&self, name: &str, thing: &impl Serialize) -> Result<(), Unkept> {
        self.write_text(name, serde_json::to_string(thing)?).await
    }

    fn write_text<'s>(&'s self, name: &'s str, text: String) -> Waiting<'s, Result<(), Unkept>> {
        Box::pin(self.put(name, text))
    }

    async fn put(&self, name: &str, text: String) -> Result<(), Unkept> {
        let turn = {
            let mut written = self.written.borrow_mut();
            let turns = written.entry(name.to_owned()).or_default();
            *turns += 1;
            *turns
        };
        let row = self.thing(name, &text).await?;
        // Sealing takes its time, some longer than others: what is older never follows what is newer.
        if self.written.borrow().get(name) != Some(&turn) {
            return Ok(());
        }
        let tx = self.db.transaction(&[THINGS], TransactionMode::ReadWrite)?;
        tx.object_store(THINGS)?.put(&row, Some(&JsValue::from_str(name)))?.await?;
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

pub async fn committed(tx: Transaction) -> Result<(), Unkept> {
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
