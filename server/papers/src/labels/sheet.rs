//! The sheets that labels are printed on.
//!
//! The geometry of the bought sheets is data (`data/label-sheets.csv`); plain A4 is cut into equal
//! parts; a roll is one label a page. All measures are millimetres from the top left.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

use super::LEAST_MODULE_MM;

/// What a job is printed on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Sheet {
    /// Plain A4 cut in two: one carton label is A5.
    A4x2,
    /// Plain A4 cut in four: the usual carton label.
    A4x4,
    /// Plain A4 cut in eight: for bundles.
    A4x8,
    L7160,
    L7163,
    L7165,
    Roll100x150,
}

/// A name that is none of the sheets.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no label sheet {0:?}")]
pub struct UnknownSheet(pub String);

/// Where the labels of a page lie, in millimetres.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Geometry {
    pub page_width: f32,
    pub page_height: f32,
    pub label_width: f32,
    pub label_height: f32,
    pub columns: usize,
    pub rows: usize,
    pub left: f32,
    pub top: f32,
    pub pitch_x: f32,
    pub pitch_y: f32,
}

/// How the inside of a label is laid out, in millimetres and points.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Style {
    pub arrangement: Arrangement,
    /// White border that printers and cutters may eat.
    pub padding: f32,
    /// What the QR code must leave to the text: a width beside it or a height below it.
    pub text_room: f32,
    /// Size of the outside name; every other size follows from it.
    pub name_pt: f32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arrangement {
    /// QR at the start of the reading direction, text at its end.
    Beside,
    /// QR above, text below it.
    Below,
}

impl Sheet {
    pub const ALL: [Self; 7] = [
        Self::A4x2,
        Self::A4x4,
        Self::A4x8,
        Self::L7160,
        Self::L7163,
        Self::L7165,
        Self::Roll100x150,
    ];

    /// The name in forms and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A4x2 => "a4-2",
            Self::A4x4 => "a4-4",
            Self::A4x8 => "a4-8",
            Self::L7160 => "l7160",
            Self::L7163 => "l7163",
            Self::L7165 => "l7165",
            Self::Roll100x150 => "roll-100x150",
        }
    }

    /// The sheet of a name, in any case.
    pub fn parse(name: &str) -> Result<Self, UnknownSheet> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|sheet| sheet.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownSheet(name.to_owned()))
    }

    /// Labels on a full page.
    pub fn per_page(self) -> usize {
        let geometry = self.geometry();
        geometry.columns * geometry.rows
    }

    /// Whether its labels are cut out by hand: those get cut lines.
    pub const fn is_cut_by_hand(self) -> bool {
        match self {
            Self::A4x2 | Self::A4x4 | Self::A4x8 => true,
            Self::L7160 | Self::L7163 | Self::L7165 | Self::Roll100x150 => false,
        }
    }

    /// The dots of the coarsest printer that prints it: rolls go through label printers of 203 dpi,
    /// A4 through office printers, whose 600 and 1,200 dpi are 300 divided evenly.
    pub const fn dots_per_mm(self) -> f32 {
        match self {
            Self::Roll100x150 => 8.0,
            Self::A4x2 | Self::A4x4 | Self::A4x8 | Self::L7160 | Self::L7163 | Self::L7165 => {
                300.0 / 25.4
            }
        }
    }

    /// Dots along one QR module, at least.
    pub fn least_dots(self) -> u32 {
        (LEAST_MODULE_MM * self.dots_per_mm()).ceil() as u32
    }

    /// The nearest edge of a dot.
    pub(crate) fn on_dots(self, mm: f32) -> f32 {
        (mm * self.dots_per_mm()).round() / self.dots_per_mm()
    }

    pub fn geometry(self) -> Geometry {
        match self {
            Self::A4x2 => plain_a4(1, 2),
            Self::A4x4 => plain_a4(2, 2),
            Self::A4x8 => plain_a4(2, 4),
            Self::L7160 => BOUGHT[0],
            Self::L7163 => BOUGHT[1],
            Self::L7165 => BOUGHT[2],
            Self::Roll100x150 => one_a_page(100.0, 150.0),
        }
    }

    pub(crate) const fn style(self) -> Style {
        let (arrangement, padding, text_room, name_pt) = match self {
            Self::A4x2 => (Arrangement::Beside, 12.0, 74.0, 34.0),
            Self::A4x4 => (Arrangement::Below, 6.0, 44.0, 23.0),
            Self::A4x8 => (Arrangement::Beside, 5.0, 36.0, 16.0),
            Self::L7160 => (Arrangement::Beside, 2.5, 24.0, 10.0),
            Self::L7163 => (Arrangement::Beside, 4.0, 50.0, 15.0),
            Self::L7165 => (Arrangement::Beside, 4.0, 35.0, 15.0),
            Self::Roll100x150 => (Arrangement::Below, 5.0, 46.0, 23.0),
        };
        Style { arrangement, padding, text_room, name_pt }
    }
}

