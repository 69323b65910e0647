//! Where everything is: by place, material, batch; and the cards that say how it came to be there.

mod card;
mod on_hand;

pub use card::{CardError, CardLine, CardPage, CardStart};
pub use on_hand::{BatchHere, Holding, HoldingFilter, Whereabouts};
