//! Pictures of quantities, drawn on the server. Each says its message in a sentence for those
//! who can't see it, and a table or the text of its key says the numbers.
//!
//! No inline styles: the content security policy forbids them, so sizes are SVG attributes.

mod balance;
mod bars;
mod flow;

pub use balance::*;
pub use bars::*;
pub use flow::*;

use leptos::prelude::*;

/// Where pieces are. The same colour everywhere.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub enum Hue {
    Given,
    Event,
    #[default]
    Store,
    Transit,
    Damaged,
    Lost,
    Disposed,
    Unexplained,
}

impl Hue {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Given => "hue-given",
            Self::Event => "hue-event",
            Self::Store => "hue-store",
            Self::Transit => "hue-transit",
            Self::Damaged => "hue-damaged",
            Self::Lost => "hue-lost",
            Self::Disposed => "hue-disposed",
            Self::Unexplained => "hue-unexplained",
        }
    }
}

/// What the colours mean.
#[component]
pub fn Key(entries: Vec<(Hue, String)>) -> impl IntoView {
    let show = |(hue, words): (Hue, String)| view! { <li><i class=hue.class()></i>{words}</li> };
    view! { <ul class="key">{entries.into_iter().map(show).collect_view()}</ul> }
}

/// `part` of `whole` on a scale of `steps`; at least 1 where there is anything at all, so that
/// nothing that exists is invisible.
pub(super) fn scaled(part: i64, whole: i64, steps: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    let exact = i128::from(part) * i128::from(steps) / i128::from(whole);
    i64::try_from(exact).unwrap_or(steps).clamp(1, steps)
}
