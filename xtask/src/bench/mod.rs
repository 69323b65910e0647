//! `cargo xtask bench`: how fast and how small the release is, on a year's worth of movements.

mod books;
mod figures;
mod labels;
mod nodes;
mod pages;
mod posts;
mod runs;
mod server;

use crate::demo::{self, LogIn};
use crate::tools::{Profile, output, target};
use crate::{build, site};
use anyhow::{Context, Result};
use figures::{Figure, Report, millis};
use pages::Route;
use runs::Runs;
use server::{Books, Server};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args)]
pub struct Arguments {
    /// How many movements the books have.
    #[arg(long, default_value_t = 100_000)]
    movements: u32,
    /// How often everything is measured: the figures are medians, with the least and the most.
    #[arg(long, default_value_t = 1)]
    runs: u32,
    /// An empty PostgreSQL database: measures two nodes on it against one, and nothing else.
    #[arg(long)]
    database_url: Option<String>,
}

const STARTS: usize = 5;

pub fn run(arguments: &Arguments) -> Result<()> {
    let program = build::program(Profile::Release)?;
    let runs = match &arguments.database_url {
        Some(url) => nodes::runs(&program, url, arguments)?,
        None => all_runs(&program, arguments)?,
    };
    runs.print();
    let file = target().join("bench.json");
    fs::write(&file, serde_json::to_vec_pretty(&runs.json()?)?)?;
    println!("\n{}", file.display());
    Ok(())
}

fn all_runs(program: &Path, arguments: &Arguments) -> Result<Runs> {
    let data = data(program, arguments.movements)?;
    let people = demo::log_ins(&fs::read_to_string(data.join("log-ins.txt"))?);
    let routes = pages::routes(program)?;
    let mut runs = Runs::default();
    for run in arguments.each_run() {
        let (report, unreached) = once(program, &data, &people, &routes, arguments.movements)?;
        if run == 1 {
            for path in unreached {
                println!("not measured, because no page leads there: {path}");
            }
        }
        runs.add(report);
    }
    Ok(runs)
}

impl Arguments {
    fn each_run(&self) -> impl Iterator<Item = u32> + '_ {
        let runs = self.runs.max(1);
        (1..=runs).inspect(move |run| {
            if runs > 1 {
                println!("Run {run} of {runs} …");
            }
        })
    }
}

/// Measures everything once, and names the pages that it did not reach.
fn once(
    program: &Path,
    data: &Path,
    people: &[LogIn],
    routes: &[Route],
    movements: u32,
) -> Result<(Report, Vec<String>)> {
    let mut report = Report::default();
    report.figures.extend(sizes()?);
    report.figures.push(start_up(program, data)?);
    report.figures.extend(books::measure(program, data, movements)?);
    let server = Server::start(program, Books::Folder(data))?;
    let (times, unreached) = pages::measure(server.address, routes, people)?;
    report.pages = times;
    report.figures.push(memory("resident memory after every page", &server, 100.0)?);
    drop(server);
    let written = copy(data)?;
    let server = Server::start(program, Books::Folder(&written))?;
    let posts = posts::measure(server.address, people)?;
    report.figures.push(memory("resident memory after posting", &server, 150.0)?);
    report.figures.extend(posts.figures());
    report.posts.extend(posts.times());
    report.figures.push(labels::measure(server.address, people)?);
    drop(server);
    fs::remove_dir_all(written)?;
    if let Some(slowest) = report.pages.iter().max_by_key(|times| times.percentile(95)) {
        let value = millis(slowest.percentile(95));
        report.figures.push(Figure::at_most("slowest page, p95", value, "ms", 25.0));
    }
    Ok((report, unreached))
}

fn memory(name: &'static str, server: &Server, at_most: f64) -> Result<Figure> {
    Ok(Figure::at_most(name, server.resident_mb()?, "MB", at_most))
}

/// Books with so many movements; made once, since that takes longer than everything else.
fn data(program: &Path, movements: u32) -> Result<PathBuf> {
    let folder = target().join(format!("bench-{movements}"));
    if folder.exists() {
        return Ok(folder);
    }
    println!("Generating {movements} movements …");
    let making = folder.with_extension("making");
    if making.exists() {
        fs::remove_dir_all(&making)?;
    }
    fs::create_dir_all(&making)?;
    let mut demo = Command::new(program);
    demo.args(["demo", "--movements", &movements.to_string(), "--data-dir"]).arg(&making);
    fs::write(making.join("log-ins.txt"), output(&mut demo)?)?;
    seal(program, &making)?;
    fs::rename(&making, &folder)?;
    Ok(folder)
}

/// Lets the program seal the records of the whole past: in use it has done so while they came.
fn seal(program: &Path, data: &Path) -> Result<()> {
    let _sealing = Server::start(program, Books::Folder(data))?;
    loop {
        let mut verify = Command::new(program);
        let said = output(verify.arg("verify").arg("--data-dir").arg(data));
        if !said.context("the books are wrong")?.contains("wait for their seal") {
            return Ok(());
        }
    }
}

/// The same books to write in, so that the next run measures what this one did.
fn copy(data: &Path) -> Result<PathBuf> {
    let folder = target().join("bench-written");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(data)? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    Ok(folder)
}

/// What a first visit loads, in brotli: the desk's client, and all that the phone keeps but its shell.
fn sizes() -> Result<Vec<Figure>> {
    const CLIENT: &[&str] = &["pkg/tawzi_bg.wasm.br", "pkg/tawzi.js.br"];
    const PHONE: &[&str] =
        &["pkg/phone_bg.wasm.br", "pkg/phone.js.br", "pkg/phone.css.br", "icon.svg"];
    let size = |name, files: &[&str], at_most| {
        let mut bytes = 0;
        for file in files {
            bytes += fs::metadata(site::folder().join(file))?.len();
        }
        let value = bytes as f64 / 1e3;
        anyhow::Ok(Figure::at_most(name, value, "kB", at_most))
    };
    Ok(vec![size("client in brotli", CLIENT, 200.0)?, size("phone, first visit", PHONE, 300.0)?])
}

fn start_up(program: &Path, data: &Path) -> Result<Figure> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(Server::start(program, Books::Folder(data))?.to_first_answer);
    }
    times.sort_unstable();
    let value = millis(times[STARTS / 2]);
    Ok(Figure::at_most("start to first answer", value, "ms", 300.0))
}
