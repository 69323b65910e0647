use crate::program::{Browser, PASSWORD, Program, between, location};
use domain::role::{Role, Scope};

async fn invite(program: &Program, admin: &Browser, role: &str, scope: &str) -> String {
    let org = program.programme().await.to_string();
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [
        ("record", record.as_str()),
        ("name", "Rahim"),
        ("org", &org),
        ("role", role),
        ("scope", scope),
    ];
    let answer = admin.post("/people/invite", &fields).await;
    assert_eq!(answer.status_code(), 200, "the link is on the page, not in an address");
    let page = answer.text();
    assert!(page.contains("Works until"), "{page}");
    let token = between(&page, "/invitation/", "<");
    format!("/invitation/{token}")
}

const ACCEPT: [(&str, &str); 3] =
    [("login", "rahim"), ("password", PASSWORD), ("password_again", PASSWORD)];

#[tokio::test]
async fn an_invited_person_chooses_a_name_and_a_password_once() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let link = invite(&program, &admin, "logistics", "AF21").await;
    let rahim = program.stranger();
    let welcome = rahim.page(&link).await;
    assert!(welcome.contains("You are invited as Logistics of Programme"));
    assert!(welcome.contains("Works until") && welcome.contains("8 June 2017"), "{welcome}");
    let people = admin.page("/people").await;
    assert!(people.contains("What each role may do") && people.contains("and changes nothing."));
    assert_eq!(location(&rahim.post(&link, &ACCEPT).await), "/");
    let actor = program.actor("rahim").await;
    assert_eq!(actor.role, Role::Logistics);
    assert!(matches!(actor.scope, Scope::Place(code) if code.as_str() == "AF21"));
    let used = program.stranger().get(&link).await;
    assert_eq!(used.status_code(), 404);
    let used = used.text();
    assert!(used.contains("can no longer be used") && used.contains("href=\"/login\""), "{used}");
    let again = [("login", "other"), ACCEPT[1], ACCEPT[2]];
    let page = program.stranger().post(&link, &again).await;
    assert_eq!(page.status_code(), 303);
    assert!(program.stock.actor_of("other").await.unwrap().is_none());
}

#[tokio::test]
async fn refused_attempts_at_an_invitation_go_when_it_is_accepted() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let link = invite(&program, &admin, "logistics", "AF21").await;
    let rahim = program.stranger();
    let short = [("login", "rahim"), ("password", "short"), ("password_again", "short")];
    assert!(rahim.send(&link, &short).await.contains("There is a problem"));
    assert_eq!(location(&rahim.post(&link, &ACCEPT).await), "/");
    assert!(!rahim.page("/account").await.contains("Unfinished form"));
}

#[tokio::test]
async fn an_invitation_ends_after_a_week_or_when_it_is_withdrawn() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let link = invite(&program, &admin, "viewer", "everything").await;
    let people = admin.page("/people").await;
    let id = between(&people, "/people/invitations/", "/withdraw").to_owned();
    admin.send(&format!("/people/invitations/{id}/withdraw"), &[]).await;
    assert_eq!(program.stranger().get(&link).await.status_code(), 404);
    let late = invite(&program, &admin, "viewer", "everything").await;
    program.world.pass_minutes(8 * 24 * 60);
    assert_eq!(program.stranger().get(&late).await.status_code(), 404);
}

#[tokio::test]
async fn a_taken_name_and_rights_that_cannot_be_are_refused_with_a_sentence() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let link = invite(&program, &admin, "viewer", "everything").await;
    let taken = [("login", "Admin"), ACCEPT[1], ACCEPT[2]];
    let page = program.stranger().send(&link, &taken).await;
    assert!(page.contains("This user name is taken"));
    for (password, words) in [("short", "at least 10"), ("", "Enter the password")] {
        let both = [taken[0], ("password", password), ("password_again", password)];
        let page = program.stranger().send(&link, &both).await;
        assert!(page.contains("This user name is taken") && page.contains(words), "{page}");
    }
    let org = program.programme().await.to_string();
    let record = uuid::Uuid::now_v7().to_string();
    let with = |role, scope| {
        [
            ("record", record.as_str()),
            ("name", "X"),
            ("org", &org),
            ("role", role),
            ("scope", scope),
        ]
    };
    let page = admin.send("/people/invite", &with("partner", "everything")).await;
    assert!(page.contains("A partner sees only their own organisation"));
    let page = admin.send("/people/invite", &with("administrator", "AF21")).await;
    assert!(page.contains("An administrator sees everything"));
    let page = admin.send("/people/invite", &with("viewer", "AF99")).await;
    assert!(page.contains("Choose a place from the list"));
    let page = admin.send("/people/invite", &with("emperor", "org")).await;
    assert!(page.contains("Choose a role"));
}
