use super::{Press, record};
use crate::program::location;
use domain::code::Code;
use domain::records::{Envelope, Occurred};
use domain::role::Role;
use stock::Submission;
use stock::packs::LabelsOf;
use stock::world::World;

#[tokio::test]
async fn a_scan_leads_to_the_carton_in_either_case() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (receipt, code) = press.receive(run, "2").await;
    let here = format!("/p/{code}");
    let page = press.clerk.page(&here).await;
    assert!(page.contains("Carton 1 of 2") && page.contains("Know the risks"));
    let scanned = press.clerk.get(&format!("/P/{code}")).await;
    assert_eq!(location(&scanned), here, "as the QR says it");
    let other_kind = press.clerk.get(&format!("/b/{code}")).await;
    assert_eq!(location(&other_kind), here, "the code knows what it is");
    let typed = press.clerk.get(&format!("/codes?code={}", code.grouped())).await;
    assert_eq!(location(&typed), here);
    let reader = press.program.stock.reader(&press.actor);
    let batch = reader.grn(receipt).await.unwrap().unwrap().code;
    let page = press.clerk.page(&format!("/b/{batch}")).await;
    assert!(page.contains("In store") && page.contains("1,000"));
}

#[tokio::test]
async fn a_stranger_sees_the_outside_and_nothing_else() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (_, code) = press.receive(run, "2").await;
    let page = press.program.stranger().page(&format!("/p/{code}")).await;
    assert!(page.contains("Printed paper M1") && page.contains("Central store"));
    for hidden in ["Know the risks", "Carton 1", "500", "PR-0001", "KBL", "Programme"] {
        assert!(!page.contains(hidden), "a stranger sees {hidden}");
    }
    press.program.add_person("partner", Role::Viewer).await;
}

#[tokio::test]
async fn a_wrong_code_says_what_is_wrong_and_what_to_do() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (_, code) = press.receive(run, "2").await;
    let last = code.as_str().chars().last().unwrap();
    let wrong_check = format!("{}{}", &code.as_str()[..10], if last == '7' { '8' } else { '7' });
    let unknown = Code::from_random(77).unwrap();
    for (path, sentence) in [
        (format!("/p/{wrong_check}"), "The last character does not fit"),
        ("/p/4K7M".to_owned(), "A code has 11 characters"),
        ("/p/4K7M2QXD9V*".to_owned(), "only letters and digits"),
        (format!("/p/{unknown}"), "no label with it was ever printed here"),
        (format!("/codes?code={wrong_check}"), "The last character does not fit"),
    ] {
        for browser in [&press.clerk, &press.program.stranger()] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status_code(), 404, "{path}");
            assert!(answer.text().contains(sentence), "{path}: {sentence}");
            assert!(answer.text().contains("name=\"code\""), "{path}: type it again");
        }
    }
}

#[tokio::test]
async fn a_label_before_its_delivery_and_a_void_one_say_so() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let path = format!("/runs/{run}/labels");
    let form = record(&press.clerk.page(&path).await);
    let fields = [("record", form.as_str()), ("cartons", "3"), ("each", "500")];
    let there = location(&press.clerk.post(&path, &fields).await);
    assert_eq!(there, format!("/labels/run/{run}?made=1"));
    let reader = press.program.stock.reader(&press.actor);
    let code = reader.labels(LabelsOf::Run(run)).await.unwrap()[0].code;
    let page = press.clerk.page(&format!("/p/{code}")).await;
    assert!(page.contains("Carton 1 of 3") && page.contains("has not been received yet"));
    let world = press.program.stock.world();
    let now = press.program.world.now();
    let close = Envelope::typed(world.new_id().into(), Occurred::On(now.day()), now);
    let writer = press.program.stock.writer(&press.actor);
    writer.close_run(Submission::new(close), run).await.unwrap();
    let answer = press.clerk.get(&format!("/p/{code}")).await;
    assert_eq!(answer.status_code(), 410);
    assert!(answer.text().contains("This label is void"));
    assert!(answer.text().contains("which was closed on 1 June 2017"), "{}", answer.text());
}

#[tokio::test]
async fn a_label_that_did_not_come_says_so() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let codes = press.issued(run, "3").await;
    let form = press.form(&press.clerk, run).await;
    let fields = [("labels", "issued"), ("void_rest", "true")];
    let path = format!("/runs/{run}/receive");
    location(&press.clerk.post(&path, &press.delivery(&form, "2", &fields)).await);
    let answer = press.clerk.get(&format!("/p/{}", codes[2].replace('-', ""))).await;
    assert_eq!(answer.status_code(), 410);
    let text = answer.text();
    assert!(
        text.contains("did not come with the delivery of 1 June 2017 (GRN-KBL-0001)"),
        "{text}"
    );
}

