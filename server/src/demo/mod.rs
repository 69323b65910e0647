//! `tawzi demo`: the June 2017 case.
//!
//! The bulletin's facts are 11 events in five provinces, 359 participants of whom 90 were female,
//! and 25,000 leaflets, 25,000 stickers and 2,500 magazines. How they split over provinces, days,
//! print runs and ages it does not say: that is invented, and every name and note here says so.
//!
//! Nothing is written past the rules. Each record is made by somebody whose role allows it, at a
//! time that the demo's own clock shows, through the same `Writer` as everybody else's.

mod cast;
mod clock;
mod events;
mod history;
mod month_end;
mod places;
mod present;
mod roads;
mod stage;
mod supply;

pub use cast::LogIn;
pub use clock::Clock;

use domain::time::Millis;
use stage::Stage;
use std::sync::Arc;
use stock::Stock;

/// What a step of the demo gives, or why the books refused it.
type Told<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(
        "these books are in use already; the demo needs new ones: name an empty folder with \
         --data-dir, or an empty database with --database-url"
    )]
    NotNew,
    #[error("the demo could not be loaded: {0}")]
    Refused(Box<dyn std::error::Error + Send + Sync>),
}

/// How much is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    June,
    /// June, and generated years until the books have about so many movements.
    Movements(u32),
}

/// Tells the June 2017 case to new books whose clock is `clock`; what still waits for people is
/// told around `present`.
pub async fn load(
    stock: &Stock,
    clock: Arc<Clock>,
    present: Millis,
    extent: Extent,
) -> Result<Vec<LogIn>, DemoError> {
    if !stock.is_new().await.map_err(|error| DemoError::Refused(error.into()))? {
        return Err(DemoError::NotNew);
    }
    tell(stock, clock, present, extent).await.map_err(DemoError::Refused)
}

/// Movements of June 2017 and of today.
const OF_JUNE: u32 = 75;

async fn tell(
    stock: &Stock,
    clock: Arc<Clock>,
    present: Millis,
    extent: Extent,
) -> Told<Vec<LogIn>> {
    let stage = Stage::build(stock.clone(), clock).await?;
    let batches = supply::prints(&stage).await?;
    roads::to_provinces(&stage).await?;
    roads::to_partner(&stage).await?;
    events::eleven(&stage, &batches).await?;
    month_end::closes(&stage, &batches).await?;
    let others = match extent {
        Extent::June => Vec::new(),
        Extent::Movements(wanted) => {
            history::grow(&stage, present, wanted.saturating_sub(OF_JUNE)).await?
        }
    };
    present::waits(&stage, present).await?;
    Ok(stage.cast.log_ins.into_iter().chain(others).collect())
}
