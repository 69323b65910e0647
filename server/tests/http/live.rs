//! Live updates: who listens hears that the books have changed, at whichever node it was written.

use crate::books::on_both;
use crate::june::June;
use crate::program::{PASSWORD, Program, between, router_at};
use crate::serving::Serving;
use crate::small_month::SmallMonth;
use app::routes::{self, Kind};
use domain::pieces::Pieces;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::{Envelope, Occurred};
use domain::role::Role;
use server::live::MOST_OF_SESSION;
use server::serving::Limits;
use std::sync::Arc;
use std::time::Duration;
use stock::access::{Token, Visitor};
use stock::world::SystemWorld;
use stock::{Stock, Submission};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

on_both!(what_one_node_writes_is_heard_at_the_other);

/// A node looks once a second.
const PATIENCE: Duration = Duration::from_secs(20);

async fn node(stock: &Stock) -> Serving {
    Serving::begin(router_at(stock), Limits::default()).await
}

async fn token(stock: &Stock, login: &str, password: &str) -> Token {
    stock.sign_in(login, password, &Visitor::default()).await.unwrap()
}

/// A browser's stream, without a browser.
struct Stream {
    lines: BufReader<TcpStream>,
    head: String,
}

impl Stream {
    async fn open(node: &Serving, token: &str, seen: i64) -> Self {
        let mut stream = node.connect().await;
        let head = format!(
            "GET /live?seen={seen} HTTP/1.1\r\nhost: x\r\ncookie: tawzi={token}\r\n\
             accept-encoding: br, gzip\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut stream = Self { lines: BufReader::new(stream), head: String::new() };
        stream.head = stream.until(|text| text.ends_with("\r\n\r\n")).await;
        stream
    }

    async fn of(month: &SmallMonth, node: &Serving, login: &str) -> Self {
        let stock = &month.program.stock;
        let token = token(stock, login, PASSWORD).await;
        Self::open(node, token.as_str(), stock.mark().await.unwrap()).await
    }

    /// What comes until it is enough, or ends.
    async fn until(&mut self, enough: impl Fn(&str) -> bool) -> String {
        let mut text = String::new();
        let read =
            async { while !enough(&text) && self.lines.read_line(&mut text).await.unwrap() > 0 {} };
        timeout(PATIENCE, read).await.expect("it comes in time");
        text
    }

    /// The mark with the next event.
    async fn hears(&mut self) -> i64 {
        let text =
            self.until(|text| text.contains("event: changed") && text.contains("data: ")).await;
        text.split("data: ").nth(1).unwrap_or_else(|| panic!("{text}")).trim().parse().unwrap()
    }

    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

async fn what_one_node_writes_is_heard_at_the_other(url: String) {
    let june = June::of(url.clone()).await;
    let other = Stock::open(&url, Arc::new(SystemWorld)).await.unwrap();
    let known = june.log_ins.iter().find(|known| known.login == "manager").unwrap();
    let token = token(&other, "manager", &known.password).await;
    let node = node(&other).await;
    let before = other.mark().await.unwrap();
    let mut listener = Stream::open(&node, token.as_str(), before).await;
    assert_eq!(listener.status(), 200, "{}", listener.head);
    counts_old_leaflets(&june).await;
    let mark = listener.hears().await;
    assert!(mark > before);
    // Whoever comes back with an older mark hears at once; the others go on waiting.
    let mut late = Stream::open(&node, token.as_str(), before).await;
    assert_eq!(late.hears().await, mark);
}

/// The partner finds some that stood in the store before.
async fn counts_old_leaflets(june: &June) {
    let (partner, world) = (june.actor("partner").await, june.stock.world());
    let reader = june.stock.reader(&partner);
    let store = reader.stores().await.unwrap()[0].id;
    let materials = reader.materials().await.unwrap();
    let old = materials.iter().find(|known| known.short_number.as_str() == "M4").unwrap();
    let loose = Some(Pieces::new(10).unwrap());
    let row = FirstCountRow { material: old.id, cartons: None, loose };
    let (id, now) = (world.new_id().into(), world.now());
    let said = Submission::confirmed(Envelope::typed(id, Occurred::AtDeviceTime, now));
    let count = FirstCount { store, rows: vec![row] };
    june.stock.writer(&partner).first_count(said, count).await.unwrap();
}

#[tokio::test]
async fn the_stream_is_private_and_goes_through_proxies_as_it_comes() {
    let month = SmallMonth::new().await;
    let node = node(&month.program.stock).await;
    let head = Stream::of(&month, &node, "manager").await.head;
    for line in [
        "content-type: text/event-stream",
        "cache-control: no-store",
        "x-accel-buffering: no",
        "x-content-type-options: nosniff",
    ] {
        assert!(head.contains(line), "{line} is not in {head}");
    }
    assert!(!head.contains("content-encoding"), "a packer would keep events back: {head}");
}

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let program = Program::new().await;
    let answer = program.stranger().get("/live").await;
    assert_eq!(answer.status_code(), 401);
    assert_eq!(answer.header("cache-control"), "no-store");
    for role in Role::ALL {
        program.add_person(role.word(), role).await;
        let node = node(&program.stock).await;
        let token = token(&program.stock, role.word(), PASSWORD).await;
        assert_eq!(Stream::open(&node, token.as_str(), 0).await.status(), 200, "{role:?}");
    }
}

#[tokio::test]
async fn an_event_says_that_something_changed_and_not_what() {
    let month = SmallMonth::new().await;
    let node = node(&month.program.stock).await;
    let mut listener = Stream::of(&month, &node, "aid").await;
    month.counts_a_carton().await;
    let text = listener.until(|text| text.contains("data: ")).await;
    let fields = text.lines().filter(|line| line.contains(": "));
    let names: Vec<&str> = fields.map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(names, ["retry", "event", "id", "data"], "{text}");
}

#[tokio::test]
async fn a_session_that_has_ended_hears_nothing_more() {
    let month = SmallMonth::new().await;
    let stock = &month.program.stock;
    let node = node(stock).await;
    let mut listener = Stream::of(&month, &node, "manager").await;
    let manager = month.program.actor("manager").await;
    let [session] = &stock.reader(&manager).sessions(manager.user).await.unwrap()[..] else {
        panic!("one session")
    };
    stock.writer(&manager).end_session(session.id).await.unwrap();
    month.counts_a_carton().await;
    let text = listener.until(|text| text.ends_with("0\r\n\r\n")).await;
    assert!(!text.contains("changed"), "{text}");
}

#[tokio::test]
async fn a_stop_ends_the_streams() {
    let month = SmallMonth::new().await;
    let node = node(&month.program.stock).await;
    let mut listener = Stream::of(&month, &node, "manager").await;
    node.stop.notify_one();
    assert!(listener.until(|text| text.ends_with("0\r\n\r\n")).await.contains("retry: "));
    timeout(PATIENCE, node.ended).await.expect("nothing keeps the program").unwrap();
}

#[tokio::test]
async fn one_session_holds_only_so_many_streams() {
    let month = SmallMonth::new().await;
    let stock = &month.program.stock;
    let node = node(stock).await;
    let own = token(stock, "manager", PASSWORD).await;
    let mut open = Vec::new();
    for _ in 0..MOST_OF_SESSION {
        open.push(Stream::open(&node, own.as_str(), 0).await);
    }
    assert!(open.iter().all(|stream| stream.status() == 200));
    let refused = Stream::open(&node, own.as_str(), 0).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.head.contains("retry-after: 60"), "{}", refused.head);
    assert_eq!(
        Stream::of(&month, &node, "relief").await.status(),
        200,
        "others are not in its way"
    );
    // A page that is left makes room.
    drop(open);
    let again = async { while Stream::open(&node, own.as_str(), 0).await.status() != 200 {} };
    timeout(PATIENCE, again).await.expect("there is room again");
}

