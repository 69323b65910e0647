use super::{Press, record};
use crate::program::{between, location, name};
use domain::ids::MaterialId;
use domain::records::recall::{CallBack, RecallMode};
use domain::records::{Envelope, Occurred};
use domain::reference::ShortNumber;
use domain::role::Role;
use stock::Submission;
use stock::world::World;

#[tokio::test]
async fn an_order_is_saved_once_however_often_it_is_sent() {
    let press = Press::new().await;
    let (page, address) = press.clerk.new_form("/runs/new").await;
    let (record, printer) = (record(&page), press.printer.to_string());
    let leaflet = press.leaflet.to_string();
    let fields = [
        ("record", record.as_str()),
        ("printer", &printer),
        ("material", &leaflet),
        ("ordered", "۲۵٬۰۰۰"),
        ("tolerance", "2.5"),
        ("ordered_on", "2017-05-20"),
        ("due_on", "2017-06-20"),
        ("cost", "1,250.50"),
        ("currency", "usd"),
    ];
    let first = location(&press.clerk.post("/runs/new", &fields).await);
    assert_eq!(location(&press.clerk.post("/runs/new", &fields).await), first);
    let page = press.clerk.page(&first).await;
    for seen in ["PR-0001", "25,000", "± 2.5 %", "1,250.50 USD", "Kabul Press", "Expected"] {
        assert!(page.contains(seen), "{seen} is missing");
    }
    // "Back" finds what the form made, also when something else was typed into it there.
    assert!(press.clerk.page(&address).await.contains("it made PR-0001"));
    let mut other = fields;
    other[3] = ("ordered", "30000");
    let again = location(&press.clerk.post("/runs/new", &other).await);
    assert!(press.clerk.page(&again).await.contains("This form was sent before"));
    let list = press.clerk.page("/runs").await;
    assert_eq!(list.matches("PR-0001").count(), 2, "once expected, once in the list of all");
}

#[tokio::test]
async fn a_wrong_order_comes_back_with_a_sentence_and_everything_that_was_typed() {
    let press = Press::new().await;
    let (page, _) = press.clerk.new_form("/runs/new").await;
    let (record, printer) = (record(&page), press.printer.to_string());
    let leaflet = press.leaflet.to_string();
    let right = [
        ("record", record.as_str()),
        ("printer", &printer),
        ("material", &leaflet),
        ("ordered", "10000"),
        ("tolerance", "5"),
        ("ordered_on", "2017-05-20"),
        ("due_on", "2017-06-20"),
        ("purchase_order", "PO-77"),
    ];
    for (field, typed, sentence) in [
        ("ordered", "0", "Enter at least 1"),
        ("ordered", "-5", "never negative"),
        ("ordered", "2.5", "whole number"),
        ("ordered", "1000000001", "at most 1,000,000,000"),
        ("tolerance", "60", "between 0 and 50"),
        ("due_on", "2017-05-01", "cannot be due before"),
        ("due_on", "9999-12-31", "more than five years from now"),
        ("ordered_on", "2017-06-02", "lies in the future"),
        ("ordered_on", "20.05.2017", "Enter a date"),
        ("printer", &leaflet, "Choose a printer that is in use"),
        ("cost", "ten", "Enter an amount"),
    ] {
        let mut fields = right.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, typed));
        let page = press.clerk.send("/runs/new", &fields).await;
        assert!(page.contains(sentence), "{field}={typed}: {sentence}");
        assert!(page.contains("PO-77"), "{field}={typed} loses what was typed");
        assert!(page.contains(&record), "{field}={typed} makes a second order");
    }
    let mut fields = right.to_vec();
    fields.retain(|(name, _)| !["ordered_on", "due_on"].contains(name));
    fields.extend([("ordered_on", "2017-06-02"), ("due_on", "2017-06-01")]);
    let page = press.clerk.send("/runs/new", &fields).await;
    assert!(page.contains("lies in the future") && page.contains("cannot be due before"));
    let mut fields = right.to_vec();
    fields.retain(|(name, _)| !["ordered_on", "material"].contains(name));
    fields.extend([("ordered_on", "2017-06-02"), ("material", "")]);
    let page = press.clerk.send("/runs/new", &fields).await;
    for sentence in ["lies in the future", "Choose a material"] {
        assert!(page.contains(sentence), "{sentence}: all of it is said at once");
    }
    assert!(press.clerk.page("/runs").await.contains("No print runs yet"));
}

