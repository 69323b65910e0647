//! Reference data in the browser: who sees what, and what is typed stays text.

use crate::program::{Browser, PASSWORD, Program, between, location, name};
use axum_test::multipart::{MultipartForm, Part};
use domain::ids::{OrgId, StoreId};
use domain::reference::{OrgKind, StoreKind};
use domain::role::{PlaceCode, Role, Scope};
use stock::access::NewPerson;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use uuid::Uuid;

impl Program {
    async fn add_org(&self, text: &str) -> OrgId {
        let (id, admin) = (OrgId::new(Uuid::now_v7()), self.actor("admin").await);
        let input = OrgInput { kind: OrgKind::Partner, name: name(text), short_name: name(text) };
        self.stock.writer(&admin).create_org(id, input).await.unwrap();
        id
    }

    async fn add_store(&self, org: OrgId, text: &str, place: &str) -> StoreId {
        let (id, admin) = (StoreId::new(Uuid::now_v7()), self.actor("admin").await);
        let input = StoreInput {
            kind: StoreKind::Partner,
            name: name(text),
            short_name: name(text),
            org,
            parent: None,
            place: PlaceCode::new(place),
            service_areas: Vec::new(),
        };
        self.stock.writer(&admin).create_store(id, input).await.unwrap();
        id
    }

    async fn sign_in_as(&self, login: &str, org: OrgId, role: Role, scope: Scope) -> Browser {
        let person = NewPerson { login: login.to_owned(), name: name(login), org, role, scope };
        self.stock.add_person(person, PASSWORD).await.unwrap();
        self.browser_of(login).await
    }
}

fn record_of(page: &str) -> String {
    between(page, "name=\"record\" value=\"", "\"").to_owned()
}

#[tokio::test]
async fn a_partner_sees_its_own_stores_and_nothing_of_others() {
    let program = Program::new().await;
    let (ours, theirs) = (program.add_org("Fast Relief").await, program.add_org("Slow Aid").await);
    let own = program.add_store(ours, "North depot", "AF2101").await;
    let other = program.add_store(theirs, "South depot", "AF2101").await;
    let partner = program.sign_in_as("partner", ours, Role::Partner, Scope::Org(ours)).await;

    for path in ["/reference/stores", "/reference/organisations", "/search?q=depot+relief"] {
        let page = partner.page(path).await;
        assert!(!page.contains("South depot") && !page.contains("Slow Aid"), "{path}");
    }
    assert!(partner.page("/reference/stores").await.contains("North depot"));
    let found = partner.page("/search?q=depot").await;
    assert!(found.contains("North depot") && !found.contains("South depot"));
    let shown = partner.page(&format!("/reference/stores/{own}")).await;
    assert!(shown.contains("Fast Relief") && !shown.contains("/edit"));

    // What is another's answers like what does not exist.
    let paths = [
        format!("/reference/stores/{other}"),
        format!("/reference/organisations/{theirs}"),
        format!("/reference/stores/{}", Uuid::now_v7()),
    ];
    for path in paths {
        assert_eq!(partner.get(&path).await.status_code(), 404, "{path}");
    }
    let manager = program.sign_in_as("manager", ours, Role::Manager, Scope::Org(ours)).await;
    manager.page(&format!("/reference/stores/{own}/edit")).await;
    let path = format!("/reference/stores/{other}/edit");
    assert_eq!(manager.get(&path).await.status_code(), 404);
    let org = ours.to_string();
    let fields = [
        ("name", "Taken over"),
        ("short_name", "Taken"),
        ("kind", "partner"),
        ("org", org.as_str()),
        ("place", "AF2101"),
        ("parent", ""),
    ];
    assert_eq!(manager.post(&path, &fields).await.status_code(), 404);
    let path = format!("/reference/stores/{other}/standing");
    let standing = [("standing", "retired")];
    assert_eq!(manager.post(&path, &standing).await.status_code(), 404);
}

#[tokio::test]
async fn a_provincial_officer_keeps_stores_of_his_province_and_no_materials() {
    let program = Program::new().await;
    let org = program.programme().await;
    let scope = Scope::Place(PlaceCode::new("AF21"));
    let officer = program.sign_in_as("officer", org, Role::Logistics, scope).await;
    for path in ["/reference/materials/new", "/reference/kits/new", "/reference/organisations/new"]
    {
        assert_eq!(officer.get(path).await.status_code(), 404, "{path}");
    }
    let form = officer.page("/reference/stores/new").await;
    let (record, org) = (record_of(&form), org.to_string());
    let fields = |place: &'static str| {
        [
            ("record", record.clone()),
            ("name", "Mazar".to_owned()),
            ("short_name", "MZR".to_owned()),
            ("kind", "provincial".to_owned()),
            ("org", org.clone()),
            ("place", place.to_owned()),
            ("parent", String::new()),
        ]
    };
    let send =
        async |place| officer.server.post("/reference/stores/new").form(&fields(place)).await;
    let refused = officer.page(&location(&send("AF0101").await)).await;
    assert!(refused.contains("Choose a place in your area"));
    assert!(refused.contains("value=\"Mazar\""), "what was typed is still there");
    let shown = officer.page(&location(&send("AF2101").await)).await;
    assert!(shown.contains("Mazar") && shown.contains("Saved"));
}

