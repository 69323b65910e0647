//! How the program is started: flags, and `TAWZI_*` variables for the same.

use clap::{Args, Parser};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// The name of the file with the books inside the data folder.
const FILE: &str = "tawzi.sqlite";

/// Why the program does not start: one sentence for whoever started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data folder {path} cannot be written: {reason}; choose another with --data-dir")]
    DataDir { path: String, reason: std::io::Error },
    #[error(transparent)]
    Books(#[from] stock::OpenError),
    #[error("{0} is in use by another program; choose another address with {1}")]
    PortInUse(SocketAddr, &'static str),
    #[error("cannot listen on {address}: {reason}")]
    Listen { address: SocketAddr, reason: std::io::Error },
    #[error(
        "listening on {0} lets other machines in: give the address that people use with \
         --public-url https://…"
    )]
    PublicUrlNeeded(SocketAddr),
    #[error("--public-url must look like https://tawzi.example.org, not {0:?}")]
    PublicUrlMalformed(String),
    #[error("there are no books at {0}; name the folder that has them with --data-dir")]
    NoBooks(String),
    #[error("{0}")]
    Other(String),
}

/// Where the books are; every command takes it.
#[derive(Args, Clone, Debug)]
pub struct Books {
    /// The folder with the books (made when it is missing)
    #[arg(long, env = "TAWZI_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// A PostgreSQL database instead: postgres://user:password@host/name
    #[arg(long, env = "TAWZI_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
}

impl Books {
    /// The address of the database; makes the data folder and finds out whether it can be written.
    pub fn url(&self) -> Result<String, StartError> {
        if let Some(url) = &self.database_url {
            return Ok(url.clone());
        }
        let failed =
            |reason| StartError::DataDir { path: self.data_dir.display().to_string(), reason };
        std::fs::create_dir_all(&self.data_dir).map_err(failed)?;
        // By its number: another program that starts here meanwhile has its own.
        let probe = self.data_dir.join(format!(".writable-{}", std::process::id()));
        std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).map_err(failed)?;
        Ok(self.file_url())
    }

    fn file_url(&self) -> String {
        format!("sqlite:{}", self.data_dir.join(FILE).display())
    }

    /// The address of books that are there already: whoever proves or copies books must not be
    /// told that new, empty ones are right.
    pub fn known_url(&self) -> Result<String, StartError> {
        if let Some(url) = &self.database_url {
            return Ok(url.clone());
        }
        let file = self.data_dir.join(FILE);
        if file.exists() {
            Ok(self.file_url())
        } else {
            Err(StartError::NoBooks(file.display().to_string()))
        }
    }
}

/// What `serve` takes besides the books.
#[derive(Parser, Clone, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub books: Books,
    /// The address to listen on
    #[arg(long, env = "TAWZI_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Where people reach it: https://tawzi.example.org
    #[arg(long, env = "TAWZI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The address of a reverse proxy whose X-Forwarded-For is believed; several with commas
    #[arg(long, env = "TAWZI_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    /// A standby of the PostgreSQL database, which is read while the primary is gone
    #[arg(long, env = "TAWZI_STANDBY_URL", hide_env_values = true)]
    pub standby_url: Option<String>,
    /// Where Prometheus reads the program's figures, apart from everything else: 127.0.0.1:9464
    #[arg(long, env = "TAWZI_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
}

impl Serve {
    /// The public address without a slash at its end.
    pub fn checked_public_url(&self) -> Result<Option<String>, StartError> {
        let Some(url) = &self.public_url else {
            return if self.listen.ip().is_loopback() {
                Ok(None)
            } else {
                Err(StartError::PublicUrlNeeded(self.listen))
            };
        };
        let trimmed = url.trim_end_matches('/');
        let https = trimmed.strip_prefix("https://");
        let host = match (https, trimmed.strip_prefix("http://")) {
            (Some(host), _) => host,
            // Cameras, service workers and `__Host-` cookies need https anywhere but here.
            (None, Some(host)) if self.listen.ip().is_loopback() => host,
            _ => return Err(StartError::PublicUrlMalformed(url.clone())),
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(fits) {
            return Err(StartError::PublicUrlMalformed(url.clone()));
        }
        Ok(Some(trimmed.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve(arguments: &[&str]) -> Serve {
        Serve::parse_from([&["serve"], arguments].concat())
    }

    #[test]
    fn other_machines_need_a_public_https_address() {
        let open = serve(&["--listen", "0.0.0.0:80"]);
        assert!(matches!(open.checked_public_url(), Err(StartError::PublicUrlNeeded(_))));
        let plain = ["--listen", "0.0.0.0:80", "--public-url", "http://tawzi.example"];
        let plain = serve(&plain).checked_public_url();
        assert!(matches!(plain, Err(StartError::PublicUrlMalformed(_))));
        let good = ["--listen", "0.0.0.0:80", "--public-url", "https://tawzi.example/"];
        let good = serve(&good).checked_public_url().unwrap();
        assert_eq!(good.as_deref(), Some("https://tawzi.example"));
    }

    #[test]
    fn several_proxies_stand_behind_commas() {
        let trusted = serve(&["--trusted-proxy", "127.0.0.1,10.0.0.5"]).trusted_proxy;
        assert_eq!(trusted.len(), 2);
    }

    #[test]
    fn alone_on_this_machine_nothing_more_is_needed() {
        assert_eq!(serve(&[]).checked_public_url().unwrap(), None);
    }
}
