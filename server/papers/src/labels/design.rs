//! What stands where on one label, in millimetres, the same for PDF and SVG.
//!
//! The QR code is as large as the sheet allows. The text keeps to its edges: the outside name hangs
//! from the line of the code's top, the typed code stands on the line of its bottom, so that the eye
//! finds "what is it" at one end and "which one is it" at the other. A Dari or Pashto label is the
//! mirror image of an English one.

use std::rc::Rc;
use unicode_bidi::Level;

use super::sheet::{Arrangement, Geometry, Sheet, Style};
use super::{Label, LabelError};
use crate::qr::{Modules, QUIET_MODULES};
use crate::text::{Line, Typesetter, Weight, base_level, digits};

const MM_PER_PT: f32 = 25.4 / 72.0;
/// Height of a capital of Vazirmatn, in em.
const CAPITAL_EM: f32 = 0.7;
/// From one line to the next, in em of the lower line: room for the tails of Pashto letters.
const LEADING_EM: f32 = 1.5;
/// White between two groups of lines, in em of the outside name.
const GROUP_GAP_EM: f32 = 0.5;
/// Smaller than this nobody reads it off a carton.
const LEAST_PT: f32 = 5.5;
/// A text longer than this is a mistake; shaping all of it would only take time.
const MOST_CHARACTERS: usize = 160;

/// A label ready to be drawn; its top left corner is 0, 0.
pub struct Design {
    pub modules: Modules,
    pub qr_x: f32,
    pub qr_y: f32,
    /// The side of one module; a whole number of printer dots.
    pub module_mm: f32,
    pub lines: Vec<Placed>,
}

/// A line of text and where its baseline begins on the left.
pub struct Placed {
    pub line: Rc<Line>,
    pub size_mm: f32,
    pub x: f32,
    pub y: f32,
}

/// The part of a label that the text may fill, from the QR code's top to its bottom or below it.
struct Column {
    left: f32,
    width: f32,
    top: f32,
    bottom: f32,
}

/// A text, how it looks, and how small against the outside name.
struct Entry<'a> {
    text: String,
    weight: Weight,
    ratio: f32,
    most_lines: usize,
    base: Level,
    label: &'a Label,
}

impl Design {
    pub fn new(
        typesetter: &mut Typesetter,
        sheet: Sheet,
        label: &Label,
        modules: Modules,
    ) -> Result<Self, LabelError> {
        let (geometry, style) = (sheet.geometry(), sheet.style());
        let module_mm = module_mm(sheet, modules.width())?;
        let is_mirrored = label.language.level().is_rtl();
        let side = modules.width() as f32 * module_mm;
        let inset = style.padding.max(quiet(module_mm));
        let (qr_x, qr_y, column) = match style.arrangement {
            Arrangement::Beside => {
                let gap = style.padding.max(quiet(module_mm));
                let width = geometry.label_width - inset - side - gap - style.padding;
                let qr_y = (geometry.label_height - side) / 2.0;
                let (qr_x, left) = if is_mirrored {
                    (geometry.label_width - inset - side, style.padding)
                } else {
                    (inset, inset + side + gap)
                };
                (qr_x, qr_y, Column { left, width, top: qr_y, bottom: qr_y + side })
            }
            Arrangement::Below => {
                let qr_x = (geometry.label_width - side) / 2.0;
                let top = inset + side + quiet(module_mm);
                let bottom = geometry.label_height - style.padding - 2.0;
                (qr_x, inset, Column { left: qr_x, width: side, top, bottom })
            }
        };
        let lines = set_text(typesetter, label, &style, &column);
        Ok(Self { modules, qr_x, qr_y, module_mm, lines })
    }
}

fn quiet(module_mm: f32) -> f32 {
    QUIET_MODULES as f32 * module_mm
}

/// The largest module, in whole printer dots, with which the code, its quiet zone and the text fit.
fn module_mm(sheet: Sheet, width: usize) -> Result<f32, LabelError> {
    let (geometry, style) = (sheet.geometry(), sheet.style());
    let mm = |dots: u32| dots as f32 / sheet.dots_per_mm();
    let fits = |dots: u32| fits(&geometry, &style, width as f32, mm(dots));
    let dots = (1..=120).rev().find(|dots| fits(*dots)).unwrap_or(0);
    if dots < sheet.least_dots() {
        return Err(LabelError::ModuleTooSmall { sheet, dots });
    }
    Ok(mm(dots))
}

