//! What every page and action can reach.

use domain::ids::RecordId;
use domain::role::Actor;
use leptos::config::LeptosOptions;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use stock::Stock;
use stock::access::Token;
use stock::held::DecideHeldError;
use stock::letters::LetterError;

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub stock: Stock,
    pub settings: Arc<Settings>,
    pub letters: Letters,
    pub let_in: LetIn,
}

/// Posts what is in a letter, sent by somebody: records are read as the API reads them, wherever the
/// file comes in.
pub type Letters = fn(Stock, Actor, String) -> LetterFates;
pub type LetterFates = Pin<Box<dyn Future<Output = Result<Vec<Fate>, LetterError>> + Send>>;

/// What became of one record of a letter, in the API's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fate {
    pub kind: Option<String>,
    pub status: &'static str,
    /// Why it did nothing.
    pub code: Option<&'static str>,
}

/// Posts a record that was held, as somebody lets it in: read as the API reads records.
pub type LetIn = fn(Stock, Actor, RecordId) -> LetInFate;
pub type LetInFate = Pin<Box<dyn Future<Output = Result<(), NotLetIn>> + Send>>;

/// Why a record that was held still waits.
#[derive(Debug)]
pub enum NotLetIn {
    Decide(DecideHeldError),
    /// The books do not take it: the API's code.
    Refused(&'static str),
}

/// How this program was started.
pub struct Settings {
    pub leptos: LeptosOptions,
    /// Where people reach the program: `https://tawzi.example.org`, without a slash at the end.
    pub public_url: Option<String>,
    /// Whether browsers come over https: then cookies get the `__Host-` prefix.
    pub secure: bool,
    /// Whose word about where a request comes from is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The token of the set-up page, printed in the log while nobody has an account.
    pub setup_token: Option<Token>,
}

impl AppState {
    /// A full address; one of this machine alone while there is no public one.
    pub fn url(&self, path: &str) -> String {
        match &self.settings.public_url {
            Some(base) => format!("{base}{path}"),
            None => format!("http://{}{path}", self.settings.leptos.site_addr),
        }
    }
}
