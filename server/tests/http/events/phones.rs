//! Many phones on a network that loses, doubles, delays and reorders what they send, with a server
//! that fails now and then: every record is in the books once, and the books are right.
//!
//! The phones here keep and send by the same rules as the page (`domain::field::outbox`); how the
//! page keeps them in a browser is what the browser tests try.

use super::Village;
use crate::program::{Browser, PASSWORD, browser_at};
use axum::http::StatusCode;
use domain::events::PublicPlace;
use domain::field::outbox::{Job, Kept, State, after_restore, next_to_send, request};
use domain::field::stamp::{Stamp, device};
use domain::ids::{StoreId, UserId};
use domain::pieces::Pieces;
use domain::records::events::{Goods, LeaveInPublic};
use domain::role::PlaceCode;
use domain::time::Millis;
use serde_json::Value;
use stock::Stock;
use stock::records::SentFilter;
use uuid::Uuid;

/// `TAWZI_TEST_PHONES=PHONES,RECORDS,SEEDS` asks for more.
fn size() -> [u64; 3] {
    let asked = std::env::var("TAWZI_TEST_PHONES").unwrap_or_else(|_| "5,12,3".to_owned());
    let numbers: Vec<u64> = asked.split(',').map(|number| number.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// What the network makes of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Arrives,
    /// It never gets there.
    Lost,
    /// It gets there, and the answer is lost on its way back.
    AnswerLost,
    Doubled,
    /// The phone gives up; it gets there after later ones.
    Late,
    /// The server says that something is wrong with it.
    ServerIll,
}

/// The weather of one seed (a xorshift, so that a failure can be seen again).
struct Weather(u64);

impl Weather {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn fate(&mut self) -> Fate {
        let fates = [
            Fate::Arrives,
            Fate::Arrives,
            Fate::Lost,
            Fate::AnswerLost,
            Fate::Doubled,
            Fate::Late,
            Fate::ServerIll,
        ];
        fates[self.roll(7) as usize]
    }
}

struct Phone {
    id: Uuid,
    by: UserId,
    /// How far its clock is from the server's.
    clock_ms: i64,
    outbox: Vec<Kept>,
    /// Requests that are still on their way.
    late: Vec<Value>,
}

impl Phone {
    fn new(by: UserId, clock_ms: i64) -> Self {
        Self { id: Uuid::now_v7(), by, clock_ms, outbox: Vec::new(), late: Vec::new() }
    }

    fn leave(&mut self, village: &Village, now: Millis, pieces: i64) {
        let sequence = self.outbox.len() as i64 + 1;
        let goods = Goods {
            materials: vec![(village.leaflets, Pieces::new(pieces).unwrap())],
            ..Goods::default()
        };
        let body = LeaveInPublic {
            store: village.store,
            place: PlaceCode::new("AF2101"),
            kind: PublicPlace::Clinic,
            places: None,
            goods,
        };
        let stamp = Stamp {
            id: Uuid::now_v7().into(),
            device: device(self.id, sequence),
            now: now.plus_ms(self.clock_ms),
            offset_minutes: 270,
            scanned: false,
            on: None,
        };
        self.outbox.push(Kept {
            id: stamp.id,
            sequence,
            made_at: stamp.now,
            by: self.by,
            job: Job::Drop,
            about: "clinic".to_owned(),
            pieces,
            shifts: Vec::new(),
            record: stamp.record(&body).unwrap(),
            state: State::Here,
            undoes: None,
        });
    }

    fn waits(&self) -> bool {
        self.outbox.iter().any(Kept::waits)
    }

    /// One try, as the page makes it.
    async fn send(&mut self, browser: &Browser, now: Millis, fate: Fate) {
        let sent: Vec<Kept> =
            next_to_send(&self.outbox, self.by).into_iter().take(5).cloned().collect();
        if sent.is_empty() {
            return;
        }
        let ids: Vec<_> = sent.iter().map(|kept| kept.id).collect();
        for kept in self.outbox.iter_mut().filter(|kept| ids.contains(&kept.id)) {
            kept.state = State::Sent;
        }
        let body = request(&sent, now.plus_ms(self.clock_ms), 270);
        let answer = match fate {
            Fate::Lost | Fate::ServerIll => None,
            Fate::Late => {
                self.late.push(body);
                None
            }
            Fate::AnswerLost => {
                post(browser, &body).await;
                None
            }
            Fate::Doubled => {
                post(browser, &body).await;
                Some(post(browser, &body).await)
            }
            Fate::Arrives => Some(post(browser, &body).await),
        };
        let results = answer.as_ref().and_then(|answer| answer["results"].as_array());
        for (kept, result) in ids.iter().zip(results.into_iter().flatten()) {
            let mine = self.outbox.iter_mut().find(|known| known.id == *kept).unwrap();
            mine.hear(result);
        }
    }
}

async fn post(browser: &Browser, body: &Value) -> Value {
    let answer = browser.server.post("/api/v1/records").json(body).await;
    assert_eq!(answer.status_code(), StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// How many drops there are, and how many pieces are left in the store.
async fn in_the_books(stock: &Stock, village: &Village, store: StoreId) -> (usize, i64) {
    let reader = stock.reader(&village.actor);
    let filter = SentFilter { kind: Some("drop".to_owned()), ..SentFilter::default() };
    let drops = reader.sent_records(&filter, 1_000_000).await.unwrap();
    let left = reader.batches_in(store, None).await.unwrap();
    (drops.len(), left.iter().map(|batch| batch.pieces).sum())
}

#[tokio::test]
async fn on_any_network_every_record_is_in_the_books_once() {
    let [phones, records, seeds] = size();
    for seed in 1..=seeds {
        let village = Village::build().await;
        let mut weather = Weather::new(seed);
        // Clocks are hours and years wrong.
        let wrong = [0, -7_200_000, 3 * 365 * 86_400_000, -400 * 86_400_000, 90_000];
        let clock = |n: u64| wrong[n as usize % wrong.len()];
        let mut all: Vec<Phone> =
            (0..phones).map(|n| Phone::new(village.actor.user, clock(n))).collect();
        let mut pieces = 0;
        while all.iter().any(|phone| phone.waits() || (phone.outbox.len() as u64) < records) {
            let phone = &mut all[weather.roll(phones) as usize];
            let now = village.program.stock.world().now();
            if (phone.outbox.len() as u64) < records && weather.roll(2) == 0 {
                phone.leave(&village, now, 1 + weather.roll(3) as i64);
                pieces += phone.outbox.last().map_or(0, |kept| kept.pieces);
            }
            let fate = weather.fate();
            phone.send(&village.worker, now, fate).await;
            if !phone.late.is_empty() && weather.roll(3) == 0 {
                let at = weather.roll(phone.late.len() as u64) as usize;
                let late = phone.late.remove(at);
                post(&village.worker, &late).await;
            }
        }
        for phone in &all {
            let states: Vec<&State> = phone.outbox.iter().map(|kept| &kept.state).collect();
            assert!(states.iter().all(|state| **state == State::Accepted), "{seed}: {states:?}");
            for late in &phone.late {
                post(&village.worker, late).await;
            }
        }
        let (drops, left) = in_the_books(&village.program.stock, &village, village.store).await;
        assert_eq!(
            (drops as u64, left),
            (phones * records, (1_500 - pieces).max(0)),
            "seed {seed}"
        );
        village.adds_up().await;
    }
}

/// The server is restored from a backup that is older than what the phone was told last.
#[tokio::test]
async fn what_a_restored_server_lacks_comes_again() {
    let village = Village::build().await;
    let mut phone = Phone::new(village.actor.user, 0);
    let now = village.program.stock.world().now();
    let folder = std::env::temp_dir().join(format!("tawzi-phone-{}", Uuid::now_v7().simple()));
    std::fs::create_dir(&folder).unwrap();
    let backup = folder.join("backup");
    phone.leave(&village, now, 10);
    phone.send(&village.worker, now, Fate::Arrives).await;
    village.program.stock.back_up(&backup).await.unwrap();
    let epoch = village.program.stock.epoch().await.unwrap();
    phone.leave(&village, now, 20);
    phone.send(&village.worker, now, Fate::Arrives).await;
    assert!(!phone.waits());

    let url = format!("sqlite:{}", folder.join("restored.sqlite").display());
    stock::backup::restore(&backup, &url).await.unwrap();
    let restored = Stock::open(&url, village.program.world.clone()).await.unwrap();
    assert_ne!(restored.epoch().await.unwrap(), epoch);
    assert_eq!(in_the_books(&restored, &village, village.store).await, (1, 1_490));
    let browser = browser_at(&restored, "worker", PASSWORD).await;
    after_restore(&mut phone.outbox);
    while phone.waits() {
        phone.send(&browser, now, Fate::Arrives).await;
    }
    assert_eq!(in_the_books(&restored, &village, village.store).await, (2, 1_470));
    let report = restored.verify(|_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    std::fs::remove_dir_all(&folder).unwrap();
}
