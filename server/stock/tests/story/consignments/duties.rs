//! Who may do what, and who sees which figure when (rule 11).

use super::road::{Road, delivery, pieces};
use crate::books::{Books, on_both};
use domain::consignment::{ArrivalError, Rest, State};
use domain::records::consignment::Became;
use domain::reference::OrgKind;
use domain::role::{Actor, Role};
use std::sync::Arc;
use stock::access::Denied;
use stock::consignments::{
    Carrier, ConfirmDeliveryError, DeliverError, DispatchError, DraftError, ExplainError, Filter,
    LineWish, NewConsignment, Said, TripDetails,
};
use stock::records::{ConfirmError, Confirmation, RecordError};
use stock::tasks::TaskKind;

on_both!(
    the_receiver_counts_before_he_sees_what_was_sent,
    a_first_part_tells_nothing_about_the_rest,
    who_sent_it_does_not_count_it,
    a_receipt_by_phone_waits_for_another_person,
    another_partner_finds_nothing,
    no_page_of_a_list_goes_on_from_what_belongs_to_others,
    a_partner_sends_back_to_where_it_came_from,
    a_viewer_changes_nothing,
);

async fn the_receiver_counts_before_he_sees_what_was_sent(books: Arc<Books>) {
    let road = Road::build(books).await;
    let draft = road.draft(road.balkh).await;
    let id = road.sent(road.balkh, 1_700).await;
    let reader = road.books.reads(&road.receiver);
    let (listed, _) = reader.consignments(Filter::default()).await.unwrap();
    assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), [id], "no draft");
    let hidden = reader.consignment(draft).await;
    assert!(matches!(hidden, Err(DraftError::Denied(Denied::NotFound))), "{hidden:?}");
    let row = &listed[0];
    assert_eq!((row.in_transit, row.extra, row.receives), (None, None, true));
    assert_eq!(reader.in_transit().await.unwrap()[0].consignment.in_transit, None);
    let detail = reader.consignment(id).await.unwrap();
    assert!(!detail.sees_sent && detail.draft_lines.is_empty());
    assert!(detail.lines.iter().all(|line| line.tally.is_none()));
    let sheet = reader.count_sheet_of(id).await.unwrap();
    assert_eq!((sheet.lines.len(), sheet.lines[0].per_carton), (1, 500));
    assert!(!sheet.on_behalf_only && !sheet.to_confirm);
    for text in [format!("{detail:?}"), serde_json::to_string(&sheet).unwrap()] {
        assert!(!text.contains("1700") && !text.contains("\"cartons\""), "{text}");
    }
    // The stock lists do not give it away either: the road is the sender's.
    let holdings = reader.holdings(&Default::default()).await.unwrap();
    assert!(!format!("{holdings:?}").contains("1700"), "{holdings:?}");
    // Nor does a wrong count.
    let wrong = road.delivers(&road.receiver, id, road.count(0, -1, 0)).await.unwrap_err();
    assert!(!wrong.to_string().contains("1700") && !format!("{wrong:?}").contains("1700"));

    road.delivers(&road.receiver, id, road.count(3, 1_650, 0)).await.unwrap();
    let detail = reader.consignment(id).await.unwrap();
    let tally = detail.lines[0].tally.unwrap();
    assert_eq!((tally.sent, tally.received, tally.in_transit()), (1_700, 1_650, 50));
    assert_eq!(reader.waybill(id).await.unwrap().total.pieces, 1_700);
}

