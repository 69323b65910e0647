//! Forms that could not be accepted, kept for a day so that nothing typed is lost.
//!
//! A draft belongs to a person, or, before anyone has signed in, to the browser that holds a
//! token. Fields and errors are JSON of the screens; secrets never come here.

use super::secret::Token;
use crate::Stock;
use crate::db::{one, run};
use crate::query::Query;
use domain::ids::UserId;
use sea_orm::{DbErr, FromQueryResult, Value};
use uuid::Uuid;

const LIFETIME_MS: i64 = 24 * 60 * 60_000;

/// Whose draft it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DraftOwner {
    Person(UserId),
    Browser(Token),
}

/// What a form held and what was wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The path of the page with the form.
    pub page: String,
    pub fields: String,
    pub errors: String,
}

impl DraftOwner {
    fn values(&self) -> [Value; 2] {
        let (person, browser): (Option<Uuid>, Option<Vec<u8>>) = match self {
            Self::Person(person) => (Some(person.uuid()), None),
            Self::Browser(token) => (None, Some(token.sha256())),
        };
        [person.into(), browser.into()]
    }
}

impl Stock {
    /// A token for a browser that nobody has signed in to.
    pub fn browser_token(&self) -> Token {
        Token::new(self.world())
    }

    pub async fn keep_draft(&self, owner: &DraftOwner, draft: Draft) -> Result<Uuid, DbErr> {
        let (id, now, owner) = (self.world().new_id(), self.world().now(), owner.values());
        self.db
            .write(move |tx| {
                let (draft, [person, browser]) = (draft.clone(), owner.clone());
                Box::pin(async move {
                    run(tx, "DELETE FROM draft WHERE expires_at <= $1", [now.0.into()]).await?;
                    let text = "INSERT INTO draft (id, person_id, browser_sha256, page, fields, \
                        errors, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
                    let values = [
                        id.into(),
                        person,
                        browser,
                        draft.page.into(),
                        draft.fields.into(),
                        draft.errors.into(),
                        now.0.into(),
                        now.plus_ms(LIFETIME_MS).0.into(),
                    ];
                    run(tx, text, values).await?;
                    Ok::<_, DbErr>(id)
                })
            })
            .await
    }

    /// The draft, if it is the owner's and not older than a day.
    pub async fn draft(&self, owner: &DraftOwner, id: Uuid) -> Result<Option<Draft>, DbErr> {
        #[derive(FromQueryResult)]
        struct Row {
            page: String,
            fields: String,
            errors: String,
        }
        let (column, value): (_, Value) = match owner {
            DraftOwner::Person(person) => ("person_id", person.uuid().into()),
            DraftOwner::Browser(token) => ("browser_sha256", token.sha256().into()),
        };
        let text = format!(
            "SELECT page, fields, errors FROM draft WHERE id = $1 AND expires_at > $2 AND {column} = $3"
        );
        let now = self.world.now();
        let row: Option<Row> = one(self.db.read(), &text, [id.into(), now.0.into(), value]).await?;
        Ok(row.map(|row| Draft { page: row.page, fields: row.fields, errors: row.errors }))
    }

    /// What a browser held before somebody signed in becomes theirs, but for what they tried at the
    /// `ways_in`, told by what the paths of those begin with: that is over, and nobody's to finish.
    pub async fn adopt_drafts(
        &self,
        browser: &Token,
        session: &Token,
        ways_in: &'static [&'static str],
    ) -> Result<(), DbErr> {
        let (browser, session) = (browser.sha256(), session.sha256());
        self.db
            .write(move |tx| {
                let (browser, session) = (browser.clone(), session.clone());
                Box::pin(async move {
                    for way in ways_in {
                        let text = "DELETE FROM draft WHERE browser_sha256 = $1 AND page LIKE $2";
                        run(tx, text, [browser.clone().into(), format!("{way}%").into()]).await?;
                    }
                    let text = "UPDATE draft SET browser_sha256 = NULL, person_id = \
                        (SELECT person_id FROM session WHERE token_sha256 = $2) \
                        WHERE browser_sha256 = $1";
                    run(tx, text, [browser.into(), session.into()]).await?;
                    Ok::<_, DbErr>(())
                })
            })
            .await
    }

    /// Throws one draft of its owner away; false where there is none.
    pub async fn throw_draft_away(&self, owner: &DraftOwner, id: Uuid) -> Result<bool, DbErr> {
        let owner = owner.clone();
        self.db
            .write(move |tx| {
                let [person, browser] = owner.values();
                Box::pin(async move {
                    let text = "DELETE FROM draft WHERE id = $1 \
                        AND (person_id = $2 OR browser_sha256 = $3)";
                    Ok::<_, DbErr>(run(tx, text, [id.into(), person, browser]).await? > 0)
                })
            })
            .await
    }

    /// Forgets what was kept of a form that was accepted in the end: all of its attempts, told by
    /// the record that it posts, where it posts one.
    pub async fn drop_drafts(
        &self,
        owner: &DraftOwner,
        page: &str,
        record: Option<Uuid>,
    ) -> Result<(), DbErr> {
        // Most forms are accepted at once: then nothing is written.
        let known = kept_of(Query::new("SELECT id"), owner, page, record);
        if !known.finds(self.db.read()).await? {
            return Ok(());
        }
        let (page, owner) = (page.to_owned(), owner.clone());
        self.db
            .write(move |tx| {
                let (page, owner) = (page.clone(), owner.clone());
                Box::pin(async move {
                    kept_of(Query::new("DELETE"), &owner, &page, record).run(tx).await?;
                    Ok::<_, DbErr>(())
                })
            })
            .await
    }
}

/// Goes on with the drafts of one form.
fn kept_of(query: Query, owner: &DraftOwner, page: &str, record: Option<Uuid>) -> Query {
    let [person, browser] = owner.values();
    let query = query.push(" FROM draft WHERE page = ").bind(page).push(" AND (person_id = ");
    let query = query.bind(person).push(" OR browser_sha256 = ").bind(browser).push(")");
    match record {
        Some(record) => query.push(" AND fields LIKE ").bind(format!("%\"record\",\"{record}\"%")),
        None => query,
    }
}