#[tokio::test]
async fn some_labels_are_voided_by_ticks_or_by_their_numbers() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let codes = press.issued(run, "6").await;
    let path = format!("/runs/{run}/labels/void");
    let page = press.clerk.page(&path).await;
    assert!(page.contains(&format!("Carton 2 · {} · 500 pieces", codes[1])), "{page}");
    let form = record(&page);
    let none = press.clerk.send(&path, &[("record", &form)]).await;
    assert!(none.contains("Choose labels: two numbers, or tick some below"));
    let far = [("record", form.as_str()), ("from", "7"), ("to", "9")];
    assert!(press.clerk.send(&path, &far).await.contains("No unused label has a number"));
    let reader = press.program.stock.reader(&press.actor);
    let tick = format!("label_{}", reader.unused_labels(run).await.unwrap()[0].pack);
    let some = [("record", form.as_str()), ("from", "۳"), ("to", "4"), (tick.as_str(), "true")];
    let done = press.clerk.send(&path, &some).await;
    assert!(done.contains("3 labels are void now"), "{done}");
    let left = reader.unused_labels(run).await.unwrap();
    assert_eq!(left.iter().map(|label| label.number).collect::<Vec<_>>(), [2, 5, 6]);
    let chosen = press.clerk.get(&format!("/p/{}", codes[2].replace('-', ""))).await;
    assert!(chosen.text().contains("somebody declared it void on 1 June 2017"));
}

#[tokio::test]
async fn labels_for_far_more_than_was_ordered_are_asked_for() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let path = format!("/runs/{run}/labels");
    let form = record(&press.clerk.page(&path).await);
    let fields = [("record", form.as_str()), ("cartons", "200"), ("each", "500")];
    let asked = press.clerk.send(&path, &fields).await;
    assert!(asked.contains("labels for 100,000 pieces, and at most 10,500 may"), "{asked}");
    let mut sure = fields.to_vec();
    sure.push(("sure_more_than_ordered_100000", "true"));
    let there = location(&press.clerk.post(&path, &sure).await);
    assert_eq!(there, format!("/labels/run/{run}?made=1"));
}

#[tokio::test]
async fn a_carton_is_opened_split_and_emptied_on_its_page() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (_, code) = press.receive(run, "2").await;
    let here = format!("/p/{code}");
    let fresh = async || press.program.stock.world().new_id().to_string();
    let id = fresh().await;
    let wrong =
        press.clerk.send(&format!("{here}/open"), &[("record", &id), ("found", "-1")]).await;
    assert!(wrong.contains("never negative"));
    let early = [("record", id.as_str()), ("found", "480"), ("date", "2017-05-31")];
    let early = press.clerk.send(&format!("{here}/open"), &early).await;
    assert!(early.contains("It arrived on 1 June 2017"));
    let short = [("record", id.as_str()), ("found", "480"), ("date", "2017-06-01")];
    let asked = press.clerk.send(&format!("{here}/open"), &short).await;
    assert!(asked.contains("480 pieces, and 500 are marked on the label"), "{asked}");
    assert_eq!(press.received(run).await, 1_000);
    let short = [short.as_slice(), &[("sure_marked_480", "true")]].concat();
    let page = press.clerk.send(&format!("{here}/open"), &short).await;
    assert!(page.contains("20 pieces were short as packed"));
    assert_eq!(press.received(run).await, 980);
    let page = press.clerk.page(&format!("/runs/{run}")).await;
    assert!(page.contains("1,000 counted, less 20 found short as packed later"), "{page}");

    let id = fresh().await;
    let split = format!("{here}/split");
    let none = press.clerk.send(&split, &[("record", &id)]).await;
    assert!(none.contains("Enter how many bundles"));
    let fields = [("record", id.as_str()), ("bundles", "9"), ("size", "50"), ("last", "30")];
    let page = press.clerk.send(&split, &fields).await;
    assert!(page.contains("Print the labels of the bundles") && page.contains("Bundle 10 of 10"));
    let id = fresh().await;
    let gone = press.clerk.send(&format!("{here}/empty"), &[("record", &id)]).await;
    assert!(gone.contains("Empty"), "the page of an empty carton has no forms");
    assert!(!gone.contains("/labels/pack/"), "nor labels");
}
