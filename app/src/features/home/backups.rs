//! For the administrator: whether the books would survive the loss of their disk.

use crate::error::PageError;
use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui::{self, Flag, Tone};
use leptos::prelude::*;

/// When the books were last backed up, and whether a backup was ever seen to work.
pub(super) async fn state(visit: &Visit) -> Result<Option<AnyView>, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let Some(last) = visit.reader()?.last_backup().await? else { return Ok(None) };
    let today = visit.stock().world().now().day();
    let made = match last.backed_up_at {
        Some(at) if last.is_late(today) => {
            let days = i64::from(today.0 - at.day().0);
            let (day, ago) = (lang.day(at.day()), lang.number(days));
            td_string!(l, home.backed_up_late, day = day, days = ago).to_string()
        }
        Some(at) => td_string!(l, home.backed_up, day = lang.day(at.day())).to_string(),
        None => td_string!(l, home.never_backed_up).to_owned(),
    };
    let tried = match last.restored_at {
        Some(at) => td_string!(l, home.restored, day = lang.day(at.day())).to_string(),
        None => td_string!(l, home.never_restored).to_owned(),
    };
    let is_well = !last.is_late(today) && last.restored_at.is_some();
    let flag = Flag::new(made).text(tried).tone(if is_well { Tone::Good } else { Tone::Warn });
    Ok(Some(
        view! {
            <ui::Sheet title=td_string!(l, home.backups)><ui::Flags flags=vec![flag]/></ui::Sheet>
        }
        .into_any(),
    ))
}
