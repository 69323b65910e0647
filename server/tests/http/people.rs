use crate::events::record;
use crate::program::{Program, location};
use domain::ids::OrgId;
use domain::reference::OrgKind;
use domain::role::{Role, Scope};

#[tokio::test]
async fn changed_rights_hold_at_once() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let (admin, of_logan) = (program.browser_of("admin").await, program.browser_of("logan").await);
    let (path, org) = (format!("/people/{}/rights", logan.user), logan.org.to_string());
    let fields = [("org", org.as_str()), ("role", "viewer"), ("scope", "AF21")];
    admin.send(&path, &fields).await;
    assert_eq!(location(&of_logan.get("/").await), "/login");
    let now = program.actor("logan").await;
    assert!(now.role == Role::Viewer && matches!(now.scope, Scope::Place(_)));
}

#[tokio::test]
async fn the_last_administrator_cannot_leave() {
    let program = Program::new().await;
    let ada = program.actor("admin").await;
    let admin = program.browser_of("admin").await;
    let leaves = [("successor", "nobody"), ("sure_nobody", "true")];
    let page = admin.send(&format!("/people/{}/leave", ada.user), &leaves).await;
    assert!(page.contains("This is the last administrator"));
    assert!(admin.page("/people").await.contains("Active"));
    admin.page("/").await;
}

#[tokio::test]
async fn who_leaves_hands_over_what_is_open() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Administrator).await;
    let maria = program.add_person("maria", Role::Administrator).await;
    let of_logan = program.browser_of("logan").await;
    let refused = of_logan.post("/people/invite", &[("record", "0"), ("name", "Half")]).await;
    assert_eq!(refused.status_code(), 404, "a broken id was never typed");
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("name", "Half an invitation")];
    let draft = location(&of_logan.post("/people/invite", &fields).await);
    let admin = program.browser_of("admin").await;
    let leave = format!("/people/{}/leave", logan.user);
    assert!(admin.page(&leave).await.contains("Unfinished form: People"));
    let unsaid = admin.send(&leave, &[]).await;
    assert!(unsaid.contains("Choose who takes over, or that nobody does"));
    let to = maria.user.to_string();
    let asked = admin.send(&leave, &[("successor", &to)]).await;
    assert!(asked.contains("Their own tasks (0) and unfinished forms (1) go to maria"), "{asked}");
    assert!(asked.contains("goes on waiting for the others"), "{asked}");
    assert_eq!(of_logan.get("/").await.status_code(), 200, "nothing has ended yet");
    let of_another = admin.send(&leave, &[("successor", &to), ("sure_nobody", "true")]).await;
    assert!(of_another.contains("go to maria"), "an answer to another question is none");
    assert_eq!(of_logan.get("/").await.status_code(), 200);
    let sure = format!("sure_{to}");
    admin.send(&leave, &[("successor", &to), (&sure, "true")]).await;
    assert_eq!(location(&of_logan.get("/").await), "/login");
    let of_maria = program.browser_of("maria").await;
    let front = of_maria.page("/").await;
    assert!(
        front.contains("Unfinished forms: 1") && front.contains("href=\"/account\""),
        "{front}"
    );
    assert!(of_maria.page("/account").await.contains("Unfinished form: People"));
    assert!(of_maria.page(&draft).await.contains("value=\"Half an invitation\""));
    let retired = admin.page(&format!("/people/{}", logan.user)).await;
    assert!(retired.contains("This account has ended"));
}

#[tokio::test]
async fn a_form_goes_on_with_somebody_who_may_fill_it_in() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let omar = program.add_person("omar", Role::Logistics).await;
    let vera = program.add_person("vera", Role::Viewer).await;
    let of_logan = program.browser_of("logan").await;
    let (page, _) = of_logan.new_form("/runs/new").await;
    let record = record(&page);
    of_logan.post("/runs/new", &[("record", record.as_str())]).await;
    let admin = program.browser_of("admin").await;
    let leave = format!("/people/{}/leave", logan.user);
    let listed = admin.page(&leave).await;
    assert!(listed.contains(&format!("value=\"{}\"", omar.user)), "{listed}");
    for unfit in [vera.user, program.actor("admin").await.user] {
        assert!(!listed.contains(&format!("value=\"{unfit}\"")), "{listed}");
        let refused = admin.send(&leave, &[("successor", &unfit.to_string())]).await;
        assert!(refused.contains("do not cover what is handed over"), "{refused}");
    }
}

#[tokio::test]
async fn nobody_of_a_printer_gets_an_account() {
    let program = Program::new().await;
    let printer = program.org(OrgKind::Printer, "Kabul Printing").await;
    let donor = program.org(OrgKind::Donor, "Rich donor").await;
    let admin = program.browser_of("admin").await;
    let form = admin.page("/people/invite").await;
    assert!(!form.contains(&printer.to_string()) && form.contains(&donor.to_string()));
    let record = uuid::Uuid::now_v7().to_string();
    let invite = async |org: OrgId, role: &str, scope: &str| {
        let org = org.to_string();
        let fields = [
            ("record", record.as_str()),
            ("name", "Somebody"),
            ("org", org.as_str()),
            ("role", role),
            ("scope", scope),
        ];
        admin.send("/people/invite", &fields).await
    };
    let refused = invite(printer, "viewer", "everything").await;
    assert!(refused.contains("Nobody of a printer has an account"), "{refused}");
    let refused = invite(donor, "partner", "org").await;
    assert!(refused.contains("A donor or printer has no stores"), "{refused}");
}

#[tokio::test]
async fn who_is_not_signed_in_anywhere_has_no_open_session() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let admin = program.browser_of("admin").await;
    let there = format!("/people/{}", logan.user);
    let page = admin.page(&there).await;
    assert!(page.contains("No open session.") && !page.contains("<table"), "{page}");
    program.browser_of("logan").await;
    assert!(!admin.page(&there).await.contains("No open session."));
}
