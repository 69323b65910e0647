//! What an older version of this page has left readable is sealed the first time that this one opens
//! the store. What cannot be opened any more is set aside, where nothing overwrites it.

use crate::safe::{is_sealed, nonce};
use crate::store::{DEVICE, OUTBOX, Store, THINGS, Unkept, committed};
use domain::field::outbox::Kept;
use domain::hex::hex;
use idb::TransactionMode;
use wasm_bindgen::JsValue;

/// In front of the name of what was set aside.
const ASIDE: &str = "closed/";

/// A row that is to be another one.
struct Rewritten {
    name: String,
    before: JsValue,
    /// Under which name, for what is set aside.
    to: String,
    after: JsValue,
}

impl Store {
    /// Gives how many things are set aside.
    pub async fn take_over(&self) -> Result<usize, Unkept> {
        let mut aside = 0;
        for store in [OUTBOX, THINGS] {
            let mut rewritten = Vec::new();
            for (name, before) in self.rows(store).await? {
                if name.starts_with(ASIDE) {
                    aside += 1;
                    continue;
                }
                if is_sealed(&before) {
                    // It waits for a browser that has cryptography again.
                    let safe = self.safe.as_ref().ok_or(Unkept::Never)?;
                    if store == THINGS && safe.open(&name, &before).await.is_none() {
                        aside += 1;
                        let to = format!("{ASIDE}{name}/{}", hex(&nonce(&before)));
                        rewritten.push(Rewritten { name, after: before.clone(), before, to });
                    }
                    continue;
                }
                let Some(text) = before.as_string().filter(|_| name != DEVICE) else { continue };
                let after = match store {
                    THINGS => self.thing(&name, &text).await?,
                    // What is not a record cannot be read by any version.
                    _ => match serde_json::from_str::<Kept>(&text) {
                        Ok(kept) => self.row(&kept).await?,
                        Err(_) => continue,
                    },
                };
                rewritten.push(Rewritten { to: name.clone(), name, before, after });
            }
            if self.safe.is_some() && !rewritten.is_empty() {
                self.rewrite(store, rewritten).await?;
            }
        }
        Ok(aside)
    }

    /// All of a store, with its names.
    async fn rows(&self, store: &str) -> Result<Vec<(String, JsValue)>, Unkept> {
        let tx = self.db.transaction(&[store], TransactionMode::ReadOnly)?;
        let names = tx.object_store(store)?.get_all_keys(None, None)?.await?;
        let rows = tx.object_store(store)?.get_all(None, None)?.await?;
        let named = names.into_iter().zip(rows);
        Ok(named.filter_map(|(name, row)| Some((name.as_string()?, row))).collect())
    }

    /// Either all of it is written or nothing: whatever happens half-way, the old is there.
    async fn rewrite(&self, store: &str, rewritten: Vec<Rewritten>) -> Result<(), Unkept> {
        let tx = self.db.transaction(&[store], TransactionMode::ReadWrite)?;
        let rows = tx.object_store(store)?;
        for Rewritten { name, before, to, after } in rewritten {
            let key = JsValue::from_str(&name);
            let now = rows.get(key.clone())?.await?.unwrap_or_default();
            // What an older version wrote meanwhile, in another tab, waits for the next opening.
            let is_same = match before.as_string() {
                Some(text) => now.as_string() == Some(text),
                None => is_sealed(&now) && nonce(&now) == nonce(&before),
            };
            if !is_same {
                continue;
            }
            rows.put(&after, Some(&JsValue::from_str(&to)))?.await?;
            if to != name {
                rows.delete(key)?.await?;
            }
        }
        committed(tx).await
    }
}
