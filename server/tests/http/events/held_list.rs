//! The list of what is held, longer than a page.

use super::Village;
use super::lost::{decide, id, lost, posts};
use crate::program::between;
use app::long_list;

#[tokio::test]
async fn more_than_a_page_of_them_goes_on_page_by_page() {
    let village = Village::build().await;
    let (mut phone, _desk) = lost(&village).await;
    let now = village.program.stock.world().now();
    let mut ids = Vec::new();
    for _ in 0..=long_list::ROWS {
        let record = phone.left(&village, now, 1);
        assert_eq!(posts(&village.worker, &record).await["status"], "held");
        village.program.world.pass_minutes(1);
        ids.push(id(&record));
    }
    let there = |page: &str, id: &str| page.contains(&format!("href=\"/held/{id}\""));
    let first = village.manager.page("/held").await;
    assert!(there(&first, &ids[long_list::ROWS]) && there(&first, &ids[1]));
    assert!(!there(&first, &ids[0]) && !first.contains("The newest"));
    let second = village.manager.page(between(&first, "rel=\"next\" href=\"", "\"")).await;
    assert!(there(&second, &ids[0]) && !there(&second, &ids[1]), "{second}");
    assert!(second.contains("The newest") && !second.contains("Older ones"));
    // A page of which all was decided meanwhile leads back, and does not say that nothing is held.
    let beyond = village.manager.page(&format!("/held?after={}", ids[0])).await;
    assert!(beyond.contains("The newest") && !beyond.contains("Nothing is held"), "{beyond}");
    // What is decided makes room.
    decide(&village.manager, &ids[5], "other").await;
    let first = village.manager.page("/held").await;
    assert!(there(&first, &ids[0]) && !first.contains("Older ones"));
    let (waiting, decided) = first.split_once("Decided").unwrap();
    assert!(!there(waiting, &ids[5]) && there(decided, &ids[5]));
}