/// Fills in the form of a material and gives where the answer leads.
async fn add_material(browser: &Browser, record: &str, title: &str, number: &str) -> String {
    let fields = [
        ("record", record),
        ("title", title),
        ("kind", "leaflet"),
        ("language", "dari"),
        ("edition", "2017-1"),
        ("outside_name", "Printed paper"),
        ("short_number", number),
        ("per_bundle", "۵۰"),
        ("bundles", "10"),
        ("weight", "۸٫۲"),
        ("volume", ""),
        ("contacts", "0799 000 000\r\n119"),
        ("superseded_by", ""),
    ];
    location(&browser.post("/reference/materials/new", &fields).await)
}

#[tokio::test]
async fn what_is_typed_stays_text() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let record = record_of(&admin.page("/reference/materials/new").await);
    let title = "=HYPERLINK(\"x\") <script>alert(1)</script>";
    let shown = add_material(&admin, &record, title, "M1").await;
    for path in [shown.as_str(), "/reference/materials", "/reference/kits/new", "/search?q=alert"] {
        let page = admin.page(path).await;
        assert!(page.contains("=HYPERLINK(") && page.contains("&lt;script&gt;"), "{path}");
        assert!(!page.contains("<script>alert"), "{path}");
    }
    let page = admin.page(&shown).await;
    assert!(page.contains("500 pieces a carton") && page.contains("8.2 kg"));
}

#[tokio::test]
async fn the_same_form_twice_makes_one_material() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let record = record_of(&admin.page("/reference/materials/new").await);
    let first = add_material(&admin, &record, "Know the risks", "M1").await;
    assert_eq!(add_material(&admin, &record, "Know the risks", "M1").await, first);
    let list = admin.page("/reference/materials").await;
    assert_eq!(list.matches(">Know the risks<").count(), 1);
    let changed = add_material(&admin, &record, "Stay safe", "M1").await;
    let page = admin.page(&changed).await;
    assert!(page.contains("This form was saved before") && page.contains("value=\"Stay safe\""));
    let another = Uuid::now_v7().to_string();
    let double = add_material(&admin, &another, "KNOW the risks", "M2").await;
    assert!(admin.page(&double).await.contains("This title exists"));
}

#[tokio::test]
async fn a_cover_is_a_picture_of_at_most_5_mb() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let record = record_of(&admin.page("/reference/materials/new").await);
    let shown = add_material(&admin, &record, "Know the risks", "M1").await;
    let path = format!("{}/cover", shown.split('?').next().unwrap());
    let send = async |bytes: Vec<u8>| {
        let form =
            MultipartForm::new().add_part("cover", Part::bytes(bytes).file_name("photo.jpg"));
        location(&admin.server.post(&path).multipart(form).await)
    };
    for (bytes, words) in [
        (b"GIF89a".to_vec(), "This is not a JPEG, PNG or WebP picture"),
        (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "The picture is cut off or damaged"),
        (vec![0; 5 * 1024 * 1024 + 1], "The picture is larger than 5 MB"),
    ] {
        assert!(admin.page(&send(bytes).await).await.contains(words), "{words}");
    }
    let nothing = location(&admin.post(&path, &[]).await);
    assert!(admin.page(&nothing).await.contains("Choose a picture first"));

    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (chunk, body) in [(b"IHDR", &b"0123456789abc"[..]), (b"tEXt", b"where"), (b"IEND", b"")] {
        png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        png.extend(chunk);
        png.extend(body);
        png.extend([0; 4]);
    }
    let page = admin.page(&send(png).await).await;
    let picture = between(&page, "src=\"/attachments/", "\"").to_owned();
    let picture = format!("/attachments/{picture}");
    let answer = admin.get(&picture).await;
    assert_eq!(answer.header("content-type"), "image/png");
    assert!(!String::from_utf8_lossy(answer.as_bytes()).contains("where"));
    assert!(location(&program.stranger().get(&picture).await).starts_with("/login"));
    assert_eq!(admin.get("/attachments/xyz").await.status_code(), 404);
}

#[tokio::test]
async fn a_code_that_no_label_has_is_said_to_be_one() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let unknown = admin.page("/search?q=0000-0000-1A5").await;
    assert!(unknown.contains("no label has it"));
    let broken = admin.page("/search?q=0000-0000-1A6").await;
    assert!(broken.contains("one character of the code was misread"));
    let place = admin.page("/search?q=%D9%87%D9%84%D9%85%D9%86%D8%AF").await;
    assert!(place.contains("Helmand"));
    assert!(admin.page("/search?q=%F0%9F%98%80").await.contains("Nothing was found"));
}

#[tokio::test]
async fn what_is_retired_can_be_brought_back() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    let org = program.add_org("Fast Relief").await;
    let store = program.add_store(org, "North depot", "AF2101").await;
    let path = format!("/reference/organisations/{org}/standing");
    let refused = admin.send(&path, &[("standing", "retired")]).await;
    assert!(refused.contains("It still has stores in use"));
    let of_store = format!("/reference/stores/{store}/standing");
    assert!(admin.send(&of_store, &[("standing", "retired")]).await.contains("Bring back"));
    assert!(admin.send(&path, &[("standing", "retired")]).await.contains("Bring back"));
    assert!(admin.send(&path, &[("standing", "in_use")]).await.contains("Saved"));
    assert_eq!(admin.post(&path, &[("standing", "deleted")]).await.status_code(), 404);
}
