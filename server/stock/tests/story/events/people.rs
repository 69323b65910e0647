//! Who came.

use super::{Field, row, sheet};
use crate::books::{Books, on_both};
use crate::enforcement::Raw;
use domain::attendance::{Attendance, Group, Headcount, Picture};
use domain::ids::{EventId, RecordId};
use domain::ledger::Reason;
use domain::records::events::{CountPeople, EventSheet};
use domain::records::keeping::Reverse;
use migrations::PICTURES_OF_OLDER_BOOKS;
use std::collections::BTreeSet;
use std::sync::Arc;
use stock::events::{EventError, MonthPeople};

on_both!(
    a_correction_takes_the_place_of_a_count_and_a_second_one_is_a_difference,
    a_month_counts_who_came_and_what_nobody_wrote_down,
    a_month_is_the_sum_of_its_events_whichever_boxes_were_filled,
    older_books_are_given_who_came,
);

fn count(event: EventId, women: i64, corrects: Option<RecordId>) -> CountPeople {
    let count = Headcount { women: Some(women), ..Headcount::default() };
    let groups = BTreeSet::from([Group::Officials]);
    CountPeople { event, session: None, attendance: Attendance { count, groups }, corrects }
}

async fn a_correction_takes_the_place_of_a_count_and_a_second_one_is_a_difference(
    books: Arc<Books>,
) {
    let field = Field::new(books.clone()).await;
    let event = field.planned().await;
    let worker = books.writes(&field.worker);
    let first = worker.count_people(field.said(0), count(event, 40, None)).await.unwrap();
    let corrected = count(event, 38, Some(first.record));
    worker.count_people(field.said(0), corrected.clone()).await.unwrap();
    let detail = field.detail(event).await;
    assert_eq!(detail.people.count.participants(), Some(38));
    assert!(detail.people.disagreements.is_empty());

    let twice = worker.count_people(field.said(0), corrected).await;
    assert!(matches!(twice, Err(EventError::NotCorrectable)), "{twice:?}");
    let empty = CountPeople { attendance: Attendance::default(), ..count(event, 0, None) };
    let empty = worker.count_people(field.said(0), empty).await;
    assert!(matches!(empty, Err(EventError::Empty)), "{empty:?}");
    let negative = worker.count_people(field.said(0), count(event, -1, None)).await;
    assert!(matches!(negative, Err(EventError::Headcount(_))), "{negative:?}");

    worker.count_people(field.said(0), count(event, 30, None)).await.unwrap();
    let people = field.detail(event).await.people;
    assert_eq!(people.count.participants(), Some(38));
    assert_eq!(people.disagreements[0].difference, -8);
}

async fn a_month_counts_who_came_and_what_nobody_wrote_down(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let (first, second) = (field.planned().await, field.planned().await);
    worker.count_people(field.said(0), count(first, 20, None)).await.unwrap();
    let unsure = Headcount { men: Some(30), sex_not_recorded: Some(5), ..Headcount::default() };
    let said = CountPeople {
        attendance: Attendance { count: unsure, groups: BTreeSet::new() },
        ..count(second, 0, None)
    };
    worker.count_people(field.said(0), said).await.unwrap();
    let nobody_counted = sheet(field.planned().await, vec![row(field.leaflets, 100, 0, 0)]);
    worker.event_sheet(field.said(0), nobody_counted).await.unwrap();
    let month = field.today().month();
    let reader = books.reads(&field.manager);
    let people = reader.month_people(month).await.unwrap();
    assert_eq!((people.participants, people.females), (Some(55), Some(20)));
    assert!(people.females_at_least);
    assert_eq!((people.groups[&Group::Officials], people.events_without), (1, 1));
    assert_eq!(reader.month_events(month).await.unwrap().held, 3);
    assert_eq!(reader.month_people(month.next()).await.unwrap().participants, None);
}

/// Boxes and groups are the bits of `shape`.
fn shaped(event: EventId, shape: u32, corrects: Option<RecordId>) -> CountPeople {
    let bit = |n: u32| shape >> n & 1 == 1;
    let filled = |n: u32| bit(n).then(|| i64::from(shape % (n + 7)));
    let count = Headcount {
        women: filled(0),
        men: filled(1),
        girls: filled(2),
        boys: filled(3),
        age_not_recorded: filled(4),
        sex_not_recorded: filled(5),
    };
    let groups = [(6, Group::Community), (7, Group::Officials), (8, Group::ReligiousLeaders)];
    let groups = groups.into_iter().filter(|(n, _)| bit(*n)).map(|(_, group)| group).collect();
    CountPeople { event, session: None, attendance: Attendance { count, groups }, corrects }
}

