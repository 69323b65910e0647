//! Two people at the same moment. On SQLite they queue for the one writer; on PostgreSQL nothing
//! but locks and unique keys stands between them.

mod goods;
mod lanes;
mod records;

use std::future::Future;
use std::sync::Arc;
use tokio::sync::Barrier;

/// Begins all of it at the same moment and gives what came out, in order.
pub async fn at_once<T, F>(all: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let all: Vec<F> = all.into_iter().collect();
    let gate = Arc::new(Barrier::new(all.len()));
    let begun: Vec<_> = all
        .into_iter()
        .map(|one| {
            let gate = gate.clone();
            tokio::spawn(async move {
                gate.wait().await;
                one.await
            })
        })
        .collect();
    let mut ended = Vec::with_capacity(begun.len());
    for task in begun {
        ended.push(task.await.unwrap());
    }
    ended
}
