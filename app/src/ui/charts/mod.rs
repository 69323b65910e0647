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

#[cfg(test)]
mod tests {
    const TOKENS: &str = include_str!("../../../../style/tokens.css");
    const HUES: [&str; 8] =
        ["given", "event", "stock", "transit", "damaged", "loss", "disposed", "unexplained"];

    /// The relative luminance of a colour of a theme, as WCAG 2 has it.
    fn luminance(theme: &str, name: &str) -> f64 {
        let (_, value) = theme.split_once(&format!("--{name}: #")).unwrap();
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    fn contrast(a: f64, b: f64) -> f64 {
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn in_the_dark_every_hue_stands_apart_from_the_ground_and_from_the_others() {
        let themes: Vec<&str> = TOKENS.split("color-scheme: dark;").skip(1).collect();
        assert_eq!(themes.len(), 2);
        for theme in themes {
            let hues = HUES.map(|name| (name, luminance(theme, name)));
            for (at, (name, hue)) in hues.iter().enumerate() {
                for ground in ["paper", "sheet", "none"] {
                    let contrast = contrast(*hue, luminance(theme, ground));
                    assert!(contrast >= 3.0, "{name} on {ground}: {contrast:.2}");
                }
                for (other, its) in &hues[at + 1..] {
                    let contrast = contrast(*hue, *its);
                    assert!(contrast >= 1.15, "{name} beside {other}: {contrast:.2}");
                }
            }
        }
    }
}