fn add(sum: &mut MonthPeople, picture: Picture) {
    sum.count = sum.count.plus(picture.count);
    sum.events_that_differ += i64::from(!picture.disagreements.is_empty());
    sum.events_without += i64::from(!picture.count.is_recorded());
    sum.participants_at_least |= picture.count.participants_at_least();
    for group in picture.groups {
        *sum.groups.entry(group).or_default() += 1;
    }
}

/// Events of all sorts, and what they come to.
async fn counted_in_many_ways(books: &Arc<Books>) -> (Field, MonthPeople) {
    let field = Field::new(books.clone()).await;
    let worker = books.writes(&field.worker);
    let mut sum = MonthPeople::default();
    for n in 1..40 {
        let shape = n * 37 % 511 + 1;
        let more = shape ^ 0b1_0100_1101;
        // Every third event has sessions; now and then somebody counts one of them twice, or all.
        if n % 3 == 0 {
            let event = field.planned_in_sessions().await;
            let mut sessions: Vec<_> =
                field.detail(event).await.sessions.iter().map(|session| Some(session.id)).collect();
            sessions.extend((n % 5 == 0).then_some(sessions[0]));
            sessions.extend((n % 7 == 0).then_some(None));
            for (shape, session) in [shape, more, shape, more].into_iter().zip(sessions) {
                let said = CountPeople { session, ..shaped(event, shape, None) };
                worker.count_people(field.said(0), said).await.unwrap();
            }
            add(&mut sum, field.detail(event).await.people);
            continue;
        }
        let event = field.planned().await;
        let first = worker.count_people(field.said(0), shaped(event, shape, None)).await.unwrap();
        // Of every fourth event somebody says more, of every eighth he corrects it.
        if n % 4 == 0 {
            let corrects = (n % 8 == 0).then_some(first.record);
            worker.count_people(field.said(0), shaped(event, more, corrects)).await.unwrap();
        }
        add(&mut sum, field.detail(event).await.people);
    }
    (field, sum)
}

async fn a_month_is_the_sum_of_its_events_whichever_boxes_were_filled(books: Arc<Books>) {
    let (field, sum) = counted_in_many_ways(&books).await;
    let people = books.reads(&field.manager).month_people(field.today().month()).await.unwrap();
    assert_eq!(people.participants, sum.count.participants());
    assert_eq!(people.females, sum.count.females());
    assert_eq!(people.by_province.into_values().collect::<Vec<_>>(), [sum.count]);
    assert_eq!(people.participants_at_least, sum.participants_at_least);
    assert_eq!((people.count, people.groups), (sum.count, sum.groups));
    assert_eq!(
        (people.events_that_differ, people.events_without),
        (sum.events_that_differ, sum.events_without)
    );
}

async fn older_books_are_given_who_came(books: Arc<Books>) {
    let (field, _) = counted_in_many_ways(&books).await;
    let worker = books.writes(&field.worker);
    // Of one event a sheet says it, of another one the sheet was undone.
    let events = [field.planned().await, field.planned().await];
    for event in events {
        let said = shaped(event, 3, None).attendance;
        let rows = vec![row(field.leaflets, 100, 0, 0)];
        let body = EventSheet { attendance: Some(said), ..sheet(event, rows) };
        let posted = worker.event_sheet(field.said(0), body).await.unwrap();
        if event == events[1] {
            let reader = books.reads(&field.worker);
            let movements = reader.reversible_movements(posted.record).await.unwrap();
            let undo = Reverse { movements, reason: Reason::TypedWrong };
            worker.reverse(field.said(0), undo).await.unwrap();
        }
    }
    books.is_right().await;
    let raw = Raw::open(&books).await;
    raw.does(
        "UPDATE event SET women = NULL, men = NULL, girls = NULL, boys = NULL,
            age_not_recorded = NULL, sex_not_recorded = NULL, community = FALSE,
            officials = FALSE, religious_leaders = FALSE, counted_twice = FALSE",
    )
    .await;
    assert!(!books.stock.verify(|_| {}).await.unwrap().is_clean());
    raw.does(PICTURES_OF_OLDER_BOOKS).await;
    books.is_right().await;
}
