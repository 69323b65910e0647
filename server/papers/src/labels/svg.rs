//! One label as an SVG, to be placed into a printer's own artwork.

use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use std::fmt::Write as _;

use super::design::{Design, Placed};
use super::sheet::Sheet;
use super::{Label, LabelError};
use crate::text::Typesetter;

pub fn write(public_url: &str, label: &Label) -> Result<String, LabelError> {
    let sheet = Sheet::Roll100x150;
    let geometry = sheet.geometry();
    let modules = label.modules(public_url)?;
    let design = Design::new(&mut Typesetter::default(), sheet, label, modules)?;
    let (width, height) = (geometry.label_width, geometry.label_height);
    let (x, y, module) = (design.qr_x, design.qr_y, design.module_mm);
    let qr = design.modules.path(0);
    let mut outlines = Outlines::default();
    for placed in &design.lines {
        outlines.add(placed);
    }
    let (name, text) = (escaped(&label.outside_name), outlines.path);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{name} {code}</title>\
         <path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/>\
         <path class=\"qr\" shape-rendering=\"crispEdges\" \
         transform=\"translate({x} {y}) scale({module})\" d=\"{qr}\"/>\
         <path class=\"text\" d=\"{text}\"/></svg>\n",
        code = label.code.grouped(),
    ))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // XML 1.0 allows no other control characters, not even escaped.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Glyph outlines as path data in millimetres; fonts count upwards, SVG downwards.
#[derive(Default)]
struct Outlines {
    path: String,
    x: f32,
    y: f32,
    scale: f32,
}

impl Outlines {
    fn add(&mut self, placed: &Placed) {
        let face = placed.line.weight.face();
        let glyphs = face.font.outline_glyphs();
        self.scale = placed.size_mm / face.units_per_em;
        let mut pen = placed.x;
        for glyph in &placed.line.glyphs {
            self.x = pen + glyph.x_offset * placed.size_mm;
            self.y = placed.y - glyph.y_offset * placed.size_mm;
            pen += glyph.advance * placed.size_mm;
            if let Some(outline) = glyphs.get(glyph.id.into()) {
                // The font is our own: an outline that cannot be drawn is a test that fails.
                let drawn = outline.draw(&DrawOptions::new(), DrawMemory::Scratch, self);
                debug_assert!(drawn.is_ok(), "Each glyph of the embedded font has an outline.");
            }
        }
    }

    fn push(&mut self, command: &str, points: &[(f32, f32)]) {
        self.path.push_str(command);
        for (number, (x, y)) in points.iter().enumerate() {
            let gap = if number == 0 { "" } else { " " };
            let (x, y) = (self.x + x * self.scale, self.y - y * self.scale);
            write!(self.path, "{gap}{x:.2} {y:.2}").expect("Writing into a string does not fail.");
        }
    }
}

impl PathSink for Outlines {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push("M", &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push("L", &[(x, y)]);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.push("Q", &[(cx0, cy0), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.push("C", &[(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}
