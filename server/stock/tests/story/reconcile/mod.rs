//! The month's reconciliation: figures, what is behind them, and what names a damage.

mod damage;
mod meanwhile;
mod numbers;
mod reported;
mod sealed;
