use crate::program::{Program, location};

#[tokio::test]
async fn the_browser_asks_for_a_language_and_the_person_chooses_one() {
    let program = Program::new().await;
    let browser = program.stranger();
    assert!(browser.page("/login").await.contains("<html lang=\"en\" dir=\"ltr\">"));
    let asked = browser.server.get("/login").add_header("accept-language", "prs-AF, en").await;
    assert!(asked.text().contains("<html lang=\"fa-AF\" dir=\"rtl\">"));
    let answer = browser.post("/language", &[("lang", "ps-AF"), ("back", "/login?next=%2F")]).await;
    assert_eq!(location(&answer), "/login?next=%2F");
    assert!(browser.page("/login").await.contains("<html lang=\"ps-AF\" dir=\"rtl\">"));
    let answer = browser.post("/language", &[("lang", "xx"), ("back", "/")]).await;
    assert_eq!(answer.status_code(), 404);
}
