//! Posting records through the API: one piece left in a clinic, by one client and by many at once.

use super::figures::Times;
use crate::demo::LogIn;
use crate::http::Client;
use crate::shelves::{Shelf, shelves};
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

const WARM_UP: usize = 10;
const ALONE: usize = 300;
const CLIENTS: usize = 64;
const EACH: usize = 30;

pub fn measure(address: SocketAddr, people: &[LogIn]) -> Result<Vec<Times>> {
    let (mut workers, shelves) = shelves(address, people)?;
    Ok(vec![alone(&mut workers, &shelves)?, together(&workers, &shelves)?])
}

fn send(client: &mut Client, shelf: &Shelf) -> Result<()> {
    let body = shelf.drop().1.to_string();
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
        places.push((client, shelf.of(0)));
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
