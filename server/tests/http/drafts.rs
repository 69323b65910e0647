use crate::program::{PASSWORD, Program, location};
use crate::small_month::SmallMonth;
use domain::role::Role;

#[tokio::test]
async fn nothing_typed_is_lost_without_javascript() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let form = admin.page("/people/invite").await;
    let record = crate::program::between(&form, "name=\"record\" value=\"", "\"").to_owned();
    let fields = [("record", record.as_str()), ("name", "رحیم <b>"), ("scope", "everything")];
    let refused = location(&admin.post("/people/invite", &fields).await);
    assert!(refused.starts_with("/people/invite?draft="));
    let page = admin.page(&refused).await;
    assert!(page.contains("value=\"رحیم &lt;b&gt;\""), "typed values are back, and harmless");
    assert!(page.contains("There is a problem"));
    assert!(page.contains("href=\"#f-org\"") && page.contains("id=\"f-org-error\""));
    assert!(page.contains(&record), "the record's id stays, so that a second sending is the same");
}

#[tokio::test]
async fn a_draft_is_its_owners_alone_and_lives_a_day() {
    let program = Program::new().await;
    program.add_person("other", Role::Administrator).await;
    let admin = program.browser_of("admin").await;
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("name", "Half an invitation")];
    let draft = location(&admin.post("/people/invite", &fields).await);
    assert!(admin.page(&draft).await.contains("Half an invitation"));
    let other = program.browser_of("other").await;
    assert!(!other.page(&draft).await.contains("Half an invitation"));
    program.world.pass_minutes(25 * 60);
    assert!(!admin.page(&draft).await.contains("Half an invitation"));
}

#[tokio::test]
async fn what_was_kept_of_a_form_goes_when_it_is_accepted() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let org = program.programme().await.to_string();
    let rights = [("org", org.as_str()), ("role", "logistics"), ("scope", "everything")];
    let refused = async |record: &str| {
        let fields = [("record", record), ("name", "Half an invitation")];
        location(&admin.post("/people/invite", &fields).await)
    };
    let [mine, other] = [(); 2].map(|()| uuid::Uuid::now_v7().to_string());
    let drafts = [refused(&mine).await, refused(&mine).await, refused(&other).await];
    let account = admin.page("/account").await;
    assert_eq!(account.matches("draft=").count(), 3, "{account}");
    let whole = [&[("record", mine.as_str()), ("name", "Noor")][..], &rights].concat();
    assert!(admin.post("/people/invite", &whole).await.text().contains("/invitation/"));
    for draft in &drafts[..2] {
        assert!(!admin.page(draft).await.contains("Half an invitation"));
    }
    let page = admin.page(&drafts[2]).await;
    assert!(page.contains("Half an invitation"), "another invitation is still unfinished");
}

#[tokio::test]
async fn an_unfinished_form_is_thrown_away_by_its_owner() {
    let program = Program::new().await;
    program.add_person("other", Role::Administrator).await;
    let admin = program.browser_of("admin").await;
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("name", "Half an invitation")];
    admin.post("/people/invite", &fields).await;
    let account = admin.page("/account").await;
    let id = crate::program::between(&account, "/account/drafts/", "/throw-away").to_owned();
    let throw_away = format!("/account/drafts/{id}/throw-away");
    program.browser_of("other").await.post(&throw_away, &[]).await;
    assert!(admin.page("/account").await.contains(&throw_away), "it is nobody else's");
    assert!(!admin.send(&throw_away, &[]).await.contains("Unfinished form"));
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_waits_behind_the_log_in() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    admin.post("/logout", &[]).await;
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("name", "Half an invitation")];
    let login = location(&admin.post("/people/invite", &fields).await);
    assert!(login.starts_with("/login?next=%2Fpeople%2Finvite%3Fdraft%3D"));
    let next = login.strip_prefix("/login?next=").unwrap();
    let next = next.replace("%2F", "/").replace("%3F", "?").replace("%3D", "=");
    let fields = [("login", "admin"), ("password", PASSWORD), ("next", &next)];
    let page = admin.send("/login", &fields).await;
    assert!(page.contains("value=\"Half an invitation\"") && page.contains("You were signed out"));
}

#[tokio::test]
async fn a_form_that_shares_a_page_is_found_again_from_the_list_of_unfinished_ones() {
    let month = SmallMonth::new().await;
    let manager = month.program.browser_of("manager").await;
    let material = month.leaflets.to_string();
    let record = uuid::Uuid::now_v7().to_string();
    let sure = format!("sure_use_up_{material}");
    let fields =
        [("record", &*record), ("material", &*material), ("mode", "use_up"), (&*sure, "true")];
    let recall = location(&manager.post("/recalls/new", &fields).await);
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("step", "phone"), ("date", "2017-06-01")];
    manager.post(&format!("{recall}/step"), &fields).await;
    let list = manager.page("/account").await;
    let link = list.split("href=\"").find(|link| link.contains("?draft=")).unwrap();
    let (link, _) = link.split_once('"').unwrap();
    assert!(manager.page(link).await.contains("Choose a holder"), "{link}");
}
