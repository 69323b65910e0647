//! What was said on a phone without a network, sent as a file by somebody else.

pub mod phone;

use super::Village;
use crate::books::on_both;
use crate::program::{Browser, PASSWORD, Program, browser_at, browser_without_name, location};
use axum::http::StatusCode;
use axum_test::TestResponse;
use axum_test::multipart::{MultipartForm, Part};
use phone::Phone;
use serde_json::{Value, json};
use stock::records::SentFilter;

on_both!(
    a_file_counts_once_whoever_sends_it_and_however_often,
    files_of_several_people_are_posted_in_the_name_of_each,
    a_file_that_is_not_right_is_refused_with_a_sentence,
    what_its_author_may_not_say_is_not_posted,
);

async fn send(browser: &Browser, file: &str) -> TestResponse {
    browser.server.post("/api/v1/letters").json(&json!({"file": file})).await
}

/// What became of each record: its status, or why it did nothing.
async fn fates(browser: &Browser, file: &str) -> Vec<String> {
    let answer = send(browser, file).await;
    assert_eq!(answer.status_code(), StatusCode::OK, "{}", answer.text());
    let answer: Value = answer.json();
    let fate = |result: &Value| {
        let code = result["problem"]["code"].as_str();
        code.or(result["status"].as_str()).unwrap().to_owned()
    };
    answer["results"].as_array().unwrap().iter().map(fate).collect()
}

async fn upload(browser: &Browser, file: &[u8]) -> TestResponse {
    let part = Part::bytes(file.to_vec()).file_name("lists.txt");
    browser.server.post("/letters").multipart(MultipartForm::new().add_part("file", part)).await
}

/// How many drops the worker is the author of, and what is left of three cartons.
async fn in_the_books(village: &Village) -> (usize, i64) {
    let reader = village.program.stock.reader(&village.actor);
    let filter = SentFilter { kind: Some("drop".to_owned()), ..SentFilter::default() };
    let drops = reader.sent_records(&filter, 100).await.unwrap().len();
    let left = reader.batches_in(village.store, None).await.unwrap();
    (drops, left.iter().map(|batch| batch.pieces).sum())
}

async fn a_file_counts_once_whoever_sends_it_and_however_often(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    let records = [phone.left(&village, now, 10), phone.left(&village, now, 20)];
    let file = phone.letter(village.actor.user, &records);
    // Somebody of another organisation comes to a network first.
    assert_eq!(fates(&village.other, &file).await, ["accepted", "accepted"]);
    assert_eq!(in_the_books(&village).await, (2, 1_470));
    // The file was passed on, and is sent at a desk without JavaScript too.
    let page = upload(&village.manager, file.as_bytes()).await;
    assert_eq!(page.status_code(), StatusCode::OK, "{}", page.text());
    assert_eq!(page.text().matches("came before, and counts once").count(), 2);
    // The phone has a network at last, and sends the same by itself.
    let sent = village.worker.server.post("/api/v1/records").json(&records).await;
    let sent: Value = sent.json();
    assert_eq!(sent["results"][0]["status"], "repeated", "{sent}");
    assert_eq!(in_the_books(&village).await, (2, 1_470));

    let id = records[0]["id"].as_str().unwrap();
    let shown = village.manager.page(&format!("/records/{id}")).await;
    assert!(shown.contains("Sent by") && shown.contains("Slow Aid"), "{shown}");
    assert!(!shown.contains(">other<"), "a name of another organisation");
    assert!(village.manager.page("/records").await.contains("sent by "));
    let direct = phone.left(&village, now, 5);
    village.worker.server.post("/api/v1/records").json(&direct).await;
    let id = direct["id"].as_str().unwrap();
    assert!(!village.manager.page(&format!("/records/{id}")).await.contains("Sent by"));
    village.adds_up().await;
}

