//! "Where every piece went": a flow from sources through holders to where pieces are now.

use super::{Hue, scaled};
use crate::ui::text::Lang;
use leptos::prelude::*;

/// One block of a flow. Its height is its pieces.
#[derive(Clone, Debug)]
pub struct FlowNode {
    pub label: String,
    pub pieces: i64,
    pub hue: Hue,
    /// 0 sources, 1 between, 2 ends.
    pub column: usize,
}

impl FlowNode {
    pub fn source(label: impl Into<String>, pieces: i64) -> Self {
        Self { label: label.into(), pieces, hue: Hue::Store, column: 0 }
    }

    pub fn between(label: impl Into<String>, pieces: i64) -> Self {
        Self { label: label.into(), pieces, hue: Hue::Store, column: 1 }
    }

    pub fn end(label: impl Into<String>, pieces: i64, hue: Hue) -> Self {
        Self { label: label.into(), pieces, hue, column: 2 }
    }
}

/// Pieces that went from one node to another, by their places in the list of nodes.
pub type FlowLink = (usize, usize, i64);

/// The measures of one drawing of the flow.
struct Frame {
    width: i64,
    /// Where the blocks of each column begin.
    columns: [i64; 3],
    block: i64,
    /// Labels of sources stand beside their block, or above it where there is no room.
    labels_beside: bool,
    class: &'static str,
}

const WIDE: Frame = Frame {
    width: 680,
    columns: [110, 300, 490],
    block: 12,
    labels_beside: true,
    class: "flow-wide",
};
const NARROW: Frame = Frame {
    width: 340,
    columns: [0, 88, 176],
    block: 9,
    labels_beside: false,
    class: "flow-narrow",
};
const TALL: i64 = 150;
const GAP: i64 = 6;
const LINE: i64 = 18;

struct Block {
    top: i64,
    height: i64,
    /// The base line of its label.
    text: i64,
}

/// Blocks of a column below each other, far enough apart for their labels.
fn blocks(nodes: &[FlowNode], frame: &Frame, head: i64) -> Vec<Block> {
    let sum = |column: usize| -> i64 {
        nodes.iter().filter(|node| node.column == column).map(|node| node.pieces.max(0)).sum()
    };
    let most = (0..3).map(sum).max().unwrap_or(0);
    let mut next = [head; 3];
    let mut last_text = [i64::MIN / 2; 3];
    let place = |node: &FlowNode| {
        let column = node.column.min(2);
        let height = scaled(node.pieces, most, TALL).max(if node.pieces > 0 { 2 } else { 0 });
        let labelled = column == 2 || (column == 0 && frame.labels_beside);
        let earliest = last_text[column] + LINE - height / 2 - 4;
        let top = if labelled { next[column].max(earliest) } else { next[column] };
        let text = top + height / 2 + 4;
        next[column] = top + height + GAP;
        last_text[column] = text;
        Block { top, height, text }
    };
    nodes.iter().map(place).collect()
}

/// The flow, drawn once for a desk and once for a phone. Nodes with nothing in them are left
/// out by the caller; `label` says the message in a sentence.
#[component]
pub fn Flow(
    #[prop(into)] label: String,
    nodes: Vec<FlowNode>,
    links: Vec<FlowLink>,
    lang: Lang,
) -> impl IntoView {
    view! {
        <figure class="chart flow">
            {drawing(&label, &nodes, &links, lang, &WIDE)}
            {drawing(&label, &nodes, &links, lang, &NARROW)}
        </figure>
    }
}

