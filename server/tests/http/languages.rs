use crate::program::{Program, location};
use crate::small_month::SmallMonth;

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

#[tokio::test]
async fn a_page_from_right_to_left_keeps_its_parts_apart_and_a_file_holds_only_its_text() {
    let month = SmallMonth::new().await;
    month.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    let manager = month.program.browser_of("manager").await;
    let isolates = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
    let english = manager.page("/reconcile?month=2017-06").await;
    assert!(!english.contains(isolates), "{english}");
    manager.post("/language", &[("lang", "fa-AF"), ("back", "/")]).await;
    let page = manager.page("/reconcile?month=2017-06").await;
    let before = manager.page("/reconcile?month=2017-05").await;
    for page in [&page, &before] {
        let title = crate::program::between(page, "<title>", "</title>");
        assert!(page.contains('\u{2068}') && !title.contains(isolates), "{title:?}");
    }
    for name in ["statement", "chain", "places"] {
        let file = manager.get(&format!("/reconcile/{name}.csv?month=2017-06")).await.text();
        assert!(!file.contains(isolates), "{file}");
    }
}
