//! The sheet told again: a form that begins with what a sheet said, to put it right.

use super::sheet::WHOLE;
use crate::forms::Fields;
use crate::session::Visit;
use domain::event_sheet::SheetRow;
use domain::ids::RecordId;
use stock::events::{EventDetail, SheetDetail, SheetState};

/// The field, and the part of an address, that names the sheet with which a form begins.
pub(super) const FROM: &str = "from";

/// The last part of the way to a sheet's form that begins with what `sheet` said.
pub(super) fn way_from(sheet: RecordId) -> String {
    format!("sheet?{FROM}={sheet}")
}

/// The last part of the way to a sheet's form. While nothing stands in the place of a sheet that
/// was taken back, it begins with that one.
pub(super) fn way(detail: &EventDetail) -> String {
    taken_back(detail).map_or_else(|| "sheet".to_owned(), |sheet| way_from(sheet.record))
}

/// The newest sheet that was taken back and has no successor.
pub(super) fn taken_back(detail: &EventDetail) -> Option<&SheetDetail> {
    let reversed = |sheet: &&SheetDetail| sheet.state == SheetState::Reversed;
    let last = detail.sheets.iter().rev().find(reversed)?;
    let same = |other: &SheetDetail| other.session.is_none() || other.session == last.session;
    let stands = |other: &SheetDetail| other.state == SheetState::Posted && same(other);
    (!detail.sheets.iter().any(stands)).then_some(last)
}

/// The sheet with which the form of this visit begins, if it is one of the event.
pub(super) fn of_visit<'d>(visit: &Visit, detail: &'d EventDetail) -> Option<&'d SheetDetail> {
    named(detail, visit.query(FROM)?)
}

/// A sheet of the event that can be told again.
pub(super) fn named<'d>(detail: &'d EventDetail, record: &str) -> Option<&'d SheetDetail> {
    let can = |state| matches!(state, SheetState::Posted | SheetState::Reversed);
    detail.sheets.iter().find(|sheet| sheet.record.to_string() == record && can(sheet.state))
}

/// What the sheet said, as somebody would type it.
pub(super) fn typed(detail: &EventDetail, sheet: &SheetDetail) -> Fields {
    let mut fields = Fields::default();
    fields.push(FROM, sheet.record.to_string());
    fields.push("date", sheet.day.to_string());
    if !detail.sessions.is_empty() {
        let session = sheet.session.map_or_else(|| WHOLE.to_owned(), |id| id.to_string());
        fields.push("session", session);
    }
    sheet.rows.iter().for_each(|view| row(&mut fields, &view.row));
    let codes = sheet.codes.iter().map(|code| code.grouped()).collect::<Vec<_>>();
    fields.push("codes", codes.join("\n"));
    if let Some(said) = &sheet.said {
        super::fields::typed_attendance(&mut fields, said);
    }
    fields.push("note", sheet.note.clone().unwrap_or_default());
    fields
}

fn row(fields: &mut Fields, row: &SheetRow) {
    let key = row.material.to_string();
    let mut count = |field: &str, count: Option<i64>| {
        let count = count.map(|count| count.to_string()).unwrap_or_default();
        fields.push(field.replace('*', &key), count);
    };
    let used = |pieces: i64| Some(pieces).filter(|pieces| *pieces > 0);
    count("brought_*_pieces", Some(row.brought));
    count("left_*_pieces", Some(row.left));
    count("spoiled_*_pieces", used(row.spoiled));
    count("participants_*", used(row.participants));
    count("multipliers_*", row.multipliers.and_then(|to| used(to.pieces)));
    count("multiplier_people_*", row.multipliers.and_then(|to| to.people));
    count("public_*", row.public.and_then(|to| used(to.pieces)));
    count("public_places_*", row.public.and_then(|to| to.places));
    if let Some(to) = row.multipliers {
        fields.push(format!("multiplier_who_{key}"), to.who.as_str());
    }
    if let Some(to) = row.public {
        fields.push(format!("public_kind_{key}"), to.kind.as_str());
    }
    fields.push("row", key);
}
