//! What holds for connections, whatever is asked on them.

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use server::serving::{Limits, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub struct Serving {
    pub address: SocketAddr,
    pub stop: Arc<Notify>,
    pub ended: JoinHandle<()>,
}

impl Serving {
    pub async fn begin(app: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let ended =
            tokio::spawn(async move { serve(listener, app, limits, stopped.notified()).await });
        Self { address, stop, ended }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// Everything until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_stop_answers_what_has_begun_and_takes_nothing_new() {
    let (begun, goes_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, waits) = (Arc::clone(&begun), Arc::clone(&goes_on));
    let work = move || {
        let (told, waits) = (Arc::clone(&told), Arc::clone(&waits));
        async move {
            told.notify_one();
            waits.notified().await;
            "acknowledged"
        }
    };
    let serving = Serving::begin(Router::new().route("/", post(work)), Limits::default()).await;
    let (mut busy, mut idle) = (serving.connect().await, serving.connect().await);
    busy.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    begun.notified().await;
    serving.stop.notify_one();
    assert_eq!(rest(&mut idle).await, "", "who asks nothing is let go");
    assert!(TcpStream::connect(serving.address).await.is_err(), "the door is shut");
    goes_on.notify_one();
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("acknowledged"), "{answer}");
    serving.ended.await.unwrap();
}

#[tokio::test]
async fn who_never_ends_the_head_of_a_request_is_let_go() {
    let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
    let serving = Serving::begin(Router::new(), limits).await;
    let mut slow = serving.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    let answer = rest(&mut slow).await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn too_large_a_head_is_refused() {
    let serving = Serving::begin(Router::new(), Limits::default()).await;
    for head in [format!("x-large: {}\r\n", "a".repeat(100_000)), "x-many: 1\r\n".repeat(100)] {
        let mut stream = serving.connect().await;
        let request = format!("GET / HTTP/1.1\r\nhost: x\r\n{head}\r\n");
        // The answer may come, and the connection close, before all is sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 431");
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let who = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
    let limits = Limits { connections: 1, ..Limits::default() };
    let serving = Serving::begin(Router::new().route("/", get(who)), limits).await;
    let first = serving.connect().await;
    let mut second = serving.connect().await;
    let own = second.local_addr().unwrap().to_string();
    second.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut byte = [0; 1];
    let early = tokio::time::timeout(Duration::from_millis(50), second.read(&mut byte)).await;
    assert!(early.is_err(), "nobody answers yet");
    drop(first);
    let answer = rest(&mut second).await;
    assert!(answer.ends_with(&own), "{answer}");
}
