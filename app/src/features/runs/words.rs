//! The words for runs, also for the pages that mention them.

use crate::i18n::{Locale, td_string};
use crate::ui::Tone;
use domain::calendar::Lang;
use domain::money::Money;
use domain::run::{RunState, Tolerance};
use stock::runs::RunRow;

pub(crate) fn state_name(l: Locale, state: RunState) -> &'static str {
    match state {
        RunState::Expected => td_string!(l, runs.state_expected),
        RunState::Late => td_string!(l, runs.state_late),
        RunState::Partly => td_string!(l, runs.state_partly),
        RunState::Complete => td_string!(l, runs.state_complete),
        RunState::Closed => td_string!(l, runs.state_closed),
    }
}

pub(crate) const fn state_tone(state: RunState) -> Tone {
    match state {
        RunState::Expected | RunState::Partly => Tone::Accent,
        RunState::Late => Tone::Warn,
        RunState::Complete => Tone::Good,
        RunState::Closed => Tone::Quiet,
    }
}

/// "± 2.5 %".
pub(crate) fn tolerance(l: Locale, lang: Lang, tolerance: Tolerance) -> String {
    td_string!(l, runs.tolerance_is, percent = percent(lang, tolerance))
}

/// `2.5`, or `5` where there are no tenths.
pub(crate) fn percent(lang: Lang, tolerance: Tolerance) -> String {
    let permille = tolerance.get();
    if permille % 10 == 0 { lang.number(permille / 10) } else { lang.tenths(permille) }
}

/// `1,250.00 USD`. Every currency that donors use here has two decimals.
pub(crate) fn money(lang: Lang, money: Money) -> String {
    let whole = lang.number(money.minor_units / 100);
    let rest = lang.digits(&format!("{:02}", money.minor_units % 100));
    let point = if lang == Lang::En { "." } else { "٫" };
    format!("{whole}{point}{rest} {}", money.currency.as_str())
}

/// "Know the risks · Dari · 2017-1".
pub(crate) fn material(l: Locale, run: &RunRow) -> String {
    let language = crate::features::materials::language_name(l, run.language);
    format!("{} · {language} · {}", run.title, run.edition)
}
