//! What was said and is in no book yet: kept whole until somebody decides whether it counts.
//!
//! A phone that was reported lost may be in anybody's hands, and whoever left or got other rights
//! may have said something before. None of that is dropped, and none of it is believed unseen.

use crate::code::Code;
use crate::ids::{BatchId, ConsignmentId, EventId, MaterialId, StoreId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::str::FromStr;

/// Why a record waits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It came from a phone that its author reported lost.
    PhoneLost,
    /// The account of its author was closed before it came.
    AuthorLeft,
    /// Its author might say this when it happened, and may no longer.
    RightsEnded,
}

impl Why {
    pub const ALL: [Self; 3] = [Self::PhoneLost, Self::AuthorLeft, Self::RightsEnded];

    /// The word in the database and in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PhoneLost => "phone_lost",
            Self::AuthorLeft => "author_left",
            Self::RightsEnded => "rights_ended",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }

    /// Why something waits before anybody looks what it says. Whoever left cannot be asked about it,
    /// so that is said first.
    pub const fn at_the_door(author_left: bool, phone_is_lost: bool) -> Option<Self> {
        match (author_left, phone_is_lost) {
            (true, _) => Some(Self::AuthorLeft),
            (false, true) => Some(Self::PhoneLost),
            (false, false) => None,
        }
    }
}

/// Why something that waited does not count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// It did not happen.
    NotSo,
    /// It was entered from paper.
    OnPaper,
    /// The books have it by another record.
    InBooks,
    Other,
}

impl Dropped {
    pub const ALL: [Self; 4] = [Self::NotSo, Self::OnPaper, Self::InBooks, Self::Other];

    pub const fn word(self) -> &'static str {
        match self {
            Self::NotSo => "not_so",
            Self::OnPaper => "on_paper",
            Self::InBooks => "in_books",
            Self::Other => "other",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// What becomes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ruling {
    Post,
    Drop(Dropped),
}

impl Ruling {
    const POST: &'static str = "post";

    pub const fn word(self) -> &'static str {
        match self {
            Self::Post => Self::POST,
            Self::Drop(reason) => reason.word(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        if word == Self::POST { Some(Self::Post) } else { Dropped::parse(word).map(Self::Drop) }
    }
}

/// A thing by its id, or by the code that a phone read off its form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named<T> {
    Id(T),
    Code(Code),
}

impl<T: FromStr> Named<T> {
    fn of(value: Option<&Value>) -> Option<Self> {
        let text = value?.as_str()?;
        text.parse().map(Self::Id).ok().or_else(|| Code::parse(text).map(Self::Code).ok())
    }
}

/// Of what there are pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    Material(MaterialId),
    Batch(Named<BatchId>),
}

/// What a body says in short, as far as it can be read: enough for a person to judge it. It is
/// validated when it is posted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Gist {
    pub store: Option<StoreId>,
    pub event: Option<Named<EventId>>,
    pub consignment: Option<Named<ConsignmentId>>,
    /// With the pieces, where they are said: of a label they stand on the label.
    pub goods: Vec<(Thing, Option<i64>)>,
}

impl Gist {
    /// Of a body as it is sent: the shapes of `crate::records`, with codes in the place of ids.
    pub fn of(body: &Value) -> Self {
        let goods = body.get("goods").unwrap_or(&Value::Null);
        let rows = items(body, "rows").filter_map(row);
        let lines = items(body, "lines").filter_map(line);
        let packs = items(goods, "packs").filter_map(|label| Some((batch(Some(label))?, None)));
        let batches = items(goods, "batches").filter_map(pair(batch));
        let materials = items(goods, "materials").filter_map(pair(material));
        Self {
            store: id(body.get("store")),
            event: Named::of(body.get("event")),
            consignment: Named::of(body.get("consignment")),
            goods: rows.chain(lines).chain(packs).chain(batches).chain(materials).collect(),
        }
    }
}

fn items<'v>(value: &'v Value, field: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn id<T: FromStr>(value: Option<&Value>) -> Option<T> {
    value?.as_str()?.parse().ok()
}

