//! The front page: what waits, what new books lack, and where somebody begins.

use crate::program::{Program, name};
use crate::small_month::SmallMonth;
use domain::ids::EventTypeId;
use domain::role::Role;
use uuid::Uuid;

#[tokio::test]
async fn new_books_say_what_to_make_first_until_it_is_there() {
    let program = Program::new().await;
    program.add_person("vera", Role::Viewer).await;
    let admin = program.browser_of("admin").await;
    let page = admin.page("/").await;
    assert!(page.contains("make these first"));
    for room in ["organisations", "stores", "materials", "event-types"] {
        assert!(page.contains(&format!("href=\"/reference/{room}/new\"")), "{room}");
    }
    // What stood in a store before is counted first: the way there is in sight.
    program.add_person("logan", Role::Logistics).await;
    let stock = program.browser_of("logan").await.page("/stock").await;
    assert!(stock.contains("No stock yet") && stock.contains("href=\"/opening/new\""));
    // Somebody who cannot make them learns who can.
    let vera = program.browser_of("vera").await.page("/").await;
    assert!(vera.contains("Stores and materials come first"));
    assert!(!vera.contains("/reference/stores/new"));

    let actor = program.actor("admin").await;
    let event_type = EventTypeId::new(Uuid::now_v7());
    let talk = name("School visit");
    program.stock.writer(&actor).create_event_type(event_type, talk).await.unwrap();
    let page = admin.page("/").await;
    assert!(!page.contains("/reference/event-types/new"), "what is there is not asked for again");
    assert!(page.contains("href=\"/reference/event-types\""));
}

#[tokio::test]
async fn everybody_finds_the_way_to_the_usual_work_and_sees_where_the_pieces_are() {
    let month = SmallMonth::new().await;
    let manager = month.program.browser_of("manager").await.page("/").await;
    assert!(manager.contains("href=\"/reconcile\"") && manager.contains("Where 5,300 pieces are"));
    assert!(!manager.contains("make these first"));
    let partner = month.program.browser_of("relief").await.page("/").await;
    assert!(partner.contains("href=\"/events/new\"") && partner.contains("Where 5,300 pieces are"));
    // Another partner sees nothing of them.
    let other = month.program.browser_of("aid").await.page("/").await;
    assert!(!other.contains("5,300"));
}

#[tokio::test]
async fn the_administrator_sees_when_the_books_were_backed_up() {
    let program = Program::new().await;
    program.add_person("mina", Role::Manager).await;
    let admin = program.browser_of("admin").await;
    let page = admin.page("/").await;
    assert!(page.contains("These books were never backed up"), "{page}");
    assert!(page.contains("No backup was restored as a test yet"));
    program.stock.note_backup(true).await.unwrap();
    let page = admin.page("/").await;
    assert!(
        page.contains("Last backup on ") && page.contains("A backup was restored as a test on")
    );
    // Others have other work.
    assert!(!program.browser_of("mina").await.page("/").await.contains("Last backup"));
}
