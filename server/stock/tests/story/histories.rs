//! Random histories through the facade: facts in any order of days, counts, commands that may be
//! refused, and forms that are sent again. What comes out is always books that are right.

use crate::books::{Books, on_both};
use crate::events::{Field, pieces};
use domain::ids::{BatchId, EventId, MovementId};
use domain::ledger::Reason;
use domain::records::Occurred;
use domain::records::events::{BringBack, Goods, TakeStock};
use domain::records::keeping::{
    ApproveCount, BatchPieces, Change, Count, Counted, Disposal, Reverse, StockChange,
};
use domain::time::Day;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::fmt::Debug;
use std::sync::Arc;
use stock::Submission;

on_both!(whatever_people_say_in_whatever_order_the_books_are_right);

const HISTORIES: usize = 3;
const STEPS: usize = 40;

/// What somebody does next; numbers of what was sent before wrap around.
#[derive(Clone, Debug)]
enum Step {
    /// So many days ago something happened to pieces of one of two batches.
    Happens {
        change: usize,
        batch: usize,
        days: i32,
        count: i64,
    },
    Takes {
        days: i32,
        count: i64,
    },
    BringsBack {
        days: i32,
        count: i64,
    },
    /// Counted by one, approved by another.
    Counts {
        batch: usize,
        days: i32,
        count: i64,
    },
    TakesBack {
        form: usize,
    },
    SendsAgain {
        form: usize,
    },
    /// Other words under the same id.
    SendsChanged {
        form: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let days = || -15..=0_i32;
    prop_oneof![
        4 => (0..6_usize, 0..2_usize, days(), 1..900_i64)
            .prop_map(|(change, batch, days, count)| Step::Happens { change, batch, days, count }),
        2 => (days(), 1..900_i64).prop_map(|(days, count)| Step::Takes { days, count }),
        1 => (days(), 1..900_i64).prop_map(|(days, count)| Step::BringsBack { days, count }),
        1 => (0..2_usize, days(), 0..900_i64)
            .prop_map(|(batch, days, count)| Step::Counts { batch, days, count }),
        2 => any::<usize>().prop_map(|form| Step::TakesBack { form }),
        2 => any::<usize>().prop_map(|form| Step::SendsAgain { form }),
        1 => any::<usize>().prop_map(|form| Step::SendsChanged { form }),
    ]
}

/// A form with the id of its record.
#[derive(Clone, Debug)]
enum Form {
    Change(Submission, StockChange),
    Take(Submission, TakeStock),
    Back(Submission, BringBack),
    Approve(Submission, ApproveCount),
    Reverse(Submission, Reverse),
}

impl Form {
    /// The same id, about a day on which nothing else happens.
    fn changed(&self, day: Day) -> Self {
        let mut changed = self.clone();
        let (Self::Change(said, _)
        | Self::Take(said, _)
        | Self::Back(said, _)
        | Self::Approve(said, _)
        | Self::Reverse(said, _)) = &mut changed;
        said.envelope.occurred = Occurred::On(day);
        changed
    }
}

/// A form that was taken, and what it was answered.
struct Sent {
    form: Form,
    answer: String,
    movements: Vec<MovementId>,
}

struct History {
    field: Field,
    event: EventId,
    sent: Vec<Sent>,
}

/// The answer and its movements, or the refusal.
fn told<T: Debug, E: Debug>(
    answer: Result<T, E>,
    movements: impl Fn(&T) -> Vec<MovementId>,
) -> Result<(String, Vec<MovementId>), String> {
    match answer {
        Ok(done) => Ok((format!("{done:?}"), movements(&done))),
        Err(error) => Err(format!("{error:?}")),
    }
}

impl History {
    fn batch(&self, number: usize) -> BatchId {
        [self.field.first.batch, self.field.second.batch][number]
    }

    fn said(&self, days: i32) -> Submission {
        Submission { confirmed: true, ..self.field.said(days) }
    }

    async fn send(&self, form: &Form) -> Result<(String, Vec<MovementId>), String> {
        let Field { books, worker, clerk, .. } = &self.field;
        let (worker, clerk) = (books.writes(worker), books.writes(clerk));
        match form.clone() {
            Form::Change(said, body) => {
                told(worker.change_stock(said, body).await, |done| done.movements.clone())
            }
            Form::Take(said, body) => {
                told(worker.take_stock(said, body).await, |done| done.movements.clone())
            }
            Form::Back(said, body) => {
                told(worker.bring_back(said, body).await, |done| done.movements.clone())
            }
            Form::Approve(said, body) => {
                told(clerk.approve_count(said, body).await, |_| Vec::new())
            }
            Form::Reverse(said, body) => told(worker.reverse(said, body).await, |_| Vec::new()),
        }
    }

