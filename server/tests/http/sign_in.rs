use crate::program::{PASSWORD, Program, location};
use domain::role::Role;

#[tokio::test]
async fn who_knows_the_password_comes_in() {
    let program = Program::new().await;
    let browser = program.stranger();
    assert_eq!(location(&browser.get("/").await), "/login");
    let answer = browser.post("/login", &[("login", " ADMIN "), ("password", PASSWORD)]).await;
    assert_eq!(location(&answer), "/");
    let cookie = answer.header("set-cookie").to_str().unwrap().to_owned();
    assert!(cookie.starts_with("tawzi=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(browser.page("/").await.contains("Ada Administrator"));
}

#[tokio::test]
async fn over_https_the_cookie_is_tied_to_the_host() {
    let program = Program::reached_at(Some("https://tawzi.example.org")).await;
    program.set_up().await;
    let browser = program.stranger();
    let answer = browser.post("/login", &[("login", "admin"), ("password", PASSWORD)]).await;
    let cookie = answer.header("set-cookie").to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-tawzi=") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_read_the_same() {
    let program = Program::new().await;
    let browser = program.stranger();
    let wrong = [("login", "admin"), ("password", "not the password")];
    let unknown = [("login", "nobody"), ("password", "not the password")];
    for fields in [wrong, unknown] {
        let page = browser.send("/login", &fields).await;
        assert!(page.contains("User name and password do not fit together"));
        assert!(page.contains(&format!("value=\"{}\"", fields[0].1)), "the name is still there");
        assert!(!page.contains("not the password"), "the password is not kept");
    }
}

#[tokio::test]
async fn five_failures_lock_the_account_for_a_quarter_of_an_hour() {
    let program = Program::new().await;
    program.add_person("logan", Role::Logistics).await;
    let browser = program.stranger();
    for _ in 0..5 {
        browser.send("/login", &[("login", "logan"), ("password", "wrong")]).await;
    }
    let right = [("login", "logan"), ("password", PASSWORD)];
    let answer = browser.post("/login", &right).await;
    assert_eq!(answer.status_code(), 429);
    assert_eq!(answer.header("retry-after"), "900");
    let page = answer.text();
    assert!(page.contains("Too many failed attempts. Try again in 16 minutes"), "{page}");
    assert!(
        page.contains("value=\"logan\"") && !page.contains(PASSWORD),
        "the form is still there"
    );
    // Others are not locked.
    program.browser_of("admin").await;
    program.world.pass_minutes(16);
    assert_eq!(location(&browser.post("/login", &right).await), "/");
}

#[tokio::test]
async fn after_signing_in_people_are_where_they_wanted_to_be_and_never_elsewhere() {
    let program = Program::new().await;
    let browser = program.stranger();
    let asked = location(&browser.get("/people?x=1").await);
    assert_eq!(asked, "/login?next=%2Fpeople%3Fx%3D1");
    assert!(browser.page(&asked).await.contains("value=\"/people?x=1\""));
    let with_next = |next| [("login", "admin"), ("password", PASSWORD), ("next", next)];
    let answer = browser.post("/login", &with_next("/people?x=1")).await;
    assert_eq!(location(&answer), "/people?x=1");
    let answer = browser.post("/login", &with_next("https://evil.example/")).await;
    assert_eq!(location(&answer), "/");
}

#[tokio::test]
async fn missing_fields_are_named() {
    let program = Program::new().await;
    let page = program.stranger().send("/login", &[]).await;
    assert!(page.contains("Enter the user name") && page.contains("Enter the password"));
    assert!(page.contains("href=\"#f-login\""), "the list on top leads to the field");
}
