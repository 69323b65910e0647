//! Lists, totals, search and exports: what others have is in none of them.

use super::asking::{ask, fill};
use super::entries::{About, about};
use super::setting::{Asker, Setting, said};
use crate::books::on_both;
use app::routes::{self, Kind, Route};
use domain::ids::MaterialId;
use domain::ledger::Reason;
use domain::material::MaterialKind;
use domain::pieces::Pieces;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::time::Month;
use std::collections::BTreeMap;

on_both!(
    no_page_names_what_others_have,
    no_search_finds_what_others_have,
    what_others_do_changes_nothing_that_they_see,
);

/// Numbers and codes of what happens in far stores. Each query gives `text`.
const NAMES: [&str; 8] = [
    "SELECT code AS text FROM batch WHERE first_store_id IN FAR AND id NOT IN HELD",
    "SELECT p.code AS text FROM pack p JOIN batch b ON b.id = p.batch_id \
     WHERE b.first_store_id IN FAR AND b.id NOT IN HELD",
    "SELECT number AS text FROM consignment WHERE from_store_id IN FAR AND to_store_id IN FAR",
    "SELECT code AS text FROM consignment WHERE from_store_id IN FAR AND to_store_id IN FAR",
    "SELECT number AS text FROM event WHERE store_id IN FAR",
    "SELECT code AS text FROM event WHERE store_id IN FAR",
    "SELECT number AS text FROM drop_off WHERE store_id IN FAR",
    "SELECT number AS text FROM first_count WHERE store_id IN FAR",
];

/// What is of other organisations, for those who belong to one. A keeper of the programme knows the
/// names of its stores, because he sends to them.
const ORGS: [&str; 6] = [
    "SELECT name AS text FROM store WHERE id IN FAR",
    "SELECT name AS text FROM org WHERE id NOT IN (SELECT org_id FROM store WHERE id IN NEAR)",
    "SELECT y.name AS text FROM person y \
     WHERE y.org_id NOT IN (SELECT org_id FROM store WHERE id IN NEAR)",
    "SELECT number AS text FROM print_run",
    "SELECT purchase_order AS text FROM print_run",
    "SELECT number AS text FROM receipt",
];

/// What somebody adds to the address of a list, with an id of others in it.
const QUERIES: [(&str, &str); 4] = [
    ("store", "SELECT id FROM store WHERE id IN FAR ORDER BY name"),
    ("org", "SELECT id FROM org WHERE id NOT IN (SELECT org_id FROM store WHERE id IN NEAR)"),
    ("batch", "SELECT id FROM batch WHERE first_store_id IN FAR AND id NOT IN HELD"),
    ("before", "SELECT id FROM consignment WHERE from_store_id IN FAR AND to_store_id IN FAR"),
];

pub async fn names(setting: &Setting, asker: &Asker) -> Vec<String> {
    let mut found = setting.texts(&NAMES, asker).await;
    if asker.is_of_another_organisation {
        found.extend(setting.texts(&ORGS, asker).await);
    }
    found
}

/// Every page and file that this asker may come to and that is about nothing in particular, with
/// each query; and those about what everybody may see.
async fn pages(setting: &Setting, asker: &Asker) -> BTreeMap<String, &'static Route> {
    let mut found = BTreeMap::new();
    for route in routes::all() {
        let is_read = matches!(route.kind, Kind::Page(_) | Kind::File(_));
        if !is_read || !route.need.allows(Some(&asker.actor)) || route.path == "/login" {
            continue;
        }
        if !route.path.contains('{') {
            found.insert(route.path.to_owned(), route);
            found.insert(format!("{}?month=2017-06", route.path), route);
            for (name, query) in QUERIES {
                let values = setting.books.examples(query, asker).await;
                let value = &values[0][0].1;
                found.insert(format!("{}?{name}={value}&month=2017-06", route.path), route);
            }
        } else if let About::Shared(query) = about(route.path).unwrap() {
            for values in setting.books.examples(query, asker).await {
                found.insert(fill(route.path, &values), route);
            }
        }
    }
    found
}

