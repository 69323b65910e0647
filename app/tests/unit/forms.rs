//! What a browser sends, and where it is sent on.

use app::features::login::actions::local_path;
use app::forms::{Fields, NotText};
use app::routes;
use app::routing::{Kind, form_page, page_at};

#[test]
fn broken_text_is_refused_as_a_whole() {
    assert_eq!(Fields::decode(b"name=%FF%FE"), Err(NotText));
    assert_eq!(Fields::decode(b"name=a%00b"), Err(NotText));
    let fields = Fields::decode("name=%DA%A9%D8%A7%D8%A8%D9%84".as_bytes()).unwrap();
    assert_eq!(fields.text("name"), "کابل");
}

#[test]
fn secrets_are_not_kept() {
    let fields = Fields::decode(b"login=a&password=b&new_password=c&secret=d").unwrap();
    assert_eq!(fields.without_secrets().encoded(), "login=a");
}

#[test]
fn a_name_may_come_several_times() {
    let fields = Fields::decode(b"code=A&code=+B+&x=1").unwrap();
    assert_eq!(fields.all("code").collect::<Vec<_>>(), ["A", "B"]);
    assert!(fields.has("x") && !fields.has("y"));
}

#[test]
fn only_paths_of_this_program_are_gone_to() {
    assert_eq!(local_path("/runs?late=1"), "/runs?late=1");
    for other in ["//evil.example", "https://evil.example", "/\\evil.example", "", "x"] {
        assert_eq!(local_path(other), "/", "{other}");
    }
}

#[test]
fn every_form_that_may_be_kept_has_a_page_to_go_back_to() {
    for route in routes::all() {
        let Kind::Action { page, .. } = &route.kind else { continue };
        assert_eq!(form_page(route.path).as_deref(), Some(*page), "{}", route.path);
        assert!(page_at(page).is_some(), "{} has its form on {page}", route.path);
    }
    assert_eq!(form_page("/recalls/7/step").as_deref(), Some("/recalls/7"));
    assert_eq!(form_page("/recalls/new").as_deref(), Some("/recalls/new"));
    assert_eq!(form_page("/recalls"), None);
}
