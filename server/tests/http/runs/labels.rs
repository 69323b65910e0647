use super::Press;
use crate::program::{Program, location};

#[tokio::test]
async fn labels_are_a_pdf_once_the_public_address_is_known() {
    let press = Press::of(public().await).await;
    let run = press.ordered().await;
    let (receipt, _) = press.receive(run, "3").await;
    let here = format!("/labels/record/{receipt}");
    let page = press.clerk.page(&here).await;
    assert!(page.contains("4 labels: 3 for cartons · 1 for the batch"), "{page}");
    let pdf = press.clerk.get(&format!("{here}/pdf?sheet=l7163&start=3&x=-1.5&words=fa-AF")).await;
    assert_eq!(pdf.status_code(), 200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.as_bytes().starts_with(b"%PDF"));
    assert_eq!(pdf.header("content-disposition"), "attachment; filename=\"labels.pdf\"");
    for offset in ["-2,5", "%E2%88%922.5", "%DB%B2%D9%AB%DB%B5", "-%D9%A2,%D9%A5"] {
        let pdf = press.clerk.get(&format!("{here}/pdf?sheet=l7163&x={offset}&y={offset}")).await;
        assert_eq!(pdf.status_code(), 200, "{offset}");
    }
    let svg = press.clerk.get(&format!("{here}/svg")).await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.text().starts_with("<svg"));
}

#[tokio::test]
async fn wrong_choices_come_back_with_a_sentence() {
    let press = Press::of(public().await).await;
    let run = press.ordered().await;
    let (receipt, _) = press.receive(run, "3").await;
    let here = format!("/labels/record/{receipt}");
    for (query, sentence) in [
        ("sheet=a4-4&start=5", "between 1 and 4"),
        ("sheet=a4-4&start=0", "between 1 and 4"),
        ("sheet=a4-4&start=x", "between 1 and 4"),
        ("sheet=a4-4&x=11", "between −10 and 10"),
        ("sheet=a4-4&y=far", "between −10 and 10"),
        ("sheet=a3", "Choose a sheet"),
        ("sheet=a4-4&which=bundles", "nothing to print"),
    ] {
        let there = location(&press.clerk.get(&format!("{here}/pdf?{query}")).await);
        let page = press.clerk.page(&there).await;
        assert!(page.contains(sentence), "{query}: {sentence}");
    }
}

#[tokio::test]
async fn without_a_public_address_the_page_says_who_sets_it() {
    let press = Press::new().await;
    let run = press.ordered().await;
    let (receipt, _) = press.receive(run, "3").await;
    let page = press.clerk.page(&format!("/labels/record/{receipt}")).await;
    assert!(page.contains("--public-url"));
    assert!(page.contains(&format!("href=\"/records/{receipt}\"")), "and there is a way back");
    let pdf = press.clerk.get(&format!("/labels/record/{receipt}/pdf")).await;
    assert_eq!(location(&pdf), format!("/labels/record/{receipt}"));
}

#[tokio::test]
async fn all_that_is_wrong_with_new_labels_is_said_at_once() {
    let press = Press::of(public().await).await;
    let path = format!("/runs/{}/labels", press.ordered().await);
    let record = uuid::Uuid::now_v7().to_string();
    let fields = [("record", record.as_str()), ("cartons", "0"), ("each", "-5")];
    let page = press.clerk.send(&path, &fields).await;
    assert!(page.contains("Enter how many cartons") && page.contains("never negative"), "{page}");
}

async fn public() -> Program {
    let program = Program::reached_at(Some("http://127.0.0.1:3000")).await;
    program.set_up().await;
    program
}
