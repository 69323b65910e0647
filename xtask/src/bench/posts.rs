//! Posting records through the API: one piece left in a clinic, by one client, by many at once, and in
//! lists; and what only the door costs, for comparison.

use super::figures::{Figure, Times};
use crate::demo::LogIn;
use crate::http::Client;
use crate::shelves::{Shelf, shelves};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

const WARM_UP: usize = 10;
const ALONE: usize = 300;
pub const CLIENTS: usize = 64;
const EACH: usize = 30;
/// Clients that send lists, and how many records stand in one.
const SENDERS: usize = 8;
const LISTS: usize = 2;
const LIST: usize = 50;

type Send = fn(&mut Client, &Shelf) -> Result<()>;

pub struct Posts {
    pub alone: Times,
    pub together: Times,
    /// One time a list.
    pub lists: Times,
    /// The same bodies, authenticated and read, and refused for one word: what the door costs.
    pub refused: Times,
}

impl Posts {
    pub fn figures(&self) -> [Figure; 2] {
        let listed = self.lists.per_second() * LIST as f64;
        let door = self.together.per_second() / self.refused.per_second();
        [
            Figure::at_least("records in lists of 50, 8 clients", listed, "a second", 20_000.0),
            Figure::at_least("posting, of what the door lets through", door, "", 0.5),
        ]
    }

    pub fn times(self) -> [Times; 4] {
        [self.alone, self.together, self.lists, self.refused]
    }
}

pub fn measure(address: SocketAddr, people: &[LogIn]) -> Result<Posts> {
    let (mut workers, shelves) = shelves(address, people)?;
    let alone = alone(&mut workers, &shelves)?;
    let together = many(&workers, &shelves, "posting records, 64 clients", (CLIENTS, EACH), send)?;
    let name = "posting lists of 50 records, 8 clients";
    // Some shelves are nearly empty by now: they are looked for anew.
    let (workers, shelves) = self::shelves(address, people)?;
    let lists = many(&workers, &shelves, name, (SENDERS, LISTS), send_list)?;
    let name = "refusing records at the door, 64 clients";
    let refused = many(&workers, &shelves, name, (CLIENTS, EACH), send_wrong)?;
    Ok(Posts { alone, together, lists, refused })
}

fn post(client: &mut Client, body: &Value, expects: u16) -> Result<Vec<u8>> {
    let body = body.to_string();
    let answer = client.post("/api/v1/records", "application/json", body.as_bytes())?;
    if answer.status != expects {
        let said = String::from_utf8_lossy(&answer.body);
        bail!("a record got {}: {said}", answer.status);
    }
    Ok(answer.body)
}

pub fn send(client: &mut Client, shelf: &Shelf) -> Result<()> {
    post(client, &shelf.drop().1, 201).map(drop)
}

fn send_list(client: &mut Client, shelf: &Shelf) -> Result<()> {
    let list: Vec<Value> = (0..LIST).map(|_| shelf.drop().1).collect();
    let answer: Value = serde_json::from_slice(&post(client, &list.into(), 200)?)?;
    let results = answer["results"].as_array().context("no results")?;
    let accepted = results.iter().filter(|result| result["status"] == "accepted").count();
    if accepted != LIST {
        bail!("of a list of {LIST}, {accepted} were accepted");
    }
    Ok(())
}

fn send_wrong(client: &mut Client, shelf: &Shelf) -> Result<()> {
    let (_, mut record) = shelf.drop();
    record["entry_method"] = "guessed".into();
    post(client, &record, 422).map(drop)
}

/// One after the other, and how long each took.
fn timed<'s>(
    clients: &mut [Client],
    shelves: impl Iterator<Item = &'s Shelf>,
    send: Send,
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
    timed(workers, turns.by_ref().take(WARM_UP), send)?;
    let start = Instant::now();
    let times = timed(workers, turns.take(ALONE), send)?;
    Ok(Times::new("posting a record, 1 client", times, start.elapsed()))
}

/// Several clients at once, each on a shelf of its own as far as there are.
pub fn many(
    workers: &[Client],
    shelves: &[Shelf],
    name: &str,
    (clients, each): (usize, usize),
    send: Send,
) -> Result<Times> {
    let mut places = Vec::new();
    for shelf in shelves.iter().cycle().take(clients) {
        let client = workers[shelf.worker].again()?;
        places.push((client, shelf.of(0)));
    }
    let start = Instant::now();
    let threads = places.into_iter().map(|(client, shelf)| {
        thread::spawn(move || timed(&mut [client], std::iter::repeat_n(&shelf, each), send))
    });
    let threads: Vec<_> = threads.collect();
    let mut times = Vec::with_capacity(clients * each);
    for thread in threads {
        match thread.join() {
            Ok(measured) => times.extend(measured?),
            Err(_) => bail!("a client panicked"),
        }
    }
    Ok(Times::new(name, times, start.elapsed()))
}
