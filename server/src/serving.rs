//! Connections, with the limits that a router cannot set: how many there are, how long and how
//! large the head of a request is. A stop answers what has begun and takes nothing new.

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// What one connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the end of an answer, or from the beginning, until a head is whole. Long enough for
    /// the proxies that keep connections for their next request.
    pub head: Duration,
    pub head_bytes: usize,
    pub headers: usize,
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(60),
            head_bytes: 32 * 1024,
            headers: 64,
            connections: 1_024,
        }
    }
}

/// Given to every request: an answer that would go on by itself ends when the program stops.
#[derive(Clone)]
pub struct Stopping(watch::Receiver<()>);

impl Stopping {
    /// Waits until the program stops.
    pub async fn begun(&mut self) {
        // Without its sender nothing is left to wait for.
        let _ = self.0.changed().await;
    }
}

/// When a connection could not be taken, for want of file handles say, the next try may be luckier.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers until `stopped`, and then until what has begun is answered.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    stopped: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let (stop, stopping) = watch::channel(());
    let mut stopped = pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut stopped => break,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let (app, stopping) = (app.clone(), stopping.clone());
                tokio::spawn(async move {
                    answer(stream, peer, app, limits, stopping).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop((listener, stopping));
    // Nobody is left to tell when every connection has ended.
    let _ = stop.send(());
    stop.closed().await;
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> std::io::Result<Accepted> {
    // Those beyond wait with the system.
    let place = Arc::clone(room).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    limits: Limits,
    mut stopping: watch::Receiver<()>,
) {
    // Answers are sent as a whole: waiting for more to send would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection ended before it began");
    }
    let app = app
        .layer(axum::Extension(ConnectInfo(peer)))
        .layer(axum::Extension(Stopping(stopping.clone())));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
