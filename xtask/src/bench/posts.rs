//! Posting records through the API: one piece left in a clinic, by one client and by many at once.

use super::figures::Times;
use super::http::Client;
use super::pages::LogIn;
use anyhow::{Context, Result, bail};
use chrono::Utc;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};
use uuid::Uuid;

const WARM_UP: usize = 10;
const ALONE: usize = 300;
const CLIENTS: usize = 64;
const EACH: usize = 30;
/// Pieces that no store runs out of meanwhile.
const ENOUGH: i64 = 200;

/// A partner's store with stock, and somebody who works there.
#[derive(Clone)]
struct Shelf {
    worker: usize,
    store: String,
    place: String,
    material: String,
}

impl Shelf {
    fn drop(&self) -> Value {
        json!({
            "id": Uuid::now_v7(),
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
        })
    }
}

pub fn measure(address: SocketAddr, people: &[LogIn]) -> Result<Vec<Times>> {
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
    Ok(vec![alone(&mut workers, &shelves)?, together(&workers, &shelves)?])
}

/// The stores of a partner, each with the material that it has most of.
fn stocked(client: &mut Client, worker: usize) -> Result<Vec<Shelf>> {
    let answer = client.get("/api/v1/holdings")?;
    let page: Value = serde_json::from_slice(&answer.body).context("not JSON")?;
    let holdings = page["items"].as_array().context("the holdings are not a list")?;
    let mut most: BTreeMap<&str, &Value> = BTreeMap::new();
    let pieces = |holding: &Value| holding["in_store"].as_i64().unwrap_or(0);
    for holding in holdings.iter().filter(|holding| pieces(holding) >= ENOUGH) {
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

fn send(client: &mut Client, shelf: &Shelf) -> Result<()> {
    let body = shelf.drop().to_string();
    let answer = client.post("/api/v1/records", "application/json", body.as_bytes())?;
    match answer.status {
        201 => Ok(()),
        status => bail!("a record got {status}: {}", String::from_utf8_lossy(&answer.body)),
    }
}

/// One record after the other, and how long each took.
fn timed<'s>(
    clients: &mut [Client],
    shelves: impl Iterator<Item = &'s Shelf>,
) -> Result<Vec<Duration>> {
    let times = shelves.map(|shelf| {
        let client = clients.get_mut(shelf.worker).context("a shelf without a worker")?;
        let start = Instant::now();
        send(client, shelf)?;
        Ok(start.elapsed())
    });
    times.collect()
}

fn alone(workers: &mut [Client], shelves: &[Shelf]) -> Result<Times> {
    let mut turns = shelves.iter().cycle();
    timed(workers, turns.by_ref().take(WARM_UP))?;
    let start = Instant::now();
    let times = timed(workers, turns.take(ALONE))?;
    Ok(Times::new("posting a record, 1 client", times, start.elapsed()))
}

fn together(workers: &[Client], shelves: &[Shelf]) -> Result<Times> {
    let mut places = Vec::new();
    for shelf in shelves.iter().cycle().take(CLIENTS) {
        let client = workers[shelf.worker].again()?;
        places.push((client, Shelf { worker: 0, ..shelf.clone() }));
    }
    let start = Instant::now();
    let threads = places.into_iter().map(|(client, shelf)| {
        thread::spawn(move || timed(&mut [client], std::iter::repeat_n(&shelf, EACH)))
    });
    let threads: Vec<_> = threads.collect();
    let mut times = Vec::with_capacity(CLIENTS * EACH);
    for thread in threads {
        match thread.join() {
            Ok(measured) => times.extend(measured?),
            Err(_) => bail!("a client panicked"),
        }
    }
    Ok(Times::new("posting records, 64 clients", times, start.elapsed()))
}
