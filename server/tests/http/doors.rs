//! Whoever knocks too often has to wait, and nobody else.

use crate::program::{Browser, PASSWORD, Program, location};
use axum_test::TestResponse;
use domain::role::Role;

const WRONG: [(&str, &str); 2] = [("login", "logan"), ("password", "wrong")];
const RIGHT: [(&str, &str); 2] = [("login", "logan"), ("password", PASSWORD)];

async fn sign_in(browser: &Browser, forwarded: &str, fields: &[(&str, &str)]) -> TestResponse {
    let request = browser.server.post("/login").form(fields);
    request.add_header("x-forwarded-for", forwarded).await
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_address_is_counted_by_itself() {
    let program = Program::behind("127.0.0.1").await;
    program.add_person("logan", Role::Logistics).await;
    let proxy = program.connected_from("127.0.0.1");
    for n in 0..5 {
        // What the client says about itself stands before what the proxy saw.
        sign_in(&proxy, &format!("10.0.0.{n}, 192.0.2.1"), &WRONG).await;
    }
    assert_eq!(sign_in(&proxy, "192.0.2.1", &RIGHT).await.status_code(), 429);
    assert_eq!(location(&sign_in(&proxy, "192.0.2.2", &RIGHT).await), "/");
}

#[tokio::test]
async fn what_a_stranger_says_about_their_address_is_not_believed() {
    let program = Program::behind("127.0.0.1").await;
    program.add_person("logan", Role::Logistics).await;
    let stranger = program.connected_from("198.51.100.7");
    for n in 0..5 {
        sign_in(&stranger, &format!("192.0.2.{n}"), &WRONG).await;
    }
    assert_eq!(sign_in(&stranger, "192.0.2.9", &RIGHT).await.status_code(), 429);
    let other = program.connected_from("198.51.100.8");
    assert_eq!(location(&sign_in(&other, "192.0.2.9", &RIGHT).await), "/");
}

#[tokio::test]
async fn links_are_not_guessed_and_the_right_one_opens_all_the_same() {
    let program = Program::new_books().await;
    let browser = program.connected_from("192.0.2.1");
    for n in 0..50 {
        assert_eq!(browser.get(&format!("/setup/{n}")).await.status_code(), 404);
        assert_eq!(browser.get(&format!("/invitation/{n}")).await.status_code(), 404);
    }
    for path in ["/setup/50", "/invitation/50"] {
        for answer in [browser.get(path).await, browser.post(path, &[]).await] {
            if path.starts_with("/invitation") && answer.status_code() == 303 {
                // A form without fields is refused before anybody looks at the link.
                continue;
            }
            assert_eq!(answer.status_code(), 429, "{path}");
            assert_eq!(answer.header("retry-after"), "900");
            let page = answer.text();
            assert!(page.contains("Too many failed attempts") && page.contains("16 minutes"));
        }
    }
    browser.page(&format!("/setup/{}", program.setup_token.as_str())).await;
    assert_eq!(program.connected_from("192.0.2.2").get("/setup/50").await.status_code(), 404);
}

#[tokio::test]
async fn strangers_do_not_fill_the_disk_with_forms() {
    let program = Program::new().await;
    let long = "a".repeat(1_900_000);
    let left = async |address: &str| {
        let browser = program.connected_from(address);
        browser.post("/login", &[("login", long.as_str())]).await.status_code().as_u16()
    };
    for expected in [303, 303, 429] {
        assert_eq!(left("192.0.2.1").await, expected);
    }
    assert_eq!(left("192.0.2.2").await, 303);
}
