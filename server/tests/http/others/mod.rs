//! Another organisation's things: every route of the program's own list that has a parameter is
//! asked for real ids of somebody else, and every list for what it must not name.
//!
//! The books are the month of the demo, with a second partner beside it. Those who ask: a
//! member of that partner and a reader of its reports; a keeper and a manager of the programme who
//! are limited to Kandahar.

pub mod asking;
mod entries;
mod labels;
mod lists;
mod setting;

use crate::books::on_both;
use app::routes::{self, Kind, Route};
use asking::{Said, Values, ask, fill, form, form_page, made_up, query};
use entries::{About, about};
use setting::{Asker, Setting};

on_both!(
    what_belongs_to_others_is_not_there_and_nobody_can_tell,
    nothing_that_they_send_changes_the_books,
);

/// Routes that are about one thing: all with a parameter.
fn routes_about() -> impl Iterator<Item = &'static Route> {
    routes::all().iter().filter(|route| route.path.contains('{'))
}

#[test]
fn every_route_with_a_parameter_says_whose_the_thing_is() {
    for route in routes_about() {
        assert!(about(route.path).is_some(), "{} has no entry in entries.rs", route.path);
    }
    for (beginning, _) in entries::ENTRIES {
        let used = routes_about().any(|route| route.path.starts_with(beginning));
        assert!(used, "no route begins with {beginning}");
    }
}

/// Whether this asker is to be told that there is nothing.
fn is_hidden(about: &About, asker: &Asker) -> bool {
    match about {
        About::Owned(_) => true,
        About::OfProgramme(_) => asker.is_of_another_organisation,
        About::Shared(_) | About::Label(_) | About::Secret => false,
    }
}

async fn what_belongs_to_others_is_not_there_and_nobody_can_tell(url: String) {
    let setting = Setting::of(url).await;
    let mut wrong = Vec::new();
    for asker in &setting.askers {
        for route in routes_about() {
            let about = about(route.path).unwrap();
            if !is_hidden(about, asker) {
                continue;
            }
            let examples = setting.examples(about, asker).await;
            assert!(!examples.is_empty(), "the month has no example for {}", route.path);
            for values in examples {
                let fields = setting.fields(route, &values).await;
                let real = asks(asker, route, &values, &fields).await;
                let nothing = asks(asker, route, &made_up(&values), &fields).await;
                if real.status != 404 || real != nothing {
                    let (path, status) = (fill(route.path, &values), real.status);
                    let (who, made_up) = (asker.login, nothing.status);
                    wrong.push(format!("{who} {path}: {status}, made up: {made_up}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn asks(asker: &Asker, route: &Route, values: &Values, fields: &Values) -> Said {
    let path = fill(route.path, values);
    let mut said = ask(&asker.browser, route, &path, fields).await;
    for (_, value) in values {
        said.text = said.text.replace(value, "VALUE");
        said.leads_to = said.leads_to.replace(value, "VALUE");
    }
    said
}

async fn nothing_that_they_send_changes_the_books(url: String) {
    let setting = Setting::of(url).await;
    let before = setting.books.everything().await;
    for asker in &setting.askers {
        for route in routes_about().filter(|route| matches!(route.kind, Kind::Action { .. })) {
            let about = about(route.path).unwrap();
            if matches!(about, About::OfProgramme(_)) && !asker.is_of_another_organisation {
                continue;
            }
            for values in setting.examples(about, asker).await {
                let fields = setting.fields(route, &values).await;
                ask(&asker.browser, route, &fill(route.path, &values), &fields).await;
            }
        }
    }
    let after = setting.books.everything().await;
    for (table, rows) in before {
        assert_eq!(rows, after[&table], "{table} was changed");
    }
}

impl Setting {
    /// What these queries find for this asker, except what is too short to be told from others.
    async fn texts(&self, queries: &[&str], asker: &Asker) -> Vec<String> {
        let mut found = Vec::new();
        for query in queries {
            found.extend(self.books.texts(&asking::seen_by(asker, query)).await);
        }
        found.retain(|text| text.len() > 5);
        found
    }

    async fn examples(&self, about: &About, asker: &Asker) -> Vec<Values> {
        match query(about) {
            Some(query) => self.books.examples(query, asker).await,
            None => Vec::new(),
        }
    }

    /// What the form of an action sends about this thing when somebody who may has filled it in.
    async fn fields(&self, route: &Route, values: &Values) -> Values {
        let Some(page) = form_page(route) else { return Values::new() };
        let path = fill(route.path, values);
        for insider in &self.insiders {
            let answer = insider.get(&fill(page, values)).await;
            if let Some(fields) = form(&answer.text(), &path, &self.known) {
                return fields;
            }
        }
        // The form does not show at this stage of the thing.
        self.known.clone()
    }
}
