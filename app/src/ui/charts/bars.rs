//! Horizontal bars, plain and stacked. Every value stands beside its bar as text.

use super::{Hue, scaled};
use crate::ui::text::{Lang, Words};
use leptos::prelude::*;

/// The inner scale of a bar; the drawing is stretched to the width there is.
const STEPS: i64 = 1000;

/// One bar.
#[derive(Clone, Debug)]
pub struct BarItem {
    pub label: String,
    pub href: Words,
    pub value: i64,
    /// The value in words, where it is more than a number: "146.2 a person".
    pub words: Words,
    pub hue: Hue,
}

impl BarItem {
    pub fn new(label: impl Into<String>, value: i64, hue: Hue) -> Self {
        let (href, words) = (Words::default(), Words::default());
        Self { label: label.into(), href, value, words, hue }
    }

    pub fn href(mut self, href: impl Into<Words>) -> Self {
        self.href = href.into();
        self
    }

    pub fn words(mut self, words: impl Into<Words>) -> Self {
        self.words = words.into();
        self
    }
}

fn linked(label: String, href: Words) -> AnyView {
    match href.get() {
        Some(href) => view! { <a href=href>{label}</a> }.into_any(),
        None => label.into_any(),
    }
}

/// Bars below each other, the longest as wide as the page.
#[component]
pub fn Bars(#[prop(into)] label: String, items: Vec<BarItem>, lang: Lang) -> impl IntoView {
    let most = items.iter().map(|item| item.value).max().unwrap_or(0);
    let show = |item: BarItem| {
        let width = scaled(item.value, most, STEPS);
        let words = item.words.get().unwrap_or_else(|| lang.number(item.value));
        view! {
            <div class="bars-row">
                <dt>{linked(item.label, item.href)}</dt>
                <dd class="bars-track" aria-hidden="true">
                    <svg viewBox="0 0 1000 10" preserveAspectRatio="none">
                        <rect class=item.hue.class() width=width height="10"></rect>
                    </svg>
                </dd>
                <dd class="bars-value num">{words}</dd>
            </div>
        }
    };
    view! {
        <figure class="chart" aria-label=label>
            <dl class="bars">{items.into_iter().map(show).collect_view()}</dl>
        </figure>
    }
}

/// A part of a stacked bar.
#[derive(Clone, Debug)]
pub struct Part {
    pub hue: Hue,
    pub label: String,
    pub pieces: i64,
    pub href: Words,
}

impl Part {
    pub fn new(hue: Hue, label: impl Into<String>, pieces: i64) -> Self {
        Self { hue, label: label.into(), pieces, href: Words::default() }
    }

    pub fn href(mut self, href: impl Into<Words>) -> Self {
        self.href = href.into();
        self
    }
}

/// Where the pieces of one thing are: given, store, transit, damaged, lost, unexplained. The key
/// below the bar carries the numbers.
#[component]
pub fn Stacked(#[prop(into)] label: String, parts: Vec<Part>, lang: Lang) -> impl IntoView {
    let parts: Vec<Part> = parts.into_iter().filter(|part| part.pieces > 0).collect();
    let bar = stack(&parts, parts.iter().map(|part| part.pieces).sum());
    let entry = |part: Part| {
        view! {
            <li>
                <i class=part.hue.class()></i>
                {linked(part.label, part.href)}
                " "
                <strong class="num">{lang.number(part.pieces)}</strong>
            </li>
        }
    };
    view! {
        <figure class="chart stacked" aria-label=label>
            {bar}
            <ul class="key">{parts.into_iter().map(entry).collect_view()}</ul>
        </figure>
    }
}

/// One row of [`StackedRows`].
#[derive(Clone, Debug)]
pub struct StackRow {
    pub label: String,
    pub href: Words,
    pub parts: Vec<Part>,
}

/// Several stacked bars on one scale, such as one a province, with one key of `key` below them.
#[component]
pub fn StackedRows(
    #[prop(into)] label: String,
    rows: Vec<StackRow>,
    key: Vec<(Hue, String)>,
    lang: Lang,
) -> impl IntoView {
    let total = |row: &StackRow| row.parts.iter().map(|part| part.pieces.max(0)).sum::<i64>();
    let most = rows.iter().map(total).max().unwrap_or(0);
    let show = |row: StackRow| {
        let sum = total(&row);
        let said = |part: &Part| format!("{} {}", part.label, lang.number(part.pieces));
        let said: Vec<String> = row.parts.iter().map(said).collect();
        let comma = if lang == Lang::En { ", " } else { "، " };
        view! {
            <div class="bars-row">
                <dt>{linked(row.label, row.href)}</dt>
                <dd class="stacked">
                    {stack(&row.parts, most)}
                    <span class="visually-hidden">{said.join(comma)}</span>
                </dd>
                <dd class="bars-value num">{lang.number(sum)}</dd>
            </div>
        }
    };
    view! {
        <figure class="chart" aria-label=label>
            <dl class="bars">{rows.into_iter().map(show).collect_view()}</dl>
            <super::Key entries=key/>
        </figure>
    }
}

fn stack(parts: &[Part], whole: i64) -> impl IntoView + use<> {
    let mut next = 0;
    let rects = parts.iter().map(|part| {
        // At least four thousandths, or a few lost pieces would vanish beside thousands.
        let width = scaled(part.pieces, whole, STEPS).max(if part.pieces > 0 { 4 } else { 0 });
        let x = next;
        next += width;
        view! { <rect class=part.hue.class() x=x width=width height="10"></rect> }
    });
    let rects = rects.collect_view();
    let wide = next.max(STEPS);
    view! {
        <svg viewBox=format!("0 0 {wide} 10") preserveAspectRatio="none" aria-hidden="true">
            {rects}
        </svg>
    }
}
