//! CSV files that a spreadsheet can open without running anything.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is read as a formula by
//! spreadsheets. Such a cell gets an apostrophe in front, which spreadsheets take as "this is
//! text". Plain negative numbers stay numbers: `-12` cannot be a formula, and a column of
//! differences must add up.

use std::borrow::Cow;

/// Rows as CSV bytes: UTF-8 with a byte order mark (Excel reads Dari and Pashto only so), CRLF,
/// cells quoted where they must be. Rows may differ in length.
pub fn write<Row, Cell>(rows: impl IntoIterator<Item = Row>) -> Vec<u8>
where
    Row: IntoIterator<Item = Cell>,
    Cell: AsRef<str>,
{
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        for cell in row {
            writer
                .write_field(neutral(cell.as_ref()).as_bytes())
                .expect("Writing into memory does not fail.");
        }
        writer.write_record(None::<&[u8]>).expect("Writing into memory does not fail.");
    }
    writer.into_inner().expect("Writing into memory does not fail.")
}

/// The cell as it may stand in a file: one that a spreadsheet would run begins with an apostrophe.
pub fn neutral(cell: &str) -> Cow<'_, str> {
    let dangerous =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if dangerous && !is_plain_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// A sign, digits and at most one point: nothing that could call a function.
fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rows: &[&[&str]]) -> String {
        String::from_utf8(write(rows.iter().map(|row| row.iter()))).unwrap()
    }

    #[test]
    fn a_formula_in_a_title_stays_text() {
        for cell in
            ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "-"]
        {
            assert_eq!(neutral(cell), format!("'{cell}"), "{cell:?}");
        }
    }

    #[test]
    fn words_and_numbers_stay_as_they_are() {
        for cell in ["", "Kabul", "12", "-12", "-12.5", "a=b", "۲,۵۰۰", "کابل", "2017-06-15"]
        {
            assert_eq!(neutral(cell), cell, "{cell:?}");
        }
    }

    #[test]
    fn a_file_begins_with_a_mark_quotes_what_it_must_and_ends_each_row() {
        assert_eq!(
            text(&[&["place", "pieces"], &["Kabul, \"west\"", "-3"], &["=A1", "two\nlines"]]),
            "\u{feff}place,pieces\r\n\"Kabul, \"\"west\"\"\",-3\r\n'=A1,\"two\nlines\"\r\n"
        );
    }

    #[test]
    fn rows_may_differ_in_length_and_be_empty() {
        assert_eq!(text(&[&["a"], &["b", "c"]]), "\u{feff}a\r\nb,c\r\n");
        assert_eq!(text(&[]), "\u{feff}");
    }
}
