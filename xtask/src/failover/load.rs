//! Many who post at once, each with a record of its own of what was acknowledged, and one who reads.

use crate::demo::LogIn;
use crate::http::Client;
use crate::shelves::{Shelf, shelves};
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use uuid::Uuid;

const CLIENTS: usize = 16;
/// Longer than any outage that is provoked here.
const PATIENCE: Duration = Duration::from_secs(180);
const BEFORE_THE_NEXT_TRY: Duration = Duration::from_millis(200);
const BETWEEN_TWO_LOOKS: Duration = Duration::from_millis(100);

pub struct Load {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<Result<()>>>,
}

#[derive(Default)]
struct Shared {
    ends: AtomicBool,
    acknowledged: Mutex<Vec<Acknowledged>>,
    /// When a page was read.
    reads: Mutex<Vec<Instant>>,
    told_to_wait: AtomicUsize,
    broken: AtomicUsize,
}

#[derive(Clone, Copy)]
pub struct Acknowledged {
    pub id: Uuid,
    at: Instant,
}

pub struct Outcome {
    /// In the order of their answers.
    pub acknowledged: Vec<Acknowledged>,
    reads: Vec<Instant>,
    pub told_to_wait: usize,
    pub broken: usize,
}

/// What became of a record that was sent.
enum Answer {
    Acknowledged,
    /// Sent again: it counts once.
    TryAgain,
}

impl Load {
    pub fn start(door: SocketAddr, people: &[LogIn]) -> Result<Self> {
        let (workers, shelves) = shelves(door, people)?;
        let shared = Arc::new(Shared::default());
        let mut threads = Vec::new();
        if let Some(worker) = workers.first() {
            let (client, shared) = (worker.again()?, shared.clone());
            threads.push(thread::spawn(move || read(&shared, client)));
        }
        for shelf in shelves.iter().cycle().take(CLIENTS) {
            let (client, shared) = (workers[shelf.worker].again()?, shared.clone());
            let shelf = shelf.clone();
            threads.push(thread::spawn(move || post(&shared, client, &shelf)));
        }
        Ok(Self { shared, threads })
    }

    /// Waits for the next answer to anybody; the end tells why there is none.
    pub fn wait_for_answer(&self) {
        let (start, before) = (Instant::now(), self.shared.acknowledged().len());
        while self.shared.acknowledged().len() == before {
            let gave_up = self.threads.iter().any(JoinHandle::is_finished);
            if gave_up || start.elapsed() > PATIENCE {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Lets everybody finish the record they are at.
    pub fn end(self) -> Result<Outcome> {
        self.shared.ends.store(true, Ordering::Relaxed);
        for thread in self.threads {
            match thread.join() {
                Ok(done) => done?,
                Err(_) => bail!("a client panicked"),
            }
        }
        let mut acknowledged = self.shared.acknowledged().clone();
        acknowledged.sort_by_key(|ack| ack.at);
        Ok(Outcome {
            acknowledged,
            reads: std::mem::take(&mut *locked(&self.shared.reads)),
            told_to_wait: self.shared.told_to_wait.load(Ordering::Relaxed),
            broken: self.shared.broken.load(Ordering::Relaxed),
        })
    }
}

impl Shared {
    fn acknowledged(&self) -> MutexGuard<'_, Vec<Acknowledged>> {
        locked(&self.acknowledged)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outcome {
    /// The longest time without an acknowledgement that ended between these moments.
    pub fn without_writes(&self, from: Instant, to: Instant) -> Duration {
        let writes: Vec<Instant> = self.acknowledged.iter().map(|ack| ack.at).collect();
        silence(&writes, from, to)
    }

    /// The same for reading.
    pub fn without_reads(&self, from: Instant, to: Instant) -> Duration {
        silence(&self.reads, from, to)
    }
}

fn silence(moments: &[Instant], from: Instant, to: Instant) -> Duration {
    let pairs = moments.windows(2).filter(|pair| (from..to).contains(&pair[1]));
    pairs.map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}

/// Looks at one page again and again.
fn read(shared: &Shared, mut client: Client) -> Result<()> {
    while !shared.ends.load(Ordering::Relaxed) {
        match client.get("/events") {
            Ok(answer) if answer.status == 200 => locked(&shared.reads).push(Instant::now()),
            Ok(answer) if answer.status == 503 => {}
            Ok(answer) => bail!("a page got {}", answer.status),
            Err(_) => {
                if let Ok(again) = client.again() {
                    client = again;
                }
            }
        }
        thread::sleep(BETWEEN_TWO_LOOKS);
    }
    Ok(())
}

/// Sends one record after the other until it is to end, each until it is acknowledged.
fn post(shared: &Shared, mut client: Client, shelf: &Shelf) -> Result<()> {
    while !shared.ends.load(Ordering::Relaxed) {
        let (id, mut record) = shelf.drop();
        // The store may run out meanwhile: what happened is taken down all the same.
        record["confirmed"] = true.into();
        let (start, record) = (Instant::now(), record.to_string());
        while let Answer::TryAgain = send(shared, &mut client, &record)? {
            if start.elapsed() > PATIENCE {
                bail!("the record {id} was not taken within {} s", PATIENCE.as_secs());
            }
            thread::sleep(BEFORE_THE_NEXT_TRY);
        }
        shared.acknowledged().push(Acknowledged { id, at: Instant::now() });
    }
    Ok(())
}

fn send(shared: &Shared, client: &mut Client, record: &str) -> Result<Answer> {
    let Ok(answer) = client.post("/api/v1/records", "application/json", record.as_bytes()) else {
        shared.broken.fetch_add(1, Ordering::Relaxed);
        if let Ok(again) = client.again() {
            *client = again;
        }
        return Ok(Answer::TryAgain);
    };
    match answer.status {
        200 | 201 => Ok(Answer::Acknowledged),
        503 => {
            shared.told_to_wait.fetch_add(1, Ordering::Relaxed);
            Ok(Answer::TryAgain)
        }
        status => {
            let body = String::from_utf8(answer.body).context("not a text")?;
            bail!("a record got {status}: {body}")
        }
    }
}
