//! Forms that lose nothing, with and without JavaScript.
//!
//! A form posts to the path of an action in `routes.rs`. The action reads its fields, and either
//! says where to go next ([`Done`]) or what is wrong ([`Failure`]). When something is wrong, fields
//! and errors are kept as a draft of whoever typed them, and the browser is sent back to the page
//! with `?draft=ID`, where [`Visit::form`] finds them: each value back in its field, each error
//! beside it and on top of the form.
//!
//! ```text
//! // features/people/actions.rs
//! pub async fn invite(mut post: Post) -> Result<Done, Failure> {
//!     let locale = post.visit.locale;
//!     let name = post.required("name", || td_string!(locale, people.name_missing));
//!     let role = post.parse("role", |text| {
//!         Role::parse(text).ok_or_else(|| td_string!(locale, people.role_missing))
//!     });
//!     // Each is `None` when its field was refused.
//!     let (Some(name), Some(role)) = (name, role) else { return Err(post.failed()) };
//!     let writer = post.visit.writer()?;
//!     let invited = writer.invite(name, role).await.map_err(|error| explain(error, locale))?;
//!     Ok(Done::see(format!("/people/{}", invited.id)))
//! }
//!
//! // features/people/page.rs
//! pub async fn invite(visit: Visit) -> PageResult {
//!     let (locale, form) = (visit.locale, visit.form().await?);
//!     Ok(Page::new(locale, td_string!(locale, people.invite), view! {
//!         <ui::Form action="/people/invite" error_title=form.title() errors=form.errors()
//!             record=form.record(&visit)>
//!             <ui::TextField name="name" label=td_string!(locale, people.name)
//!                 value=form.value("name") error=form.error("name")/>
//!             …
//!         </ui::Form>
//!     }))
//! }
//! ```
//!
//! Passwords and other secrets are never kept: fields whose name contains `password` or `secret`.

use crate::error::PageError;
use crate::i18n::{Locale, td_string};
use crate::page::Page;
use crate::session::Visit;
use crate::ui::FieldError;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use stock::access::Draft;

/// Names and values as the browser sent them, in their order; a name may come several times.
#[derive(Clone, Default, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

/// The bytes are not UTF-8 once decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotText;

impl Fields {
    /// Reads `a=1&b=2`. A browser always sends UTF-8; anything else is refused as a whole, because
    /// replacing letters would change what was typed.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotText> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(bytes).into_owned().collect();
        let broken = |text: &str| text.contains(['\u{fffd}', '\0']);
        if pairs.iter().any(|(name, value)| broken(name) || broken(value)) {
            return Err(NotText);
        }
        Ok(Self(pairs))
    }

    pub fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The first value of that name without white space around it; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// All values of that name, as a group of check boxes or repeated rows sends them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Every name and value, for forms whose names contain ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim()))
    }

    /// Whether the form had a field of that name, also an empty one.
    pub fn holds(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether a check box is on.
    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    pub fn without_secrets(mut self) -> Self {
        self.0.retain(|(name, _)| !name.contains("password") && !name.contains("secret"));
        self
    }
}

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// A posted form, given to an action.
pub struct Post {
    pub visit: Visit,
    pub fields: Fields,
    pub files: Vec<Upload>,
    errors: Vec<FieldError>,
}

impl Post {
    pub(crate) fn new(visit: Visit, fields: Fields, files: Vec<Upload>) -> Self {
        Self { visit, fields, files, errors: Vec::new() }
    }

    pub fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// Notes that a field is wrong; the form is then refused by [`Post::failed`].
    pub fn wrong(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.errors.push(FieldError::new(name, message));
    }

    /// How much was wrong so far.
    pub fn mistakes(&self) -> usize {
        self.errors.len()
    }

    /// Whether everything was right so far.
    pub fn is_right(&self) -> bool {
        self.errors.is_empty()
    }

    /// The text of a field that must not be empty.
    pub fn required<M: Into<String>>(
        &mut self,
        name: &str,
        missing: impl FnOnce() -> M,
    ) -> Option<String> {
        let text = self.text(name).to_owned();
        if text.is_empty() {
            self.wrong(name, missing());
            return None;
        }
        Some(text)
    }

