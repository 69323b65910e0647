//! The provinces and districts that new books begin with, from the program file.

use super::search::{self, SearchKind};
use crate::db::{Db, all};
use crate::query::insert_rows;
use domain::reference::PlaceKind;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult, Value};
use serde::Deserialize;

/// The list that the codes are from: P-codes changed in 2021.
pub(super) const CODE_SET: &str = "COD-AB AFG 2021-11-17";
/// The list of what people added themselves.
pub(super) const OWN_CODE_SET: &str = "own";

/// How the code of "other or unlisted" ends.
const UNLISTED: &str = "-00";

const PROVINCES: &str = include_str!("../../data/provinces.csv");
const DISTRICTS: &str = include_str!("../../data/districts.csv");

#[derive(Deserialize)]
struct ProvinceRow {
    pcode: String,
    name_en_ocha: String,
    name_en_common: String,
    alt_names: String,
    name_dari: String,
    name_pashto: String,
    lat: Option<f64>,
    lon: Option<f64>,
}

#[derive(Deserialize)]
struct DistrictRow {
    pcode: String,
    province_pcode: String,
    name_en: String,
    name_dari: String,
    name_pashto_unverified: String,
    lat: Option<f64>,
    lon: Option<f64>,
}

struct Seed {
    code: String,
    kind: PlaceKind,
    parent: Option<String>,
    code_set: &'static str,
    name_en: String,
    name_fa: Option<String>,
    name_ps: Option<String>,
    aliases: Vec<String>,
    point: Option<(f64, f64)>,
}

#[derive(FromQueryResult)]
struct CodeRow {
    #[allow(dead_code)]
    code: String,
}

/// Fills the places of new books; books that have any are left alone.
pub(crate) async fn seed(db: &Db) -> Result<(), DbErr> {
    let some: Vec<CodeRow> = all(db.read(), "SELECT code FROM place LIMIT 1", []).await?;
    if !some.is_empty() {
        return Ok(());
    }
    db.write(|tx| Box::pin(insert_places(tx))).await
}

async fn insert_places(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let seeds = read_lists().map_err(|error| DbErr::Custom(format!("the place lists: {error}")))?;
    // "Other or unlisted" is chosen from a list; nobody looks for it, and it would be found 34 times.
    let tokens = seeds.iter().filter(|seed| !seed.code.ends_with(UNLISTED)).map(|seed| {
        let texts = [Some(&seed.code), Some(&seed.name_en), seed.name_fa.as_ref()];
        let texts = texts.into_iter().chain([seed.name_ps.as_ref()]).flatten();
        let texts: Vec<&str> = texts.chain(&seed.aliases).map(String::as_str).collect();
        (search::place_subject(&seed.code), texts)
    });
    let tokens = search::token_rows(SearchKind::Place, tokens);
    let rows = seeds.iter().map(Seed::values).collect();
    insert_rows(
        tx,
        "place (code, subject, kind, parent_code, code_set, name_en, name_fa, name_ps, aliases, \
         latitude, longitude)",
        rows,
        // Two nodes may start on the same new books.
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    search::insert_tokens(tx, tokens).await
}

impl Seed {
    fn values(&self) -> [Value; 11] {
        [
            self.code.as_str().into(),
            search::place_subject(&self.code).into(),
            self.kind.as_str().into(),
            self.parent.clone().into(),
            self.code_set.into(),
            self.name_en.as_str().into(),
            self.name_fa.clone().into(),
            self.name_ps.clone().into(),
            self.aliases.join("\n").into(),
            self.point.map(|point| point.0).into(),
            self.point.map(|point| point.1).into(),
        ]
    }
}

fn read_lists() -> Result<Vec<Seed>, csv::Error> {
    let provinces: Vec<ProvinceRow> =
        csv::Reader::from_reader(PROVINCES.as_bytes()).deserialize().collect::<Result<_, _>>()?;
    let districts: Vec<DistrictRow> =
        csv::Reader::from_reader(DISTRICTS.as_bytes()).deserialize().collect::<Result<_, _>>()?;
    let unlisted: Vec<Seed> = provinces.iter().map(|row| unlisted(&row.pcode)).collect();
    let provinces = provinces.into_iter().map(province);
    Ok(provinces.chain(districts.into_iter().map(district)).chain(unlisted).collect())
}

/// A province under the name that people type; OCHA's spelling is the first alias.
fn province(row: ProvinceRow) -> Seed {
    let mut aliases = Vec::new();
    let others = row.alt_names.split(';').map(str::trim).filter(|name| !name.is_empty());
    for name in std::iter::once(row.name_en_ocha.as_str()).chain(others) {
        if name != row.name_en_common && !aliases.iter().any(|alias| alias == name) {
            aliases.push(name.to_owned());
        }
    }
    Seed {
        code: row.pcode,
        kind: PlaceKind::Province,
        parent: None,
        code_set: CODE_SET,
        name_en: row.name_en_common,
        name_fa: some(row.name_dari),
        name_ps: some(row.name_pashto),
        aliases,
        point: row.lat.zip(row.lon),
    }
}

fn district(row: DistrictRow) -> Seed {
    Seed {
        code: row.pcode,
        kind: PlaceKind::District,
        parent: Some(row.province_pcode),
        code_set: CODE_SET,
        name_en: row.name_en,
        name_fa: some(row.name_dari),
        name_ps: some(row.name_pashto_unverified),
        aliases: Vec::new(),
        point: row.lat.zip(row.lon),
    }
}

/// District lists differ by year and author: each province has an entry for what is in none.
fn unlisted(province: &str) -> Seed {
    Seed {
        code: format!("{province}{UNLISTED}"),
        kind: PlaceKind::District,
        parent: Some(province.to_owned()),
        code_set: OWN_CODE_SET,
        name_en: "Other or unlisted".to_owned(),
        name_fa: Some("دیگر یا نامعلوم".to_owned()),
        name_ps: Some("بل یا نامعلوم".to_owned()),
        aliases: Vec::new(),
        point: None,
    }
}

fn some(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}
