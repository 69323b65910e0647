use crate::program::{PASSWORD, Program, between, location};
use domain::role::Role;

const NEW: &str = "another leaflet for every house";

fn fields(code: &str) -> [(&str, &str); 4] {
    [("login", "logan"), ("secret_code", code), ("password", NEW), ("password_again", NEW)]
}

async fn code_for_logan(program: &Program) -> String {
    let logan = program.actor("logan").await;
    let admin = program.browser_of("admin").await;
    let answer = admin.post(&format!("/people/{}/reset-code", logan.user), &[]).await;
    let page = answer.text();
    between(&page, "class=\"code\">", "<").to_owned()
}

#[tokio::test]
async fn a_code_that_was_read_out_sets_a_new_password_once() {
    let program = Program::new().await;
    program.add_person("logan", Role::Logistics).await;
    let lost = program.browser_of("logan").await;
    let code = code_for_logan(&program).await;
    // As it was heard and typed.
    let typed = code.to_lowercase().replace('-', " ");
    let browser = program.stranger();
    assert_eq!(location(&browser.post("/reset", &fields(&typed)).await), "/");
    assert!(browser.page("/").await.contains("logan"));
    assert_eq!(location(&lost.get("/").await), "/login", "other sessions have ended");
    let old = [("login", "logan"), ("password", PASSWORD)];
    assert!(program.stranger().send("/login", &old).await.contains("do not fit together"));
    let again = program.stranger().send("/reset", &fields(&code)).await;
    assert!(again.contains("User name and code do not fit together"));
}

#[tokio::test]
async fn a_code_dies_after_an_hour_and_is_guessed_five_times_only() {
    let program = Program::new().await;
    program.add_person("logan", Role::Logistics).await;
    let late = code_for_logan(&program).await;
    program.world.pass_minutes(61);
    let page = program.stranger().send("/reset", &fields(&late)).await;
    assert!(page.contains("do not fit together"));
    program.world.pass_minutes(15);
    let guessed = code_for_logan(&program).await;
    for _ in 0..5 {
        program.stranger().send("/reset", &fields("AAAAA-AAAAA")).await;
    }
    let answer = program.stranger().post("/reset", &fields(&guessed)).await;
    assert_eq!(answer.status_code(), 429);
    assert!(answer.text().contains("Too many failed attempts. Try again in 16 minutes"));
    program.world.pass_minutes(15);
    assert_eq!(location(&program.stranger().post("/reset", &fields(&guessed)).await), "/");
}

#[tokio::test]
async fn who_knows_the_old_password_sets_a_new_one() {
    let program = Program::new().await;
    program.add_person("logan", Role::Logistics).await;
    let (desk, phone) = (program.browser_of("logan").await, program.browser_of("logan").await);
    let fields = |old| [("password_old", old), ("password", NEW), ("password_again", NEW)];
    let page = desk.send("/account/password", &fields("not the old one")).await;
    assert!(page.contains("This is not the present password"));
    let page = desk.send("/account/password", &fields(PASSWORD)).await;
    assert!(page.contains("The password is changed"));
    assert_eq!(location(&phone.get("/").await), "/login");
    let new = [("login", "logan"), ("password", NEW)];
    assert_eq!(location(&phone.post("/login", &new).await), "/");
}
