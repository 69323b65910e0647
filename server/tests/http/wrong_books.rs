//! Damaged books: the program and the page say what is wrong and where.

use crate::small_month::SmallMonth;
use sea_orm::{ConnectionTrait, Database};
use std::process::{Command, Output};

/// Changes rows with every trigger out of the way.
async fn damage(month: &SmallMonth, table: &str, sql: &str) {
    let books = Database::connect(month.program.database_url()).await.unwrap();
    let rules =
        format!("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'");
    let backend = books.get_database_backend();
    let rules = books.query_all_raw(sea_orm::Statement::from_string(backend, rules)).await.unwrap();
    for rule in rules {
        let name: String = rule.try_get("", "name").unwrap();
        books.execute_unprepared(&format!("DROP TRIGGER {name}")).await.unwrap();
    }
    assert!(books.execute_unprepared(sql).await.unwrap().rows_affected() > 0, "{sql}");
}

fn verify(month: &SmallMonth) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tawzi"));
    command.args(["verify", "--database-url", &month.program.database_url()]);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn right_books_are_called_right() {
    let month = SmallMonth::new().await;
    month.hold("2017-06-05", "AF2101", 100, (10, 5)).await;
    let output = verify(&month);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("The books are right."));
    month.program.stock.seal_waiting().await.unwrap();
    let manager = month.program.browser_of("manager").await;
    let page = manager.page("/reconcile?month=2017-06").await;
    assert!(page.contains("The statement adds up") && !page.contains("does not add up"));
    // What is printed carries the seal.
    let seal = month.program.stock.current_seal().await.unwrap().unwrap().to_string();
    for path in ["/reconcile?month=2017-06", "/bulletin/2017-06/print"] {
        assert!(manager.page(path).await.contains(&format!("seal {seal}")), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_balance_is_named_by_program_and_page() {
    let month = SmallMonth::new().await;
    month.hold("2017-06-05", "AF2101", 100, (10, 5)).await;
    let more = "UPDATE balance SET pieces = pieces + 7 WHERE pieces = 4900";
    damage(&month, "balance", more).await;
    let output = verify(&month);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("WRONG: balances equal their lines: balance account "), "{said}");
    assert!(said.contains("has 4907 pieces and should have 4900 pieces, the sum of its lines"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.trim().lines().count(), 1, "{error}");
    let page = month.program.browser_of("manager").await.page("/reconcile?month=2017-06").await;
    assert!(page.contains("The statement does not add up"));
    assert!(page.contains("closes with 4,900 pieces on hand, the balances say 4,907"));
    assert!(page.contains("Mazar depot"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_line_is_named() {
    let month = SmallMonth::new().await;
    month.hold("2017-06-05", "AF2101", 100, (10, 5)).await;
    damage(&month, "line", "UPDATE line SET pieces = 99 WHERE pieces = 100").await;
    let output = verify(&month);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    for check in ["balances equal their lines", "records have their hashes", "monthly sums"] {
        assert!(said.contains(&format!("WRONG: {check}")), "{said}");
    }
    assert!(said.contains("its movements are not what was hashed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_month_is_named_by_program_and_page() {
    let month = SmallMonth::new().await;
    month.hold("2017-06-05", "AF2101", 100, (10, 5)).await;
    let less = "UPDATE month_flow SET pieces = pieces - 1 WHERE flow = 'given'";
    damage(&month, "month_flow", less).await;
    let output = verify(&month);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("WRONG: monthly sums equal their lines: month_flow 2017-06"));
    let page = month.program.browser_of("manager").await.page("/reconcile?month=2017-06").await;
    assert!(page.contains("the month closes with 4,900 pieces, but its opening and its movements"));
    assert!(page.contains("the statement says 99, its movements sum to 100"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_pack_is_named() {
    let month = SmallMonth::new().await;
    month.counts_a_carton().await;
    damage(&month, "pack_state", "UPDATE pack_state SET state = 'empty'").await;
    let output = verify(&month);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("WRONG: packs fit their balances: pack_state pack "), "{said}");
    assert!(said.contains("has empty and should have the state, place and pieces that"), "{said}");
}
