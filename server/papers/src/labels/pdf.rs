//! Labels as PDF pages: text as text, QR codes as filled rectangles.

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use super::design::{Design, Placed};
use super::sheet::Geometry;
use super::{LabelError, LabelJob};
use crate::qr::Modules;
use crate::text::Typesetter;

const PT_PER_MM: f32 = 72.0 / 25.4;
/// Thin enough to vanish in the cut.
const CUT_LINE_MM: f32 = 0.15;

pub fn write(job: &LabelJob<'_>) -> Result<Vec<u8>, LabelError> {
    let geometry = job.sheet.geometry();
    let mut document = Document::new_with(SerializeSettings {
        xmp_metadata: false,
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    let mut typesetter = Typesetter::default();
    let mut placed = job.places().zip(job.labels).peekable();
    while let Some(&((page_number, ..), _)) = placed.peek() {
        // A page that was begun must be finished, so what may fail comes first.
        let mut designs = Vec::with_capacity(job.sheet.per_page());
        while let Some(((_, x, y), label)) = placed.next_if(|((page, ..), _)| *page == page_number)
        {
            designs.push((Design::new(&mut typesetter, job.sheet, job.public_url, label)?, (x, y)));
        }
        let size = PageSettings::from_wh(
            geometry.page_width * PT_PER_MM,
            geometry.page_height * PT_PER_MM,
        );
        let Some(size) = size else {
            return Err(LabelError::Pdf("the page has no size".to_owned()));
        };
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        surface.push_transform(&Transform::from_scale(PT_PER_MM, PT_PER_MM));
        if job.sheet.is_cut_by_hand() {
            cut_lines(&mut surface, &geometry, (job.offset_x_mm, job.offset_y_mm));
        }
        for (design, corner) in designs {
            draw(&mut surface, &design, corner);
        }
        surface.pop();
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| LabelError::Pdf(error.to_string()))
}

fn draw(surface: &mut Surface<'_>, design: &Design, (x, y): (f32, f32)) {
    surface.set_stroke(None);
    surface.set_fill(Some(black()));
    if let Some(path) = qr_path(&design.modules) {
        let module = design.module_mm;
        let (left, top) = (x + design.qr_x, y + design.qr_y);
        // Inside this transform a module is 1, so the rectangles are written as small integers.
        surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, left, top));
        surface.draw_path(&path);
        surface.pop();
    }
    for placed in &design.lines {
        draw_line(surface, placed, (x, y));
    }
}

fn draw_line(surface: &mut Surface<'_>, placed: &Placed, (x, y): (f32, f32)) {
    let line = &placed.line;
    let glyphs: Vec<KrillaGlyph> = line
        .glyphs
        .iter()
        .map(|glyph| {
            KrillaGlyph::new(
                GlyphId::new(glyph.id),
                glyph.advance,
                glyph.x_offset,
                glyph.y_offset,
                0.0,
                glyph.range.clone(),
                None,
            )
        })
        .collect();
    let start = Point::from_xy(x + placed.x, y + placed.y);
    let font = line.weight.face().embedded.clone();
    surface.draw_glyphs(start, &glyphs, font, &line.text, placed.size_mm, false);
}

fn qr_path(modules: &Modules) -> Option<Path> {
    let mut path = PathBuilder::new();
    for block in modules.blocks() {
        let (x, y) = (block.x as f32, block.y as f32);
        path.push_rect(Rect::from_xywh(x, y, block.width as f32, block.height as f32)?);
    }
    path.finish()
}

/// Dashed lines between the labels of a plain sheet, from edge to edge.
fn cut_lines(surface: &mut Surface<'_>, geometry: &Geometry, (dx, dy): (f32, f32)) {
    let mut path = PathBuilder::new();
    for column in 1..geometry.columns {
        let x = geometry.left + column as f32 * geometry.pitch_x + dx;
        path.move_to(x, 0.0);
        path.line_to(x, geometry.page_height);
    }
    for row in 1..geometry.rows {
        let y = geometry.top + row as f32 * geometry.pitch_y + dy;
        path.move_to(0.0, y);
        path.line_to(geometry.page_width, y);
    }
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(120).into(),
        width: CUT_LINE_MM,
        dash: Some(StrokeDash { array: vec![2.0, 2.0], offset: 0.0 }),
        ..Stroke::default()
    }));
    surface.draw_path(&path);
}

fn black() -> Fill {
    Fill { paint: luma::Color::black().into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}
