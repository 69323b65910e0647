//! The month that a page is about, and the way to other months, in both calendars.

use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use crate::ui;
use domain::calendar::Lang;
use domain::time::Month;
use leptos::prelude::*;

/// The month that is asked for, else this one.
pub(crate) fn asked(visit: &Visit) -> Month {
    let asked = visit.query("month").and_then(Month::parse);
    asked.unwrap_or_else(|| visit.stock().world().now().day().month())
}

/// To the month before and after, and to any other.
pub(crate) fn switcher(path: &'static str, month: Month, l: Locale, lang: Lang) -> AnyView {
    let to = |month: Month| {
        let label = format!("{} · {}", lang.month(month), lang.hijri_span(month));
        ui::Link::new(format!("{path}?month={month}"), label)
    };
    let label = td_string!(l, reconcile.month);
    view! {
        <div class="months no-print">
            <ui::Pager position=td_string!(l, reconcile.other_months) previous=Some(to(month.previous())) next=Some(to(month.next()))
                label/>
            <ui::Filters action=path label submit=td_string!(l, reconcile.show)>
                <ui::DateField name="month" label value=month.to_string() month=true/>
            </ui::Filters>
        </div>
    }
    .into_any()
}
