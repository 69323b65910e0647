//! What the books count about themselves while the program runs, for whoever watches it. Words
//! that are known beforehand, never an id or a name. The counts are the process's, so that nothing
//! has to carry them to where something happens.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::LazyLock;

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Answered {
    kind: &'static str,
    answer: &'static str,
}

struct Figures {
    records: Family<Answered, Counter>,
    commits: Histogram,
    retries: Counter,
    failures: Counter,
}

static FIGURES: LazyLock<Figures> = LazyLock::new(|| Figures {
    records: Family::default(),
    commits: Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]),
    retries: Counter::default(),
    failures: Counter::default(),
});

/// Says what there is to count.
pub fn register(registry: &mut Registry) {
    let figures = &*FIGURES;
    registry.register(
        "records",
        "Records by kind and by what became of them",
        figures.records.clone(),
    );
    registry.register("commit_writes", "Writes that shared one commit", figures.commits.clone());
    registry.register(
        "database_retries",
        "Writes tried again because another was in their way",
        figures.retries.clone(),
    );
    registry.register(
        "database_failures",
        "Commits that the database did not take",
        figures.failures.clone(),
    );
}

pub(crate) fn answered(kind: &'static str, answer: &'static str) {
    FIGURES.records.get_or_create(&Answered { kind, answer }).inc();
}

pub(crate) fn committed(writes: usize, well: bool) {
    if well {
        FIGURES.commits.observe(writes as f64);
    } else {
        FIGURES.failures.inc();
    }
}

pub(crate) fn tried_again() {
    FIGURES.retries.inc();
}
