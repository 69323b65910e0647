//! Two programs on one PostgreSQL database against one: reading and posting.

use super::figures::{Figure, Report, Times};
use super::posts::{CLIENTS, many, send};
use super::runs::Runs;
use super::server::{Books, Server};
use super::{Arguments, demo};
use crate::demo::LogIn;
use crate::http::Client;
use crate::shelves::{Shelf, shelves};
use crate::tools::output;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// How often each of them: small books have little on their shelves.
const EACH: usize = 10;

/// A page with totals over all that a partner has.
const PAGE: &str = "/stock";

pub fn runs(program: &Path, url: &str, arguments: &Arguments) -> Result<Runs> {
    let books = Books::Database(url);
    println!("Generating {} movements …", arguments.movements);
    let mut demo = Command::new(program);
    demo.args(["demo", "--movements", &arguments.movements.to_string()]);
    let people = demo::log_ins(&output(books.tell(&mut demo))?);
    let mut runs = Runs::default();
    for _ in arguments.each_run() {
        runs.add(once(program, books, &people)?);
    }
    Ok(runs)
}

fn once(program: &Path, books: Books<'_>, people: &[LogIn]) -> Result<Report> {
    let first = Server::start(program, books)?;
    let alone = Nodes::of(&[&first], people)?.measure("1 node")?;
    let second = Server::start(program, books)?;
    let both = Nodes::of(&[&first, &second], people)?.measure("2 nodes")?;
    let mut report = Report::default();
    let ratio = |name, which: fn(&[Times; 2]) -> &Times| {
        let ratio = which(&both).per_second() / which(&alone).per_second();
        Figure::plain(name, ratio, "times one")
    };
    report.figures.push(ratio("reading from two nodes", |[reads, _]| reads));
    report.figures.push(ratio("posting to two nodes", |[_, posts]| posts));
    report.posts.extend(alone);
    report.posts.extend(both);
    Ok(report)
}

/// People of every node, and the shelves that they stand at.
struct Nodes {
    workers: Vec<Client>,
    shelves: Vec<Shelf>,
}

impl Nodes {
    fn of(servers: &[&Server], people: &[LogIn]) -> Result<Self> {
        let (mut workers, mut of_nodes) = (Vec::new(), Vec::new());
        for server in servers {
            let (here, shelves) = shelves(server.address, people)?;
            let first = workers.len();
            of_nodes.push(shelves.iter().map(|s| s.of(first + s.worker)).collect::<Vec<_>>());
            workers.extend(here);
        }
        // One of each node in turn.
        let most = of_nodes.iter().map(Vec::len).max().unwrap_or_default();
        let turns = (0..most).flat_map(|n| of_nodes.iter().filter_map(move |node| node.get(n)));
        Ok(Self { shelves: turns.cloned().collect(), workers })
    }

    fn measure(&self, nodes: &str) -> Result<[Times; 2]> {
        let load = (CLIENTS, EACH);
        let reads = format!("reading {PAGE}, 64 clients, {nodes}");
        let posts = format!("posting records, 64 clients, {nodes}");
        Ok([
            many(&self.workers, &self.shelves, &reads, load, read)?,
            many(&self.workers, &self.shelves, &posts, load, send)?,
        ])
    }
}

fn read(client: &mut Client, _: &Shelf) -> Result<()> {
    match client.get(PAGE)?.status {
        200 => Ok(()),
        status => bail!("{PAGE} answered {status}"),
    }
}
