//! Used sheets, printers that feed askew, last pages that are not full, big jobs.

use papers::labels::{LabelJob, Sheet, pdf};
use std::time::Instant;

use crate::tools::{Folder, render, scan};
use crate::{PUBLIC_URL, cartons, payloads};

#[test]
fn a_used_sheet_goes_on_at_its_first_free_label() {
    let labels = cartons(5);
    let job = LabelJob { start: 20, ..LabelJob::new(Sheet::L7160, PUBLIC_URL, &labels) };
    let tenths = |(page, x, y): (usize, f32, f32)| {
        (page, (x * 10.0).round() as i32, (y * 10.0).round() as i32)
    };
    let places: Vec<_> = job.places().map(tenths).collect();
    assert_eq!(places[0], (0, 735, 2441), "the 20th label: second column, seventh row");
    assert_eq!(places[2], (1, 75, 155), "the third goes to a fresh sheet");
    let folder = Folder::new();
    let pages = render(&folder, &pdf(&job).unwrap());
    let found: Vec<_> = pages.iter().map(|page| scan(&folder, page)).collect();
    assert_eq!(found, [payloads(&labels[..2]), payloads(&labels[2..])]);
}

#[test]
fn the_last_page_holds_what_is_left() {
    let labels = cartons(10);
    let folder = Folder::new();
    let job = LabelJob::new(Sheet::A4x4, PUBLIC_URL, &labels);
    let pages = render(&folder, &pdf(&job).unwrap());
    let found: Vec<_> = pages.iter().map(|page| scan(&folder, page)).collect();
    let expected: Vec<_> = labels.chunks(4).map(payloads).collect();
    assert_eq!(found, expected);
}

#[test]
fn offsets_move_everything_by_so_many_millimetres() {
    let labels = cartons(1);
    let job = LabelJob::new(Sheet::L7165, PUBLIC_URL, &labels);
    let moved = LabelJob { offset_x_mm: 3.0, offset_y_mm: -2.5, ..job.clone() };
    let folder = Folder::new();
    let (x, y) = render(&folder, &pdf(&job).unwrap())[0].first_ink_mm();
    let (moved_x, moved_y) = render(&folder, &pdf(&moved).unwrap())[0].first_ink_mm();
    assert!((moved_x - x - 3.0).abs() < 0.1, "{x} to {moved_x}");
    assert!((moved_y - y + 2.5).abs() < 0.1, "{y} to {moved_y}");
}

#[test]
fn the_same_job_gives_the_same_bytes() {
    let labels = cartons(3);
    let job = LabelJob::new(Sheet::A4x8, PUBLIC_URL, &labels);
    assert_eq!(pdf(&job).unwrap(), pdf(&job).unwrap());
}

#[test]
fn a_thousand_labels_are_one_small_file_within_a_second() {
    let labels = cartons(1000);
    // Only an optimised build says anything about speed; else one sheet stands for all.
    let is_optimised = !cfg!(debug_assertions);
    for sheet in Sheet::ALL.into_iter().filter(|sheet| is_optimised || *sheet == Sheet::A4x4) {
        let begun = Instant::now();
        let bytes = pdf(&LabelJob::new(sheet, PUBLIC_URL, &labels)).unwrap();
        let (name, took, kb) = (sheet.name(), begun.elapsed().as_millis(), bytes.len() / 1000);
        println!("{name}: 1000 labels in {took} ms, {kb} kB");
        assert!(kb < 3000, "{name}: {kb} kB");
        assert!(!is_optimised || took <= 1000, "{name}: {took} ms");
    }
}
