//! The program dies while many post, again and again: nothing that it acknowledged is lost, nothing
//! is there twice, and the books are right whenever it comes back.

mod power;

use crate::books::{On, on_both, tell};
use crate::others::asking::Books;
use power::Disk;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;
use uuid::Uuid;

const CLIENTS: usize = 16;
/// A program that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is killed; `TAWZI_TEST_KILLS` asks for more.
fn kills(usually: usize) -> usize {
    std::env::var("TAWZI_TEST_KILLS").map_or(usually, |kills| kills.parse().unwrap())
}

on_both!(a_killed_program_loses_nothing_that_it_acknowledged);

async fn a_killed_program_loses_nothing_that_it_acknowledged(url: String) {
    let end = Life::new(url, Disk::OfTheSystem).many_deaths(kills(10)).await;
    assert_eq!((end.lost, end.wrong), (0, None));
    assert!(end.acknowledged > CLIENTS, "{} acknowledged", end.acknowledged);
}

#[test]
fn nor_does_one_whose_power_fails() {
    tell(On::Sqlite, async |url| {
        let end = Life::new(url, Disk::Forgets).many_deaths(kills(6)).await;
        assert_eq!((end.lost, end.wrong), (0, None));
        assert!(end.acknowledged > CLIENTS, "{} acknowledged", end.acknowledged);
    });
}

/// Shows that the test above can fail.
#[test]
fn a_disk_that_does_not_sync_is_found_out() {
    tell(On::Sqlite, async |url| {
        let end = Life::new(url, Disk::Lies).many_deaths(1).await;
        assert!(end.lost > 0 || end.wrong.is_some(), "{} acknowledged", end.acknowledged);
    });
}

/// Books, the people who write into them, and what they were told.
struct Life {
    url: String,
    disk: Disk,
    token: String,
    clients: Vec<Client>,
}

/// One client's own record of what it sent.
#[derive(Default)]
struct Client {
    /// Sent, and never answered: sent again first.
    unanswered: Option<(Uuid, String)>,
    acknowledged: Vec<Uuid>,
}

/// What is found when it is over.
struct End {
    acknowledged: usize,
    /// Acknowledged records that the books do not hold.
    lost: usize,
    /// What `verify` said, or that a record is there twice.
    wrong: Option<String>,
}

/// A program that answers at an address.
struct Running {
    program: Child,
    address: String,
}

fn tawzi(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tawzi"));
    let (name, rest) = arguments.split_first().unwrap();
    command.args([name, "--database-url", url]).args(rest).stdin(Stdio::null());
    command
}

impl Life {
    fn new(url: String, disk: Disk) -> Self {
        assert!(tawzi(&url, &["demo"]).output().unwrap().status.success());
        let token = ["token", "partner", "add", "Sudden death", "--write"];
        let token = tawzi(&url, &token).output().unwrap();
        assert!(token.status.success(), "{token:?}");
        let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
        let clients = (0..CLIENTS).map(|_| Client::default()).collect();
        Self { url, disk, token, clients }
    }

    async fn many_deaths(mut self, kills: usize) -> End {
        let before = self.posted().await;
        for _ in 0..kills {
            // Some moment after the clients have begun: no two lives are the same.
            let answers = 20 + usize::from(Uuid::now_v7().as_bytes()[15] % 60);
            let running = self.start();
            self.work(running, Some(answers));
            self.disk.fail(&self.url);
            if let Some(wrong) = self.wrong() {
                return self.end(&before, Some(wrong)).await;
            }
        }
        // What nobody was told about is sent again, and answered.
        let running = self.start();
        self.work(running, None);
        let wrong = self.wrong();
        self.end(&before, wrong).await
    }

    fn start(&self) -> Running {
        let mut program = tawzi(&self.url, &["serve", "--listen", "127.0.0.1:0"]);
        self.disk.under(&mut program, &self.url);
        let mut program = program.stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(program.stderr.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| Some(line.split_once("Tawzi answers at ")?.1.to_owned()));
        let address = address.expect("the program came up again");
        // Whatever else it says must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        Running { program, address }
    }

    /// Lets every client send until the program dies, which it does after so many answers; without
    /// a number, until nothing is unanswered.
    fn work(&mut self, mut running: Running, answers: Option<usize>) {
        let (told, hears) = mpsc::channel();
        let place = Place::find(&running.address, &self.token);
        let clients = std::mem::take(&mut self.clients);
        let begun: Vec<_> = clients
            .into_iter()
            .map(|client| {
                let (place, told, goes_on) = (place.clone(), told.clone(), answers.is_some());
                thread::spawn(move || client.send(&place, &told, goes_on))
            })
            .collect();
        drop(told);
        for _ in 0..answers.unwrap_or(0) {
            hears.recv_timeout(PATIENCE).expect("the program answers");
        }
        if answers.is_some() {
            running.program.kill().unwrap();
        }
        self.clients = begun.into_iter().map(|client| client.join().unwrap()).collect();
        let _ = running.program.kill();
        running.program.wait().unwrap();
    }

