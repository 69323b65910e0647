//! The month that a page is about, and the way to other months, in both calendars.

use crate::i18n::td_string;
use crate::session::Visit;
use crate::ui;
use domain::time::Month;
use leptos::prelude::*;

/// The month that is asked for, else this one.
pub(crate) fn asked(visit: &Visit) -> Month {
    let asked = visit.query("month").and_then(Month::parse);
    asked.unwrap_or_else(|| visit.stock().world().now().day().month())
}

/// Says that what was asked for is no month, or one that has not begun.
fn wrong(visit: &Visit, path: &str, month: Month) -> Option<AnyView> {
    let (l, lang) = (visit.locale, visit.lang());
    let now = visit.stock().world().now().day().month();
    let asked = visit.query("month").filter(|text| !text.trim().is_empty())?;
    let title = match Month::parse(asked) {
        None => td_string!(l, reconcile.no_month, text = asked.to_owned()),
        Some(_) if month > now => td_string!(l, reconcile.future_month, month = lang.month(month)),
        Some(_) => return None,
    };
    let href = format!("{path}?month={now}");
    let label = td_string!(l, reconcile.this_month, month = lang.month(now));
    Some(
        view! {
            <ui::Notice tone=ui::Tone::Warn title><a href=href>{label}</a></ui::Notice>
        }
        .into_any(),
    )
}

/// To the month before and after, and to any other.
pub(crate) fn switcher(visit: &Visit, path: &'static str, month: Month) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
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
        {wrong(visit, path, month)}
    }
    .into_any()
}
