//! The total of a quantity, shown while it is typed. Only a help: the server adds up itself.

use super::text::{Lang, Words};
use leptos::prelude::*;

/// The pieces of a quantity in cartons, bundles and loose pieces; nothing where the packing is
/// needed but not known, or the sum leaves what one line can name.
pub fn total(typed: [Option<i64>; 3], packing: Option<(i64, i64)>) -> Option<i64> {
    let [cartons, bundles, pieces] = typed;
    if typed == [None; 3] {
        return None;
    }
    let (cartons, bundles) = (cartons.unwrap_or(0), bundles.unwrap_or(0));
    let packed = match packing {
        Some((bundle, carton)) => {
            cartons.checked_mul(carton)?.checked_add(bundles)?.checked_mul(bundle)?
        }
        None if cartons == 0 && bundles == 0 => 0,
        None => return None,
    };
    let total = packed.checked_add(pieces.unwrap_or(0))?;
    (total <= domain::pieces::MOST_PIECES).then_some(total)
}

/// Around the [`super::QuantityField`]s of one material: the sum of what was brought less what
/// was left and spoiled, by the `sign` of each field. `words` is "{n} pieces given out".
#[component]
pub fn GivenSum(
    #[prop(into)] words: String,
    /// What the server computed, already in words: all there is without JavaScript.
    #[prop(optional, into)]
    given: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="given-sum" data-given=words>
            {children()}
            <output class="given strong">{given.get()}</output>
        </div>
    }
}

/// Once on a page with quantities: keeps their totals, and those of [`GivenSum`], up to date.
#[island]
pub fn Totals(lang: Lang) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    live::start(lang);
    #[cfg(not(feature = "hydrate"))]
    let _ = lang;
}

#[cfg(feature = "hydrate")]
mod live {
    use super::total;
    use crate::ui::live::{element, origin, value};
    use crate::ui::text::Lang;
    use domain::pieces::parse_count;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event};

    pub(super) fn start(lang: Lang) {
        Effect::new(move || {
            for quantity in all(&document().into(), "[data-quantity]") {
                refresh(&quantity, lang);
            }
        });
        let notice = move |event: &Event| {
            let Some(element) = origin(event) else { return };
            match element.closest("[data-quantity]").ok().flatten() {
                Some(quantity) => refresh(&quantity, lang),
                // A material was chosen: the packing of the fields that name it may be another.
                None if element.tag_name() == "SELECT" => {
                    let selector = format!("[data-material=\"{}\"]", element.id());
                    for quantity in all(&document().into(), &selector) {
                        refresh(&quantity, lang);
                    }
                }
                None => {}
            }
        };
        let typed = window_event_listener(leptos::ev::input, move |event| notice(&event));
        on_cleanup(move || typed.remove());
    }

    fn all(root: &web_sys::Node, selector: &str) -> Vec<Element> {
        let found = match root.dyn_ref::<web_sys::Document>() {
            Some(document) => document.query_selector_all(selector),
            None => match root.dyn_ref::<Element>() {
                Some(element) => element.query_selector_all(selector),
                None => return Vec::new(),
            },
        };
        let Ok(found) = found else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
    }

    fn refresh(quantity: &Element, lang: Lang) {
        let sum = sum_of(quantity);
        let template = quantity.get_attribute("data-quantity").unwrap_or_default();
        show(quantity, "output", sum, &template, lang);
        if let Some(group) = quantity.closest("[data-given]").ok().flatten() {
            let template = group.get_attribute("data-given").unwrap_or_default();
            show(&group, "output.given", given(&group), &template, lang);
        }
    }

    fn show(root: &Element, selector: &str, sum: Option<i64>, template: &str, lang: Lang) {
        let words = sum.map(|sum| template.replace("{n}", &lang.number(sum)));
        if let Some(output) = root.query_selector(selector).ok().flatten() {
            output.set_text_content(Some(&words.unwrap_or_default()));
            let _ = output.class_list().toggle_with_force("bad-text", sum.unwrap_or(0) < 0);
        }
    }

    /// What is left when the fields with a minus are taken from the others; nothing before
    /// something was brought.
    fn given(group: &Element) -> Option<i64> {
        let mut sum = None;
        for quantity in all(group, "[data-quantity]") {
            let minus = quantity.get_attribute("data-sign").as_deref() == Some("-");
            let pieces = sum_of(&quantity);
            sum = match (minus, sum, pieces) {
                (false, before, Some(pieces)) => Some(before.unwrap_or(0) + pieces),
                (true, Some(before), Some(pieces)) => Some(before - pieces),
                (_, before, _) => before,
            };
        }
        sum
    }

    fn sum_of(quantity: &Element) -> Option<i64> {
        let part = |name: &str| {
            let input = quantity.query_selector(&format!("[data-part=\"{name}\"]"));
            parse_count(&value(&input.ok().flatten()?)).ok().flatten()
        };
        total([part("cartons"), part("bundles"), part("pieces")], packing(quantity))
    }

    fn packing(quantity: &Element) -> Option<(i64, i64)> {
        let of = |element: &Element| {
            let number = |name: &str| element.get_attribute(name)?.parse::<i64>().ok();
            number("data-bundle").zip(number("data-carton"))
        };
        of(quantity).or_else(|| {
            let select = element(&quantity.get_attribute("data-material")?)?;
            of(&select.query_selector("option:checked").ok()??)
        })
    }
}
