//! The month's bulletin: its sentence, its table, its warnings, and what leaves the house.

use crate::books::on_both;
use crate::june::June;
use crate::program::browser_at;
use crate::small_month::SmallMonth;

on_both!(june_2017_comes_out_of_the_ledger);

/// What the report said, and what a careful manager sees in it (the case file).
async fn june_2017_comes_out_of_the_ledger(url: String) {
    let june = June::of(url).await;
    let manager = june.log_ins.iter().find(|known| known.login == "manager").unwrap();
    let browser = browser_at(&june.stock, &manager.login, &manager.password).await;
    let page = browser.page("/bulletin?month=2017-06").await;
    for words in [
        "In June 2017, Organization of Fast Relief and Development",
        "carried out 11 events",
        "359 people took part, 90 of them female (25.1 %).",
        "25,000 leaflets, 25,000 stickers and 2,500 cartoon magazines were given out.",
        "The events gathered community representatives, local government and non-government \
         stakeholders and socio-cultural and religious leaders.",
        "146.2 pieces a participant at events, ",
        "69.6 leaflets, 69.6 stickers and 7.0 cartoon magazines",
        "Exactly 10 kits",
        "25,000 / 25,000 / 2,500 is 10 times the kit",
    ] {
        assert!(page.contains(words), "{words}");
    }
    for province in ["Balkh", "Kandahar", "Helmand", "Nuristan", "Kabul"] {
        assert!(page.contains(&format!(">{province}<")), "{province}");
    }
    let paper = browser.page("/bulletin/2017-06/print").await;
    assert!(paper.contains("carried out 11 events") && paper.contains("Exactly 10 kits"));
    let month = browser.page("/reconcile?month=2017-06").await;
    assert!(month.contains("The statement adds up") && month.contains(">52,500<"));
    assert!(month.contains("Needs an explanation") && month.contains("Exactly 10 kits"));
}

/// The text of the file, without its byte order mark.
async fn csv(june: &SmallMonth, path: &str) -> Vec<Vec<String>> {
    let manager = june.program.browser_of("manager").await;
    let answer = manager.get(path).await;
    assert_eq!(answer.status_code(), 200, "{path}");
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text();
    let lines = text.trim_start_matches('\u{feff}').lines();
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn the_sentence_comes_out_of_the_records() {
    let june = SmallMonth::new().await;
    let manager = june.program.browser_of("manager").await;
    let empty = manager.page("/bulletin?month=2017-06").await;
    assert!(empty.contains("No event took place and nothing was given out in this month"));
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.hold("2017-06-15", "AF2101", 400, (10, 30)).await;
    june.hold("2017-06-20", "AF2701", 1_000, (30, 30)).await;
    let page = manager.page("/bulletin?month=2017-06").await;
    assert!(page.contains("11 Jawza – 9 Saratan 1396"));
    for words in [
        "In June 2017, Fast Relief carried out 3 events (Community based intervention events) in Balkh \
         and Kandahar.",
        "160 people took part, 60 of them female (37.5 %).",
        "2,000 leaflets were given out.",
        "The events gathered community representatives and socio-cultural and religious leaders.",
        "12.5 pieces a participant at events, 6.3 of them into their own hands",
    ] {
        assert!(page.contains(words), "{words}");
    }
    // Half went to clinics: 6 to each participant is still more than plausible.
    let (_, asked) = page.split_once("Needs an explanation").unwrap();
    assert!(asked.contains("12.5 pieces a participant at events, 6.3 of them"));
    let may = manager.page("/bulletin?month=2017-05").await;
    assert!(may.contains("No event took place"), "what was counted then was not given out");
}

#[tokio::test]
async fn what_was_left_without_an_event_is_told_apart() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.leave("2017-06-06", "AF2701", 400).await;
    let manager = june.program.browser_of("manager").await;
    let page = manager.page("/bulletin?month=2017-06").await;
    for words in [
        "1,000 leaflets were given out. Of these, 400 were left in public places without an event.",
        "10.0 pieces a participant at events, 5.0 of them into their own hands",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("not recorded"), "{page}");
    let rows = csv(&june, "/bulletin/2017-06/csv").await;
    let of = |place: &str| rows.iter().find(|row| row[1] == place).unwrap();
    assert_eq!(rows[0][7..].concat(), "\"Of these left without an event\"");
    assert_eq!(of("Kandahar")[2..], ["0", "–", "–", "400", "400", "400"].map(str::to_owned));
    assert_eq!(of("Balkh")[5..], ["600", "600", "0"].map(str::to_owned));
    assert_eq!(of("Total")[2..], ["1", "60", "20", "1000", "1000", "400"].map(str::to_owned));
    let paper = manager.page("/bulletin/2017-06/print").await;
    for words in ["pieces given out", "The number in a province: its events"] {
        assert!(paper.contains(words), "{words}: {paper}");
    }
}

