//! What several runs measured, as a table for people and as JSON: medians, with the least and the most.

use super::figures::{Report, Times, millis};
use crate::tools::{output, root};
use anyhow::Result;
use serde_json::{Value, json};
use std::process::Command;

#[derive(Default)]
pub struct Runs(Vec<Report>);

/// One number in several runs.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
        let last = sorted.len().saturating_sub(1);
        Self { least: at(0), median: at(last / 2), most: at(last) }
    }

    fn words(&self) -> String {
        format!("[{:.1} to {:.1}]", self.least, self.most)
    }

    fn json(&self) -> Value {
        let rounded = |value: f64| (value * 100.0).round() / 100.0;
        json!([rounded(self.least), rounded(self.median), rounded(self.most)])
    }
}

impl Runs {
    pub fn add(&mut self, report: Report) {
        self.0.push(report);
    }

    pub fn print(&self) {
        let Some(first) = self.0.first() else { return };
        let spread_words = |spread: &Spread| match self.0.len() {
            1 => String::new(),
            _ => spread.words(),
        };
        for figure in &first.figures {
            let spread = self.figure(figure.name);
            let aim = figure.bound.map(|bound| {
                let verdict = if bound.holds(spread.median) { "reached" } else { "NOT reached" };
                format!("  ({}: {verdict})", bound.words(figure.unit).trim_end())
            });
            println!(
                "{:<44} {:>9.2} {} {}{}",
                figure.name,
                spread.median,
                figure.unit,
                spread_words(&spread),
                aim.unwrap_or_default(),
            );
        }
        println!("\n{:<44} {:>7} {:>9} {:>9} {:>9}", "", "times", "p50 ms", "p95 ms", "a second");
        for times in first.pages.iter().chain(&first.posts) {
            let [p50, p95, rate] = self.times(&times.name);
            println!(
                "{:<44} {:>7} {:>9.1} {:>9.1} {:>9.1} {}",
                times.name,
                times.count(),
                p50.median,
                p95.median,
                rate.median,
                spread_words(&p95),
            );
        }
    }

    fn figure(&self, name: &str) -> Spread {
        let figures = self.0.iter().flat_map(|report| &report.figures);
        Spread::of(figures.filter(|figure| figure.name == name).map(|figure| figure.value))
    }

    /// p50, p95 and how many a second.
    fn times(&self, name: &str) -> [Spread; 3] {
        let of = |value: fn(&Times) -> f64| {
            let times = self.0.iter().flat_map(|report| report.pages.iter().chain(&report.posts));
            Spread::of(times.filter(|times| times.name == name).map(value))
        };
        [
            of(|times| millis(times.percentile(50))),
            of(|times| millis(times.percentile(95))),
            of(Times::per_second),
        ]
    }

    /// Each number as `[least, median, most]`.
    pub fn json(&self) -> Result<Value> {
        let commit = output(Command::new("git").current_dir(root()).args(["rev-parse", "HEAD"]))?;
        let changed =
            Command::new("git").current_dir(root()).args(["status", "--porcelain"]).output()?;
        let mut figures = Vec::new();
        let mut times = Vec::new();
        if let Some(first) = self.0.first() {
            figures.extend(first.figures.iter().map(|figure| {
                json!({
                    "name": figure.name,
                    "value": self.figure(figure.name).json(),
                    "unit": figure.unit,
                    "aim": figure.bound.map(|bound| bound.words(figure.unit)),
                })
            }));
            times.extend(first.pages.iter().chain(&first.posts).map(|of| {
                let [p50, p95, rate] = self.times(&of.name);
                json!({
                    "name": of.name,
                    "count": of.count(),
                    "p50_ms": p50.json(),
                    "p95_ms": p95.json(),
                    "per_second": rate.json(),
                })
            }));
        }
        Ok(json!({
            "commit": commit,
            "changed_since_commit": !changed.stdout.is_empty(),
            "cores": std::thread::available_parallelism()?.get(),
            "runs": self.0.len(),
            "figures": figures,
            "times": times,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_several_runs_and_how_far_they_lie_apart() {
        let spread = Spread::of([5.0, 1.0, 9.0].into_iter());
        assert_eq!((spread.least, spread.median, spread.most), (1.0, 5.0, 9.0));
        let one = Spread::of(std::iter::once(3.0));
        assert_eq!((one.least, one.median, one.most), (3.0, 3.0, 3.0));
    }
}