fn drawing(
    label: &str,
    nodes: &[FlowNode],
    links: &[FlowLink],
    lang: Lang,
    frame: &Frame,
) -> impl IntoView + use<> {
    // Labels above the blocks need a line each; on a phone the sources' stand above the others.
    let head = if frame.labels_beside { LINE + GAP } else { 2 * LINE + GAP };
    let blocks = blocks(nodes, frame, head);
    let mirrored = lang.dir() == "rtl";
    let bottom = blocks.iter().map(|block| (block.top + block.height).max(block.text + 4)).max();
    let height = bottom.unwrap_or(head) + GAP;
    let ribbons = ribbons(nodes, links, &blocks, frame, mirrored);
    let rects = nodes.iter().zip(&blocks).map(|(node, block)| {
        let x = side(frame.columns[node.column.min(2)], frame.block, frame.width, mirrored);
        view! {
            <rect class=node.hue.class() x=x y=block.top width=frame.block height=block.height
                rx=(block.height / 3).min(2)></rect>
        }
    });
    let rects = rects.collect_view();
    let texts = texts(nodes, &blocks, lang, frame, mirrored);
    view! {
        <svg class=frame.class viewBox=format!("0 0 {} {height}", frame.width) role="img"
            aria-label=label.to_owned()>
            {ribbons}
            {rects}
            {texts}
        </svg>
    }
}

/// The left edge of something that begins at `start` and is `size` wide, in either direction.
const fn side(start: i64, size: i64, width: i64, mirrored: bool) -> i64 {
    if mirrored { width - start - size } else { start }
}

fn ribbons(
    nodes: &[FlowNode],
    links: &[FlowLink],
    blocks: &[Block],
    frame: &Frame,
    mirrored: bool,
) -> impl IntoView + use<> {
    let mut left: Vec<i64> = blocks.iter().map(|block| block.top).collect();
    let mut right = left.clone();
    let at = |x: i64| side(x, 0, frame.width, mirrored);
    let mut paths = Vec::new();
    for &(from, to, pieces) in links {
        let (Some(source), Some(target)) = (nodes.get(from), nodes.get(to)) else { continue };
        let start = scaled(pieces, source.pieces, blocks[from].height);
        let end = scaled(pieces, target.pieces, blocks[to].height);
        let (a, b) = (left[from], right[to]);
        left[from] += start;
        right[to] += end;
        let x = frame.columns[source.column.min(2)] + frame.block;
        let z = frame.columns[target.column.min(2)];
        let middle = at(x.midpoint(z));
        let (x, z) = (at(x), at(z));
        let (c, d) = (b + end, a + start);
        let path = format!(
            "M{x} {a}C{middle} {a} {middle} {b} {z} {b}V{c}C{middle} {c} {middle} {d} {x} {d}Z"
        );
        let class = format!("ribbon {}", target.hue.class());
        paths.push(view! { <path class=class d=path></path> });
    }
    paths.collect_view()
}

fn texts(
    nodes: &[FlowNode],
    blocks: &[Block],
    lang: Lang,
    frame: &Frame,
    mirrored: bool,
) -> impl IntoView + use<> {
    let mut above = [0_usize; 3];
    let one = |(node, block): (&FlowNode, &Block)| {
        let column = node.column.min(2);
        let start = frame.columns[column];
        let (x, anchor, y) = match (column, frame.labels_beside) {
            (0, true) => (start - 8, "end", block.text),
            (0, false) => (start, "start", LINE - 4),
            (1, true) => (start + frame.block / 2, "middle", LINE - 2),
            (1, false) => (start, "start", 2 * LINE - 2),
            (_, _) => (start + frame.block + 8, "start", block.text),
        };
        let stands_above = column == 1 || (column == 0 && !frame.labels_beside);
        above[column] += 1;
        // Above a column there is room for one label: of a single block.
        let alone = nodes.iter().filter(|other| other.column == column).count() == 1;
        (alone || !stands_above).then(|| {
            let tone = if node.hue == Hue::Unexplained { "tone-warn" } else { "" };
            let value = if tone.is_empty() { "value" } else { tone };
            view! {
                <text class=tone x=side(x, 0, frame.width, mirrored) y=y text-anchor=anchor>
                    {node.label.clone()}
                    " "
                    <tspan class=value>{lang.number(node.pieces)}</tspan>
                </text>
            }
        })
    };
    nodes.iter().zip(blocks).map(one).collect_view()
}
