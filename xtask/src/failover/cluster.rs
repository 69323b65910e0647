//! Two database servers under Patroni, etcd, two programs, and haproxy before both.

use super::process::Process;
use crate::http::Client;
use crate::test::needs::{self, Need, POSTGRES, is_on_path, postgres_bin};
use crate::test::postgres::as_server;
use crate::tools::output;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use uuid::Uuid;

const NEEDS: [Need; 4] = [
    POSTGRES,
    Need { package: "patroni", is_there: || is_on_path("patroni") },
    Need { package: "etcd-server", is_there: || is_on_path("etcd") },
    Need { package: "haproxy", is_there: || Path::new(HAPROXY).is_file() },
];
const HAPROXY: &str = "/usr/sbin/haproxy";
const PATIENCE: Duration = Duration::from_secs(120);

/// One of the two database servers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Node {
    One,
    Two,
}

impl Node {
    const BOTH: [Self; 2] = [Self::One, Self::Two];

    pub const fn other(self) -> Self {
        match self {
            Self::One => Self::Two,
            Self::Two => Self::One,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Two => "two",
        }
    }
}

/// Where everything listens, all on this machine.
struct Ports {
    etcd: u16,
    etcd_peer: u16,
    postgres: [u16; 2],
    patroni: [u16; 2],
    /// haproxy's doors to the primary, to a standby, and to the programs.
    books: u16,
    copy: u16,
    door: u16,
    programs: [u16; 2],
}

/// Stops, and is removed, when dropped.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    program: PathBuf,
    ports: Ports,
    books: String,
    programs: Vec<Process>,
    nodes: [Option<Process>; 2],
    /// etcd and haproxy.
    keepers: Vec<Process>,
}

impl Cluster {
    /// Starts the databases; the programs wait for [`Self::serve`].
    pub fn start(program: &Path) -> Result<Self> {
        needs::install(&NEEDS, "then again `cargo xtask failover`")?;
        let bin = postgres_bin().context("PostgreSQL is not installed")?;
        let pattern = std::env::temp_dir().join("tawzi-failover-XXXXXX");
        let mut mktemp = as_server(Path::new("mktemp"));
        let folder = PathBuf::from(output(mktemp.arg("-d").arg(pattern))?);
        let ports = Ports::free()?;
        let books = database(ports.books);
        let mut cluster = Self {
            folder,
            bin,
            program: program.to_owned(),
            ports,
            books,
            programs: Vec::new(),
            nodes: [None, None],
            keepers: Vec::new(),
        };
        cluster.start_etcd()?;
        for node in Node::BOTH {
            cluster.start_node(node)?;
            // The second one is a copy of the first.
            cluster.wait("a primary", Self::has_primary)?;
        }
        cluster.start_haproxy()?;
        cluster.wait_whole()?;
        Ok(cluster)
    }

    /// Starts the two programs.
    pub fn serve(&mut self) -> Result<()> {
        for port in self.ports.programs {
            let mut serve = Command::new(&self.program);
            serve.args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
            serve.args(["--database-url", &self.books]);
            serve.args(["--standby-url", &database(self.ports.copy)]);
            serve.args(["--public-url", &format!("http://127.0.0.1:{}", self.ports.door)]);
            let log = self.folder.join(format!("tawzi-{port}.log"));
            self.programs.push(Process::start(&mut serve, &log)?);
        }
        self.wait("the programs", |cluster| {
            cluster.ports.programs.iter().all(|port| is_ok(*port, "/readyz"))
                && is_ok(cluster.ports.door, "/readyz")
        })
    }

    /// The address of the books: whichever server is the primary.
    pub fn books(&self) -> &str {
        &self.books
    }

    /// The address for people.
    pub fn door(&self) -> SocketAddr {
        local(self.ports.door)
    }

    pub fn primary(&self) -> Result<Node> {
        let primary = Node::BOTH.into_iter().find(|node| self.says(*node, "/primary"));
        primary.context("there is no primary")
    }

