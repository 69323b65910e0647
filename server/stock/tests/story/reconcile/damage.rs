//! Somebody changes the books past the program: the statement names the figure that is wrong, and
//! so does `verify`.

use crate::books::{Books, on_both};
use crate::enforcement::Raw;
use crate::events::{Field, row, sheet};
use domain::statement::Column;
use domain::time::Month;
use sea_orm::{ConnectionTrait, Database, DbBackend};
use std::sync::Arc;
use stock::reconcile::{Break, Broken, Figure, FigureOf, What};
use stock::verify::Check;

on_both!(
    a_changed_sum_of_the_month_is_named,
    an_emptied_sum_is_named_in_its_own_month,
    a_changed_closing_is_named_in_its_month_and_in_the_next,
    a_changed_balance_is_named,
    a_changed_line_is_named,
    a_pack_that_holds_more_is_named,
    who_sees_one_organisation_hears_only_of_its_own,
);

const MAY: Month = Month(201_705);
const JUNE: Month = Month(201_706);

/// In May 1,700 leaflets stood there; in June 600 were taken to an event and 50 came back.
async fn told(books: Arc<Books>) -> Field {
    let field = Field::new(books).await;
    let event = field.planned().await;
    let rows = vec![row(field.leaflets, 600, 50, 0)];
    let writer = field.books.writes(&field.worker);
    writer.event_sheet(field.said(0), sheet(event, rows)).await.unwrap();
    assert_eq!(broken(&field, JUNE).await, [], "so far nobody has touched the books");
    field.books.is_right().await;
    field
}

async fn broken(field: &Field, month: Month) -> Vec<Broken> {
    field.books.reads(&field.manager).statement(month).await.unwrap().broken
}

/// What is named: whose, which, and the two numbers.
fn named(broken: &[Broken]) -> Vec<(&str, &Break, i64, i64)> {
    broken.iter().map(|b| (b.store_name.as_str(), &b.what, b.kept, b.found)).collect()
}

/// Takes away what keeps lines as they were written.
async fn lines_can_change(books: &Books) {
    let raw = Database::connect(&books.url).await.unwrap();
    let is_postgres = raw.get_database_backend() == DbBackend::Postgres;
    let trigger = if is_postgres {
        "DROP TRIGGER line_append_only ON line"
    } else {
        "DROP TRIGGER line_no_UPDATE"
    };
    raw.execute_unprepared(trigger).await.unwrap();
}

async fn verify_names(field: &Field, check: Check) {
    let report = field.books.stock.verify(|_| {}).await.unwrap();
    assert!(report.findings.iter().any(|finding| finding.check == check), "{report:?}");
}

async fn a_changed_sum_of_the_month_is_named(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    raw.does("UPDATE month_flow SET pieces = 540 WHERE flow = 'given'").await;
    let breaks = broken(&field, JUNE).await;
    assert_eq!(
        named(&breaks),
        [("REL", &Break::Closing, 1_150, 1_160), ("REL", &Break::Figure(Column::Given), 540, 550)]
    );
    assert_eq!(breaks[1].material, field.leaflets);
    // The page of the figure shows the same.
    let given = Figure::Column(Column::Given);
    let of = FigureOf { month: JUNE, store: None, what: What::Everything, figure: given };
    let page = field.books.reads(&field.manager).behind(of).await.unwrap();
    assert_eq!((page.adds_up(), page.sum, page.kept), (false, 550, 540));
    verify_names(&field, Check::MonthFlows).await;
}

async fn an_emptied_sum_is_named_in_its_own_month(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    raw.does("UPDATE month_flow SET pieces = 0 WHERE booked_month = 201705").await;
    assert_eq!(broken(&field, JUNE).await, [], "June begins with what May closed with");
    let in_may = broken(&field, MAY).await;
    assert_eq!(
        named(&in_may),
        [("REL", &Break::Closing, 1_700, 0), ("REL", &Break::Figure(Column::In), 0, 1_700)]
    );
}

async fn a_changed_closing_is_named_in_its_month_and_in_the_next(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    raw.does("UPDATE month_closing SET pieces = pieces + 5 WHERE booked_month = 201705").await;
    assert_eq!(named(&broken(&field, MAY).await), [("REL", &Break::Closing, 1_705, 1_700)]);
    assert_eq!(named(&broken(&field, JUNE).await), [("REL", &Break::Closing, 1_150, 1_155)]);
    verify_names(&field, Check::MonthFlows).await;
    // The page of the figure begins with the wrong opening too.
    let of = FigureOf { month: JUNE, store: None, what: What::Everything, figure: Figure::Closing };
    let page = field.books.reads(&field.manager).behind(of).await.unwrap();
    assert_eq!((page.adds_up(), page.sum, page.kept), (false, 1_155, 1_150));
    // The latest closing answers to the balances as well.
    raw.does("UPDATE month_closing SET pieces = pieces + 2 WHERE booked_month = 201706").await;
    let breaks = broken(&field, JUNE).await;
    assert!(named(&breaks).contains(&("REL", &Break::OnHand, 1_152, 1_150)), "{breaks:?}");
}

async fn a_changed_balance_is_named(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    let batch = raw.literal(field.second.batch.uuid());
    let change = format!(
        "UPDATE balance SET pieces = pieces + 7 WHERE on_hand AND pieces > 0 AND batch_id = {batch}"
    );
    raw.does(&change).await;
    assert_eq!(named(&broken(&field, JUNE).await), [("REL", &Break::OnHand, 1_150, 1_157)]);
    verify_names(&field, Check::Balances).await;
}

/// Until it is sealed (see `sealed`).
async fn a_changed_line_is_named(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    lines_can_change(&field.books).await;
    raw.does(
        "UPDATE line SET pieces = 551 WHERE pieces = 550 AND to_id IN
            (SELECT id FROM account WHERE kind = 'given_event')",
    )
    .await;
    let breaks = broken(&field, JUNE).await;
    let given = Break::Figure(Column::Given);
    assert_eq!(named(&breaks), [("REL", &given, 550, 551)]);
    verify_names(&field, Check::Balances).await;
}

async fn a_pack_that_holds_more_is_named(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    let batch = raw.literal(field.first.batch.uuid());
    raw.does(&format!(
        "UPDATE pack_state SET state = 'sealed' WHERE state <> 'sealed' AND batch_id = {batch}"
    ))
    .await;
    let breaks = broken(&field, JUNE).await;
    let Break::Packs { batch_code } = &breaks[0].what else { panic!("{breaks:?}") };
    assert_eq!((breaks.len(), batch_code.as_str()), (1, field.first.code.as_str()));
    verify_names(&field, Check::Packs).await;
}

async fn who_sees_one_organisation_hears_only_of_its_own(books: Arc<Books>) {
    let field = told(books).await;
    let raw = Raw::open(&field.books).await;
    raw.does("UPDATE month_flow SET pieces = 540 WHERE flow = 'given'").await;
    let other = field.books.member(domain::role::Role::Manager, field.books.id());
    let statement = field.books.reads(&other).statement(JUNE).await.unwrap();
    assert_eq!((statement.rows.len(), statement.broken), (0, Vec::new()));
}
