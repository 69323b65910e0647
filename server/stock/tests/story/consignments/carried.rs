//! Packs that pass from one organisation to another, and what each may know of them.

use super::road::Road;
use crate::books::{Books, on_both};
use domain::events::PublicPlace;
use domain::ids::{ConsignmentId, PackId, StoreId};
use domain::records::events::{Goods, LeaveInPublic};
use domain::records::packs::OpenPack;
use domain::reference::OrgKind;
use domain::role::{Actor, PlaceCode, Role};
use std::sync::Arc;
use stock::access::Denied;
use stock::consignments::{Carrier, LineWish, NewConsignment, TripDetails};
use stock::packs::PackError;
use stock::{RecordError, Submission};

on_both!(
    what_happened_at_others_is_not_part_of_a_packs_history,
    a_used_up_pack_of_others_does_not_exist,
    what_was_said_of_a_pack_is_answered_again_when_it_has_moved_on,
);

impl Road {
    /// Two cartons that the partner has received, and somebody of it.
    async fn with_the_partner(&self) -> (Vec<PackId>, Actor) {
        let id = self.sent(self.partner_store, 1_000).await;
        let partner = self.books.member(Role::Partner, self.partner);
        self.books.world.wait_ms(1);
        self.delivers(&partner, id, self.count(2, 1_000, 0)).await.unwrap();
        self.books.world.wait_ms(1);
        let packs = self.books.reads(&partner).packs_of(self.batch).await.unwrap();
        (packs.iter().map(|pack| pack.id).collect(), partner)
    }

    /// Sends one carton on from the partner.
    async fn passes_on(&self, pack: PackId, to: StoreId) -> ConsignmentId {
        let id = self.books.id();
        let carrier = Carrier::Own(TripDetails::default());
        let new = NewConsignment { id, from: self.partner_store, to, carrier };
        let writer = self.books.writes(&self.sender);
        writer.draft_consignment(new).await.unwrap();
        let code = self.books.reads(&self.sender).pack(pack).await.unwrap().unwrap().row.code;
        writer.add_lines(id, LineWish::Codes(vec![(code, None)])).await.unwrap();
        writer.dispatch(self.now(), id).await.unwrap();
        self.books.world.wait_ms(1);
        id
    }
}

async fn what_happened_at_others_is_not_part_of_a_packs_history(books: Arc<Books>) {
    let road = Road::build(books.clone()).await;
    let (packs, partner) = road.with_the_partner().await;
    let hope = books.add_org(OrgKind::Partner, "Hope").await;
    let store = books.add_store(hope, "HOP", "AF21").await;
    let id = road.passes_on(packs[0], store).await;
    let stranger = books.member(Role::Partner, hope);
    road.delivers(&stranger, id, road.count(1, 500, 0)).await.unwrap();

    let seen = books.reads(&stranger).pack(packs[0]).await.unwrap().unwrap();
    let kinds: Vec<&str> = seen.history.iter().map(|said| said.kind.as_str()).collect();
    assert_eq!(kinds, ["delivery"], "where it lay before is not theirs to know");
    assert!(books.reads(&partner).pack(packs[0]).await.unwrap().is_none());
    let all = books.reads(&road.sender).pack(packs[0]).await.unwrap().unwrap();
    assert_eq!(all.history.len(), 5);
}

async fn a_used_up_pack_of_others_does_not_exist(books: Arc<Books>) {
    let road = Road::build(books.clone()).await;
    let (packs, partner) = road.with_the_partner().await;
    let code = books.reads(&partner).pack(packs[0]).await.unwrap().unwrap().row.code;
    let body = LeaveInPublic {
        store: road.partner_store,
        place: PlaceCode::new("AF2101"),
        kind: PublicPlace::Clinic,
        places: None,
        goods: Goods { packs: vec![code], ..Goods::default() },
    };
    books.writes(&partner).leave_in_public(road.now(), body).await.unwrap();

    let hope = books.add_org(OrgKind::Partner, "Hope").await;
    let stranger = books.member(Role::Partner, hope);
    let opens = async |who: &Actor| {
        let body = OpenPack { pack: packs[0], found: None };
        books.writes(who).open_pack(road.now(), body).await.unwrap_err()
    };
    let prints = async |who: &Actor| {
        books.writes(who).reprint_labels(road.now(), vec![packs[0]]).await.unwrap_err()
    };
    for own in [opens(&partner).await, prints(&partner).await] {
        assert!(matches!(own, PackError::NotInStore), "{own:?}");
    }
    for others in [opens(&stranger).await, prints(&stranger).await] {
        let PackError::Record(RecordError::Denied(Denied::NotFound)) = others else {
            panic!("{others:?}")
        };
    }
}

async fn what_was_said_of_a_pack_is_answered_again_when_it_has_moved_on(books: Arc<Books>) {
    let road = Road::build(books.clone()).await;
    let (packs, partner) = road.with_the_partner().await;
    let writer = books.writes(&partner);
    let said: Submission = road.now();
    assert_eq!(writer.reprint_labels(said.clone(), vec![packs[0]]).await.unwrap(), 1);
    let id = road.passes_on(packs[0], road.balkh).await;
    road.delivers(&road.receiver, id, road.count(1, 500, 0)).await.unwrap();
    assert!(books.reads(&partner).pack(packs[0]).await.unwrap().is_none());

    let again = writer.reprint_labels(said.clone(), vec![packs[0]]).await;
    assert_eq!(again.unwrap(), 1);
    let other = writer.reprint_labels(said, vec![packs[0], packs[1]]).await;
    assert!(matches!(other, Err(PackError::Record(RecordError::Conflict))), "{other:?}");
    let anew = writer.reprint_labels(road.now(), vec![packs[0]]).await;
    let Err(PackError::Record(RecordError::Denied(Denied::NotFound))) = anew else {
        panic!("{anew:?}")
    };
}
