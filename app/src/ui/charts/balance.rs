//! The balance of an account over time, as steps: the picture beside a stock card.

use crate::ui::text::Lang;
use domain::time::Day;
use leptos::prelude::*;

const WIDTH: i64 = 1000;
const HEIGHT: i64 = 200;

/// The balance at the end of each day on which it changed, in order. `label` says the message in
/// a sentence; the stock card itself is the table beside it.
#[component]
pub fn BalanceChart(
    #[prop(into)] label: String,
    points: Vec<(Day, i64)>,
    lang: Lang,
) -> impl IntoView {
    let (first, last) = points.first().zip(points.last())?;
    let (first, last) = (first.0, last.0);
    let most = points.iter().map(|point| point.1).max().unwrap_or(0).max(0);
    let least = points.iter().map(|point| point.1).min().unwrap_or(0).min(0);
    let scale = Scale { first, days: i64::from(last.0 - first.0) + 1, most, least };
    let path = steps(&points, &scale);
    let zero = scale.y(0);
    let area = |side: fn(i64) -> i64| {
        let side: Vec<_> = points.iter().map(|&(day, balance)| (day, side(balance))).collect();
        format!("M0 {zero}{}V{zero}Z", steps(&side, &scale).replacen('M', "L", 1))
    };
    let above = area(|balance| balance.max(0));
    let below = (least < 0).then(|| area(|balance| balance.min(0)));
    let below = below.map(|path| view! { <path class="line-below" d=path></path> });
    Some(view! {
        <figure class="chart balance">
            <div class="balance-ends"><span class="num">{lang.number(most)}</span></div>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img"
                aria-label=label>
                {below}
                <path class="line-area" d=above></path>
                <line class="axis" x1="0" x2=WIDTH y1=zero y2=zero></line>
                <path class="line-path" d=path></path>
            </svg>
            <div class="balance-ends">
                <span>{lang.day(first)}</span>
                <span>{lang.day(last)}</span>
            </div>
        </figure>
    })
}

struct Scale {
    first: Day,
    days: i64,
    most: i64,
    least: i64,
}

impl Scale {
    fn x(&self, day: Day) -> i64 {
        i64::from(day.0 - self.first.0) * WIDTH / self.days
    }

    fn y(&self, balance: i64) -> i64 {
        let span = (i128::from(self.most) - i128::from(self.least)).max(1);
        let down = (i128::from(self.most) - i128::from(balance)) * i128::from(HEIGHT) / span;
        i64::try_from(down).unwrap_or(HEIGHT)
    }
}

/// A balance holds until it changes, hence steps and not slopes.
fn steps(points: &[(Day, i64)], scale: &Scale) -> String {
    let mut path = String::new();
    for (place, (day, balance)) in points.iter().enumerate() {
        let (x, y) = (scale.x(*day), scale.y(*balance));
        path += &if place == 0 { format!("M{x} {y}") } else { format!("H{x}V{y}") };
    }
    path + &format!("H{WIDTH}")
}
