//! What is said in somebody's place: of whom, and who stands behind it.

use crate::books::{Books, on_both};
use crate::events::{Field, pieces, sheet};
use domain::attendance::{Attendance, Headcount};
use domain::ids::{OrgId, RecordId};
use domain::records::events::EventSheet;
use domain::records::keeping::Change;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::reference::OrgKind;
use domain::role::{Actor, Permission, Role};
use std::collections::BTreeSet;
use std::sync::Arc;
use stock::access::Denied;
use stock::events::EventPlan;
use stock::keeping::KeepingError;
use stock::records::{ConfirmError, Confirmation};
use stock::{RecordError, Submission};

on_both!(
    theirs_confirm_only_what_they_could_have_said,
    a_first_count_is_confirmed_by_those_who_confirm,
    nothing_is_said_in_the_place_of_somebody_else,
    whoever_does_not_see_an_organisation_does_not_read_its_name,
);

impl Field {
    fn behalf(&self, org: OrgId) -> Submission {
        let mut said = self.said(0);
        said.envelope.on_behalf = Some(org);
        said
    }

    /// Nobody of this role stands behind it.
    async fn does_not_confirm(&self, who: &Actor, record: RecordId) {
        let seen = self.books.reads(who).confirmation(record).await.unwrap();
        assert_eq!(seen, Confirmation::Waiting { by_me: false });
        let refused = self.books.writes(who).confirm(self.said(0), record).await;
        let Err(ConfirmError::Record(RecordError::Denied(denied))) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(denied, Denied::NotAllowed(Permission::Confirm));
    }
}

async fn theirs_confirm_only_what_they_could_have_said(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let said = field.behalf(field.relief);
    let record = said.envelope.id;
    let clerk = books.writes(&field.clerk);
    clerk.change_stock(said, field.change(Change::Lost, 10)).await.unwrap();
    let event = field.planned().await;
    let women = Headcount { women: Some(12), ..Headcount::default() };
    let attendance = Some(Attendance { count: women, groups: BTreeSet::new() });
    let told = EventSheet { attendance, ..sheet(event, Vec::new()) };
    let told = clerk.event_sheet(field.said(0), told).await.unwrap();

    let viewer = books.member(Role::Viewer, field.relief);
    for record in [record, told.record] {
        field.does_not_confirm(&viewer, record).await;
    }
    let entries = books.reads(&viewer).event_records(event).await.unwrap();
    assert_eq!(entries[0].confirmation, Confirmation::Waiting { by_me: false });
    for record in [record, told.record] {
        books.writes(&field.worker).confirm(field.said(0), record).await.unwrap();
    }
    field.adds_up().await;
}

async fn a_first_count_is_confirmed_by_those_who_confirm(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let stickers =
        FirstCountRow { material: field.stickers, cartons: None, loose: Some(pieces(80)) };
    let body = FirstCount { store: field.store, rows: vec![stickers] };
    let said = field.behalf(field.relief);
    let record = said.envelope.id;
    books.writes(&field.clerk).first_count(said, body).await.unwrap();
    field.does_not_confirm(&field.worker, record).await;
    books.writes(&field.manager).confirm(field.said(0), record).await.unwrap();
}

async fn nothing_is_said_in_the_place_of_somebody_else(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let other = books.add_org(OrgKind::Partner, "Other").await;
    let said = [
        (&field.worker, field.relief),
        (&field.clerk, books.programme),
        (&field.clerk, other),
        (&field.clerk, books.id()),
    ];
    for (who, org) in said {
        let change = field.change(Change::Lost, 10);
        let refused = books.writes(who).change_stock(field.behalf(org), change).await;
        let Err(KeepingError::Record(RecordError::NotOnTheirBehalf)) = refused else {
            panic!("{refused:?}")
        };
    }
    // Whose store it is stays hidden from those who do not see it.
    let stranger = books.member(Role::Partner, other);
    for org in [field.relief, books.programme] {
        let change = field.change(Change::Lost, 10);
        let hidden = books.writes(&stranger).change_stock(field.behalf(org), change).await;
        let Err(KeepingError::Record(RecordError::Denied(Denied::NotFound))) = hidden else {
            panic!("{hidden:?}")
        };
    }
    field.adds_up().await;
}

async fn whoever_does_not_see_an_organisation_does_not_read_its_name(books: Arc<Books>) {
    let field = Field::new(books.clone()).await;
    let depot = books.add_store(books.programme, "DEP", "AF21").await;
    let plan = EventPlan { store: depot, ..field.plan(0) };
    let event = plan.id;
    let clerk = books.writes(&field.clerk);
    clerk.plan_event(plan).await.unwrap();
    let women = Headcount { women: Some(12), ..Headcount::default() };
    let attendance = Some(Attendance { count: women, groups: BTreeSet::new() });
    let told = EventSheet { attendance, ..sheet(event, Vec::new()) };
    let told = clerk.event_sheet(field.said(0), told).await.unwrap();
    let own_only = books.member(Role::Logistics, books.programme);
    let named =
        async |who: &Actor| books.reads(who).record(told.record).await.unwrap().head.on_behalf;
    assert_eq!(named(&field.clerk).await.as_deref(), Some("Relief"));
    assert_eq!(named(&own_only).await, None);
}
