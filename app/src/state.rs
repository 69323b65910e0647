//! What every page and action can reach.

use leptos::config::LeptosOptions;
use std::net::IpAddr;
use std::sync::Arc;
use stock::Stock;
use stock::access::Token;

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub stock: Stock,
    pub settings: Arc<Settings>,
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
    /// A full address for links and QR codes; the path alone while there is no public one.
    pub fn url(&self, path: &str) -> String {
        match &self.settings.public_url {
            Some(base) => format!("{base}{path}"),
            None => path.to_owned(),
        }
    }
}
