//! Labels that the printer sticks.

use super::{Press, cartons, confirmed, pieces};
use crate::books::{Books, on_both};
use domain::code::Code;
use domain::ids::RunId;
use domain::records::issued::VoidLabels;
use domain::records::receipt::{
    LabelProblem, Receipt, ReceiptLabels, ReceiptProblem, UnusedLabels, WrongLabel,
};
use domain::records::run::IssueLabels;
use domain::reference::OrgKind;
use domain::role::Role;
use std::sync::Arc;
use stock::codes::CodeState;
use stock::packs::{LabelsOf, PackState};
use stock::receipts::{ReceiptWarning, ReceiveError};
use stock::runs::{
    IssueLabelsError, IssuedLabels, LabelsIssued, LabelsVoided, LabelsWarning, VoidLabelsError,
    WhyVoided,
};

on_both!(
    labels_go_to_the_printer_and_come_back_on_cartons,
    scanned_labels_are_the_ones_that_came,
    a_stranger_sees_only_the_outside,
    some_labels_are_voided_and_the_others_stay,
    each_question_is_answered_by_itself,
    a_label_says_why_it_is_void,
);

/// 20 cartons, the last one partial, with their bundles.
fn order(run: RunId) -> IssueLabels {
    let cartons = vec![cartons(19, 500), cartons(1, 320)];
    IssueLabels { run, cartons, bundles_of: Some(pieces(50)) }
}

fn issued(scanned: Vec<Code>, rest: UnusedLabels) -> ReceiptLabels {
    ReceiptLabels::Issued { scanned, rest }
}

async fn labels_go_to_the_printer_and_come_back_on_cartons(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let made = clerk.issue_labels(press.now(), order(run)).await.unwrap();
    assert_eq!(made, LabelsIssued { cartons: 20, bundles: 197 });
    let more = clerk.issue_labels(press.now(), order(run)).await;
    let Err(IssueLabelsError::Asks(asks)) = more else { panic!("{more:?}") };
    let doubled = LabelsWarning::MoreThanOrdered { labelled: 19_640, most: 10_500 };
    assert_eq!(asks, [LabelsWarning::StillUnused { unused: 217 }, doubled]);
    let labels = reader.labels(LabelsOf::Run(run)).await.unwrap();
    assert_eq!(labels.len(), 217);
    let position = labels[11].position.unwrap();
    assert_eq!((position.number, position.total), (2, 20), "a carton, then its ten bundles");
    let known = books.stock.find_code(labels[0].code).await.unwrap().unwrap();
    assert_eq!(known.state, CodeState::Issued);

    let first = press.delivery(run, vec![cartons(12, 500)]);
    let first = Receipt { labels: issued(vec![], UnusedLabels::Keep), ..first };
    let first = clerk.receive(press.now(), first).await.unwrap();
    assert_eq!(first.new_labels, 0, "the printer stuck them all");
    let packs = reader.packs_of(first.batch).await.unwrap();
    assert_eq!(packs.len(), 12 + 120);
    assert!(packs[1].is_inside && packs[1].holder == Some(press.kabul));
    assert_eq!(
        books.stock.find_code(labels[0].code).await.unwrap().unwrap().state,
        CodeState::Active
    );
    press.adds_up().await;

    let last = press.delivery(run, vec![cartons(6, 500), cartons(1, 300)]);
    let last = Receipt { labels: issued(vec![], UnusedLabels::Void), ..last };
    let last = clerk.receive(confirmed(press.now()), last).await.unwrap();
    assert_eq!(last.new_labels, 1, "no label says 300");
    let run = reader.run(run).await.unwrap().unwrap();
    assert_eq!(run.labels, IssuedLabels { unused: 0, came: 18, voided: 2 });
    let voided = books.stock.find_code(labels[216].code).await.unwrap().unwrap();
    assert_eq!(voided.state, CodeState::Voided);
    press.adds_up().await;
}

async fn scanned_labels_are_the_ones_that_came(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    let plain = IssueLabels { bundles_of: None, ..order(run) };
    clerk.issue_labels(press.now(), plain).await.unwrap();
    let labels = reader.labels(LabelsOf::Run(run)).await.unwrap();
    let scanned = vec![labels[4].code, labels[17].code];
    let two = press.delivery(run, vec![cartons(2, 500)]);
    let two = Receipt { labels: issued(scanned.clone(), UnusedLabels::Keep), ..two };
    let received = clerk.receive(press.now(), two.clone()).await.unwrap();
    let packs = reader.packs_of(received.batch).await.unwrap();
    let numbers: Vec<_> = packs.iter().map(|pack| (pack.number, pack.state)).collect();
    assert_eq!(numbers, [(5, PackState::Sealed), (18, PackState::Sealed)]);
    let again = clerk.receive(confirmed(press.now()), two).await;
    let used = |at: usize| WrongLabel { code: labels[at].code, why: LabelProblem::NotIssued };
    let used = ReceiptProblem::Labels(vec![used(4), used(17)]);
    assert!(matches!(again, Err(ReceiveError::Problem(why)) if why == used));
    let closed = clerk.close_run(press.now(), run).await.unwrap();
    assert_eq!(closed.voided, 18);
    press.adds_up().await;
}