fn fits(geometry: &Geometry, style: &Style, width: f32, module: f32) -> bool {
    let side = width * module;
    let inset = style.padding.max(quiet(module));
    let (across, down) = match style.arrangement {
        Arrangement::Beside => {
            (inset + side + inset + style.text_room + style.padding, side + 2.0 * inset)
        }
        Arrangement::Below => {
            (side + 2.0 * inset, inset + side + quiet(module) + style.text_room + style.padding)
        }
    };
    across <= geometry.label_width + 0.01 && down <= geometry.label_height + 0.01
}

fn set_text(
    typesetter: &mut Typesetter,
    label: &Label,
    style: &Style,
    column: &Column,
) -> Vec<Placed> {
    let entry = |text: &str, weight, ratio, most_lines| {
        let text: String = text.chars().take(MOST_CHARACTERS).collect();
        let text = digits(&text.split_whitespace().collect::<Vec<_>>().join(" "), label.language);
        Entry { base: base_level(&text, label.language), text, weight, ratio, most_lines, label }
    };
    let mut code = entry("", Weight::Bold, 0.9, 1);
    // A code is never turned around and never changes its digits: it is what people type.
    code.text = label.code.grouped();
    code.base = Level::ltr();
    // Below the code a line is wide and height is scarce: pieces and language share one.
    let about = match style.arrangement {
        Arrangement::Beside => vec![label.pieces_text.clone(), label.language_name.clone()],
        Arrangement::Below => vec![joined(&label.pieces_text, &label.language_name)],
    };
    let mut upper = vec![entry(&label.outside_name, Weight::Bold, 1.0, 2)];
    upper.extend(about.iter().map(|text| entry(text, Weight::Regular, 0.8, 2)));
    upper.extend(label.batch.as_ref().map(|(word, code)| {
        // Isolated: words from right to left must not turn the groups of the code around.
        let text = format!("{word} \u{2066}{}\u{2069}", code.grouped());
        let base = base_level(&text, label.language);
        Entry { text, base, ..entry("", Weight::Regular, 0.6, 2) }
    }));
    let lower = [entry(&label.position_text, Weight::Bold, 1.0, 2), code];
    let mut size_pt = style.name_pt;
    loop {
        let (placed, is_apart) = set_groups(typesetter, (&upper, &lower), size_pt, column);
        // Where even the smallest size does not fit, crowded text is better than none.
        if is_apart || size_pt <= LEAST_PT {
            return placed;
        }
        size_pt *= 0.94;
    }
}

fn joined(one: &str, other: &str) -> String {
    let gap = if one.is_empty() || other.is_empty() { "" } else { " · " };
    format!("{one}{gap}{other}")
}

/// Hangs the upper group from the top and stands the lower one on the bottom; also says whether
/// they stay apart.
fn set_groups(
    typesetter: &mut Typesetter,
    (upper, lower): (&[Entry<'_>], &[Entry<'_>]),
    size_pt: f32,
    column: &Column,
) -> (Vec<Placed>, bool) {
    let name_mm = size_pt * MM_PER_PT;
    let is_mirrored = lower.iter().any(|entry| entry.label.language.level().is_rtl());
    let mut set = |entries: &[Entry<'_>]| -> Vec<(Rc<Line>, f32)> {
        let lines = |entry| break_lines(typesetter, entry, name_mm, column.width);
        entries.iter().flat_map(lines).collect()
    };
    let (upper, lower) = (set(upper), set(lower));
    let mut placed = Vec::with_capacity(upper.len() + lower.len());
    let place = |(line, size_mm): (Rc<Line>, f32), y: f32| {
        let width = line.width_em * size_mm;
        let x = match is_mirrored {
            true => column.left + column.width - width,
            false => column.left,
        };
        Placed { line, size_mm, x, y }
    };
    let mut y = column.top;
    for (number, (line, size_mm)) in upper.into_iter().enumerate() {
        y += size_mm * if number == 0 { CAPITAL_EM } else { LEADING_EM };
        placed.push(place((line, size_mm), y));
    }
    let mut floor = column.bottom;
    for (line, size_mm) in lower.into_iter().rev() {
        placed.push(place((line, size_mm), floor));
        floor -= size_mm * LEADING_EM;
    }
    // `floor` is now where one more line of the lower group would stand.
    let is_apart = y + name_mm * GROUP_GAP_EM <= floor + name_mm * 0.4;
    (placed, is_apart)
}