    /// Waits until there is a primary and a standby that confirms every commit.
    pub fn wait_whole(&self) -> Result<()> {
        self.wait("both databases", |cluster| {
            let standby = Node::BOTH.into_iter().any(|node| cluster.says(node, "/synchronous"));
            cluster.has_primary() && standby
        })
    }

    /// Kills a server and its keeper, as when its machine loses power.
    pub fn kill(&mut self, node: Node) -> Result<()> {
        let data = self.data(node);
        let id = fs::read_to_string(data.join("postmaster.pid"))?;
        let id = id.lines().next().and_then(|line| line.trim().parse().ok());
        let id: u32 = id.with_context(|| format!("no process in {}", data.display()))?;
        let mut process = self.nodes[node as usize].take().context("it does not run")?;
        process.kill(&[id])
    }

    pub fn start_node(&mut self, node: Node) -> Result<()> {
        let file = self.folder.join(format!("patroni-{}.yml", node.name()));
        // YAML reads JSON.
        fs::write(&file, serde_json::to_vec_pretty(&self.patroni(node))?)?;
        let log = self.folder.join(format!("patroni-{}.log", node.name()));
        let mut patroni = as_server(Path::new("patroni"));
        self.nodes[node as usize] = Some(Process::start(patroni.arg(file), &log)?);
        Ok(())
    }

    /// Every record in the books, and how many pieces it left in public.
    pub fn records(&self) -> Result<BTreeMap<Uuid, i64>> {
        let mut psql = Command::new(self.bin.join("psql"));
        let query = "SELECT r.id, COALESCE(SUM(l.pieces), 0) FROM record r
            LEFT JOIN (movement m JOIN line l ON l.movement_id = m.id
                JOIN account a ON a.id = l.to_id AND a.kind = 'given_drop' AND NOT a.shadow)
            ON m.record_id = r.id GROUP BY r.id";
        let said = output(psql.args(["-At", "-F", " ", "-c", query, &self.books]))?;
        let row = |line: &str| {
            let (id, pieces) = line.split_once(' ')?;
            Some((id.parse().ok()?, pieces.parse().ok()?))
        };
        said.lines().map(|line| row(line).with_context(|| format!("not a row: {line}"))).collect()
    }

    fn has_primary(&self) -> bool {
        self.primary().is_ok()
    }

    /// Whether a node's keeper says that it is this.
    fn says(&self, node: Node, path: &str) -> bool {
        is_ok(self.ports.patroni[node as usize], path)
    }

    fn data(&self, node: Node) -> PathBuf {
        self.folder.join(format!("data-{}", node.name()))
    }

    fn start_etcd(&mut self) -> Result<()> {
        let client = format!("http://127.0.0.1:{}", self.ports.etcd);
        let peer = format!("http://127.0.0.1:{}", self.ports.etcd_peer);
        let mut etcd = as_server(Path::new("etcd"));
        etcd.arg("--data-dir").arg(self.folder.join("etcd"));
        etcd.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        etcd.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        etcd.args(["--initial-cluster", &format!("default={peer}")]);
        self.keepers.push(Process::start(&mut etcd, &self.folder.join("etcd.log"))?);
        let port = self.ports.etcd;
        self.wait("etcd", |_| is_ok(port, "/health"))
    }

    fn start_haproxy(&mut self) -> Result<()> {
        let file = self.folder.join("haproxy.cfg");
        fs::write(&file, self.haproxy())?;
        let mut haproxy = Command::new(HAPROXY);
        let log = self.folder.join("haproxy.log");
        self.keepers.push(Process::start(haproxy.arg("-db").arg("-f").arg(file), &log)?);
        Ok(())
    }