#[tokio::test]
async fn four_numbers_are_kept_apart() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.report("leaflet", 2_500).await;
    let manager = june.program.browser_of("manager").await;
    let page = manager.page("/bulletin?month=2017-06").await;
    // Nothing was issued in June: what was given out stood in the partner's store.
    let (_, table) = page.split_once("Pieces issued to partners").unwrap();
    let row: Vec<&str> = table.split("data-label=").skip(1).take(8).collect();
    for (cell, (label, figure)) in row.iter().zip([
        ("Issued to partners", ">0<"),
        ("Taken, less brought back", ">600<"),
        ("To participants", ">300<"),
        ("To people who pass them on", ">0<"),
        ("In public places", ">300<"),
        ("Given out", ">600<"),
        ("Reported", ">2,500<"),
        ("Difference", "1,900 more reported than recorded"),
    ]) {
        assert!(cell.starts_with(&format!("\"{label}\"")) && cell.contains(figure), "{cell}");
    }
    assert!(page.contains("Leaflets: reported and given out differ"));
}

#[tokio::test]
async fn pieces_a_person_do_not_tell_a_hidden_headcount() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (1, 2)).await;
    let manager = june.program.browser_of("manager").await;
    let screen = manager.page("/bulletin?month=2017-06").await;
    assert!(screen.contains("200.0 pieces a participant"));
    let paper = manager.page("/bulletin/2017-06/print").await;
    assert!(paper.contains("600") && !paper.contains("a participant"));
}

#[tokio::test]
async fn small_headcounts_do_not_leave_the_house() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.hold("2017-06-15", "AF2701", 400, (4, 36)).await;
    june.hold("2017-06-20", "AF0101", 500, (25, 25)).await;
    let manager = june.program.browser_of("manager").await;
    // The manager sees every count.
    let screen = manager.page("/bulletin?month=2017-06").await;
    assert!(screen.contains(">4<") && !screen.contains(">hidden<"));
    let paper = manager.page("/bulletin/2017-06/print").await;
    assert!(!paper.contains(">4<") && paper.contains(">hidden<"));
    assert!(paper.contains("49 of them female") && paper.contains("are hidden"));
    for path in ["/bulletin/2017-06/csv", "/reconcile/places.csv?month=2017-06"] {
        let rows = csv(&june, path).await;
        let of = |place: &str| rows.iter().find(|row| row[1] == place).unwrap();
        assert_eq!(of("Kandahar")[2..6], ["1", "40", "hidden", "400"].map(str::to_owned));
        // Another place's goes with it, or 49 less the others would tell.
        assert_eq!(of("Kabul")[3..5], ["50", "hidden"].map(str::to_owned));
        assert_eq!(of("Balkh")[3..5], ["60", "20"].map(str::to_owned));
        assert_eq!(of("Total")[2..6], ["3", "150", "49", "1500"].map(str::to_owned));
    }
}

#[tokio::test]
async fn an_event_without_a_headcount_is_not_an_event_without_people() {
    let june = SmallMonth::new().await;
    june.hold_uncounted("2017-06-05", "AF2101", 600).await;
    let manager = june.program.browser_of("manager").await;
    let page = manager.page("/bulletin?month=2017-06").await;
    assert!(page.contains("1 event without a headcount"));
    assert!(page.contains("Nobody recorded how many people took part"));
    assert!(page.contains("not recorded"));
}

#[tokio::test]
async fn the_chain_leaves_with_the_columns_of_its_page() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    june.report("leaflet", 900).await;
    let rows = csv(&june, "/reconcile/chain.csv?month=2017-06").await;
    let last = |row: &[String]| row[row.len() - 3..].join(" | ");
    assert_eq!(last(&rows[0]), "Given out | Reported | Difference");
    let all = rows.iter().find(|row| row[2] == "All editions").unwrap();
    assert_eq!(last(all), "600 | 900 | 300");
    assert_eq!(last(&rows[1]), "600 |  | ", "a report names a kind");
}

#[tokio::test]
async fn whoever_may_not_see_reports_finds_nothing() {
    let june = SmallMonth::new().await;
    june.hold("2017-06-05", "AF2101", 600, (20, 40)).await;
    for login in ["relief", "clerk"] {
        let browser = june.program.browser_of(login).await;
        for path in ["/bulletin", "/bulletin/2017-06/print", "/bulletin/2017-06/csv"] {
            assert_eq!(browser.get(path).await.status_code(), 404, "{login} {path}");
        }
    }
    let manager = june.program.browser_of("manager").await;
    assert_eq!(manager.get("/bulletin/June/print").await.status_code(), 404);
}
