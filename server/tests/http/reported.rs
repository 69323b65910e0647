//! Entering what partners reported, and seeing it beside the ledger.

use crate::program::{Browser, between, location};
use crate::small_month::SmallMonth;
use domain::ids::OrgId;

/// The form with the ids of its records, as a browser holds it.
struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    async fn open(browser: &Browser, org: OrgId) -> Self {
        let page = browser.page("/reported/new").await;
        let mut fields = vec![
            ("org".to_owned(), org.to_string()),
            ("month".to_owned(), "2017-06".to_owned()),
            ("source".to_owned(), "spreadsheet".to_owned()),
        ];
        for kind in ["leaflet", "sticker", "magazine", "other"] {
            let id = between(&page, &format!("name=\"record_{kind}\" value=\""), "\"");
            fields.push((format!("record_{kind}"), id.to_owned()));
        }
        Self { fields }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends the form and gives the page that the answer leads to.
    async fn send(&self, browser: &Browser) -> String {
        let answer = browser.server.post("/reported/new").form(&self.fields).await;
        browser.page(&location(&answer)).await
    }
}

#[tokio::test]
async fn a_report_stands_beside_what_was_given_out() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-15", "AF2101", 500, (20, 20)).await;
    let clerk = june.program.browser_of("clerk").await;
    assert!(clerk.page("/reported?month=2017-06").await.contains("Nothing was reported"));
    // Persian digits and grouping, as in the partner's own sheet.
    let form = Form::open(&clerk, june.relief).await;
    let form = form.with("pieces_leaflet", "۲۵٬۰۰۰").with("pieces_sticker", "0");
    let page = form.send(&clerk).await;
    assert!(page.contains("Recorded") && page.contains("Fast Relief"), "{page}");
    assert!(page.contains(">25,000<") && page.contains(">500<"));
    assert!(page.contains("24,500 more reported than recorded"));
    // Zero was reported, and zero was given out; magazines were not reported at all.
    assert!(page.contains("Stickers") && page.contains("agrees"));
    assert!(!page.contains("Magazines"));
    // The ledger did not move.
    let manager = june.program.browser_of("manager").await;
    let statement = manager.page("/reconcile?month=2017-06").await;
    assert!(statement.contains(">500<") && !statement.contains("does not add up"));
}

#[tokio::test]
async fn the_same_form_twice_is_one_report() {
    let june = SmallMonth::new().await;
    let relief = june.program.browser_of("relief").await;
    let form = Form::open(&relief, june.relief).await.with("pieces_leaflet", "25000");
    form.send(&relief).await;
    june.program.world.pass_minutes(5);
    let page = form.send(&relief).await;
    assert_eq!(page.matches("25,000").count(), 2, "the figure and its difference");
    assert!(!page.contains("Replaced"));
    // Back, changed, and sent again: the ids have been used.
    let changed = form.with("pieces_leaflet", "24000");
    let page = changed.send(&relief).await;
    assert!(page.contains("This form was used for something else"));
    assert!(page.contains("value=\"24000\""), "what was typed is still there");
}

#[tokio::test]
async fn a_correction_replaces_the_figure_and_the_earlier_one_stays_visible() {
    let june = SmallMonth::new().await;
    let relief = june.program.browser_of("relief").await;
    let form = Form::open(&relief, june.relief).await.with("pieces_leaflet", "25000");
    form.send(&relief).await;
    let correction = Form::open(&relief, june.relief).await.with("pieces_leaflet", "2500");
    let page = correction.with("source", "phone").send(&relief).await;
    let (standing, replaced) = page.split_once("Replaced").unwrap();
    assert!(standing.contains(">2,500<") && !standing.contains(">25,000<"));
    assert!(replaced.contains(">25,000<") && replaced.contains("Spreadsheet"));
}

#[tokio::test]
async fn a_partner_reports_for_itself_and_sees_nobody_else() {
    let june = SmallMonth::new().await;
    let relief = june.program.browser_of("relief").await;
    Form::open(&relief, june.relief).await.with("pieces_leaflet", "777").send(&relief).await;
    let aid = june.program.browser_of("aid").await;
    let page = aid.page("/reported?month=2017-06").await;
    assert!(!page.contains("777") && !page.contains("Fast Relief"));
    assert!(!aid.page("/reported/new").await.contains("Fast Relief"));
    let form = Form::open(&aid, june.relief).await.with("pieces_leaflet", "1");
    let answer = aid.server.post("/reported/new").form(&form.fields).await;
    assert_eq!(answer.status_code(), 404);
    // The programme reports for partners only; its own id is no partner's.
    let clerk = june.program.browser_of("clerk").await;
    let programme = june.program.programme().await;
    let form = Form::open(&clerk, programme).await.with("pieces_leaflet", "1");
    let answer = clerk.server.post("/reported/new").form(&form.fields).await;
    assert_eq!(answer.status_code(), 404);
}

#[tokio::test]
async fn what_cannot_be_a_report_is_refused_beside_its_field() {
    let june = SmallMonth::new().await;
    let clerk = june.program.browser_of("clerk").await;
    for (field, value, words) in [
        ("pieces_leaflet", "-5", "A quantity is never negative"),
        ("pieces_leaflet", "2.5", "Enter a whole number"),
        ("pieces_leaflet", "1000000001", "at most 1,000,000,000 pieces"),
        ("month", "2017-07", "This month has not begun"),
        ("month", "June", "Enter a month like 2017-06"),
        ("org", "", "Choose a partner"),
        ("source", "", "Choose how the report reached us"),
    ] {
        let form = Form::open(&clerk, june.relief).await.with("pieces_sticker", "12");
        let page = form.with(field, value).send(&clerk).await;
        assert!(page.contains(words), "{field} {value}: {words}");
        assert!(page.contains("There is a problem") && page.contains("value=\"12\""), "{field}");
    }
    let nothing = Form::open(&clerk, june.relief).await.send(&clerk).await;
    assert!(nothing.contains("Enter at least one figure"));
    assert!(clerk.page("/reported?month=2017-06").await.contains("Nothing was reported"));
}