async fn a_first_part_tells_nothing_about_the_rest(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.draft(road.balkh).await;
    let sender = road.books.writes(&road.sender);
    let wish = LineWish::Material(road.leaflets, pieces(1_700));
    sender.add_lines(id, wish).await.unwrap();
    let mut leaves = road.now();
    leaves.envelope.note = Some("1,700 pieces for June".to_owned());
    sender.dispatch(leaves, id).await.unwrap();
    let (reader, writer) = (road.books.reads(&road.receiver), road.books.writes(&road.receiver));
    let nothing = delivery(id, road.count(0, 0, 0), Rest::StillComing, &[]);
    let nothing = writer.deliver(road.now(), nothing).await;
    assert!(matches!(nothing, Err(DeliverError::Count(ArrivalError::Nothing))), "{nothing:?}");
    let much = delivery(id, road.count(0, 5_000, 0), Rest::StillComing, &[]);
    let part = writer.deliver(road.now(), much).await.unwrap();
    assert_eq!(part.differences, [], "more than was sent would say how much that was");
    let detail = reader.consignment(id).await.unwrap();
    assert!(!detail.sees_sent && detail.lines.iter().all(|line| line.tally.is_none()));
    let said: Vec<_> = detail.timeline.iter().map(|entry| &entry.what).collect();
    assert!(
        matches!(said[..], [Said::Dispatched, Said::Delivered { good: 5_000, .. }]),
        "{said:?}"
    );
    for text in [format!("{detail:?}"), format!("{:?}", reader.in_transit().await.unwrap())] {
        assert!(!text.contains("1700") && !text.contains("1,700"), "{text}");
    }
    road.books.world.wait_ms(1);
    let rest = delivery(id, road.count(0, 0, 0), Rest::NothingMore, &[part.record]);
    writer.deliver(road.now(), rest).await.unwrap();
    let detail = reader.consignment(id).await.unwrap();
    assert_eq!(detail.lines[0].tally.unwrap().sent, 1_700);
    assert_eq!(detail.timeline[0].note.as_deref(), Some("1,700 pieces for June"));
    // A donor sees the pieces and not what people wrote.
    let org = road.books.add_org(OrgKind::Donor, "Donor").await;
    let donor = Actor { org, ..road.books.staff(Role::Viewer) };
    let theirs = road.books.reads(&donor);
    let seen = theirs.consignment(id).await.unwrap();
    assert!(seen.sees_sent && seen.timeline.iter().all(|entry| entry.note.is_none()));
    let dispatch = theirs.record(detail.timeline[0].record).await.unwrap();
    assert_eq!((dispatch.movements.len(), dispatch.note), (1, None));
}

async fn who_sent_it_does_not_count_it(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 500).await;
    let refused = road.delivers(&road.sender, id, road.count(1, 500, 0)).await;
    assert!(matches!(refused, Err(DeliverError::SenderReceives)), "{refused:?}");
    let sheet = road.books.reads(&road.sender).count_sheet_of(id).await.unwrap();
    assert!(sheet.on_behalf_only && sheet.to_confirm);
    // A colleague of the sender's could look up what was sent: somebody else confirms.
    let colleague = road.books.staff(Role::Logistics);
    let counted = road.delivers(&colleague, id, road.count(1, 500, 0)).await.unwrap();
    assert!(counted.to_confirm);
    let writer = road.books.writes(&road.receiver);
    writer.confirm_delivery(road.now(), counted.record).await.unwrap();
    let reader = road.books.reads(&road.receiver);
    assert_eq!(reader.consignment(id).await.unwrap().consignment.state, State::Closed);
}

