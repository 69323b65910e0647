//! A label says no more to a member of another organisation than to a stranger in the street.

use super::asking::{ask, fill};
use super::entries::About;
use super::lists::names;
use super::setting::Setting;
use super::{about, routes_about};
use crate::books::on_both;
use crate::program::browser_without_name;
use axum::http::StatusCode;

on_both!(a_label_says_to_others_what_it_says_to_strangers);

async fn a_label_says_to_others_what_it_says_to_strangers(url: String) {
    let setting = Setting::of(url).await;
    let stranger = browser_without_name(&setting.stock);
    for asker in &setting.askers {
        let names = names(&setting, asker).await;
        for route in routes_about() {
            let About::Label(query) = about(route.path).unwrap() else { continue };
            for values in setting.books.examples(query, asker).await {
                let path = fill(&route.path.to_lowercase(), &values);
                let said = ask(&asker.browser, route, &path, &Vec::new()).await;
                let known = ask(&stranger, route, &path, &Vec::new()).await;
                assert_eq!(said.status, StatusCode::OK, "{} at {path}", asker.login);
                let more = names
                    .iter()
                    .filter(|name| said.text.contains(*name) && !known.text.contains(*name));
                let more: Vec<&String> = more.collect();
                assert!(more.is_empty(), "{} reads {more:?} at {path}", asker.login);
                assert!(said.text.contains("eturn it"), "{} at {path}", asker.login);
            }
        }
    }
}