    /// The text of a field that may be empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name).to_owned()).filter(|text| !text.is_empty())
    }

    /// Reads a field into a type that cannot be wrong; the error is a sentence for its reader.
    pub fn parse<T, M: Into<String>>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, M>,
    ) -> Option<T> {
        match read(self.fields.text(name)) {
            Ok(value) => Some(value),
            Err(message) => {
                self.wrong(name, message);
                None
            }
        }
    }

    /// A hidden id, such as the record's. It was never typed, so a broken one is not found.
    pub fn id<T: FromStr>(&self, name: &str) -> Result<T, PageError> {
        self.text(name).parse().map_err(|_| PageError::NotFound)
    }

    /// The refusal with everything that was noted.
    pub fn failed(self) -> Failure {
        Failure::Form(self.errors)
    }

    /// The same, together with what else is wrong, each said once.
    pub fn failed_too(self, failure: Failure) -> Failure {
        match failure {
            Failure::Form(mut more) => {
                more.retain(|error| !self.errors.contains(error));
                Failure::Form(self.errors.into_iter().chain(more).collect())
            }
            page @ Failure::Page(_) => page,
        }
    }
}

/// An action's success.
pub struct Done {
    pub(crate) next: Next,
    pub(crate) cookies: Vec<String>,
}

pub(crate) enum Next {
    See(String),
    Show(Box<dyn FnOnce() -> Page + Send>),
}

impl Done {
    /// Sends the browser to the page that shows the result. Only paths of this program.
    pub fn see(path: impl Into<String>) -> Self {
        Self { next: Next::See(path.into()), cookies: Vec::new() }
    }

    /// Answers with a page, for what may be shown once and stand in no address: a new link, code
    /// or token.
    pub fn show(page: impl FnOnce() -> Page + Send + 'static) -> Self {
        Self { next: Next::Show(Box::new(page)), cookies: Vec::new() }
    }

    /// Leads elsewhere, with the same cookies.
    pub(crate) fn instead(mut self, path: &str) -> Self {
        self.next = Next::See(path.to_owned());
        self
    }

    pub(crate) fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }
}

/// Why an action did nothing.
#[derive(Debug)]
pub enum Failure {
    /// The person can put it right: the form comes back with these sentences.
    Form(Vec<FieldError>),
    /// Nothing to put right: not found, not signed in, broken.
    Page(PageError),
}

impl Failure {
    /// One sentence beside one field.
    pub fn field(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Form(vec![FieldError::new(name, message)])
    }

    /// One sentence about the form as a whole.
    pub fn form(message: impl Into<String>) -> Self {
        Self::field("", message)
    }
}

impl<E: Into<PageError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Page(error.into())
    }
}

/// What a form shows: nothing yet, or a draft.
#[derive(Clone, Debug)]
pub struct FormState {
    locale: Locale,
    fresh: bool,
    fields: Fields,
    errors: Vec<FieldError>,
}

impl FormState {
    pub(crate) fn new(locale: Locale) -> Self {
        Self { locale, fresh: true, fields: Fields::default(), errors: Vec::new() }
    }

    /// What was typed, when it could not be kept as a draft.
    pub(crate) fn typed(locale: Locale, fields: Fields, errors: Vec<FieldError>) -> Self {
        Self { locale, fresh: false, fields: fields.without_secrets(), errors }
    }

    pub(crate) fn from_draft(locale: Locale, draft: &Draft) -> Self {
        let errors: Vec<(String, String)> = serde_json::from_str(&draft.errors).unwrap_or_default();
        Self {
            locale,
            fresh: false,
            fields: serde_json::from_str(&draft.fields).unwrap_or_default(),
            errors: errors.into_iter().map(|(name, text)| FieldError::new(name, text)).collect(),
        }
    }

    /// Begins with what was said before as if it had been typed. A form that came back keeps its own.
    pub fn beginning_with(self, fields: Fields) -> Self {
        if self.fresh { Self { fresh: false, fields, ..self } } else { self }
    }

    /// Whether this is the first look at the form: the moment for [`FormState::or`].
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// What was typed; empty at the first look.
    pub fn value(&self, name: &str) -> String {
        self.fields.text(name).to_owned()
    }

    /// What was typed, or at the first look what the form begins with.
    pub fn or(&self, name: &str, first: impl Into<String>) -> String {
        if self.is_fresh() { first.into() } else { self.value(name) }
    }

    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    pub fn checked(&self, name: &str) -> bool {
        self.fields.has(name)
    }

