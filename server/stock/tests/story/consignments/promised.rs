//! What other drafts of the same store want is loaded last, and said.

use super::road::{Road, pieces};
use crate::books::{Books, on_both};
use domain::ids::ConsignmentId;
use std::sync::Arc;
use stock::consignments::LineWish;

on_both!(
    cartons_that_no_other_draft_has_are_loaded_first,
    more_than_there_is_on_several_drafts_is_said_on_each,
);

impl Road {
    async fn wants(&self, draft: ConsignmentId, count: i64) {
        let wish = LineWish::Material(self.leaflets, pieces(count));
        self.books.writes(&self.sender).add_lines(draft, wish).await.unwrap();
    }

    /// The numbers of the cartons on a draft.
    async fn cartons_on(&self, draft: ConsignmentId) -> Vec<i64> {
        let detail = self.books.reads(&self.sender).consignment(draft).await.unwrap();
        detail.draft_lines.iter().filter_map(|line| line.pack.map(|pack| pack.number)).collect()
    }
}

async fn cartons_that_no_other_draft_has_are_loaded_first(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (first, second) = (road.draft(road.balkh).await, road.draft(road.balkh).await);
    road.wants(first, 1_000).await;
    road.wants(second, 1_000).await;
    assert_eq!(road.cartons_on(first).await, [1, 2]);
    assert_eq!(road.cartons_on(second).await, [3, 4]);
    let reader = road.books.reads(&road.sender);
    assert_eq!(reader.consignment(second).await.unwrap().listed_twice, []);

    // A newer batch that nobody wants goes before an older one that is promised.
    road.wants(first, 300).await;
    let (newer, _) = road.opening_again(road.leaflets).await;
    let third = road.draft(road.balkh).await;
    road.wants(third, 1_500).await;
    let lines = reader.consignment(third).await.unwrap().draft_lines;
    assert!(lines.iter().all(|line| line.title.batch == newer), "{lines:?}");
    let writer = road.books.writes(&road.sender);
    for draft in [first, second, third] {
        writer.dispatch(road.now(), draft).await.unwrap();
    }
    road.verify().await;
}

async fn more_than_there_is_on_several_drafts_is_said_on_each(books: Arc<Books>) {
    let road = Road::build(books).await;
    let (first, second) = (road.draft(road.balkh).await, road.draft(road.balkh).await);
    road.wants(first, 1_000).await;
    road.wants(second, 1_300).await;
    let reader = road.books.reads(&road.sender);
    assert_eq!(reader.promised(first).await.unwrap(), [], "there is enough for both");
    road.wants(second, 40).await;
    for (draft, other, wanted) in [(first, second, 1_340), (second, first, 1_000)] {
        let promised = reader.promised(draft).await.unwrap();
        let named: Vec<_> = promised.iter().map(|one| (one.other, one.pieces)).collect();
        assert_eq!(named, [(other, wanted)]);
        assert_eq!(promised[0].title, "Know the risks");
    }
    let empty = road.draft(road.balkh).await;
    assert_eq!(reader.promised(empty).await.unwrap(), [], "nothing of it is on this draft");
    let theirs = road.books.reads(&road.receiver).promised(second).await;
    assert!(theirs.is_err(), "who does not see the draft is told nothing");
    road.books.writes(&road.sender).dispatch(road.now(), first).await.unwrap();
    assert_eq!(reader.promised(second).await.unwrap(), []);
}
