//! Somebody who asks for what is not theirs, and what the books held before and after.

use super::entries::About;
use super::setting::Asker;
use crate::program::Browser;
use app::routes::{Kind, Route};
use axum::http::StatusCode;
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, FromQueryResult, QueryResult,
    Statement,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Of each thing, so many are asked for, from the first to the last.
const EXAMPLES: usize = 3;
/// What changes when somebody only looks or types: drafts, sessions, the log of sensitive views.
const OF_LOOKING: [&str; 4] = ["draft", "session", "audit_log", "door_count"];

/// Values for the parameters of a path.
pub type Values = Vec<(String, String)>;

/// The books as somebody sees them who does not ask the program.
pub struct Books {
    db: DatabaseConnection,
}

#[derive(FromQueryResult)]
struct Text {
    text: String,
}

impl Books {
    pub async fn open(url: &str) -> Self {
        Self { db: Database::connect(url).await.unwrap() }
    }

    async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        self.db.query_all_raw(statement).await.unwrap()
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        let rows = Text::find_by_statement(statement)
            .all(&self.db)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(|row| row.text).collect()
    }

    /// Examples of what the query finds, for the stores that this asker sees.
    pub async fn examples(&self, query: &str, asker: &Asker) -> Vec<Values> {
        self.examples_of(&seen_by(asker, query)).await
    }

    pub async fn examples_of(&self, query: &str) -> Vec<Values> {
        let rows = self.rows(query).await;
        let step = rows.len().div_ceil(EXAMPLES).max(1);
        let values = |row: &QueryResult| {
            let columns = row.column_names();
            columns.into_iter().map(|name| (value(row, &name), name)).map(swapped).collect()
        };
        rows.iter().step_by(step).map(values).collect()
    }

    /// Every table with all that is in it, to see that nothing was changed.
    pub async fn everything(&self) -> BTreeMap<String, Vec<String>> {
        let is_sqlite = self.db.get_database_backend() == DbBackend::Sqlite;
        let tables = if is_sqlite {
            "SELECT name AS text FROM sqlite_master WHERE type = 'table'"
        } else {
            "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'"
        };
        let mut found = BTreeMap::new();
        for table in self.texts(tables).await {
            if OF_LOOKING.contains(&table.as_str()) {
                continue;
            }
            let rows = if is_sqlite {
                let columns = format!("SELECT name AS text FROM pragma_table_info('{table}')");
                let columns = self.texts(&columns).await;
                let quoted: Vec<_> =
                    columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
                format!("SELECT {} AS text FROM {table} ORDER BY 1", quoted.join(" || ',' || "))
            } else {
                format!("SELECT t::text AS text FROM {table} t ORDER BY 1")
            };
            found.insert(table, self.texts(&rows).await);
        }
        found
    }
}

fn swapped((value, name): (String, String)) -> (String, String) {
    (name, value)
}

/// The query with what is far from this asker and what is not.
pub fn seen_by(asker: &Asker, query: &str) -> String {
    let stores = |not: &str| {
        let near = asker.near;
        format!("(SELECT s.id FROM store s JOIN org o ON o.id = s.org_id WHERE {not} ({near}))")
    };
    let query = query.replace("ASKER", &format!("'{}'", asker.login));
    let held = "(SELECT k.batch_id FROM balance k JOIN account a ON a.id = k.account_id \
        WHERE a.holder_id IN NEAR)";
    query.replace("HELD", held).replace("FAR", &stores("NOT")).replace("NEAR", &stores(""))
}

/// An id, a number of the books, or text.
fn value(row: &QueryResult, name: &str) -> String {
    if let Ok(id) = row.try_get::<Uuid>("", name) {
        return id.to_string();
    }
    if let Ok(text) = row.try_get::<String>("", name) {
        return text;
    }
    if let Ok(bytes) = row.try_get::<Vec<u8>>("", name) {
        return bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    }
    row.try_get::<i64>("", name).unwrap().to_string()
}

