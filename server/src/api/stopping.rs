//! Editions that are recalled or replaced, where a program orders, plans or gives them out: asked
//! about once, as on the pages.

use super::problem::Problem;
use domain::code::Code;
use domain::ids::MaterialId;
use domain::records::Body;
use domain::records::events::{EventSheet, Goods, LeaveInPublic, TakeStock};
use domain::records::recall::Purpose;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stock::Reader;
use stock::recall::Stopping;

/// Asks about those of the wanted editions that are to stop, unless a person has answered.
pub async fn ask(
    reader: &Reader<'_>,
    wanted: impl IntoIterator<Item = MaterialId>,
    purpose: Purpose,
    confirmed: bool,
) -> Result<(), Problem> {
    if confirmed {
        return Ok(());
    }
    let asks = questions(reader.stopping(wanted, purpose).await?);
    if asks.is_empty() { Ok(()) } else { Err(Problem::asks(asks)) }
}

/// What is to be asked about the editions that a record gives out or takes to be given out. What
/// cannot be read is refused where it is posted.
pub async fn of_record(
    reader: &Reader<'_>,
    kind: &str,
    body: &Value,
) -> Result<Vec<Value>, Problem> {
    let given = match kind {
        TakeStock::KIND => match read::<TakeStock>(body) {
            Some(said) => of_goods(reader, &said.goods).await?,
            None => Vec::new(),
        },
        LeaveInPublic::KIND => match read::<LeaveInPublic>(body) {
            Some(said) => of_goods(reader, &said.goods).await?,
            None => Vec::new(),
        },
        EventSheet::KIND => {
            let rows = read::<EventSheet>(body).map(|said| said.rows).unwrap_or_default();
            rows.iter().filter(|row| row.given() > 0).map(|row| row.material).collect()
        }
        _ => Vec::new(),
    };
    Ok(questions(reader.stopping(given, Purpose::GiveOut).await?))
}

fn read<T: DeserializeOwned>(body: &Value) -> Option<T> {
    serde_json::from_value(body.clone()).ok()
}

async fn of_goods(reader: &Reader<'_>, goods: &Goods) -> Result<Vec<MaterialId>, Problem> {
    let codes = goods.packs.iter().chain(goods.batches.iter().map(|(code, _)| code));
    let codes: Vec<Code> = codes.copied().collect();
    let found = reader.find_codes(&codes).await?;
    let of_codes = found.into_iter().filter_map(|(_, found)| found.ok());
    let of_codes = of_codes.map(|found| found.material);
    Ok(goods.materials.iter().map(|(material, _)| *material).chain(of_codes).collect())
}

fn questions(stopping: Vec<Stopping>) -> Vec<Value> {
    let question = |stopping: Stopping| {
        json!({
            "question": if stopping.is_recalled { "recalled" } else { "replaced" },
            "material": stopping.material.id,
            "successor": stopping.successor.map(|material| material.id),
        })
    };
    stopping.into_iter().map(question).collect()
}