    fn patroni(&self, node: Node) -> serde_json::Value {
        let rest = local(self.ports.patroni[node as usize]).to_string();
        let postgres = local(self.ports.postgres[node as usize]).to_string();
        let person = |name: &str| json!({"username": name, "password": "of-one-test"});
        json!({
            "scope": "tawzi",
            "name": node.name(),
            "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"host": local(self.ports.etcd).to_string()},
            "bootstrap": {
                "dcs": {
                    "ttl": 20,
                    "loop_wait": 5,
                    "retry_timeout": 5,
                    // A commit is answered when both have it, or not at all.
                    "synchronous_mode": true,
                    "synchronous_mode_strict": true,
                    "postgresql": {"use_pg_rewind": true},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": postgres,
                "connect_address": postgres,
                "data_dir": self.data(node),
                "bin_dir": self.bin,
                "authentication": {
                    "superuser": person("postgres"),
                    "replication": person("replicator"),
                    "rewind": person("rewinder"),
                },
                "pg_hba": [
                    "local all all trust",
                    "host all all 127.0.0.1/32 trust",
                    "host replication all 127.0.0.1/32 trust",
                ],
                "parameters": {
                    "unix_socket_directories": self.folder,
                    // What was acknowledged can be read on the standby.
                    "synchronous_commit": "remote_apply",
                },
            },
        })
    }

    fn haproxy(&self) -> String {
        let Ports { postgres, patroni, books, copy, door, programs, .. } = &self.ports;
        let databases = format!(
            "    server one 127.0.0.1:{} check port {}
    server two 127.0.0.1:{} check port {}",
            postgres[0], patroni[0], postgres[1], patroni[1]
        );
        format!(
            "defaults
    timeout connect 2s
    timeout client 60s
    timeout server 60s

# Only the primary answers; a connection to one that is it no longer is cut.
listen books
    mode tcp
    bind 127.0.0.1:{books}
    option httpchk GET /primary
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{databases}

# Only a standby.
listen copy
    mode tcp
    bind 127.0.0.1:{copy}
    option httpchk GET /replica
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{databases}

listen people
    mode http
    bind 127.0.0.1:{door}
    option httpchk GET /healthz
    option redispatch
    default-server inter 1s fall 2 rise 1
    server one 127.0.0.1:{} check
    server two 127.0.0.1:{} check
",
            programs[0], programs[1]
        )
    }

    fn wait(&self, what: &str, is_there: impl Fn(&Self) -> bool) -> Result<()> {
        let start = Instant::now();
        while !is_there(self) {
            if start.elapsed() > PATIENCE {
                bail!("{what}: not there after {} s; see {}", PATIENCE.as_secs(), self.logs());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Keeps the logs when the folder goes.
    fn logs(&self) -> String {
        let kept = self.folder.with_extension("logs");
        let copy = || -> Result<()> {
            fs::create_dir_all(&kept)?;
            for entry in fs::read_dir(&self.folder)?.flatten() {
                if entry.path().extension().is_some_and(|ending| ending == "log") {
                    fs::copy(entry.path(), kept.join(entry.file_name()))?;
                }
            }
            Ok(())
        };
        match copy() {
            Ok(()) => kept.display().to_string(),
            Err(error) => format!("(the logs are lost: {error})"),
        }
    }

    fn stop(&mut self) -> Result<()> {
        for program in &mut self.programs {
            program.stop()?;
        }
        for node in Node::BOTH {
            if self.nodes[node as usize].is_some() {
                self.kill(node)?;
            }
        }
        for keeper in &mut self.keepers {
            keeper.kill(&[])?;
        }
        fs::remove_dir_all(&self.folder)?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("xtask: {} stays: {error:#}", self.folder.display());
        }
    }
}

impl Ports {
    fn free() -> Result<Self> {
        // All held at once: no two of them are the same.
        let mut held = Vec::new();
        let mut free = || -> Result<u16> {
            held.push(TcpListener::bind(local(0))?);
            Ok(held[held.len() - 1].local_addr()?.port())
        };
        Ok(Self {
            etcd: free()?,
            etcd_peer: free()?,
            postgres: [free()?, free()?],
            patroni: [free()?, free()?],
            books: free()?,
            copy: free()?,
            door: free()?,
            programs: [free()?, free()?],
        })
    }
}

fn database(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn is_ok(port: u16, path: &str) -> bool {
    let answer = Client::connect(local(port)).and_then(|mut client| client.get(path));
    answer.is_ok_and(|answer| answer.status == 200)
}