async fn a_receipt_by_phone_waits_for_another_person(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.partner_store, 500).await;
    let mut by_phone = road.now();
    by_phone.envelope.on_behalf = Some(road.books.programme);
    let counted = delivery(id, road.count(1, 500, 0), Rest::NothingMore, &[]);
    let writer = road.books.writes(&road.sender);
    let wrong = writer.deliver(by_phone.clone(), counted.clone()).await;
    assert!(matches!(wrong, Err(DeliverError::WrongOrganisation)), "{wrong:?}");
    by_phone.envelope.id = road.books.id();
    by_phone.envelope.on_behalf = Some(road.partner);
    let said = writer.deliver(by_phone, counted).await.unwrap();
    assert!(said.to_confirm);
    let reader = road.books.reads(&road.sender);
    let detail = reader.consignment(id).await.unwrap();
    assert_eq!(detail.to_confirm, [said.record]);
    assert_eq!(detail.consignment.state, State::Delivered);
    let own = writer.confirm_delivery(road.now(), said.record).await;
    assert!(matches!(own, Err(ConfirmDeliveryError::SamePerson)), "{own:?}");
    // A colleague of the sender's stands behind nothing that his side says has arrived.
    let colleague = road.books.staff(Role::Logistics);
    let theirs = road.books.reads(&colleague);
    assert_eq!(theirs.consignment(id).await.unwrap().may_confirm, []);
    let by_me = theirs.confirmation(said.record).await.unwrap();
    assert_eq!(by_me, Confirmation::Waiting { by_me: false });
    let asked = async |who: &Actor| {
        let tasks = road.books.reads(who).tasks().await.unwrap();
        tasks.iter().any(|task| task.kind == TaskKind::ConfirmOnBehalf)
    };
    assert!(!asked(&colleague).await && asked(&road.receiver).await);
    assert!(asked(&road.manager).await, "all who deliver may be on the side that sent it");
    let refused = road.books.writes(&colleague).confirm_delivery(road.now(), said.record).await;
    assert!(matches!(refused, Err(ConfirmDeliveryError::SamePerson)), "{refused:?}");
    let refused = road.books.writes(&colleague).confirm(road.now(), said.record).await;
    assert!(matches!(refused, Err(ConfirmError::OwnRecord)), "{refused:?}");
    // The provincial officer sees the partner's store, but only holders and confirmers confirm.
    let viewer = road.books.staff(Role::Viewer);
    let viewer = road.books.writes(&viewer).confirm_delivery(road.now(), said.record).await;
    assert!(viewer.is_err(), "{viewer:?}");
    let partner = road.books.member(Role::Partner, road.partner);
    assert_eq!(
        road.books.reads(&partner).consignment(id).await.unwrap().may_confirm,
        [said.record]
    );
    assert!(asked(&partner).await);
    let confirms = road.books.writes(&partner);
    confirms.confirm_delivery(road.now(), said.record).await.unwrap();
    let again = confirms.confirm_delivery(road.now(), said.record).await;
    assert!(matches!(again, Err(ConfirmDeliveryError::NothingToConfirm)), "{again:?}");
    let detail = reader.consignment(id).await.unwrap();
    assert_eq!(detail.consignment.state, State::Closed);
    assert!(detail.timeline.iter().any(|entry| entry.on_behalf));
    road.verify().await;
}

async fn no_page_of_a_list_goes_on_from_what_belongs_to_others(books: Arc<Books>) {
    let road = Road::build(books).await;
    let earlier = road.sent(road.balkh, 100).await;
    let own = road.sent(road.partner_store, 500).await;
    let later = road.sent(road.balkh, 100).await;
    let member = road.books.member(Role::Partner, road.partner);
    let reader = road.books.reads(&member);
    let before = async |id| {
        let filter = Filter { before: Some(id), ..Filter::default() };
        reader.consignments(filter).await.unwrap().0
    };
    assert_eq!(reader.consignments(Filter::default()).await.unwrap().0[0].id, own);
    assert_eq!(before(later).await, [], "as from one that does not exist");
    assert_eq!(before(road.books.id()).await, []);
    let (papers, _) = reader.paper_register(None, Some(earlier), 50).await.unwrap();
    assert_eq!(papers, []);
}