    async fn form(&self, step: &Step) -> Option<Form> {
        let material = self.field.leaflets;
        Some(match *step {
            Step::Happens { change, batch, days, count } => {
                let change = [
                    Change::Damaged,
                    Change::Lost,
                    Change::Found,
                    Change::Salvaged,
                    Change::Disposed { how: Disposal::Archive, from_damaged: true },
                    Change::Disposed { how: Disposal::OfficeUse, from_damaged: false },
                ][change]
                    .clone();
                let lines = vec![BatchPieces { batch: self.batch(batch), pieces: pieces(count) }];
                let (store, reason) = (self.field.store, Reason::Other);
                Form::Change(self.said(days), StockChange { store, change, reason, lines })
            }
            Step::Takes { days, count } => {
                let materials = vec![(material, pieces(count))];
                let goods = Goods { materials, ..Goods::default() };
                Form::Take(self.said(days), TakeStock { event: self.event, goods })
            }
            Step::BringsBack { days, count } => {
                let rows = vec![(material, pieces(count))];
                Form::Back(self.said(days), BringBack { event: self.event, rows })
            }
            Step::Counts { batch, days, count } => {
                let lines = vec![Counted { batch: self.batch(batch), pieces: count }];
                let body = Count { store: self.field.store, lines };
                let worker = self.field.books.writes(&self.field.worker);
                let count = worker.count_stock(self.said(days), body).await.ok()?;
                Form::Approve(self.said(0), ApproveCount { count, reason: Reason::CountedWrong })
            }
            Step::TakesBack { form } => {
                let movements = self.earlier(form)?.movements.clone();
                Form::Reverse(self.said(0), Reverse { movements, reason: Reason::TypedWrong })
            }
            Step::SendsAgain { form } => self.earlier(form)?.form.clone(),
            Step::SendsChanged { form } => {
                self.earlier(form)?.form.changed(Day(self.field.today().0 - 17))
            }
        })
    }

    fn earlier(&self, number: usize) -> Option<&Sent> {
        self.sent.get(number % self.sent.len().max(1))
    }

    /// Records, movements, and what everybody holds.
    async fn books(&self) -> String {
        let books = &self.field.books;
        let report = books.stock.verify(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{report:?}");
        let mut found = format!("{} {}", report.records, report.movements);
        for batch in [self.batch(0), self.batch(1)] {
            let places = books.reads(&self.field.manager).whereabouts(batch).await.unwrap();
            found.push_str(&format!("{places:?}"));
        }
        found
    }

    async fn goes_on(&mut self, step: &Step) {
        let Some(form) = self.form(step).await else { return };
        let before = self.books().await;
        let answer = self.send(&form).await;
        match step {
            Step::SendsAgain { form } => {
                let first = self.earlier(*form).unwrap();
                let (again, _) = answer.unwrap_or_else(|why| panic!("{step:?}: {why}"));
                assert_eq!(again, first.answer, "{step:?}");
                assert_eq!(self.books().await, before, "{step:?}");
            }
            Step::SendsChanged { .. } => {
                let why = answer.expect_err("the id has been used");
                assert!(why.contains("Conflict"), "{why}");
                assert_eq!(self.books().await, before, "{step:?}");
            }
            Step::Happens { .. }
            | Step::Takes { .. }
            | Step::BringsBack { .. }
            | Step::Counts { .. }
            | Step::TakesBack { .. } => match answer {
                Ok((answer, movements)) => {
                    self.sent.push(Sent { form, answer, movements });
                    self.books().await;
                }
                Err(why) => {
                    let is_fact = !matches!(form, Form::Reverse(..) | Form::Approve(..));
                    assert!(!is_fact, "facts are never refused: {step:?}: {why}");
                    assert_eq!(self.books().await, before, "{step:?}: {why}");
                }
            },
        }
    }
}

async fn whatever_people_say_in_whatever_order_the_books_are_right(books: Arc<Books>) {
    // The same histories in every run; a failure names the step.
    let mut runner = TestRunner::deterministic();
    let mut field = Field::new(books).await;
    for _ in 0..HISTORIES {
        let event = field.planned().await;
        let mut history = History { field, event, sent: Vec::new() };
        for _ in 0..STEPS {
            let step = step().new_tree(&mut runner).unwrap().current();
            history.goes_on(&step).await;
        }
        assert!(history.sent.len() > STEPS / 4, "most of it is taken");
        field = history.field;
    }
}