    /// What is wrong with the books, in the program's own words.
    fn wrong(&self) -> Option<String> {
        let proof = tawzi(&self.url, &["verify"]).output().unwrap();
        let said = || format!("{proof:?}");
        (!proof.status.success()).then(said)
    }

    /// The records of this kind that the books hold, each with its movements.
    async fn posted(&self) -> BTreeMap<String, usize> {
        let id = match self.url.starts_with("sqlite:") {
            true => "lower(hex(r.id))",
            false => "replace(CAST(r.id AS text), '-', '')",
        };
        let posted = format!(
            "SELECT {id} AS text FROM record r JOIN movement m ON m.record_id = r.id
             WHERE r.kind = 'drop' AND NOT m.derived"
        );
        let mut found = BTreeMap::new();
        for record in Books::open(&self.url).await.texts(&posted).await {
            *found.entry(record).or_default() += 1;
        }
        found
    }

    async fn end(&self, before: &BTreeMap<String, usize>, wrong: Option<String>) -> End {
        let told = self.clients.iter().flat_map(|client| &client.acknowledged);
        let told: BTreeSet<String> = told.map(|id| id.simple().to_string()).collect();
        // Books that cannot be read any more hold nothing.
        let posted = if wrong.is_some() { BTreeMap::new() } else { self.posted().await };
        let lost = told.iter().filter(|id| !posted.contains_key(*id)).count();
        let unsent = posted.keys().find(|id| !told.contains(*id) && !before.contains_key(*id));
        let twice = posted.iter().find(|(id, times)| told.contains(*id) && **times != 1);
        let wrong = wrong
            .or(twice.map(|(id, times)| format!("{id} moved pieces {times} times")))
            .or(unsent.map(|id| format!("{id} is there, and nobody was told")));
        End { acknowledged: told.len(), lost, wrong }
    }
}

/// Where the clients leave pieces.
#[derive(Clone)]
struct Place {
    agent: ureq::Agent,
    records: String,
    token: String,
    store: Value,
    district: Value,
    material: Value,
}

impl Place {
    fn find(address: &str, token: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE));
        let agent = ureq::Agent::new_with_config(config.http_status_as_error(false).build());
        let holdings = agent.get(format!("{address}/api/v1/holdings"));
        let mut holdings =
            holdings.header("authorization", format!("Bearer {token}")).call().unwrap();
        let holdings: Value =
            serde_json::from_str(&holdings.body_mut().read_to_string().unwrap()).unwrap();
        let most = holdings["items"].as_array().unwrap().iter();
        let most = most.max_by_key(|holding| holding["in_store"].as_i64()).unwrap();
        Self {
            agent,
            records: format!("{address}/api/v1/records"),
            token: token.to_owned(),
            store: most["store"].clone(),
            district: most["place"].clone(),
            material: most["material"].clone(),
        }
    }

    fn one_piece(&self) -> (Uuid, String) {
        let id = Uuid::now_v7();
        let body = json!({
            "id": id, "kind": "drop", "occurred_on": "2017-07-10",
            "device_time": "2017-07-10T12:00:00+04:30", "confirmed": true,
            "body": {
                "store": self.store, "place": self.district, "kind": "clinic", "places": 1,
                "goods": {"materials": [[self.material, 1]]},
            },
        });
        (id, body.to_string())
    }

    /// The status of the answer; nothing when there was none.
    fn post(&self, body: &str) -> Option<u16> {
        let post = self.agent.post(&self.records).content_type("application/json");
        let answer = post.header("authorization", format!("Bearer {}", self.token)).send(body);
        Some(answer.ok()?.status().as_u16())
    }
}

impl Client {
    fn send(mut self, place: &Place, told: &Sender<()>, goes_on: bool) -> Self {
        loop {
            let next = match self.unanswered.take() {
                Some(again) => again,
                None if goes_on => place.one_piece(),
                None => return self,
            };
            match place.post(&next.1) {
                Some(200 | 201) => self.acknowledged.push(next.0),
                Some(status) => panic!("{status} for {}", next.1),
                None => {
                    self.unanswered = Some(next);
                    return self;
                }
            }
            // The one who counts may have heard enough.
            let _ = told.send(());
        }
    }
}