async fn another_partner_finds_nothing(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.partner_store, 500).await;
    let other = road.books.add_org(domain::reference::OrgKind::Partner, "Hope").await;
    let stranger = road.books.member(Role::Partner, other);
    let (reader, writer) = (road.books.reads(&stranger), road.books.writes(&stranger));
    assert_eq!(reader.consignments(Filter::default()).await.unwrap().0, []);
    assert_eq!(reader.in_transit().await.unwrap(), []);
    assert_eq!(reader.paper_register(None, None, 50).await.unwrap(), (Vec::new(), false));
    let code = road.books.reads(&road.sender).consignment(id).await.unwrap().consignment.code;
    assert_eq!(reader.consignment_by_code(code).await.unwrap(), None);
    let own = road.books.member(Role::Partner, road.partner);
    assert_eq!(road.books.reads(&own).consignment_by_code(code).await.unwrap(), Some(id));
    for answer in [
        format!("{:?}", reader.consignment(id).await.unwrap_err()),
        format!("{:?}", reader.waybill(id).await.unwrap_err()),
        format!("{:?}", reader.waybills_of_trip(id).await.unwrap_err()),
        format!("{:?}", reader.count_sheet_of(id).await.unwrap_err()),
        format!("{:?}", road.delivers(&stranger, id, road.count(1, 500, 0)).await.unwrap_err()),
        format!("{:?}", writer.dispatch(road.now(), id).await.unwrap_err()),
        format!(
            "{:?}",
            writer.edit_consignment(id, road.balkh, TripDetails::default()).await.unwrap_err()
        ),
    ] {
        assert!(answer.contains("NotFound"), "{answer}");
    }
    // The receiver's own partner does not send it a second time either.
    let resent = road.books.writes(&own).dispatch(road.now(), id).await;
    let denied =
        matches!(resent, Err(DispatchError::Record(RecordError::Denied(Denied::NotFound))));
    assert!(denied, "{resent:?}");
}

async fn a_partner_sends_back_to_where_it_came_from(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.partner_store, 500).await;
    let partner = road.books.member(Role::Partner, road.partner);
    road.delivers(&partner, id, road.count(1, 500, 0)).await.unwrap();
    let back = |to| NewConsignment {
        id: road.books.id(),
        from: road.partner_store,
        to,
        carrier: Carrier::Own(TripDetails::default()),
    };
    let writer = road.books.writes(&partner);
    let strange = writer.draft_consignment(back(road.kabul)).await;
    assert!(matches!(strange, Err(DraftError::UnknownReceiver)), "{strange:?}");
    let mut input = crate::books::store(road.partner, "REL", "AF21");
    input.parent = Some(road.balkh);
    road.books.admin().edit_store(road.partner_store, input).await.unwrap();
    let new = back(road.balkh);
    let id = new.id;
    assert_eq!(writer.draft_consignment(new).await.unwrap(), "REL-0001");
    let wish = stock::consignments::LineWish::Material(road.leaflets, pieces(500));
    writer.add_lines(id, wish).await.unwrap();
    writer.dispatch(road.now(), id).await.unwrap();
    // Nor does anything that it sent come up in a store to which it does not send.
    let foreign = road.explains(id, 100, Became::Elsewhere(road.kabul));
    let foreign = writer.explain(road.now(), foreign).await;
    assert!(matches!(foreign, Err(ExplainError::WrongStore)), "{foreign:?}");
    let other = NewConsignment { from: road.kabul, ..back(road.partner_store) };
    let other = writer.draft_consignment(other).await;
    assert!(matches!(other, Err(DraftError::Denied(Denied::NotFound))), "{other:?}");
}

async fn a_viewer_changes_nothing(books: Arc<Books>) {
    let road = Road::build(books).await;
    let id = road.sent(road.balkh, 500).await;
    let viewer = road.books.staff(Role::Viewer);
    let refused = road.delivers(&viewer, id, road.count(1, 500, 0)).await;
    let denied =
        matches!(refused, Err(DeliverError::Record(RecordError::Denied(Denied::NotAllowed(_)))));
    assert!(denied, "{refused:?}");
    let refused = road.books.writes(&viewer).dispatch(road.now(), id).await;
    let denied =
        matches!(refused, Err(DispatchError::Record(RecordError::Denied(Denied::NotAllowed(_)))));
    assert!(denied, "{refused:?}");
    assert!(road.books.reads(&viewer).consignment(id).await.unwrap().sees_sent);
}