async fn no_page_names_what_others_have(url: String) {
    let setting = Setting::of(url).await;
    let mut wrong = Vec::new();
    for asker in &setting.askers {
        let names = names(&setting, asker).await;
        assert!(names.len() > 100, "the month has little to name");
        for (path, route) in pages(&setting, asker).await {
            let said = ask(&asker.browser, route, &path, &Vec::new()).await;
            assert_ne!(said.status, 500, "{} at {path}", asker.login);
            let named = names.iter().filter(|name| said.text.contains(*name));
            wrong.extend(named.map(|name| format!("{} reads {name} at {path}", asker.login)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn no_search_finds_what_others_have(url: String) {
    let setting = Setting::of(url).await;
    let search = routes::all().iter().find(|route| route.path == "/search").unwrap();
    for asker in &setting.askers {
        let mut wanted = names(&setting, asker).await;
        // A code leads to the page of its label, whoever asks: see `labels`. A name may be that of
        // something else too.
        wanted.retain(|name| name.contains('-') && name.chars().any(|c| c.is_ascii_digit()));
        assert!(wanted.len() > 10);
        let sought = async |text: &str| {
            let path = format!("/search?q={text}");
            let said = ask(&asker.browser, search, &path, &Vec::new()).await;
            said.text.replace(text, "TEXT")
        };
        let nothing = sought("ZZZ-98765").await;
        for name in wanted.iter().step_by(wanted.len().div_ceil(40)) {
            assert_eq!(sought(name).await, nothing, "{} searched {name}", asker.login);
        }
    }
}

/// Totals and numbers too: the pages are the same, letter by letter, after others have worked.
async fn what_others_do_changes_nothing_that_they_see(url: String) {
    let setting = Setting::of(url).await;
    let mut seen = Vec::new();
    for asker in setting.askers.iter().filter(|asker| asker.is_of_another_organisation) {
        for (path, route) in pages(&setting, asker).await {
            let said = ask(&asker.browser, route, &path, &Vec::new()).await;
            seen.push((asker, path, route, said.text));
        }
    }
    others_work(&setting).await;
    for (asker, path, route, before) in seen {
        let after = ask(&asker.browser, route, &path, &Vec::new()).await.text;
        assert_eq!(without_ids(&after), without_ids(&before), "{} at {path}", asker.login);
    }
}

/// Forms carry a new id at every look.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| uuid::Uuid::parse_str(word).is_ok();
    text.split('"').filter(|word| !is_id(word)).collect()
}

/// The other partner counts what it found, loses some of it and reports; the keeper of the central
/// store finds something wet.
async fn others_work(setting: &Setting) {
    let stock = &setting.stock;
    let worker = stock.actor_of("partner").await.unwrap().unwrap();
    let stores = stock.reader(&worker).stores().await.unwrap();
    let store = stores[0].id;
    let materials = stock.reader(&worker).materials().await.unwrap();
    let row = |material: MaterialId| FirstCountRow {
        material,
        cartons: None,
        loose: Some(Pieces::new(77).unwrap()),
    };
    let rows = materials.iter().map(|material| row(material.id)).collect();
    let counted = stock.writer(&worker).first_count(said(stock), FirstCount { store, rows }).await;
    let lines = counted
        .unwrap()
        .batches
        .into_iter()
        .map(|counted| BatchPieces { batch: counted.batch, pieces: Pieces::new(7).unwrap() });
    let lines: Vec<BatchPieces> = lines.collect();
    let (change, reason) = (Change::Damaged, Reason::Wet);
    let damaged = StockChange { store, change, reason, lines };
    stock.writer(&worker).change_stock(said(stock), damaged).await.unwrap();
    let figure = ReportedFigure {
        org: worker.org,
        month: Month(201_706),
        kind: MaterialKind::Leaflet,
        pieces: 31_337,
        source: ReportSource::Spreadsheet,
    };
    stock.writer(&worker).report_figure(said(stock), figure).await.unwrap();
}
