//! What a phone has never heard of: labels and forms that were made after its last sync. What is said
//! about them is kept with their codes, and the server finds out what they are.

use super::known::{Known, KnownConsignment, KnownEvent, KnownMaterial};
use crate::calendar::Lang;
use crate::code::Code;
use crate::ids::{ConsignmentId, EventId, OrgId, StoreId};
use crate::reference::PlaceName;
use crate::time::Day;
use serde_json::Value;
use uuid::Uuid;

/// What stands in a record beside what its body can say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Besides {
    /// Where a code stands in the place of an id: a path within the body.
    pub by_code: Vec<(String, Code)>,
    /// What people saw behind labels that the phone did not know.
    pub note: Option<String>,
}

impl Besides {
    /// Writes it into the record as it is sent.
    pub fn put(self, record: &mut Value) {
        for (path, code) in self.by_code {
            if let Some(place) = record.get_mut("body").and_then(|body| body.pointer_mut(&path)) {
                *place = Value::from(code.as_str());
            }
        }
        if let (Some(note), Some(fields)) = (self.note, record.as_object_mut()) {
            fields.insert("note".to_owned(), Value::from(note));
        }
    }
}

/// "4K7M-2QXD-9V1: M3 Know the risks", a line a label: whoever matches it reads what it was.
pub fn note<'m>(seen: impl IntoIterator<Item = (Code, &'m KnownMaterial)>) -> Option<String> {
    let line = |(code, material): (Code, &KnownMaterial)| {
        format!("{}: {}", code.grouped(), material.label())
    };
    let lines: Vec<String> = seen.into_iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

impl Known {
    /// The store that it must be about: of several the phone cannot tell.
    fn only_store(&self) -> StoreId {
        match self.stores.items() {
            [only] => only.id,
            _ => StoreId::new(Uuid::nil()),
        }
    }

    /// An event of which the phone has nothing but the code on its form.
    pub fn event_by_code(&self, code: Code, today: Day) -> KnownEvent {
        KnownEvent {
            id: EventId::new(Uuid::nil()),
            code,
            number: code.grouped(),
            type_name: String::new(),
            place_name: PlaceName { en: String::new(), fa: None, ps: None },
            planned_on: today,
            store: self.only_store(),
            org: OrgId::new(Uuid::nil()),
            sessions: Vec::new(),
            materials: Vec::new(),
        }
    }

    /// A consignment of which the phone has nothing but the code on its waybill.
    pub fn consignment_by_code(&self, code: Code) -> KnownConsignment {
        KnownConsignment {
            id: ConsignmentId::new(Uuid::nil()),
            code,
            number: code.grouped(),
            from_name: String::new(),
            to: self.only_store(),
            left_at: None,
            batches: Vec::new(),
        }
    }
}

impl KnownEvent {
    /// Whether the phone has nothing but its code.
    pub fn is_by_code(&self) -> bool {
        self.id.uuid().is_nil()
    }

    /// "E-KBL-0007 · Kabul", as far as it is known.
    pub fn about(&self, lang: Lang) -> String {
        let parts = [self.number.as_str(), self.place(lang)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

impl KnownConsignment {
    /// Whether the phone has nothing but its code.
    pub fn is_by_code(&self) -> bool {
        self.id.uuid().is_nil()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::known::tests::known;
    use serde_json::json;

    #[test]
    fn a_code_stands_where_the_phone_has_no_id() {
        let code = Code::parse("000000001A5").expect("the code of the design");
        let mut record = json!({"id": 1, "body": {"event": Uuid::nil(), "lines": [{"batch": 2}]}});
        let paths = ["/event", "/lines/0/batch", "/nothing"];
        let by_code = paths.map(|path| (path.to_owned(), code)).to_vec();
        Besides { by_code, note: Some("what was seen".to_owned()) }.put(&mut record);
        let body = json!({"event": code, "lines": [{"batch": code}]});
        assert_eq!(record, json!({"id": 1, "note": "what was seen", "body": body}));
    }

    #[test]
    fn what_was_seen_behind_labels_is_noted() {
        let (known, code) = (known(), Code::parse("000000001A5").expect("the code of the design"));
        let seen = note([(code, &known.materials.items()[0])]);
        assert_eq!(seen.as_deref(), Some("0000-0000-1A5: M3 Know the risks"));
        assert_eq!(note([]), None);
    }

    #[test]
    fn an_event_of_which_only_the_code_is_known_says_so() {
        let (known, code) = (known(), Code::parse("000000001A5").expect("the code of the design"));
        let event = known.event_by_code(code, Day(17_000));
        assert!(event.is_by_code() && event.is_due(Day(17_000)));
        assert_eq!(event.store, known.stores.items()[0].id);
        assert_eq!(event.about(Lang::En), "0000-0000-1A5");
    }
}
