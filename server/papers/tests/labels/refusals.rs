//! What cannot be printed well is refused with its reason.

use papers::labels::{LabelError, LabelJob, MOST_LABELS, Sheet, pdf, svg};

use crate::{PUBLIC_URL, carton, cartons};

fn refusal(job: &LabelJob<'_>) -> LabelError {
    pdf(job).map(|bytes| bytes.len()).unwrap_err()
}

#[test]
fn an_address_that_would_make_modules_too_small_is_refused_on_small_labels_only() {
    let url = format!("https://{}.example.org", "long-name.".repeat(32));
    let labels = cartons(1);
    let small = refusal(&LabelJob::new(Sheet::L7160, &url, &labels));
    assert!(
        matches!(small, LabelError::ModuleTooSmall { sheet: Sheet::L7160, dots } if dots < Sheet::L7160.least_dots()),
        "{small}"
    );
    assert!(pdf(&LabelJob::new(Sheet::A4x2, &url, &labels)).is_ok());
}

#[test]
fn an_address_that_no_code_can_carry_is_refused() {
    let labels = cartons(1);
    for url in ["https://stock.example.org/a_b", "https://کابل.af", "https://a/?b=c"] {
        let job = LabelJob::new(Sheet::A4x4, url, &labels);
        assert_eq!(refusal(&job), LabelError::PublicUrl, "{url}");
        assert_eq!(svg(url, &carton(1)), Err(LabelError::PublicUrl), "{url}");
    }
}

#[test]
fn no_labels_or_too_many_are_refused() {
    assert_eq!(refusal(&LabelJob::new(Sheet::A4x4, PUBLIC_URL, &[])), LabelError::Empty);
    let labels = vec![carton(1); MOST_LABELS + 1];
    let job = LabelJob::new(Sheet::A4x4, PUBLIC_URL, &labels);
    assert_eq!(refusal(&job), LabelError::TooMany { asked: MOST_LABELS + 1 });
}

#[test]
fn a_start_that_is_not_on_the_sheet_is_refused() {
    let labels = cartons(1);
    for start in [0, 22, usize::MAX] {
        let job = LabelJob { start, ..LabelJob::new(Sheet::L7160, PUBLIC_URL, &labels) };
        assert_eq!(refusal(&job), LabelError::Start { start, per_page: 21 });
    }
}

#[test]
fn an_offset_off_the_sheet_is_refused() {
    let labels = cartons(1);
    for offset in [10.5, -11.0, f32::NAN, f32::INFINITY] {
        let job = LabelJob::new(Sheet::L7163, PUBLIC_URL, &labels);
        let across = LabelJob { offset_x_mm: offset, ..job.clone() };
        let down = LabelJob { offset_y_mm: offset, ..job };
        assert_eq!([refusal(&across), refusal(&down)], [LabelError::Offset, LabelError::Offset]);
    }
}