pub fn fill(path: &str, values: &Values) -> String {
    values
        .iter()
        .fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
}

/// The same path about something that nobody ever made.
pub fn made_up(values: &Values) -> Values {
    let other = |value: &String| {
        let is_hash = value.len() == 64;
        if Uuid::parse_str(value).is_ok() {
            Uuid::now_v7().to_string()
        } else if is_hash {
            "0".repeat(64)
        } else if value.parse::<i64>().is_ok_and(|number| number < 1_000_000) {
            "987654".to_owned()
        } else {
            value.clone()
        }
    };
    values.iter().map(|(name, value)| (name.clone(), other(value))).collect()
}

/// What an answer says, without the draft that it keeps and the path that was asked for.
#[derive(PartialEq, Eq, Debug)]
pub struct Said {
    pub status: StatusCode,
    pub leads_to: String,
    pub text: String,
}

pub async fn ask(browser: &Browser, route: &Route, path: &str, fields: &Values) -> Said {
    let answer = match route.kind {
        Kind::Page(_) | Kind::File(_) => browser.get(path).await,
        Kind::Action { .. } => browser.server.post(path).form(fields).await,
    };
    let leads_to = answer.maybe_header("location").map(|to| to.to_str().unwrap().to_owned());
    let leads_to = leads_to.unwrap_or_default();
    let (leads_to, _) = leads_to.split_once("draft=").unwrap_or((&leads_to, ""));
    let whole = String::from_utf8_lossy(answer.as_bytes());
    // Before and after the body stands a nonce, which is another one at every answer.
    let body = whole.split_once("<body").map_or(&*whole, |(_, body)| body);
    let text = body.split("</body>").next().unwrap().replace(path, "PATH");
    let escaped = path.replace('/', "%2F");
    Said {
        status: answer.status_code(),
        leads_to: leads_to.replace(path, "PATH"),
        text: text.replace(&escaped, "PATH"),
    }
}

/// The fields of the form for this action as it is open in somebody's browser. What is still empty
/// gets its value from `known`.
pub fn form(page: &str, action: &str, known: &Values) -> Option<Values> {
    let (_, form) = page.split_once(&format!("action=\"{action}\""))?;
    let form = form.split("</form>").next()?;
    let mut fields = Values::new();
    for tag in form.split('<').filter(|tag| tag.contains(" name=\"")) {
        let name = attribute(tag, "name")?;
        let is_hidden = attribute(tag, "type").is_some_and(|kind| kind == "hidden");
        if !is_hidden && fields.iter().any(|(set, _)| *set == name) {
            continue;
        }
        let value = match tag.starts_with("select") {
            true => chosen(form.split(tag).nth(1)?.split("</select").next()?),
            false => attribute(tag, "value"),
        };
        let value = value.filter(|value| !value.is_empty());
        let known = known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        fields.push((name, value.or(known).unwrap_or_default()));
    }
    Some(fields)
}

/// The chosen one of a select's options, or the first that says something.
fn chosen(options: &str) -> Option<String> {
    let options: Vec<&str> = options.split("<option").collect();
    let chosen = options.iter().find(|option| option.contains(" selected"));
    let chosen = chosen.and_then(|option| attribute(option, "value"));
    let said = |value: &String| !value.is_empty();
    let mut all = options.iter().filter_map(|option| attribute(option, "value"));
    chosen.filter(said).or_else(|| all.find(said))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}

/// The page on which somebody who may finds the form of this action.
pub fn form_page(route: &Route) -> Option<&'static str> {
    match route.kind {
        Kind::Page(_) | Kind::File(_) => None,
        Kind::Action { page, .. } => Some(page),
    }
}

/// The query of examples, and whether a keeper of another place is to find nothing either.
pub fn query(about: &About) -> Option<&'static str> {
    match about {
        About::Owned(query)
        | About::OfProgramme(query)
        | About::Shared(query)
        | About::Label(query) => Some(query),
        About::Secret => None,
    }
}
