//! Labels for batches, packs, consignments and events, as PDF pages and as one SVG.
//!
//! A label that does not scan is a carton that nobody can count, so the size of a QR module is an
//! invariant: at least [`LEAST_MODULE_MM`], in whole dots of the printer and on its dots, so that
//! edges are sharp, with its quiet zone inside the label. A code that would need smaller modules is
//! an error, not a label.

mod design;
mod pdf;
mod sheet;
mod svg;

pub use sheet::{Geometry, Sheet, UnknownSheet};

use domain::code::{Code, CodeKind};
use serde::{Deserialize, Serialize};

use crate::qr::{Modules, QrError};

/// The side of one QR module, at least: four dots of a printer of 203 dpi.
pub const LEAST_MODULE_MM: f32 = 0.5;

/// The side of the QR code without its quiet zone on a carton label, at least.
pub const LEAST_CARTON_QR_MM: f32 = 60.0;

/// Labels of one job, at most: 500 to 10,000 pages.
pub const MOST_LABELS: usize = 10_000;

/// How far a job may be moved on its sheet, in millimetres either way.
pub const MOST_OFFSET_MM: f32 = 10.0;

/// The language of the words on a label; sets direction and digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum LabelLanguage {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "fa-AF")]
    Dari,
    #[serde(rename = "ps-AF")]
    Pashto,
}

/// One label. The texts are whole sentences of the caller's catalogue; an empty one leaves no gap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Label {
    pub code: Code,
    pub kind: CodeKind,
    /// The language that the texts are written in.
    pub language: LabelLanguage,
    /// The neutral name, never the programme's own title: "Printed paper M3".
    pub outside_name: String,
    /// The language of the printed material: "Dari".
    pub language_name: String,
    /// "500 pieces"
    pub pieces_text: String,
    /// "carton 7 of 60"; empty on a batch label.
    pub position_text: String,
    /// "batch", with the code that stands after it; none on a batch label.
    pub batch: Option<(String, Code)>,
}

impl Label {
    fn modules(&self, public_url: &str) -> Result<Modules, QrError> {
        Modules::encode(&self.code.payload(self.kind, public_url))
    }
}

/// Labels to print on one kind of sheet, in this order.
#[derive(Clone, PartialEq, Debug)]
pub struct LabelJob<'a> {
    pub sheet: Sheet,
    /// The address in the QR codes, as `--public-url` gives it.
    pub public_url: &'a str,
    pub labels: &'a [Label],
    /// The first free label of the first page, counted from 1 along the rows: used sheets can go
    /// through the printer again.
    pub start: usize,
    /// Moves everything right (or left), in millimetres, for printers that feed askew.
    pub offset_x_mm: f32,
    /// Moves everything down (or up), in millimetres.
    pub offset_y_mm: f32,
}

/// Why labels cannot be made.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum LabelError {
    #[error("there are no labels to print")]
    Empty,
    #[error("{asked} labels are more than {MOST_LABELS}")]
    TooMany { asked: usize },
    #[error("place {start} is not on a sheet of {per_page} labels")]
    Start { start: usize, per_page: usize },
    #[error("an offset is more than {MOST_OFFSET_MM} mm")]
    Offset,
    #[error("the public address cannot be part of a QR code")]
    PublicUrl,
    #[error(
        "the public address is so long that a QR module would have {dots} printer dots on {}, \
         less than {}", sheet.name(), sheet.least_dots()
    )]
    ModuleTooSmall { sheet: Sheet, dots: u32 },
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

impl<'a> LabelJob<'a> {
    /// A job on fresh sheets without offsets.
    pub const fn new(sheet: Sheet, public_url: &'a str, labels: &'a [Label]) -> Self {
        Self { sheet, public_url, labels, start: 1, offset_x_mm: 0.0, offset_y_mm: 0.0 }
    }

    /// Where each label lies: page from 0, and its top left corner in millimetres.
    pub fn places(&self) -> impl Iterator<Item = (usize, f32, f32)> + use<> {
        let (geometry, per_page) = (self.sheet.geometry(), self.sheet.per_page());
        let (offset_x, offset_y) = (self.offset_x_mm, self.offset_y_mm);
        let first = self.start.saturating_sub(1);
        (first..first.saturating_add(self.labels.len())).map(move |place| {
            let (x, y) = geometry.corner(place % per_page);
            (place / per_page, x + offset_x, y + offset_y)
        })
    }

    fn check(&self) -> Result<(), LabelError> {
        let per_page = self.sheet.per_page();
        let is_near = |offset: f32| offset.abs() <= MOST_OFFSET_MM;
        if self.labels.is_empty() {
            Err(LabelError::Empty)
        } else if self.labels.len() > MOST_LABELS {
            Err(LabelError::TooMany { asked: self.labels.len() })
        } else if self.start == 0 || self.start > per_page {
            Err(LabelError::Start { start: self.start, per_page })
        } else if !is_near(self.offset_x_mm) || !is_near(self.offset_y_mm) {
            Err(LabelError::Offset)
        } else {
            Ok(())
        }
    }
}

/// The labels of a job as one PDF.
pub fn pdf(job: &LabelJob<'_>) -> Result<Vec<u8>, LabelError> {
    job.check()?;
    pdf::write(job)
}

/// One label as an SVG of 100 × 150 mm (the roll's label) with its text as outlines, so that it
/// looks the same where Vazirmatn is missing.
pub fn svg(public_url: &str, label: &Label) -> Result<String, LabelError> {
    svg::write(public_url, label)
}

impl LabelLanguage {
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dari => "fa-AF",
            Self::Pashto => "ps-AF",
        }
    }

    pub(crate) fn level(self) -> unicode_bidi::Level {
        match self {
            Self::English => unicode_bidi::Level::ltr(),
            Self::Dari | Self::Pashto => unicode_bidi::Level::rtl(),
        }
    }
}

impl From<QrError> for LabelError {
    fn from(error: QrError) -> Self {
        match error {
            QrError::Characters | QrError::TooLong => Self::PublicUrl,
        }
    }
}
