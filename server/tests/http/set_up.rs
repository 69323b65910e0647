use crate::program::{PASSWORD, Program, location};

#[tokio::test]
async fn the_log_leads_to_the_first_administrator_once() {
    let program = Program::new_books().await;
    let browser = program.stranger();
    assert_eq!(browser.get("/setup/0123").await.status_code(), 404);
    let path = format!("/setup/{}", program.setup_token.as_str());
    assert!(browser.page(&path).await.contains("Name of the programme"));
    let answer = browser
        .post(
            &path,
            &[
                ("programme", "Northern programme"),
                ("name", "Ann"),
                ("login", "Ann"),
                ("password", PASSWORD),
                ("password_again", PASSWORD),
            ],
        )
        .await;
    assert_eq!(location(&answer), "/");
    assert!(browser.page("/account").await.contains("Northern programme"));
    // The door is closed behind her, also for who has the token.
    assert_eq!(program.stranger().get(&path).await.status_code(), 404);
    assert_eq!(program.stranger().post(&path, &[]).await.status_code(), 404);
}

#[tokio::test]
async fn a_refused_form_keeps_everything_but_the_passwords() {
    let program = Program::new_books().await;
    let path = format!("/setup/{}", program.setup_token.as_str());
    let send = async |password: &str, again: &str| {
        let fields = [
            ("programme", "Northern programme"),
            ("name", "Ann"),
            ("login", "ann"),
            ("password", password),
            ("password_again", again),
        ];
        program.stranger_sends(&path, &fields).await
    };
    let page = send("short", "short").await;
    assert!(page.contains("A password has at least 10 characters"));
    assert!(page.contains("value=\"Northern programme\"") && !page.contains("\"short\""));
    let page = send(PASSWORD, "another leaflet").await;
    assert!(page.contains("The two passwords differ"));
    assert!(program.stock.is_new().await.unwrap());
}

impl Program {
    async fn stranger_sends(&self, path: &str, fields: &[(&str, &str)]) -> String {
        self.stranger().send(path, fields).await
    }
}
