//! What is measured: single numbers, and how long one thing took, many times.

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

    pub fn per_second(&self) -> f64 {
        self.count() as f64 / self.whole.as_secs_f64().max(f64::EPSILON)
    }
}

/// One number with its unit and, where there is one, what it should be.
pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub bound: Option<Bound>,
}

#[derive(Clone, Copy)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }

    pub fn words(self, unit: &str) -> String {
        match self {
            Self::AtMost(most) => format!("at most {most} {unit}"),
            Self::AtLeast(least) => format!("at least {least} {unit}"),
        }
    }
}

impl Figure {
    pub fn plain(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value, unit, bound: None }
    }

    pub fn at_most(name: &'static str, value: f64, unit: &'static str, most: f64) -> Self {
        Self { name, value, unit, bound: Some(Bound::AtMost(most)) }
    }

    pub fn at_least(name: &'static str, value: f64, unit: &'static str, least: f64) -> Self {
        Self { name, value, unit, bound: Some(Bound::AtLeast(least)) }
    }
}

/// What one run measured.
#[derive(Default)]
pub struct Report {
    pub figures: Vec<Figure>,
    pub pages: Vec<Times>,
    pub posts: Vec<Times>,
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
