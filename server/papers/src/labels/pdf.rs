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
use std::num::NonZero;
use std::thread;

use super::design::{Design, Placed};
use super::sheet::{Geometry, Sheet};
use super::{Label, LabelError, LabelJob};
use crate::qr::{Modules, QrError};
use crate::text::Typesetter;

const PT_PER_MM: f32 = 72.0 / 25.4;
/// Thin enough to vanish in the cut.
const CUT_LINE_MM: f32 = 0.15;
/// A black edge keeps one such part of a printer dot from the edge of its dot: no eye sees it, and a
/// rounding error does not touch the next dot, which many programs would then print grey.
const PARTS_OF_A_DOT: f32 = 50.0;

pub fn write(job: &LabelJob<'_>) -> Result<Vec<u8>, LabelError> {
    let geometry = job.sheet.geometry();
    let mut document = Document::new_with(SerializeSettings {
        xmp_metadata: false,
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    let mut typesetter = Typesetter::default();
    let labels = job.labels.iter().zip(codes(job)?);
    let mut placed = job.places().zip(labels).peekable();
    while let Some(page_number) = placed.peek().map(|((page, ..), _)| *page) {
        // A page that was begun must be finished, so what may fail comes first.
        let mut designs = Vec::with_capacity(job.sheet.per_page());
        while let Some(((_, x, y), (label, modules))) =
            placed.next_if(|((page, ..), _)| *page == page_number)
        {
            let design = Design::new(&mut typesetter, job.sheet, label, modules)?;
            designs.push((design, (x, y)));
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
            draw(&mut surface, job.sheet, &design, corner);
        }
        surface.pop();
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| LabelError::Pdf(error.to_string()))
}

/// The QR codes of all labels. Making them takes longest of all, so every core makes its part.
fn codes(job: &LabelJob<'_>) -> Result<Vec<Modules>, QrError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let each = job.labels.len().div_ceil(cores).max(1);
    let made = |labels: &[Label]| -> Result<Vec<Modules>, QrError> {
        labels.iter().map(|label| label.modules(job.public_url)).collect()
    };
    let parts: Result<Vec<_>, QrError> = thread::scope(|scope| {
        let parts: Vec<_> =
            job.labels.chunks(each).map(|labels| scope.spawn(move || made(labels))).collect();
        let join = |part: thread::ScopedJoinHandle<'_, _>| {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().map(join).collect()
    });
    Ok(parts?.into_iter().flatten().collect())
}

fn draw(surface: &mut Surface<'_>, sheet: Sheet, design: &Design, (x, y): (f32, f32)) {
    surface.set_stroke(None);
    surface.set_fill(Some(black()));
    let part = 1.0 / (sheet.dots_per_mm() * PARTS_OF_A_DOT);
    // Whole numbers, which are written short and fast.
    let parts = (design.module_mm / part).round();
    if let Some(path) = qr_path(&design.modules, parts) {
        // On whole dots: an edge between two of them would print grey.
        let (left, top) = (sheet.on_dots(x + design.qr_x), sheet.on_dots(y + design.qr_y));
        surface.push_transform(&Transform::from_row(part, 0.0, 0.0, part, left, top));
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

/// A module is so many parts of a dot; each rectangle is smaller by one part on every side.
fn qr_path(modules: &Modules, parts: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    for block in modules.blocks() {
        let (x, y) = (block.x as f32 * parts + 1.0, block.y as f32 * parts + 1.0);
        let (width, height) = (block.width as f32 * parts, block.height as f32 * parts);
        path.push_rect(Rect::from_xywh(x, y, width - 2.0, height - 2.0)?);
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
