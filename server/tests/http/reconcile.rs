//! The month's reconciliation in the browser: figures open what is behind them.

use crate::program::between;
use crate::small_month::SmallMonth;

#[tokio::test]
async fn a_month_adds_up_and_begins_where_the_last_one_ended() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    let manager = june.program.browser_of("manager").await;
    let may = manager.page("/reconcile?month=2017-05").await;
    let page = manager.page("/reconcile?month=2017-06").await;
    for page in [&may, &page] {
        assert!(page.contains("The statement adds up"), "{page}");
    }
    assert!(page.contains("every opening equals the closing of May 2017"));
    let closing = format!("/reconcile/2017-05/{}/{}/closing", june.store, june.leaflets);
    let link = format!("href=\"{closing}\" class=\"num\">5,000<");
    assert!(may.contains(&link) && page.contains(&link), "June opens with May's closing");
    assert!(page.contains("/closing\" class=\"num\">4,400<"));
    assert!(page.contains("11 Jawza – 9 Saratan 1396"));
    assert!(page.contains("May 2017 · 11 Sawr – 10 Jawza 1396"));
}

/// What a page lists as to be explained, each with where it leads.
fn listed(page: &str) -> Vec<&str> {
    let (_, list) = page.split_once("Needs an explanation").unwrap();
    let list = between(list, "<ul class=\"flags\">", "</ul>");
    list.split("<li").skip(1).collect()
}

#[tokio::test]
async fn the_bulletin_and_the_month_ask_the_same() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 9_000, (20, 40)).await;
    june.report("leaflet", 900).await;
    let manager = june.program.browser_of("manager").await;
    for month in ["2017-06", "2017-07"] {
        let [whole, bulletin] =
            ["reconcile", "bulletin"].map(|page| format!("/{page}?month={month}"));
        let (whole, bulletin) = (manager.page(&whole).await, manager.page(&bulletin).await);
        let asked = listed(&whole);
        assert!(asked.iter().any(|flag| flag.contains("4,000 pieces")), "{asked:?}");
        assert_eq!(listed(&bulletin), asked, "{month}");
    }
    let paper = manager.page("/bulletin/2017-06/print").await;
    assert!(paper.contains("Only questions about these figures"), "{paper}");
}

#[tokio::test]
async fn the_number_of_kabul_stands_beside_it() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF0101", 600, (20, 40)).await;
    june.hold("2017-06-06", "AF2101", 600, (20, 40)).await;
    let manager = june.program.browser_of("manager").await;
    let page = manager.page("/reconcile?month=2017-06").await;
    assert_eq!(page.matches("class=\"leader\"").count(), 1, "only the smallest needs one: {page}");
}

#[tokio::test]
async fn what_is_no_month_and_what_has_not_begun_is_said() {
    let june = SmallMonth::new().await;
    let manager = june.program.browser_of("manager").await;
    for page in ["/reconcile", "/bulletin", "/reported"] {
        let wrong = manager.page(&format!("{page}?month=2099-13")).await;
        assert!(wrong.contains("“2099-13” is no month"), "{page}: {wrong}");
        assert!(
            wrong.contains(&format!("href=\"{page}?month=2017-06\">Go to June 2017")),
            "{page}"
        );
        let future = manager.page(&format!("{page}?month=2099-01")).await;
        assert!(future.contains("January 2099 has not begun yet"), "{page}: {future}");
        for known in ["", "?month=", "?month=2017-06", "?month=2017-05"] {
            let known = manager.page(&format!("{page}{known}")).await;
            assert!(!known.contains("is no month") && !known.contains("begun yet"), "{page}");
        }
    }
}

#[tokio::test]
async fn every_figure_opens_what_is_behind_it() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.hold("2017-06-15", "AF2701", 400, (10, 30)).await;
    june.report("leaflet", 900).await;
    let manager = june.program.browser_of("manager").await;
    for from in ["/reconcile?month=2017-06", "/bulletin?month=2017-06"] {
        let page = manager.page(from).await;
        let mut opened = 0;
        for link in page.split("href=\"").skip(1) {
            let (href, rest) = link.split_once('"').unwrap();
            let figure = between(rest, ">", "<");
            if href.starts_with("/reconcile/") && rest.starts_with(" class=\"num\"") {
                let behind = manager.page(href).await;
                assert!(behind.contains(&format!(">{figure}<")), "{href} shows {figure}");
                assert!(!behind.contains("Run tawzi verify"), "{href}");
                opened += 1;
            }
        }
        assert!(opened > 5, "{from} opens {opened}");
    }
    let month = manager.page("/reconcile?month=2017-06").await;
    assert!(month.contains("Taken, less brought back") && !month.contains("Delivered"), "{month}");
    let taken = manager.page("/reconcile/2017-06/all/all/stayed_at_events").await;
    assert!(taken.contains("less what was brought back from them"), "{taken}");
    let arrived = manager.page("/reconcile/2017-06/all/all/delivered").await;
    assert!(arrived.contains("what came back to its sender too"), "{arrived}");
    let given = manager.page("/reconcile/2017-06/places/AF27/leaflet").await;
    assert!(given.contains("15 June 2017") && !given.contains(">5 June 2017"));
    assert!(given.contains(">200<") && given.contains("In public places"));
    let actor = june.program.actor("manager").await;
    let batches = june.program.stock.reader(&actor).batches_in(june.store, None).await.unwrap();
    let code = domain::code::Code::parse(&batches[0].code).unwrap();
    for page in [&taken, &given] {
        assert!(page.contains(&code.grouped()) && !page.contains(code.as_str()), "{page}");
    }
    for path in [
        "/reconcile/2017-06/all/all/nonsense",
        "/reconcile/2017-06/all/nonsense/given",
        "/reconcile/June/all/all/given",
        "/reconcile/2017-06/places/XX/all",
        "/reconcile/2017-06/places/all/nonsense",
        "/reconcile/2017-06/ordered/nonsense",
    ] {
        assert_eq!(manager.get(path).await.status_code(), 404, "{path}");
    }
}

