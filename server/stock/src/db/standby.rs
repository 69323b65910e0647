//! A copy of the books that is read while their primary is gone.

use super::reading::Reading;
use sea_orm::{ConnectOptions, Database, DbErr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How often the primary is looked for, and how long it may take to say that it is there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub(super) struct Standby {
    copy: Reading,
    is_used: Arc<AtomicBool>,
}

impl Standby {
    /// Looks after the primary from now on. Neither has to be there yet.
    pub async fn watch(primary: &str, copy: ConnectOptions) -> Result<Self, DbErr> {
        // A connection of its own: a busy primary is not gone.
        let mut options = ConnectOptions::new(primary.to_owned());
        options.max_connections(1).acquire_timeout(PATIENCE).sqlx_logging(false);
        let primary = Database::connect(options.connect_lazy(true).clone()).await?;
        let copy = Reading::Pool(Database::connect(copy).await?);
        let is_used = Arc::new(AtomicBool::new(false));
        let watched = Arc::downgrade(&is_used);
        tokio::spawn(async move {
            while let Some(is_used) = watched.upgrade() {
                let is_gone = !matches!(timeout(PATIENCE, primary.ping()).await, Ok(Ok(())));
                if is_used.swap(is_gone, Ordering::Relaxed) != is_gone {
                    match is_gone {
                        true => tracing::warn!("the primary is gone; its standby is read"),
                        false => tracing::info!("the primary is there again"),
                    }
                }
                drop(is_used);
                sleep(LOOK_EVERY).await;
            }
        });
        Ok(Self { copy, is_used })
    }

    pub fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Relaxed)
    }

    pub const fn copy(&self) -> &Reading {
        &self.copy
    }
}