/// An entry as lines that fit the width. It shrinks before it breaks, and breaks before it loses a
/// word; what does not fit at the smallest size ends in an ellipsis.
fn break_lines(
    typesetter: &mut Typesetter,
    entry: &Entry<'_>,
    name_mm: f32,
    width: f32,
) -> Vec<(Rc<Line>, f32)> {
    if entry.text.is_empty() {
        return Vec::new();
    }
    let mut shape =
        |text: &str| typesetter.line(text, entry.weight, entry.base, entry.label.language);
    let wanted = name_mm * entry.ratio;
    let least = (LEAST_PT * MM_PER_PT).min(wanted);
    let whole = shape(&entry.text);
    let fitting = width / whole.width_em;
    if fitting >= wanted * 0.8 || entry.most_lines == 1 && fitting >= least {
        return vec![(whole, wanted.min(fitting))];
    }
    let mut size = wanted;
    while size > least {
        let lines = wrap(&entry.text, width / size, &mut shape);
        if lines.len() <= entry.most_lines && lines.iter().all(|l| l.width_em * size <= width) {
            return lines.into_iter().map(|line| (line, size)).collect();
        }
        size *= 0.95;
    }
    let mut lines = wrap(&entry.text, width / least, &mut shape);
    lines.truncate(entry.most_lines);
    lines
        .into_iter()
        .map(|line| {
            if line.width_em * least <= width {
                line
            } else {
                cut(&line, width / least, &mut shape)
            }
        })
        .map(|line| (line, least))
        .collect()
}

/// Breaks at spaces, as many words a line as fit.
fn wrap(text: &str, width_em: f32, shape: &mut impl FnMut(&str) -> Rc<Line>) -> Vec<Rc<Line>> {
    let mut lines = Vec::new();
    let mut open: Option<Rc<Line>> = None;
    for word in text.split(' ') {
        let longer = match &open {
            Some(line) => shape(&format!("{} {word}", line.text)),
            None => shape(word),
        };
        if longer.width_em > width_em
            && let Some(full) = open.take()
        {
            lines.push(full);
            open = Some(shape(word));
        } else {
            open = Some(longer);
        }
    }
    lines.extend(open);
    lines
}

fn cut(line: &Line, width_em: f32, shape: &mut impl FnMut(&str) -> Rc<Line>) -> Rc<Line> {
    let mut text = line.text.clone();
    while text.pop().is_some() {
        let shorter = shape(&format!("{}…", text.trim_end()));
        if shorter.width_em <= width_em {
            return shorter;
        }
    }
    shape("…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{LEAST_CARTON_QR_MM, LEAST_MODULE_MM};

    /// QR codes have 21 to 177 modules a side, four more each version.
    fn widths() -> impl Iterator<Item = usize> {
        (21..=177).step_by(4)
    }

    #[test]
    fn a_code_on_a_carton_label_is_never_smaller_than_60_mm() {
        for sheet in [Sheet::A4x2, Sheet::A4x4, Sheet::Roll100x150] {
            for width in widths() {
                let side = width as f32 * module_mm(sheet, width).unwrap();
                assert!(side >= LEAST_CARTON_QR_MM, "{sheet:?}: {width} modules are {side} mm");
            }
        }
    }

    #[test]
    fn a_module_is_half_a_millimetre_or_there_is_no_label() {
        for sheet in Sheet::ALL {
            for width in widths() {
                match module_mm(sheet, width) {
                    Ok(module) => {
                        let dots = module * sheet.dots_per_mm();
                        assert!(module >= LEAST_MODULE_MM && (dots - dots.round()).abs() < 1e-3);
                    }
                    Err(LabelError::ModuleTooSmall { dots, .. }) => {
                        assert!(dots < sheet.least_dots());
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }
}