#[tokio::test]
async fn what_stands_out_leads_to_where_it_is_explained() {
    let june = SmallMonth::new().await;
    let event = june.hold("2017-06-05", "AF2101", 600, (5, 5)).await;
    june.report("leaflet", 900).await;
    let manager = june.program.browser_of("manager").await;
    let page = manager.page("/reconcile?month=2017-06").await;
    let (_, waits) = page.split_once("id=\"explain\"").unwrap();
    let (waits, _) = waits.split_once("</section>").unwrap();
    assert!(waits.contains("60.0 pieces a participant"));
    assert!(waits.contains("href=\"/events?month=2017-06&amp;state=held\""));
    assert!(waits.contains("300 more reported than recorded"));
    assert!(waits.contains("href=\"/reported?month=2017-06\""));
    // A month's warnings lead to the events that they are about.
    let uncounted = june.hold_uncounted("2017-06-06", "AF2101", 10).await;
    let page = manager.page("/bulletin?month=2017-06").await;
    assert!(page.contains("href=\"/events?month=2017-06&amp;only=uncounted\""));
    let list = manager.page("/events?month=2017-06&only=uncounted").await;
    assert!(list.contains(&uncounted.to_string()) && !list.contains(&event.to_string()));
    let none = manager.page("/events?month=2017-06&only=counted_twice").await;
    assert!(none.contains("No event fits"));
    // More was brought than the store had: the rest has to be explained.
    june.hold("2017-06-20", "AF2101", 4_890, (500, 500)).await;
    let page = manager.page("/reconcile?month=2017-06").await;
    assert!(page.contains("500 pieces left Mazar depot without having been there"));
    assert!(page.contains("500 unexplained, 0 sent and not arrived · 1 difference, 8 days old"));
    let (_, picture) = page.split_once("<figure").unwrap();
    let (picture, _) = picture.split_once("</figure>").unwrap();
    assert!(picture.contains("Unexplained") && !picture.contains("Still to explain"));
    let may = manager.page("/reconcile?month=2017-05").await;
    assert!(may.contains("The statement adds up") && !may.contains("without having been there"));
    assert!(page.contains("The statement adds up"));
    let list = manager.page("/events?month=2017-06").await;
    assert!(list.contains(&event.to_string()));
}

#[tokio::test]
async fn tables_leave_as_csv_and_formulas_stay_text() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.report("leaflet", 900).await;
    let manager = june.program.browser_of("manager").await;
    let text = async |name: &str| {
        let answer = manager.get(&format!("/reconcile/{name}.csv?month=2017-06")).await;
        assert_eq!(answer.status_code(), 200);
        let saved = answer.header("content-disposition");
        assert_eq!(saved, format!("attachment; filename=\"{name}-2017-06.csv\""));
        answer.text()
    };
    let statement = text("statement").await;
    assert!(
        statement.contains("2017-06,Mazar depot,Know the risks M1,M1,5000,0,0,0,600,0,0,0,4400")
    );
    let chain = text("chain").await;
    assert!(chain.contains("2017-06,Leaflets,Know the risks M1,M1,0,0,0,0,600,600,"), "{chain}");
    let all = "2017-06,Leaflets,All editions,,0,0,0,0,600,600,900,300";
    assert!(chain.contains(all), "{chain}");
    assert!(text("places").await.contains("2017-06,Balkh,1,60,20,600,600"));
}

#[tokio::test]
async fn a_store_has_a_statement_of_its_own() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    let manager = june.program.browser_of("manager").await;
    let own = format!("/reconcile/2017-06/statement/{}", june.store);
    let month = manager.page("/reconcile?month=2017-06").await;
    assert!(month.contains(&format!("href=\"{own}\"")), "the month leads to {own}");
    for path in [own.as_str(), "/reconcile/2017-06/statement/all"] {
        let page = manager.page(path).await;
        assert!(
            page.contains("The statement adds up") && page.contains("Know the risks"),
            "{page}"
        );
        assert!(page.contains("/closing\" class=\"num\">4,400<"), "{page}");
        assert!(page.contains(&path.replace("2017-06", "2017-05")), "leads to the month before");
    }
    for path in ["/reconcile/June/statement/all", "/reconcile/2017-06/statement/nowhere"] {
        assert_eq!(manager.get(path).await.status_code(), 404, "{path}");
    }
}
