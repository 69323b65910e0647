//! `cargo xtask failover`: shows that books in PostgreSQL outlive the machine they lie on.
//!
//! On one machine, from Debian's packages: two PostgreSQL servers that Patroni keeps with etcd, one
//! the synchronous standby of the other, two programs that serve the same books, and haproxy before
//! both. While many post, the primary is killed, and then the standby; each comes back as a machine
//! does that starts again. At the end every record that was acknowledged is there once.

mod cluster;
mod load;
mod process;

use crate::tools::{Profile, output};
use crate::{build, demo};
use anyhow::{Context, Result, bail};
use cluster::{Cluster, Node};
use load::Load;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Arguments {
    /// How long a killed machine takes to start again, in seconds. One that is back before its lease
    /// has run out stays the primary.
    #[arg(long, default_value_t = 45)]
    restart_after: u64,
    /// A program that is there already; else the release is built.
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Posting that nothing disturbs, before, between and after.
const CALM: Duration = Duration::from_secs(5);

pub fn run(arguments: &Arguments) -> Result<()> {
    let program = match &arguments.program {
        Some(program) => program.canonicalize()?,
        None => build::program(Profile::Release)?,
    };
    println!("Starting two databases and two programs …");
    let mut cluster = Cluster::start(&program)?;
    let said = output(Command::new(&program).args(["demo", "--database-url", cluster.books()]))?;
    cluster.serve()?;
    let away = Duration::from_secs(arguments.restart_after);
    let load = Load::start(cluster.door(), &demo::log_ins(&said))?;
    std::thread::sleep(CALM);
    let primary = cluster.primary()?;
    let first = outage(&mut cluster, &load, primary, away)?;
    let standby = cluster.primary()?.other();
    let second = outage(&mut cluster, &load, standby, away)?;
    let end = Instant::now();
    let outcome = load.end()?;
    let books = cluster.records()?;
    let verified = verify(&program, cluster.books())?;
    let lost = outcome.acknowledged.iter().filter(|ack| books.get(&ack.id) != Some(&1)).count();
    println!("\n{:<36}{:>8}", "records acknowledged", outcome.acknowledged.len());
    println!("{:<36}{lost:>8}", "of them missing or there twice");
    for (what, from, to) in [("primary killed", first, second), ("standby killed", second, end)] {
        let writes = outcome.without_writes(from, to).as_secs_f64();
        let reads = outcome.without_reads(from, to).as_secs_f64();
        println!("{what:<36}{writes:>8.1} s without writes, {reads:.1} s without reads");
    }
    println!("{:<36}{:>8}", "told to try again (503)", outcome.told_to_wait);
    println!("{:<36}{:>8}", "connections that broke", outcome.broken);
    println!("{verified}");
    if lost > 0 { bail!("{lost} acknowledged records are not there once") } else { Ok(()) }
}

/// Kills a node, starts it again, and waits until both are whole and somebody posts; says when.
fn outage(cluster: &mut Cluster, load: &Load, node: Node, away: Duration) -> Result<Instant> {
    let role = if cluster.primary()? == node { "primary" } else { "standby" };
    println!("Killing the {role} …");
    let killed = Instant::now();
    cluster.kill(node)?;
    std::thread::sleep(away);
    cluster.start_node(node)?;
    cluster.wait_whole()?;
    load.wait_for_answer();
    println!("Both are there again after {:.0} s.", killed.elapsed().as_secs_f64());
    std::thread::sleep(CALM);
    Ok(killed)
}

fn verify(program: &Path, books: &str) -> Result<String> {
    let mut verify = Command::new(program);
    output(verify.args(["verify", "--database-url", books])).context("the books are wrong")
}