impl Geometry {
    /// The top left corner of the label at a place of the page, counted along the rows from 0.
    pub fn corner(&self, place: usize) -> (f32, f32) {
        let (column, row) = (place % self.columns, place / self.columns);
        (self.left + column as f32 * self.pitch_x, self.top + row as f32 * self.pitch_y)
    }
}

impl TryFrom<String> for Sheet {
    type Error = UnknownSheet;

    fn try_from(name: String) -> Result<Self, UnknownSheet> {
        Self::parse(&name)
    }
}

impl From<Sheet> for String {
    fn from(sheet: Sheet) -> Self {
        sheet.name().to_owned()
    }
}

fn plain_a4(columns: usize, rows: usize) -> Geometry {
    let (width, height) = (210.0 / columns as f32, 297.0 / rows as f32);
    Geometry {
        page_width: 210.0,
        page_height: 297.0,
        columns,
        rows,
        pitch_x: width,
        pitch_y: height,
        ..one_a_page(width, height)
    }
}

const fn one_a_page(width: f32, height: f32) -> Geometry {
    Geometry {
        page_width: width,
        page_height: height,
        label_width: width,
        label_height: height,
        columns: 1,
        rows: 1,
        left: 0.0,
        top: 0.0,
        pitch_x: width,
        pitch_y: height,
    }
}

/// L7160, L7163 and L7165 as the data file has them.
static BOUGHT: LazyLock<[Geometry; 3]> = LazyLock::new(|| {
    let read = |name| {
        read_bought(name).expect("The embedded list of label sheets has each sheet in whole.")
    };
    [read("L7160"), read("L7163"), read("L7165")]
});

fn read_bought(name: &str) -> Option<Geometry> {
    let list = include_str!("../../data/label-sheets.csv");
    let row = list.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let row = row.into_iter().find(|row| row.first() == Some(&name))?;
    let measure = |column: usize| row.get(column)?.parse::<f32>().ok();
    let count = |column: usize| row.get(column)?.parse::<usize>().ok();
    Some(Geometry {
        page_width: 210.0,
        page_height: 297.0,
        label_width: measure(1)?,
        label_height: measure(2)?,
        columns: count(4)?,
        rows: count(5)?,
        left: measure(6)?,
        top: measure(7)?,
        pitch_x: measure(8)?,
        pitch_y: measure(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_another_does_not() {
        for sheet in Sheet::ALL {
            assert_eq!(Sheet::parse(&sheet.name().to_uppercase()), Ok(sheet));
        }
        assert_eq!(Sheet::parse("l7161"), Err(UnknownSheet("l7161".to_owned())));
    }

    #[test]
    fn each_sheet_has_the_labels_that_its_box_promises() {
        let counts = Sheet::ALL.map(Sheet::per_page);
        assert_eq!(counts, [2, 4, 8, 21, 14, 8, 1]);
    }

    #[test]
    fn every_label_lies_on_its_page_and_beside_its_neighbours() {
        for sheet in Sheet::ALL {
            let geometry = sheet.geometry();
            let (x, y) = geometry.corner(sheet.per_page() - 1);
            assert!(x + geometry.label_width <= geometry.page_width + 0.01, "{sheet:?}");
            assert!(y + geometry.label_height <= geometry.page_height + 0.01, "{sheet:?}");
            assert!(geometry.pitch_x >= geometry.label_width, "{sheet:?}");
            assert!(geometry.pitch_y >= geometry.label_height, "{sheet:?}");
        }
    }
}