fn material(value: Option<&Value>) -> Option<Thing> {
    id(value).map(Thing::Material)
}

fn batch(value: Option<&Value>) -> Option<Thing> {
    Named::of(value).map(Thing::Batch)
}

/// `[thing, pieces]`.
fn pair(
    thing: fn(Option<&Value>) -> Option<Thing>,
) -> impl Fn(&Value) -> Option<(Thing, Option<i64>)> {
    move |value| Some((thing(value.get(0))?, value.get(1).and_then(Value::as_i64)))
}

/// A row of a sheet, or of what comes back.
fn row(value: &Value) -> Option<(Thing, Option<i64>)> {
    if value.is_array() {
        return pair(material)(value);
    }
    Some((material(value.get("material"))?, value.get("brought").and_then(Value::as_i64)))
}

/// A line of what happened in a store, or of what came out of a consignment.
fn line(value: &Value) -> Option<(Thing, Option<i64>)> {
    let pieces = |field| value.get(field).and_then(Value::as_i64);
    let counted = pieces("good").map(|good| good.saturating_add(pieces("damaged").unwrap_or(0)));
    Some((batch(value.get("batch"))?, pieces("pieces").or(counted)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    const ID: &str = "019a0d6e-0000-7000-8000-000000000001";
    const CODE: &str = "000000001A5";

    fn the<T: From<Uuid>>() -> T {
        ID.parse::<Uuid>().unwrap().into()
    }

    fn code() -> Code {
        Code::parse(CODE).unwrap()
    }

    #[test]
    fn the_words_are_read_back() {
        for why in Why::ALL {
            assert_eq!(Why::parse(why.word()), Some(why));
        }
        let drops = Dropped::ALL.map(Ruling::Drop);
        for ruling in drops.into_iter().chain([Ruling::Post]) {
            assert_eq!(Ruling::parse(ruling.word()), Some(ruling));
        }
        assert_eq!((Ruling::parse(""), Why::parse("")), (None, None));
    }

    #[test]
    fn who_left_is_said_before_the_phone() {
        assert_eq!(Why::at_the_door(false, false), None);
        assert_eq!(Why::at_the_door(false, true), Some(Why::PhoneLost));
        assert_eq!(Why::at_the_door(true, true), Some(Why::AuthorLeft));
    }

    #[test]
    fn what_phones_say_is_read_in_each_of_its_shapes() {
        let drop = json!({"store": ID, "goods":
            {"packs": [CODE], "batches": [[CODE, 5]], "materials": [[ID, 7]]}});
        let label = Thing::Batch(Named::Code(code()));
        let leaflets = Thing::Material(the());
        let gist = Gist::of(&drop);
        assert_eq!(gist.store, Some(the()));
        assert_eq!(gist.goods, [(label, None), (label, Some(5)), (leaflets, Some(7))]);

        let sheet = json!({"event": CODE, "rows": [{"material": ID, "brought": 300, "left": 2}]});
        let gist = Gist::of(&sheet);
        assert_eq!(gist.event, Some(Named::Code(code())));
        assert_eq!(gist.goods, [(leaflets, Some(300))]);
        let back = json!({"event": ID, "rows": [[ID, 12]]});
        assert_eq!(Gist::of(&back).event, Some(Named::Id(the())));
        assert_eq!(Gist::of(&back).goods, [(leaflets, Some(12))]);

        let counted =
            json!({"consignment": ID, "lines": [{"batch": ID, "good": 40, "damaged": 2}]});
        let gist = Gist::of(&counted);
        assert_eq!(gist.consignment, Some(Named::Id(the())));
        assert_eq!(gist.goods, [(Thing::Batch(Named::Id(the())), Some(42))]);
        let change = json!({"store": ID, "lines": [{"batch": ID, "pieces": 3}]});
        assert_eq!(Gist::of(&change).goods, [(Thing::Batch(Named::Id(the())), Some(3))]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for body in [json!(null), json!([1]), json!({"rows": [1, {}], "goods": 3, "event": "?"})] {
            assert_eq!(Gist::of(&body), Gist::default());
        }
    }
}