async fn files_of_several_people_are_posted_in_the_name_of_each(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let colleague = village.program.actor("manager").await;
    let mut phone = Phone::of(&village.worker).await;
    let mut theirs = Phone::of(&village.manager).await;
    let mine = phone.left(&village, now, 10);
    let hers = theirs.left(&village, now, 20);
    let file = phone.seals(vec![
        phone.signs(&phone.said(village.actor.user, &[mine])),
        theirs.signs(&theirs.said(colleague.user, &[hers])),
    ]);
    assert_eq!(fates(&village.other, &file).await, ["accepted", "accepted"]);
    assert_eq!(in_the_books(&village).await, (1, 1_470), "one of two is the worker's");
    village.adds_up().await;
}

async fn a_file_that_is_not_right_is_refused_with_a_sentence(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    let record = phone.left(&village, now, 10);
    let file = phone.letter(village.actor.user, std::slice::from_ref(&record));
    let elsewhere = Program::new().await;
    let admin = elsewhere.browser_of("admin").await;
    let other_server =
        Phone::of(&admin).await.letter(village.actor.user, std::slice::from_ref(&record));
    // In the middle of what is sealed.
    let at = file.len() / 2;
    let damaged = format!("{}{}{}", &file[..at], swapped(&file[at..=at]), &file[at + 1..]);
    for (file, code, words) in [
        ("a shopping list", "not_a_letter", "This is not the file of a phone"),
        (&file[..60], "not_a_letter", "This is not the file of a phone"),
        ("", "not_a_letter", "This is not the file of a phone"),
        (&other_server, "other_server", "This file is for another programme"),
        (&damaged, "letter_damaged", "This file is damaged"),
    ] {
        let answer = send(&village.other, file).await;
        assert_eq!(answer.status_code(), StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert_eq!(answer.json::<Value>()["code"], code);
        if !file.is_empty() {
            let there = location(&upload(&village.other, file.as_bytes()).await);
            assert!(village.other.page(&there).await.contains(words), "{words}");
        }
    }
    let nothing = MultipartForm::new().add_text("x", "");
    let there = location(&village.other.server.post("/letters").multipart(nothing).await);
    assert!(village.other.page(&there).await.contains("Choose the file first."));
    // Bytes that are no text are no letter, and nothing breaks.
    let there = location(&upload(&village.other, &[0xff, 0, 0xfe]).await);
    assert!(village.other.page(&there).await.contains("This is not the file of a phone"));
    // White space that a mail program adds does no harm; nothing of the above was posted.
    assert_eq!(in_the_books(&village).await, (0, 1_500));
    let wrapped = format!("\r\n {}\r\n", file.replace('\n', "\r\n"));
    assert_eq!(fates(&village.other, &wrapped).await, ["accepted"]);
    // Whoever is not logged in sends nothing.
    let stranger = village.program.stranger();
    assert_eq!(send(&stranger, &file).await.status_code(), StatusCode::UNAUTHORIZED);
    assert!(location(&upload(&stranger, file.as_bytes()).await).starts_with("/login"));
}

/// Another letter than the one that stands there.
fn swapped(letter: &str) -> &'static str {
    if letter == "A" { "B" } else { "A" }
}

async fn what_its_author_may_not_say_is_not_posted(url: String) {
    let village = Village::of(Program::on(url).await).await;
    let now = village.program.stock.world().now();
    let worker = village.actor.user;
    let stranger = village.program.actor("other").await.user;
    let mut phone = Phone::of(&village.worker).await;
    let record = phone.left(&village, now, 10);
    let said = phone.said(worker, std::slice::from_ref(&record));

    // A phone of which nobody has told the server.
    let mut unknown = Phone::of(&elsewhere().await).await;
    unknown.server.clone_from(&phone.server);
    let file = unknown.letter(worker, std::slice::from_ref(&record));
    assert_eq!(fates(&village.other, &file).await, ["unknown_phone"]);
    // Somebody else's key under the worker's words.
    let theirs = Phone::of(&village.other).await;
    let file = theirs.letter(worker, std::slice::from_ref(&record));
    assert_eq!(fates(&village.other, &file).await, ["wrong_signature"]);
    // His own key under words that he did not sign.
    let mut changed = phone.signs(&said);
    changed.said = changed.said.replace("\"typed\"", "\"scanned\"");
    assert_eq!(fates(&village.other, &phone.seals(vec![changed])).await, ["wrong_signature"]);
    // His signature on another phone than it names.
    let mut moved = phone.said(worker, std::slice::from_ref(&record));
    moved.phone = theirs.id.into();
    let file = phone.seals(vec![phone.signs(&moved)]);
    assert_eq!(fates(&village.other, &file).await, ["wrong_signature"]);
    // Signed by whoever has no right to it: a store that is not theirs does not exist for them.
    let file = theirs.letter(stranger, std::slice::from_ref(&record));
    let answer = send(&village.worker, &file).await;
    let text = answer.text();
    assert_eq!(answer.json::<Value>()["results"][0]["problem"]["code"], "not_found", "{text}");
    let page = upload(&village.worker, file.as_bytes()).await;
    assert!(page.text().contains("the person may not say this"), "{}", page.text());
    // The key of one account is not another's.
    let answer = theirs.introduce(&village.worker).await;
    assert_eq!(answer.json::<Value>()["code"], "key_of_another");
    assert_eq!(in_the_books(&village).await, (0, 1_500));
}

