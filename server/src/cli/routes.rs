//! The list of routes as JSON, for the tests and measurements that iterate it from outside.

use super::other;
use crate::config::StartError;
use app::routes::{self, Kind, Need};
use domain::role::Role;
use serde::Serialize;

#[derive(Serialize)]
struct Line {
    path: &'static str,
    /// The folder in `features`.
    feature: &'static str,
    kind: &'static str,
    /// Open to strangers.
    public: bool,
    /// The roles that may come here.
    roles: Vec<&'static str>,
}

pub fn run() -> Result<(), StartError> {
    let lines: Vec<Line> = routes::all().iter().map(line).collect();
    println!("{}", serde_json::to_string_pretty(&lines).map_err(other)?);
    Ok(())
}

fn line(route: &routes::Route) -> Line {
    let kind = match route.kind {
        Kind::Page(_) => "page",
        Kind::File(_) => "file",
        Kind::Action { .. } => "action",
    };
    let roles = Role::ALL.into_iter().filter(|role| allows(route.need, *role));
    Line {
        path: route.path,
        feature: route.feature,
        kind,
        public: matches!(route.need, Need::Public),
        roles: roles.map(Role::word).collect(),
    }
}

fn allows(need: Need, role: Role) -> bool {
    match need {
        Need::Public | Need::OnPhone | Need::SignedIn => true,
        Need::May(permission) => role.may(permission),
        Need::MayAny(any) => any.iter().any(|permission| role.may(*permission)),
    }
}
