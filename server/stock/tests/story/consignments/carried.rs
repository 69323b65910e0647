//! Packs that pass from one organisation to another, and what each may know of them.

use super::road::Road;
use crate::books::{Books, on_both};
use domain::ids::{ConsignmentId, PackId, StoreId};
use domain::reference::OrgKind;
use domain::role::{Actor, Role};
use std::sync::Arc;
use stock::consignments::{Carrier, LineWish, NewConsignment, TripDetails};

on_both!(
    what_happened_at_others_is_not_part_of_a_packs_history,
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