/// A browser of other books.
async fn elsewhere() -> Browser {
    Program::new().await.browser_of("admin").await
}

/// A letter is two days on its way, and the phone's clock is three years ahead.
#[tokio::test]
async fn the_time_on_the_way_is_not_taken_for_a_wrong_clock() {
    let village = Village::build().await;
    let now = village.program.stock.world().now();
    let ahead_ms = 3 * 365 * 86_400_000;
    let mut phone = Phone::of(&village.worker).await;
    let record = phone.left(&village, now.plus_ms(ahead_ms), 10);
    let mut said = phone.said(village.actor.user, std::slice::from_ref(&record));
    said.clock_difference_ms = -ahead_ms;
    let file = phone.seals(vec![phone.signs(&said)]);
    village.program.world.pass_minutes(2 * 24 * 60);
    // Sessions outlive that; the file is sent, and its author looks what became of it.
    assert_eq!(fates(&village.other, &file).await, ["accepted"]);
    let id = record["id"].as_str().unwrap();
    let sent: Value = village.worker.get(&format!("/api/v1/records/{id}")).await.json();
    assert_eq!((&sent["occurred_on"], &sent["outcome"]), (&json!("2017-06-01"), &json!("posted")));
    assert!(sent["recorded_at"].as_str().unwrap().starts_with("2017-06-03"));
}

/// Whatever a phone says about its clock: nothing breaks, and nothing lies in the future.
#[tokio::test]
async fn a_clock_beyond_all_bounds_breaks_nothing() {
    let village = Village::build().await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    for (difference, fate) in [(i64::MAX, "accepted"), (i64::MIN, "wrong_time")] {
        let record = phone.left(&village, now, 1);
        let mut said = phone.said(village.actor.user, &[record]);
        said.clock_difference_ms = difference;
        let file = phone.seals(vec![phone.signs(&said)]);
        assert_eq!(fates(&village.other, &file).await, [fate]);
    }
}

/// The key is in the books, so that files reach a server that was restored from a backup.
#[tokio::test]
async fn a_restored_server_opens_the_files_that_were_written_to_it() {
    let village = Village::build().await;
    let now = village.program.stock.world().now();
    let mut phone = Phone::of(&village.worker).await;
    let record = phone.left(&village, now, 10);
    let file = phone.letter(village.actor.user, &[record]);
    let folder = std::env::temp_dir().join(format!("tawzi-letters-{}", phone.id.simple()));
    std::fs::create_dir(&folder).unwrap();
    let backup = folder.join("backup");
    village.program.stock.back_up(&backup).await.unwrap();
    let url = format!("sqlite:{}", folder.join("restored.sqlite").display());
    stock::backup::restore(&backup, &url).await.unwrap();
    let restored = stock::Stock::open(&url, village.program.world.clone()).await.unwrap();
    assert_eq!(send(&browser_without_name(&restored), &file).await.status_code(), 401);
    let browser = browser_at(&restored, "other", PASSWORD).await;
    assert_eq!(fates(&browser, &file).await, ["accepted"]);
    std::fs::remove_dir_all(&folder).unwrap();
}
