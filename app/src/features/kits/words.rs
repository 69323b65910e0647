//! What a kit holds, where one is chosen.

use crate::features::events::words::isolated;
use domain::calendar::Lang;
use stock::reference::kits::Kit;

/// "2,500 Know the risks (M1) · 250 Yusuf (M3)".
pub(crate) fn contents(lang: Lang, kit: &Kit) -> String {
    let lines = kit.lines.iter().map(|line| {
        format!("{} {} ({})", lang.number(line.pieces), isolated(&line.title), line.short_number)
    });
    lines.collect::<Vec<_>>().join(" · ")
}
