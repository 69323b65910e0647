//! How many tests passed, failed and were skipped, read from what each runner says.

use anyhow::{Context, Result};
use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    /// A check that has one answer.
    pub fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into(), skipped: 0 }
    }

    /// One line of `cargo test`, if it is a result; what a filter left out counts as skipped.
    pub fn of_cargo_line(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("test result: ")?;
        let number = |word: &str| {
            let part = rest.split([';', '.']).map(str::trim).find(|part| part.ends_with(word))?;
            part.split(' ').next()?.parse::<u64>().ok()
        };
        Some(Self {
            passed: number(" passed")?,
            failed: number(" failed")?,
            skipped: number(" ignored")? + number(" filtered out")?,
        })
    }

    /// Playwright's JSON report. A test that passed only when repeated has failed.
    pub fn of_playwright(report: &str) -> Result<Self> {
        let report: serde_json::Value =
            serde_json::from_str(report).context("Playwright's report cannot be read")?;
        let number = |name: &str| {
            let value = report.pointer(&format!("/stats/{name}"));
            value.and_then(serde_json::Value::as_u64).with_context(|| format!("no stats/{name}"))
        };
        Ok(Self {
            passed: number("expected")?,
            failed: number("unexpected")? + number("flaky")?,
            skipped: number("skipped")?,
        })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(f, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_of_cargo_test_is_read_whole() {
        let line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 4 filtered \
                    out; finished in 0.12s";
        assert_eq!(Counts::of_cargo_line(line), Some(Counts { passed: 3, failed: 1, skipped: 6 }));
        assert_eq!(Counts::of_cargo_line("test a_story ... ok"), None);
    }

    #[test]
    fn a_flaky_browser_test_is_a_failed_one() {
        let report = r#"{"stats":{"expected":5,"unexpected":1,"flaky":2,"skipped":0}}"#;
        let counts = Counts::of_playwright(report).unwrap();
        assert_eq!(counts, Counts { passed: 5, failed: 3, skipped: 0 });
        assert!(Counts::of_playwright("{}").is_err());
    }

    #[test]
    fn the_last_line_names_skipped_tests_only_when_there_are_some() {
        let counts = Counts { passed: 7, failed: 0, skipped: 0 };
        assert_eq!(counts.to_string(), "7 passed, 0 failed");
        assert_eq!(Counts { skipped: 2, ..counts }.to_string(), "7 passed, 0 failed, 2 skipped");
    }
}
