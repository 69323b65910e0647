//! The program under measurement.

use crate::http::Client;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Where the books lie.
#[derive(Clone, Copy)]
pub enum Books<'b> {
    Folder(&'b Path),
    Database(&'b str),
}

impl Books<'_> {
    /// Says it to the program.
    pub fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match self {
            Self::Folder(folder) => command.arg("--data-dir").arg(folder),
            Self::Database(url) => command.args(["--database-url", url]),
        }
    }
}

/// Stops when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first whole answer.
    pub to_first_answer: Duration,
}

impl Server {
    pub fn start(program: &Path, books: Books<'_>) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let start = Instant::now();
        let mut command = Command::new(program);
        command.args(["serve", "--listen", &address.to_string()]);
        let child = books
            .tell(&mut command)
            .args(["--public-url", &format!("http://{address}")])
            .env("TAWZI_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let mut server = Self { child, address, to_first_answer: Duration::ZERO };
        while start.elapsed() < PATIENCE {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server stopped while starting ({status})");
            }
            let answer = Client::connect(address).and_then(|mut client| client.get("/readyz"));
            if answer.is_ok_and(|answer| answer.status == 200) {
                server.to_first_answer = start.elapsed();
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        bail!("the server did not answer within {} s", PATIENCE.as_secs())
    }

    /// Memory that is really in use, in MB of 10⁶ bytes.
    pub fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .context("resident memory is read from /proc, which only Linux has")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        Ok(kib.context("/proc has no VmRSS")? * 1024.0 / 1e6)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(drop)) {
            eprintln!("xtask: the server does not stop: {error}");
        }
    }
}
