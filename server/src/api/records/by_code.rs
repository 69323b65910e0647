//! Codes in the place of ids: a phone that has never heard of an event, a consignment or a batch knows
//! what is printed on its form or label.

use crate::api::problem::{Code as ProblemCode, Problem};
use domain::code::{Code, CodeKind};
use serde_json::Value;
use stock::Reader;

/// The fields of bodies in which a code may stand.
const FIELDS: [(&str, CodeKind); 3] = [
    ("event", CodeKind::Event),
    ("consignment", CodeKind::Consignment),
    ("batch", CodeKind::Batch),
];

/// Puts ids where a body has codes. A code stands for the same thing for ever, so a record that
/// comes again says the same.
pub async fn resolve(reader: &Reader<'_>, body: &mut Value) -> Result<(), Problem> {
    let mut found = Vec::new();
    find(body, &mut found);
    if found.is_empty() {
        return Ok(());
    }
    for (kind, code, place) in found {
        let id = reader.named_by(code, kind).await?;
        let unknown = || Problem::new(ProblemCode::UnknownCode).with("label", code.grouped());
        *place = Value::from(id.ok_or_else(unknown)?.to_string());
    }
    if let Some(Value::Array(lines)) = body.get_mut("lines") {
        *lines = added_up(std::mem::take(lines));
    }
    Ok(())
}

/// Several labels may be of one batch; whoever read them could not know.
fn added_up(lines: Vec<Value>) -> Vec<Value> {
    let mut sums: Vec<Value> = Vec::with_capacity(lines.len());
    for line in lines {
        let same = |sum: &&mut Value| line.get("batch").is_some() && sum["batch"] == line["batch"];
        match (sums.iter_mut().find(same), &line) {
            (Some(Value::Object(sum)), Value::Object(fields)) => {
                for (name, value) in fields {
                    let before = sum.entry(name).or_insert(Value::Null);
                    *before = added(before, value);
                }
            }
            (_, line) => sums.push(line.clone()),
        }
    }
    sums
}

fn added(before: &Value, value: &Value) -> Value {
    match (before, value) {
        (Value::Array(before), Value::Array(more)) => before.iter().chain(more).cloned().collect(),
        (Value::Null, value) => value.clone(),
        (before, value) => match before.as_i64().zip(value.as_i64()) {
            Some((before, more)) => Value::from(before.saturating_add(more)),
            None => before.clone(),
        },
    }
}

fn find<'v>(value: &'v mut Value, found: &mut Vec<(CodeKind, Code, &'v mut Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let kind = FIELDS.iter().find(|(field, _)| field == name).map(|(_, kind)| *kind);
                let code = value.as_str().and_then(|text| Code::parse(text).ok());
                match kind.zip(code) {
                    Some((kind, code)) => found.push((kind, code, value)),
                    None => find(value, found),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| find(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn codes_are_found_where_ids_stand_and_nowhere_else() {
        let code = "000000001A5";
        let mut body = json!({
            "event": "019a0d6e-0000-7000-8000-000000000001",
            "codes": [code],
            "note": code,
            "lines": [{"batch": code, "pieces": 2}, {"batch": "0000-0000-1a5"}],
        });
        let mut found = Vec::new();
        find(&mut body, &mut found);
        let kinds: Vec<_> = found.iter().map(|(kind, code, _)| (*kind, code.as_str())).collect();
        assert_eq!(kinds, [(CodeKind::Batch, code), (CodeKind::Batch, code)]);
    }

    #[test]
    fn labels_of_one_batch_are_added_up() {
        let line = |batch, good, damage: Option<&str>| json!({"batch": batch, "good": good, "packs": [good], "damage": damage});
        let lines = vec![line("a", 1, None), line("b", 2, None), line("a", 3, Some("wet"))];
        let sum = json!({"batch": "a", "good": 4, "packs": [1, 3], "damage": "wet"});
        assert_eq!(added_up(lines), [sum, line("b", 2, None)]);
    }
}
