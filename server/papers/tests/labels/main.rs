//! Labels as people meet them: printed, faded, held askew, creased, read by a real decoder.

// A panic is the failure message of a test and of its helpers.
#![allow(clippy::unwrap_used)]

mod decode;
mod layout;
mod page;
mod photos;
mod refusals;
mod svg;
mod text;
mod tools;

use domain::code::{Code, CodeKind};
use papers::labels::{Label, LabelLanguage, Sheet};

const PUBLIC_URL: &str = "https://stock.example.org";

/// The carton of that number; three in a row are in three languages, four in a row of four kinds.
fn carton(number: u64) -> Label {
    let language = match number % 3 {
        0 => LabelLanguage::English,
        1 => LabelLanguage::Dari,
        _ => LabelLanguage::Pashto,
    };
    carton_in(language, number)
}

fn carton_in(language: LabelLanguage, number: u64) -> Label {
    let (outside_name, language_name, pieces_text, position_text, batch) = match language {
        LabelLanguage::English => {
            ("Printed paper M3", "Dari", "500 pieces", format!("carton {number} of 60"), "batch")
        }
        LabelLanguage::Dari => {
            ("کاغذ چاپی M3", "دری", "2,500 قطعه", format!("کارتن {number} از 60"), "بچ")
        }
        LabelLanguage::Pashto => {
            ("چاپ شوې پاڼې M12", "پښتو", "2,500 ټوټې", format!("کارتن {number} له 60 څخه"), "بچ")
        }
    };
    Label {
        code: code(number),
        kind: CodeKind::ALL[number as usize % 4],
        language,
        outside_name: outside_name.to_owned(),
        language_name: language_name.to_owned(),
        pieces_text: pieces_text.to_owned(),
        position_text,
        batch: Some((batch.to_owned(), Code::parse("421A500000F").unwrap())),
    }
}

/// Another code for each number, spread over all characters.
fn code(number: u64) -> Code {
    (0..64)
        .find_map(|draw| {
            Code::from_random((number * 64 + draw).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        })
        .expect("One of 64 draws has a check character of letters and digits.")
}

fn cartons(count: usize) -> Vec<Label> {
    (1..=count as u64).map(carton).collect()
}

/// A full page of each sheet; the roll gets two pages.
fn a_full_page(sheet: Sheet) -> Vec<Label> {
    cartons(sheet.per_page().max(2))
}

fn payloads(labels: &[Label]) -> Vec<String> {
    let mut all: Vec<String> =
        labels.iter().map(|label| label.code.payload(label.kind, PUBLIC_URL)).collect();
    all.sort();
    all
}
