//! What was measured, as a table for people and as JSON for the README.

use crate::tools::{output, root};
use anyhow::Result;
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

/// How long one thing took, many times.
pub struct Times {
    pub name: String,
    sorted: Vec<Duration>,
    /// From the first start to the last end; shorter than the sum where many run at once.
    pub whole: Duration,
}

impl Times {
    pub fn new(name: impl Into<String>, mut times: Vec<Duration>, whole: Duration) -> Self {
        times.sort_unstable();
        Self { name: name.into(), sorted: times, whole }
    }

    /// The time that `percent` of the tries stayed within.
    pub fn percentile(&self, percent: usize) -> Duration {
        let place = (self.sorted.len() * percent).div_ceil(100).saturating_sub(1);
        self.sorted.get(place).copied().unwrap_or_default()
    }

    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    fn per_second(&self) -> f64 {
        self.count() as f64 / self.whole.as_secs_f64().max(f64::EPSILON)
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "count": self.count(),
            "p50_ms": millis(self.percentile(50)),
            "p95_ms": millis(self.percentile(95)),
            "per_second": (self.per_second() * 10.0).round() / 10.0,
        })
    }
}

/// One number with its unit and, where there is one, the number not to exceed.
pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub at_most: Option<f64>,
}

#[derive(Default)]
pub struct Report {
    pub figures: Vec<Figure>,
    pub pages: Vec<Times>,
    pub posts: Vec<Times>,
}

impl Report {
    pub fn print(&self) {
        for Figure { name, value, unit, at_most } in &self.figures {
            let aim = at_most.map(|most| {
                let verdict = if *value <= most { "reached" } else { "NOT reached" };
                format!("  (at most {most} {unit}: {verdict})")
            });
            println!("{name:<44} {value:>9.1} {unit}{}", aim.unwrap_or_default());
        }
        println!("\n{:<44} {:>7} {:>9} {:>9} {:>9}", "", "times", "p50 ms", "p95 ms", "a second");
        for times in self.pages.iter().chain(&self.posts) {
            println!(
                "{:<44} {:>7} {:>9.1} {:>9.1} {:>9.1}",
                times.name,
                times.count(),
                millis(times.percentile(50)),
                millis(times.percentile(95)),
                times.per_second(),
            );
        }
    }

    pub fn json(&self) -> Result<Value> {
        let commit = output(Command::new("git").current_dir(root()).args(["rev-parse", "HEAD"]))?;
        let changed =
            Command::new("git").current_dir(root()).args(["status", "--porcelain"]).output()?;
        let figures = self.figures.iter().map(|figure| {
            json!({
                "name": figure.name,
                "value": (figure.value * 10.0).round() / 10.0,
                "unit": figure.unit,
                "at_most": figure.at_most,
            })
        });
        Ok(json!({
            "commit": commit,
            "changed_since_commit": !changed.stdout.is_empty(),
            "cores": std::thread::available_parallelism()?.get(),
            "figures": figures.collect::<Vec<_>>(),
            "pages": self.pages.iter().map(Times::json).collect::<Vec<_>>(),
            "posts": self.posts.iter().map(Times::json).collect::<Vec<_>>(),
        }))
    }
}

pub fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let tries = (1..=20).rev().map(Duration::from_millis).collect();
        let times = Times::new("page", tries, Duration::from_secs(1));
        assert_eq!(times.percentile(50), Duration::from_millis(10));
        assert_eq!(times.percentile(95), Duration::from_millis(19));
        assert_eq!(times.percentile(100), Duration::from_millis(20));
        let one = Times::new("page", vec![Duration::from_millis(3)], Duration::from_secs(1));
        assert_eq!(one.percentile(50), Duration::from_millis(3));
    }
}
