use crate::program::{Program, between, location};
use domain::role::Role;

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_too() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    let cookie = browser.get("/").await.request_url();
    assert_eq!(cookie.path(), "/");
    assert_eq!(location(&browser.post("/logout", &[]).await), "/login");
    assert_eq!(location(&browser.get("/").await), "/login");
}

#[tokio::test]
async fn a_lost_phone_is_signed_out_from_another_device() {
    let program = Program::new().await;
    let (desk, phone) = (program.browser_of("admin").await, program.browser_of("admin").await);
    let account = desk.page("/account").await;
    let end = between(&account, "action=\"/account/sessions/", "\"");
    let path = format!("/account/sessions/{end}");
    assert_eq!(location(&desk.post(&path, &[("back", "/account")]).await), "/account");
    assert_eq!(location(&phone.get("/account").await), "/login?next=%2Faccount");
    desk.page("/account").await;
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else_but_an_administrator() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    program.add_person("maria", Role::Manager).await;
    let (of_logan, of_maria) =
        (program.browser_of("logan").await, program.browser_of("maria").await);
    let session = program.stock.reader(&logan).sessions(logan.user).await.unwrap()[0].id;
    let path = format!("/account/sessions/{session}/end");
    assert_eq!(of_maria.post(&path, &[]).await.status_code(), 404);
    of_logan.page("/account").await;
    let admin = program.browser_of("admin").await;
    let person = format!("/people/{}", logan.user);
    assert!(admin.page(&person).await.contains(&path));
    assert_eq!(location(&admin.post(&path, &[("back", &person)]).await), person);
    assert_eq!(location(&of_logan.get("/").await), "/login");
}

#[tokio::test]
async fn a_session_ends_after_a_week_without_use_and_after_a_month_in_any_case() {
    const DAY: i64 = 24 * 60;
    let program = Program::new().await;
    let (idle, busy) = (program.browser_of("admin").await, program.browser_of("admin").await);
    program.world.pass_minutes(6 * DAY);
    busy.page("/").await;
    program.world.pass_minutes(2 * DAY);
    assert_eq!(location(&idle.get("/").await), "/login");
    for _ in 0..4 {
        busy.page("/").await;
        program.world.pass_minutes(5 * DAY);
    }
    busy.page("/").await;
    program.world.pass_minutes(3 * DAY);
    assert_eq!(location(&busy.get("/").await), "/login");
}

#[tokio::test]
async fn an_invented_cookie_is_nobody() {
    let program = Program::new().await;
    let mut browser = program.stranger();
    browser.server.add_header("cookie", "tawzi=0000");
    assert_eq!(location(&browser.get("/").await), "/login");
}
