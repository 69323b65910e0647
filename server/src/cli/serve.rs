use super::{open, other};
use crate::config::{Serve, StartError};
use crate::serving::{self, Limits};
use crate::{api, figures, router};
use app::state::{AppState, Settings};
use leptos::config::LeptosOptions;
use std::future::IntoFuture;
use std::io::{ErrorKind, IsTerminal};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use stock::Stock;
use stock::access::Token;
use stock::seals::MOST_AT_ONCE;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

pub async fn run(serve: Serve) -> Result<(), StartError> {
    log_to_stderr();
    survive_file_size_limit();
    let public_url = serve.checked_public_url()?;
    // The port first: a second program must find out before it touches the books.
    let listener = listen(serve.listen, "--listen").await?;
    let metrics = match serve.metrics_listen {
        Some(address) => Some(listen(address, "--metrics-listen").await?),
        None => None,
    };
    let stock = open(&serve.books).await?;
    let stock = match &serve.standby_url {
        Some(copy) => stock.with_standby(&serve.books.url()?, copy).await?,
        None => stock,
    };
    let address = listener.local_addr().map_err(other)?;
    let setup_token = setup_token(&stock).await?;
    let base = public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    if let Some(token) = &setup_token {
        tracing::warn!("nobody has an account yet; begin at {base}/setup/{}", token.as_str());
    }
    let secure = base.starts_with("https://");
    if secure && serve.trusted_proxy.is_empty() {
        tracing::warn!(
            "everybody seems to come from the reverse proxy and shares its limits: name it with \
             --trusted-proxy"
        );
    }
    let settings = Settings {
        leptos: leptos_options(address),
        public_url,
        secure,
        trusted_proxies: serve.trusted_proxy,
        setup_token,
    };
    tokio::spawn(keep_sealing(stock.clone()));
    if let Some(listener) = metrics {
        let address = listener.local_addr().map_err(other)?;
        tracing::info!("figures for Prometheus are at http://{address}/metrics");
        let figures = figures::router(stock.clone());
        tokio::spawn(axum::serve(listener, figures).into_future());
    }
    let state =
        AppState { stock, settings: Arc::new(settings), letters: api::letter, let_in: api::let_in };
    tracing::info!("Tawzi answers at {base}");
    tokio::select! {
        () = serving::serve(listener, router::router(state), Limits::default(), stopped()) => {}
        () = patience() => {}
    }
    Ok(())
}

/// Gives every record its seal soon after it was made. With several nodes, one at a time.
async fn keep_sealing(stock: Stock) {
    const PAUSE: Duration = Duration::from_secs(1);
    loop {
        match stock.seal_waiting().await {
            // There may be more: seal on.
            Ok(sealed) if sealed == MOST_AT_ONCE => continue,
            Ok(_) => {}
            // Records keep waiting; the next try may be luckier.
            Err(error) => tracing::warn!(%error, "records could not be sealed"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is still open some seconds after the signal is cut.
async fn patience() {
    const LAST_ANSWERS: Duration = Duration::from_secs(10);
    stopped().await;
    tokio::time::sleep(LAST_ANSWERS).await;
}

/// A token for the set-up page while nobody has an account.
async fn setup_token(stock: &Stock) -> Result<Option<Token>, StartError> {
    let new = stock.is_new().await.map_err(other)?;
    Ok(new.then(|| stock.browser_token()))
}

/// What leptos needs to know to name the client's files: given here, so that no variable of the
/// environment changes it.
pub fn leptos_options(address: SocketAddr) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("tawzi")
        .site_root("target/site")
        .site_pkg_dir("pkg")
        .site_addr(address)
        .build()
}

async fn listen(address: SocketAddr, flag: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|reason| {
        if reason.kind() == ErrorKind::AddrInUse {
            StartError::PortInUse(address, flag)
        } else {
            StartError::Listen { address, reason }
        }
    })
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("TAWZI_LOG");
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

/// A limit of file sizes kills a process that writes beyond it, unless it listens to the signal;
/// then the write fails, and the person gets a sentence about it.
fn survive_file_size_limit() {
    #[cfg(target_os = "linux")]
    {
        use tokio::signal::unix::{SignalKind, signal};
        const SIGXFSZ: i32 = 25;
        if let Err(error) = signal(SignalKind::from_raw(SIGXFSZ)) {
            tracing::warn!(%error, "a limit of file sizes would stop the program");
        }
    }
}

/// Ctrl-C or a polite kill: requests that have begun are answered first.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
