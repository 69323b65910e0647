//! What was sent, kept out of sight of whoever sees both ends and still has to count (rule 11).

use crate::i18n::{Locale, td_string};
use leptos::prelude::*;

pub(crate) fn unopened(l: Locale, sent: AnyView) -> AnyView {
    view! {
        <details class="more">
            <summary>{td_string!(l, consignments.sent_unopened)}</summary>
            {sent}
        </details>
    }
    .into_any()
}