async fn a_stranger_sees_only_the_outside(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let delivery = press.delivery(run, vec![cartons(1, 500)]);
    let received = books.writes(&press.clerk).receive(press.now(), delivery).await.unwrap();
    let reader = books.reads(&press.clerk);
    let pack = reader.packs_of(received.batch).await.unwrap().remove(0);
    for code in [received.code, pack.code] {
        let view = books.stock.stranger_view(code).await.unwrap().unwrap();
        assert_eq!(view.outside_name, "Printed paper M1");
        assert_eq!(view.return_to, "KBL");
    }
    let unknown = Code::from_random(1).unwrap();
    assert!(books.stock.find_code(unknown).await.unwrap().is_none());
    assert!(books.stock.stranger_view(unknown).await.unwrap().is_none());

    let labels = reader.labels(LabelsOf::Batch(received.batch)).await.unwrap();
    let printed: Vec<_> = labels.iter().map(|label| (label.code, label.pieces)).collect();
    assert_eq!(printed, [(received.code, 500), (pack.code, 500)]);
    let partner = books.add_org(OrgKind::Partner, "Relief").await;
    let partner = books.member(Role::Partner, partner);
    let theirs = books.reads(&partner).labels(LabelsOf::Record(received.receipt)).await;
    assert!(theirs.is_err(), "{theirs:?}");
}

async fn some_labels_are_voided_and_the_others_stay(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    clerk.issue_labels(press.now(), order(run)).await.unwrap();
    let unused = reader.unused_labels(run).await.unwrap();
    let void = |at: &[usize]| {
        let packs = at.iter().map(|at| unused[*at].pack).collect();
        VoidLabels { run, packs }
    };
    let voided = clerk.void_labels(press.now(), void(&[2, 3])).await.unwrap();
    assert_eq!(voided, LabelsVoided { voided: 22 }, "with ten bundles each");
    let again = clerk.void_labels(press.now(), void(&[3, 4])).await;
    assert!(matches!(again, Err(VoidLabelsError::NotUnused { used: 1 })), "{again:?}");
    let none = clerk.void_labels(press.now(), void(&[])).await;
    assert!(matches!(none, Err(VoidLabelsError::Nothing)), "{none:?}");
    let left: Vec<i64> =
        reader.unused_labels(run).await.unwrap().iter().map(|label| label.number).collect();
    assert_eq!((left.len(), &left[..3]), (18, &[1, 2, 5][..]));
    let void = books.stock.find_code(unused[2].code).await.unwrap().unwrap();
    assert_eq!(void.state, CodeState::Voided);
    let partner = books.add_org(OrgKind::Partner, "Relief").await;
    let partner = books.member(Role::Partner, partner);
    assert!(books.reads(&partner).unused_labels(run).await.is_err());
}

async fn each_question_is_answered_by_itself(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let clerk = books.writes(&press.clerk);
    let labels = IssueLabels { run, cartons: vec![cartons(2, 500)], bundles_of: None };
    clerk.issue_labels(press.now(), labels).await.unwrap();
    // Three cartons, two labels; and more than the order covers.
    let delivery = press.delivery(run, vec![cartons(2, 500), cartons(1, 9_900)]);
    let delivery = Receipt { labels: issued(vec![], UnusedLabels::Keep), ..delivery };
    let asked = clerk.receive(press.now(), delivery.clone()).await;
    let Err(ReceiveError::Asks(warnings)) = asked else { panic!("{asked:?}") };
    let over = ReceiptWarning::OverTolerance { received: 10_900, most: 10_500 };
    assert_eq!(warnings, [over, ReceiptWarning::NewLabels { cartons: 1 }]);
    let mut submission = press.now();
    submission.answered.insert(warnings[0].key());
    let one = clerk.receive(submission.clone(), delivery.clone()).await;
    assert!(matches!(one, Err(ReceiveError::Asks(all)) if all == warnings));
    submission.answered.insert(warnings[1].key());
    let received = clerk.receive(submission, delivery).await.unwrap();
    assert_eq!((received.new_labels, received.on_hold), (1, true));
}

async fn a_label_says_why_it_is_void(books: Arc<Books>) {
    let press = Press::new(books.clone()).await;
    let run = press.ordered().await;
    let (clerk, reader) = (books.writes(&press.clerk), books.reads(&press.clerk));
    clerk.issue_labels(press.now(), order(run)).await.unwrap();
    let unused = reader.unused_labels(run).await.unwrap();
    let why = async |at: usize| reader.issued_label(unused[at].pack).await.unwrap().unwrap().voided;
    assert_eq!(why(0).await, None);
    let on = press.today();
    let packs = vec![unused[0].pack];
    clerk.void_labels(press.now(), VoidLabels { run, packs }).await.unwrap();
    assert_eq!(why(0).await, Some(WhyVoided::Chosen { on }));
    let delivery = press.delivery(run, vec![cartons(2, 500)]);
    let delivery = Receipt { labels: issued(vec![], UnusedLabels::Void), ..delivery };
    let received = clerk.receive(press.now(), delivery).await.unwrap();
    let receipt = received.number;
    assert_eq!(why(5).await, Some(WhyVoided::DidNotCome { receipt, on }));
    assert_eq!(why(0).await, Some(WhyVoided::Chosen { on }), "the first one that said so");
    assert_eq!(why(1).await, None, "it came");
    let more = press.delivery(run, vec![cartons(1, 500)]);
    let labels = IssueLabels { run, cartons: more.sealed, bundles_of: None };
    clerk.issue_labels(confirmed(press.now()), labels).await.unwrap();
    let label = reader.unused_labels(run).await.unwrap()[0].pack;
    clerk.close_run(press.now(), run).await.unwrap();
    let closed = reader.issued_label(label).await.unwrap().unwrap().voided;
    assert_eq!(closed, Some(WhyVoided::RunClosed { on }));
}
