//! A thousand labels as one PDF, as logistics staff ask for them before a delivery.

use super::figures::{Figure, millis};
use super::pages::links;
use crate::demo::LogIn;
use crate::http::Client;
use anyhow::{Context, Result, bail};
use chrono::Utc;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Instant;
use uuid::Uuid;

const LABELS: usize = 1_000;
const TRIES: usize = 5;

pub fn measure(address: SocketAddr, people: &[LogIn]) -> Result<Figure> {
    let logistics = people.iter().find(|person| person.role == "logistics");
    let LogIn { login, password, .. } = logistics.context("no log-in for logistics")?;
    let mut client = Client::connect(address)?;
    client.sign_in(login, password)?;
    let listed = client.get("/runs")?;
    let listed = String::from_utf8_lossy(&listed.body);
    let runs = links(&listed).filter_map(|link| link.strip_prefix("/runs/")?.parse().ok());
    // Any run serves, except one that is closed.
    let issued = runs.collect::<Vec<Uuid>>().into_iter().find(|run| issue(&mut client, *run));
    let run = issued.context("no run takes labels")?;
    let mut times = Vec::new();
    for _ in 0..TRIES {
        let start = Instant::now();
        let answer = client.get(&format!("/labels/run/{run}/pdf"))?;
        if answer.status != 200 || !answer.body.starts_with(b"%PDF") {
            bail!("the labels answered {}", answer.status);
        }
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let value = millis(times[TRIES / 2]);
    Ok(Figure::at_most("1,000 labels as PDF", value, "ms", 1_000.0))
}

/// Issues labels for a run; says whether it took them.
fn issue(client: &mut Client, run: Uuid) -> bool {
    let record = json!({
        "id": Uuid::now_v7(),
        "kind": "issue_labels",
        "device_time": Utc::now().to_rfc3339(),
        "confirmed": true,
        "body": {"run": run, "cartons": [{"cartons": LABELS, "each": 500}], "bundles_of": null},
    });
    let body = record.to_string();
    let answer = client.post("/api/v1/records", "application/json", body.as_bytes());
    answer.is_ok_and(|answer| answer.status == 201)
}