#[tokio::test]
async fn an_order_that_was_received_or_changed_by_another_is_not_overwritten() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let path = format!("/runs/{run}/edit");
    let (printer, leaflet) = (press.printer.to_string(), press.leaflet.to_string());
    let fields = |version: &'static str, ordered: &'static str| {
        vec![
            ("version", version.to_owned()),
            ("printer", printer.clone()),
            ("material", leaflet.clone()),
            ("ordered", ordered.to_owned()),
            ("tolerance", "5".to_owned()),
            ("ordered_on", "2017-05-20".to_owned()),
            ("due_on", "2017-06-20".to_owned()),
        ]
    };
    let send = async |fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        press.clerk.send(&path, &fields).await
    };
    assert!(send(fields("1", "12000")).await.contains("12,000"));
    assert!(send(fields("1", "13000")).await.contains("Somebody else changed this order"));
    press.receive(run, "2").await;
    assert!(send(fields("2", "13000")).await.contains("the order is history now"));
}

#[tokio::test]
async fn an_edition_that_is_to_stop_is_ordered_by_nobody_who_does_not_mean_it() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let receiving = format!("/runs/{run}/receive");
    assert!(!press.clerk.page(&receiving).await.contains("This edition is to stop"));
    let (printer, leaflet) = (press.printer.to_string(), press.leaflet.to_string());
    let replaced = format!("sure_{leaflet}_replaced");
    let send = async |sure: &str| {
        let (page, _) = press.clerk.new_form("/runs/new").await;
        let fields = [
            ("record", record(&page)),
            ("printer", printer.clone()),
            ("material", leaflet.clone()),
            ("ordered", "10000".to_owned()),
            ("tolerance", "5".to_owned()),
            ("ordered_on", "2017-05-20".to_owned()),
            ("due_on", "2017-06-20".to_owned()),
            (sure, "true".to_owned()),
        ];
        let answer = press.clerk.server.post("/runs/new").form(&fields).await;
        press.clerk.page(&location(&answer)).await
    };

    let successor = MaterialId::new(press.program.stock.world().new_id());
    let admin = press.program.actor("admin").await;
    let writer = press.program.stock.writer(&admin);
    let mut input = super::material();
    input.edition = name("2018-1");
    input.short_number = ShortNumber::parse("M2").unwrap();
    writer.create_material(successor, input).await.unwrap();
    let mut old = super::material();
    old.superseded_by = Some(successor);
    writer.edit_material(press.leaflet, old).await.unwrap();
    let asked = send("").await;
    assert!(asked.contains("“Know the risks” (2017-1) is no longer the newest. Its successor"));
    assert!(
        asked.contains(
            "is “Know the risks” (2018-1). What is there may be used up. Choose the newer"
        )
    );
    assert!(!asked.contains("is to stop"), "it may be used up");
    let marked = "<option value=\"".to_owned() + &leaflet;
    let option = |page: &str| between(page, &marked, "</option>").to_owned();
    assert!(option(&press.clerk.new_form("/runs/new").await.0).contains("has a newer edition"));
    let (before, _) = asked.split_once(&format!("name=\"{replaced}\"")).unwrap();
    assert!(!before.contains("name=\"ordered\""), "the box stands beside the edition");
    assert!(send(&replaced).await.contains("PR-0002"));

    let manager = press.program.add_person("manager", Role::Manager).await;
    let now = press.program.world.now();
    let id = press.program.stock.world().new_id();
    let said = Submission::new(Envelope::typed(id.into(), Occurred::AtDeviceTime, now));
    let body = CallBack { material: press.leaflet, mode: RecallMode::StopNow };
    press.program.stock.writer(&manager).recall(said, body).await.unwrap();
    let asked = send(&replaced).await;
    assert!(
        asked.contains("“Know the risks” (2017-1) is recalled"),
        "yes was about something else"
    );
    assert!(asked.contains("Its successor is “Know the risks” (2018-1)"));
    let warned = press.clerk.page(&receiving).await;
    assert!(warned.contains("This edition is to stop"), "a delivery is written down all the same");
    assert!(warned.contains("“Know the risks” (2017-1) is recalled"));
    assert!(option(&press.clerk.new_form("/runs/new").await.0).contains("recalled"));
    press.receive(run, "2").await;
}