#[tokio::test]
async fn whoever_comes_after_the_last_one_has_left_hears_too() {
    let month = SmallMonth::new().await;
    let node = node(&month.program.stock).await;
    drop(Stream::of(&month, &node, "manager").await);
    let mut listener = Stream::of(&month, &node, "manager").await;
    month.counts_a_carton().await;
    listener.hears().await;
}

/// The mark that a page knows, if it is one that hears of changes.
fn mark_of(page: &str) -> Option<i64> {
    let listens = page.contains("src=\"/live.js\"");
    assert_eq!(listens, page.contains("id=\"changed\""), "a script with nothing to say");
    listens.then(|| between(page, "data-seen=\"", "\"").parse().unwrap())
}

#[tokio::test]
async fn a_page_knows_the_mark_from_before_it_was_read() {
    let month = SmallMonth::new().await;
    let manager = month.program.browser_of("manager").await;
    let before = mark_of(&manager.page("/stock").await);
    assert_eq!(before, Some(month.program.stock.mark().await.unwrap()));
    month.counts_a_carton().await;
    assert!(mark_of(&manager.page("/stock").await) > before);
}

#[tokio::test]
async fn only_pages_that_can_be_read_again_hear_of_changes() {
    let month = SmallMonth::new().await;
    assert_eq!(mark_of(&month.program.stranger().page("/login").await), None);
    let relief = month.program.browser_of("relief").await;
    let event = month.plan("2017-06-20", "AF2101").await;
    assert_eq!(mark_of(&relief.page(&format!("/events/{event}/form")).await), None, "a paper");
    assert_eq!(mark_of(&relief.get("/people").await.text()), None, "there is nothing here");
    let fields = [("name", "A script"), ("days", "30")];
    let made = relief.post("/account/tokens", &fields).await;
    assert_eq!((made.status_code().as_u16(), mark_of(&made.text())), (200, None), "shown once");
    assert!(mark_of(&relief.page("/account/tokens").await).is_some());
}

#[tokio::test]
async fn who_only_reads_changes_nothing_that_others_would_read_again() {
    let month = SmallMonth::new().await;
    let manager = month.program.browser_of("manager").await;
    let mark = month.program.stock.mark().await.unwrap();
    let mut read = 0;
    for route in routes::all().iter().filter(|route| !route.path.contains('{')) {
        if matches!(route.kind, Kind::Page(_)) {
            read += u32::from(manager.get(route.path).await.status_code() == 200);
        }
    }
    assert!(read > 20, "{read} pages were read");
    assert_eq!(month.program.stock.mark().await.unwrap(), mark);
}
