//! A table of columns on a desk that becomes rows of labelled values on a phone.

use super::text::{Lang, Tone, Words, classes};
use domain::code::Code;
use domain::time::Day;
use leptos::prelude::*;
use std::iter;

/// A column: its heading, and whether it holds numbers.
#[derive(Clone, Debug)]
pub struct Column {
    label: String,
    numeric: bool,
}

impl Column {
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// Aligned at the end, so that digits stand below each other.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// What stands in one cell.
pub struct Cell {
    content: AnyView,
    below: Words,
    tone: Tone,
    kind: Kind,
}

/// How a cell behaves on a phone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A line with its label.
    Labelled,
    /// Left out.
    Blank,
    /// A figure of 0: left out where the table is [sparse](DataTable).
    Zero,
    /// Beside the heading of its row, without its label.
    State,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Labelled => "",
            Self::Blank => "blank",
            Self::Zero => "zero",
            Self::State => "state",
        }
    }
}

impl Cell {
    pub fn view(content: impl IntoAny) -> Self {
        let content = content.into_any();
        Self { content, below: Words::default(), tone: Tone::Plain, kind: Kind::Labelled }
    }

    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::blank() } else { Self::view(text) }
    }

    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        let (href, text) = (href.into(), text.into());
        Self::view(view! { <a href=href>{text}</a> })
    }

    pub fn number(count: i64, lang: Lang) -> Self {
        let kind = if count == 0 { Kind::Zero } else { Kind::Labelled };
        Self { kind, ..Self::view(view! { <span class="num">{lang.number(count)}</span> }) }
    }

    /// A number that opens the movements behind it.
    pub fn number_link(count: i64, lang: Lang, href: impl Into<String>) -> Self {
        let href = href.into();
        Self::view(view! { <a class="num" href=href>{lang.number(count)}</a> })
    }

    pub fn day(day: Day, lang: Lang) -> Self {
        Self::view(view! { <super::DayText day lang/> })
    }

    pub fn code(code: Code, href: impl Into<Words>) -> Self {
        let href: Words = href.into();
        Self::view(view! { <super::CodeChip code href/> })
    }

    pub fn badge(label: impl Into<String>, tone: Tone) -> Self {
        let label = label.into();
        Self::view(view! { <super::Badge label tone/> }).state()
    }

    /// What state its row is in: short, and understood without the heading of the column.
    pub fn state(self) -> Self {
        Self { kind: Kind::State, ..self }
    }

    /// Empty on a desk, left out on a phone.
    pub fn blank() -> Self {
        Self { kind: Kind::Blank, ..Self::view(()) }
    }

    /// Says something on a phone also where it is 0.
    pub fn shown(self) -> Self {
        Self { kind: Kind::Labelled, ..self }
    }

    /// A second, smaller line.
    pub fn below(mut self, words: impl Into<Words>) -> Self {
        self.below = words.into();
        self
    }

    pub const fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// A row; its first cell is its heading.
#[derive(Default)]
pub struct Row {
    cells: Vec<Cell>,
    id: Words,
}

impl Row {
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, id: Words::default() }
    }

    /// An anchor, for links to this row.
    pub fn id(mut self, id: impl Into<Words>) -> Self {
        self.id = id.into();
        self
    }
}

fn row_view(row: Row, columns: &[Column]) -> impl IntoView + use<> {
    // The line below a row goes as far as its cells.
    let missing = columns.len().saturating_sub(row.cells.len());
    let cells = row.cells.into_iter().chain(iter::repeat_with(Cell::blank).take(missing));
    let cells = cells.enumerate().map(|(place, cell)| {
        let column = columns.get(place);
        let label = column.map(|column| column.label.clone()).unwrap_or_default();
        let numeric = if column.is_some_and(|column| column.numeric) { "numeric" } else { "" };
        let class = classes(&[numeric, cell.tone.class(), cell.kind.class()]);
        let class = (!class.is_empty()).then_some(class);
        let below = cell.below.get().map(|words| view! { <small>{words}</small> });
        // On a phone label and value are the two ends of one line, hence one element for both.
        let content = match below {
            Some(below) => view! { <div>{cell.content}{below}</div> }.into_any(),
            None => cell.content,
        };
        if place == 0 {
            view! { <th scope="row" class=class>{content}</th> }.into_any()
        } else {
            let label = (!label.is_empty()).then_some(label);
            view! { <td class=class data-label=label>{content}</td> }.into_any()
        }
    });
    let cells = cells.collect_view();
    view! { <tr id=row.id.get()>{cells}</tr> }
}

/// A table with a caption, one heading row and an optional foot of sums.
#[component]
pub fn DataTable(
    #[prop(into)] caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    #[prop(optional)] foot: Vec<Row>,
    /// Only for screen readers, when a title says the same just above.
    #[prop(optional)]
    hide_caption: bool,
    /// Stays a table on a phone: for two or three narrow columns.
    #[prop(optional)]
    keep: bool,
    #[prop(optional)] dense: bool,
    /// Leaves figures of 0 out on a phone: for many columns of which few say something.
    #[prop(optional)]
    sparse: bool,
) -> impl IntoView {
    let keep = if keep { "table-keep" } else { "" };
    let dense = if dense { "table-dense" } else { "" };
    let sparse = if sparse { "table-sparse" } else { "" };
    let head = |column: &Column| {
        let class = column.numeric.then_some("numeric");
        view! { <th scope="col" class=class>{column.label.clone()}</th> }
    };
    let heads = columns.iter().map(head).collect_view();
    let body = rows.into_iter().map(|row| row_view(row, &columns)).collect_view();
    let foot = (!foot.is_empty()).then(|| {
        let rows = foot.into_iter().map(|row| row_view(row, &columns)).collect_view();
        view! { <tfoot>{rows}</tfoot> }
    });
    view! {
        <table class=classes(&["table", keep, dense, sparse])>
            <caption class=hide_caption.then_some("visually-hidden")>{caption}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{body}</tbody>
            {foot}
        </table>
    }
}
