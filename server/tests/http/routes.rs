//! The matrix of rights: every route of the program's own list, for a stranger and every role.

use crate::program::{Browser, Program};
use app::routes::{self, Kind, Need, Route};
use axum::http::StatusCode;
use domain::role::{Actor, Role};
use std::collections::BTreeSet;

/// A path with something in the place of each parameter that cannot exist.
fn filled(path: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') { "01890000-0000-7000-8000-000000000000" } else { part }.to_owned()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn status(browser: &Browser, route: &Route) -> StatusCode {
    let path = filled(route.path);
    match route.kind {
        Kind::Page(_) | Kind::File(_) => browser.get(&path).await.status_code(),
        Kind::Action { .. } => browser.post(&path, &[]).await.status_code(),
    }
}

/// Signing out ends the browser's own session, so it is tried in `sessions.rs`.
fn is_tried(route: &Route) -> bool {
    route.path != "/logout"
}

#[tokio::test]
async fn strangers_are_led_to_the_log_in_and_roles_see_only_what_is_theirs() {
    let program = Program::new().await;
    let stranger = program.stranger();
    for route in routes::all().iter().filter(|route| is_tried(route)) {
        let status = status(&stranger, route).await;
        match route.need {
            Need::Public => assert_fine(status, route, "a stranger"),
            Need::OnPhone | Need::SignedIn | Need::May(_) | Need::MayAny(_) => {
                assert_eq!(status, 303, "a stranger at {}", route.path);
            }
        }
    }
    for role in Role::ALL {
        let actor = program.add_person(role.word(), role).await;
        let browser = program.browser_of(role.word()).await;
        for route in routes::all().iter().filter(|route| is_tried(route)) {
            let status = status(&browser, route).await;
            if allowed(route, &actor) {
                assert_fine(status, route, role.word());
            } else {
                assert_eq!(status, 404, "{} at {}", role.word(), route.path);
            }
        }
    }
}

fn allowed(route: &Route, actor: &Actor) -> bool {
    route.need.allows(Some(actor))
}

/// A page without parameters is there; one about something that does not exist is not, or leads
/// elsewhere; nothing ever breaks.
fn assert_fine(status: StatusCode, route: &Route, who: &str) {
    let path = route.path;
    let is_page = matches!(route.kind, Kind::Page(_) | Kind::File(_));
    // Its address keeps the id of what its form will make.
    let once = ["/runs/new", "/consignments/new"].contains(&path);
    if is_page && once && status == 303 {
        return;
    }
    if is_page && !path.contains('{') {
        assert_eq!(status, 200, "{who} at {path}");
    } else {
        let fine = status == 404 || status == 303 || status == 200;
        assert!(fine, "{who} at {path}: {status}");
    }
}

#[test]
fn every_route_names_a_feature_that_exists_and_stands_once() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../app/src/features");
    let mut seen = BTreeSet::new();
    for route in routes::all() {
        let name = format!("{folder}/{}", route.feature);
        assert!(std::path::Path::new(&name).is_dir(), "{} names {}", route.path, route.feature);
        let is_action = matches!(route.kind, Kind::Action { .. });
        assert!(seen.insert((route.path, is_action)), "{} stands twice", route.path);
    }
}

#[test]
fn every_action_has_a_page_for_its_form() {
    let is_page = |path: &str| {
        routes::all()
            .iter()
            .any(|route| route.path == path && !matches!(route.kind, Kind::Action { .. }))
    };
    for route in routes::all() {
        if let Kind::Action { page, .. } = &route.kind {
            assert!(is_page(page), "{} shows its refusals on {page}", route.path);
        }
    }
}