    /// What is wrong with a field: everything, one a line.
    pub fn error(&self, name: &str) -> Option<String> {
        let of_field = self.errors.iter().filter(|error| error.name == name);
        let messages: Vec<&str> = of_field.map(|error| error.message.as_str()).collect();
        (!messages.is_empty()).then(|| messages.join("\n"))
    }

    pub fn errors(&self) -> Vec<FieldError> {
        self.errors.clone()
    }

    /// "There is a problem", above the errors; "Please check" where all that is left are questions.
    pub fn title(&self) -> String {
        let asked = !self.errors.is_empty() && self.errors.iter().all(FieldError::asks);
        let (asks, problem) =
            (td_string!(self.locale, common.asks), td_string!(self.locale, common.problem));
        if asked { asks.to_string() } else { problem.to_string() }
    }

    /// The id of the record that the form will post: made once, at the first look, so that sending
    /// the form twice posts once.
    pub fn record(&self, visit: &Visit) -> String {
        let kept = self.value("record");
        if kept.is_empty() { visit.stock().world().new_id().to_string() } else { kept }
    }

    /// The id of what the form makes, kept in the address of its page. After "back" the browser
    /// asks for the page again: a new id there would make the same thing a second time.
    ///
    /// # Errors
    /// Leads to the same page with an id, where the address has none.
    pub fn record_in_address(&self, visit: &Visit) -> Result<String, PageError> {
        let kept = self.value("record");
        if !kept.is_empty() {
            return Ok(kept);
        }
        let known = visit.query("record").and_then(|id| id.parse::<uuid::Uuid>().ok());
        match known {
            Some(id) => Ok(id.to_string()),
            None => Err(PageError::Elsewhere(visit.here_with("record", &self.record(visit)))),
        }
    }
}

/// Where a draft is shown, and the cookie that makes it the browser's own.
pub(crate) struct Kept {
    path: String,
    cookie: Option<String>,
}

impl Kept {
    /// Leads there at once, or by way of another page.
    pub(crate) fn lead(self, way: impl FnOnce(String) -> String) -> Done {
        let done = Done::see(way(self.path));
        match self.cookie {
            Some(cookie) => done.with_cookie(cookie),
            None => done,
        }
    }
}

/// Keeps what was typed and gives the path that shows it again; for a browser without a name also
/// the cookie that makes the draft its own.
pub(crate) async fn keep(
    visit: &Visit,
    page: &str,
    fields: Fields,
    errors: &[FieldError],
) -> Result<Kept, PageError> {
    use crate::session::cookies;
    use stock::access::DraftOwner;

    let (owner, cookie) = match visit.draft_owner() {
        Some(owner) => (owner, None),
        None => {
            let token = visit.stock().browser_token();
            let cookie = cookies::browser(&token, visit.state.settings.secure);
            (DraftOwner::Browser(token), Some(cookie))
        }
    };
    let errors: Vec<_> = errors.iter().map(|e| (&e.name, &e.message)).collect();
    let json = |error: serde_json::Error| PageError::Internal(error.to_string());
    let draft = Draft {
        page: visit.path.clone(),
        fields: serde_json::to_string(&fields.without_secrets()).map_err(json)?,
        errors: serde_json::to_string(&errors).map_err(json)?,
    };
    if let DraftOwner::Browser(_) = owner {
        visit.stock().stranger_leaves(visit.visitor.origin, draft.fields.len()).await?;
    }
    let id = visit.stock().keep_draft(&owner, draft).await?;
    let sign = if page.contains('?') { '&' } else { '?' };
    Ok(Kept { path: format!("{page}{sign}draft={id}"), cookie })
}

/// Forgets what was kept of earlier attempts at a form that is accepted now.
pub(crate) async fn accepted(visit: &Visit, fields: &Fields) {
    let Some(owner) = visit.draft_owner() else { return };
    let record = fields.text("record").parse().ok();
    if let Err(error) = visit.stock().drop_drafts(&owner, &visit.path, record).await {
        // What was sent is accepted all the same, and a draft lives for a day only.
        tracing::warn!(%error, "a draft could not be cleared away");
    }
}
