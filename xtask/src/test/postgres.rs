//! A PostgreSQL cluster for the length of a test run, from the system's own binaries.

use super::needs::{is_root, postgres_bin};
use crate::tools::{check, output};
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// PostgreSQL refuses to run as root, so root runs it as the user of Debian's package.
const USER: &str = "postgres";
const PATIENCE: Duration = Duration::from_secs(60);

/// Stops, and is removed, when dropped: also after a failed part.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    server: Child,
    url: String,
}

impl Cluster {
    pub fn start() -> Result<Self> {
        let bin = postgres_bin().context("PostgreSQL is not installed")?;
        let mut mktemp = as_server(Path::new("mktemp"));
        let pattern = std::env::temp_dir().join("tawzi-test-postgres-XXXXXX");
        let folder = PathBuf::from(output(mktemp.arg("-d").arg(pattern))?);
        let data = folder.join("data");
        let mut initdb = as_server(&bin.join("initdb"));
        initdb.args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]);
        check(initdb.arg(format!("--username={USER}")).arg("-D").arg(&data).stdout(Stdio::null()))?;
        let port = free_port()?;
        let mut server = as_server(&bin.join("postgres"));
        server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", ""]);
        // These books live for minutes: nothing is lost with them.
        for setting in ["fsync=off", "full_page_writes=off", "synchronous_commit=off"] {
            server.args(["-c", setting]);
        }
        server.args(["-c", "max_connections=300", "-c", "log_min_messages=fatal"]);
        let server = server.spawn().context("PostgreSQL does not start")?;
        let url = format!("postgres://{USER}@127.0.0.1:{port}/postgres");
        let mut cluster = Self { bin, folder, server, url };
        cluster.wait(port)?;
        Ok(cluster)
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait(&mut self, port: u16) -> Result<()> {
        let start = Instant::now();
        let port = port.to_string();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL stopped while starting ({status})");
            }
            let mut ready = Command::new(self.bin.join("pg_isready"));
            if output(ready.args(["-q", "-h", "127.0.0.1", "-p", &port])).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not answer within {} s", PATIENCE.as_secs())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_server(&self.bin.join("pg_ctl"));
        stop.args(["stop", "-s", "-m", "immediate", "-D"]).arg(self.folder.join("data"));
        if let Err(error) = check(&mut stop) {
            eprintln!("xtask: the test cluster in {} stays: {error:#}", self.folder.display());
            return;
        }
        if let Err(error) = self.server.wait() {
            eprintln!("xtask: {error}");
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("xtask: {} stays: {error}", self.folder.display());
        }
    }
}

/// A program that runs as the database's own user.
pub fn as_server(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", USER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // A folder of root's cannot be entered by the server's user.
    command.current_dir(std::env::temp_dir());
    command
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
