//! Partners' stores with stock, and the plainest record that can be posted there.

use crate::demo::LogIn;
use crate::http::Client;
use anyhow::{Context, Result, bail};
use chrono::Utc;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use uuid::Uuid;

/// Pieces that no store runs out of meanwhile.
const ENOUGH: i64 = 200;

/// A partner's store with stock, and somebody who works there.
#[derive(Clone)]
pub struct Shelf {
    pub worker: usize,
    store: String,
    place: String,
    material: String,
}

impl Shelf {
    /// The same shelf for another worker.
    pub fn of(&self, worker: usize) -> Self {
        Self { worker, ..self.clone() }
    }

    /// One piece left in a clinic: the record's id, and the record.
    pub fn drop(&self) -> (Uuid, Value) {
        let id = Uuid::now_v7();
        let record = json!({
            "id": id,
            "kind": "drop",
            "device_time": Utc::now().to_rfc3339(),
            "entry_method": "scanned",
            "body": {
                "store": self.store,
                "place": self.place,
                "kind": "clinic",
                "places": 1,
                "goods": {"materials": [[self.material, 1]]},
            },
        });
        (id, record)
    }
}

/// Every shelf of the partners, who are signed in.
pub fn shelves(address: SocketAddr, people: &[LogIn]) -> Result<(Vec<Client>, Vec<Shelf>)> {
    let mut workers = Vec::new();
    let mut shelves = Vec::new();
    for LogIn { login, password, .. } in people.iter().filter(|person| person.role == "partner") {
        let mut client = Client::connect(address)?;
        client.sign_in(login, password)?;
        shelves.extend(stocked(&mut client, workers.len())?);
        workers.push(client);
    }
    if shelves.is_empty() {
        bail!("no partner has stock");
    }
    Ok((workers, shelves))
}

/// The stores of a partner, each with the material that it has most of. A recalled edition would
/// be asked about before it is given out.
fn stocked(client: &mut Client, worker: usize) -> Result<Vec<Shelf>> {
    let recalls = items(client, "/api/v1/recalls")?;
    let recalled: BTreeSet<&str> =
        recalls.iter().filter_map(|recall| recall["material"].as_str()).collect();
    let holdings = items(client, "/api/v1/holdings")?;
    let mut most: BTreeMap<&str, &Value> = BTreeMap::new();
    let pieces = |holding: &Value| holding["in_store"].as_i64().unwrap_or(0);
    let current = |holding: &Value| {
        holding["material"].as_str().is_some_and(|material| !recalled.contains(material))
    };
    let enough = holdings.iter().filter(|holding| pieces(holding) >= ENOUGH);
    for holding in enough.filter(|holding| current(holding)) {
        let store = holding["store"].as_str().context("a store is not a text")?;
        let known = most.entry(store).or_insert(holding);
        if pieces(holding) > pieces(known) {
            *known = holding;
        }
    }
    let text = |value: &Value| value.as_str().map(str::to_owned).context("not a text");
    let shelf = |holding: &Value| {
        let (store, place) = (text(&holding["store"])?, text(&holding["place"])?);
        Ok(Shelf { worker, store, place, material: text(&holding["material"])? })
    };
    most.into_values().map(shelf).collect()
}

fn items(client: &mut Client, path: &str) -> Result<Vec<Value>> {
    let answer = client.get(path)?;
    let mut page: Value = serde_json::from_slice(&answer.body).context("not JSON")?;
    let Value::Array(items) = page["items"].take() else { bail!("{path} is not a list") };
    Ok(items)
}
