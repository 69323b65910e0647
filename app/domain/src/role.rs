//! Who may do what, and over which part of the world.
//!
//! Decided here once; `stock::access` applies it below both contracts, so that no page or route
//! can forget it.

use crate::ids::{ConsignmentId, EventId, OrgId, UserId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Administrator,
    Logistics,
    Partner,
    Manager,
    Viewer,
    /// Nobody's account: a link that opens one event or consignment on a phone.
    Link,
}

impl Role {
    /// Those that an account can have.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::Logistics, Self::Partner, Self::Manager, Self::Viewer];

    /// The word in the database, in forms and in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Logistics => "logistics",
            Self::Partner => "partner",
            Self::Manager => "manager",
            Self::Viewer => "viewer",
            Self::Link => "link",
        }
    }

    /// The role of an account.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The role of whoever said something: of an account, or of a link.
    pub fn of_author(word: &str) -> Option<Self> {
        Self::parse(word).or_else(|| (word == Self::Link.word()).then_some(Self::Link))
    }
}

/// The part of the world that an account sees.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Everything,
    /// A province or district by its P-code, with everything below it.
    Place(PlaceCode),
    /// One organisation's stores, consignments and events, and nothing else.
    Org(OrgId),
    /// One event and what can be said of it: a link's.
    Event(EventId),
    /// One consignment on its way, to be counted: a link's.
    Consignment(ConsignmentId),
}

/// The code of a province (`AF21`) or district (`AF2101`) in the list that the place names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceCode(String);

impl PlaceCode {
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A signed-in person or token, as every query and command sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Actor {
    pub user: UserId,
    pub org: OrgId,
    pub role: Role,
    pub scope: Scope,
}

impl Actor {
    /// Whether somebody with an account: links open a phone's page and nothing else.
    pub fn has_account(&self) -> bool {
        self.role != Role::Link
    }

    /// Whether this actor may say what becomes of something kept or held of these two: who said
    /// it, and in whose place.
    pub fn may_decide(&self, said_by: OrgId, on_behalf: Option<OrgId>) -> bool {
        let own = said_by == self.org || on_behalf == Some(self.org);
        self.role.may(Permission::Reconcile) || (own && self.role.may(Permission::RunEvents))
    }

    /// Whether this actor may say what becomes of a record that waits because of who its author is
    /// now, or of the phone that it came from: never its author, who may be whoever found the phone.
    pub fn may_let_in(&self, author: UserId, said_by: OrgId, on_behalf: Option<OrgId>) -> bool {
        author != self.user && self.may_decide(said_by, on_behalf)
    }

    /// Whether this actor, who sees the receiver's store, may stand behind a delivery that somebody
    /// else entered: whoever could have sent it does not, but within one organisation of his own.
    pub fn may_confirm_delivery(&self, sees_sender: bool, receiver: OrgId) -> bool {
        let may = |permission| self.role.may(permission);
        let sends = sees_sender && may(Permission::Dispatch);
        let keeps = self.scope == Scope::Org(receiver);
        (may(Permission::Confirm) || may(Permission::Deliver)) && (keeps || !sends)
    }
}

/// One thing that an account may or may not do. Viewing is limited by scope, not listed here,
/// except where a role may not see a thing at all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Accounts, invitations, password resets, sessions of others.
    ManageAccounts,
    /// Places, organisations, stores, materials, kits, event types.
    EditReference,
    /// Print runs, goods received notes, labels.
    Receive,
    /// First counts, counts, damage, disposal, splitting packs in a store.
    KeepStore,
    /// Drafting and dispatching consignments.
    Dispatch,
    /// Saying what arrived.
    CountIn,
    /// What follows from that: reasons for differences, papers, confirming.
    Deliver,
    /// Saying what happened at an event: its sheet, who came, what came back.
    TellEvent,
    /// Planning events, taking stock to them, deciding about their sheets, drops.
    RunEvents,
    /// Entering what a partner reported.
    Report,
    /// Confirming what another person did, approving counts, releasing holds.
    Confirm,
    /// Settling differences, deciding on second sheets, reversing after others built on it.
    Reconcile,
    /// Recalling an edition.
    Recall,
    /// The month's reconciliation and bulletin.
    SeeReports,
    /// Links that open an event or a consignment without an account.
    MakeLinks,
}

impl Permission {
    /// The word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ManageAccounts => "manage_accounts",
            Self::EditReference => "edit_reference",
            Self::Receive => "receive",
            Self::KeepStore => "keep_store",
            Self::Dispatch => "dispatch",
            Self::CountIn => "count_in",
            Self::Deliver => "deliver",
            Self::TellEvent => "tell_event",
            Self::RunEvents => "run_events",
            Self::Report => "report",
            Self::Confirm => "confirm",
            Self::Reconcile => "reconcile",
            Self::Recall => "recall",
            Self::SeeReports => "see_reports",
            Self::MakeLinks => "make_links",
        }
    }

    pub const ALL: [Self; 15] = [
        Self::ManageAccounts,
        Self::EditReference,
        Self::Receive,
        Self::KeepStore,
        Self::Dispatch,
        Self::CountIn,
        Self::Deliver,
        Self::TellEvent,
        Self::RunEvents,
        Self::Report,
        Self::Confirm,
        Self::Reconcile,
        Self::Recall,
        Self::SeeReports,
        Self::MakeLinks,
    ];
}

impl Role {
    /// Whether it may say anything at all that moves pieces, and so take back what it said.
    pub fn moves_pieces(self) -> bool {
        use Permission as P;
        [P::Receive, P::KeepStore, P::Dispatch, P::Deliver, P::RunEvents, P::Confirm, P::Reconcile]
            .into_iter()
            .any(|permission| self.may(permission))
    }

    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => {
                matches!(permission, P::ManageAccounts | P::EditReference | P::SeeReports)
            }
            Self::Logistics => matches!(
                permission,
                P::EditReference
                    | P::Receive
                    | P::KeepStore
                    | P::Dispatch
                    | P::CountIn
                    | P::Deliver
                    | P::TellEvent
                    | P::RunEvents
                    | P::Report
                    | P::Confirm
                    | P::MakeLinks
            ),
            Self::Partner => matches!(
                permission,
                P::KeepStore
                    | P::Dispatch
                    | P::CountIn
                    | P::Deliver
                    | P::TellEvent
                    | P::RunEvents
                    | P::Report
            ),
            Self::Manager => matches!(
                permission,
                P::EditReference
                    | P::TellEvent
                    | P::RunEvents
                    | P::MakeLinks
                    | P::Report
                    | P::Confirm
                    | P::Reconcile
                    | P::Recall
                    | P::SeeReports
            ),
            Self::Viewer => matches!(permission, P::SeeReports),
            Self::Link => matches!(permission, P::TellEvent | P::CountIn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_at_least_one_permission_and_nobody_has_all() {
        for role in Role::ALL {
            let granted = Permission::ALL.into_iter().filter(|p| role.may(*p)).count();
            assert!((1..Permission::ALL.len()).contains(&granted), "{role:?} has {granted}");
        }
    }

    #[test]
    fn a_viewer_and_an_administrator_move_nothing() {
        let still: Vec<Role> = Role::ALL.into_iter().filter(|role| !role.moves_pieces()).collect();
        assert_eq!(still, [Role::Administrator, Role::Viewer]);
    }

    #[test]
    fn who_could_have_sent_a_delivery_does_not_confirm_it() {
        let (receiver, other) =
            (OrgId::new(uuid::Uuid::from_u128(1)), OrgId::new(uuid::Uuid::from_u128(2)));
        let confirms = |role, scope, sees_sender| {
            let user = UserId::new(uuid::Uuid::from_u128(3));
            let actor = Actor { user, org: other, role, scope };
            actor.may_confirm_delivery(sees_sender, receiver)
        };
        let province = || Scope::Place(PlaceCode::new("AF21"));
        assert!(!confirms(Role::Logistics, Scope::Everything, true));
        assert!(!confirms(Role::Logistics, province(), true));
        assert!(!confirms(Role::Partner, Scope::Org(other), true));
        assert!(!confirms(Role::Viewer, Scope::Org(receiver), false));
        assert!(confirms(Role::Logistics, province(), false));
        assert!(confirms(Role::Partner, Scope::Org(receiver), false));
        assert!(confirms(Role::Partner, Scope::Org(receiver), true), "between stores of its own");
        assert!(confirms(Role::Manager, Scope::Everything, true), "who sends nothing");
    }

    #[test]
    fn nobody_lets_in_what_he_said_himself() {
        let [own, other] = [1, 2].map(|n| OrgId::new(uuid::Uuid::from_u128(n)));
        let [author, colleague] = [3, 4].map(|n| UserId::new(uuid::Uuid::from_u128(n)));
        let lets_in = |user, org, role| {
            Actor { user, org, role, scope: Scope::Everything }.may_let_in(author, own, None)
        };
        assert!(lets_in(colleague, own, Role::Partner));
        assert!(lets_in(colleague, other, Role::Manager));
        assert!(!lets_in(author, own, Role::Partner));
        assert!(!lets_in(author, other, Role::Manager));
        assert!(!lets_in(colleague, other, Role::Logistics), "of another organisation");
        assert!(!lets_in(colleague, own, Role::Viewer));
    }

    #[test]
    fn a_link_says_what_happened_and_nothing_else() {
        let may = |permission: &Permission| Role::Link.may(*permission);
        let granted: Vec<Permission> = Permission::ALL.into_iter().filter(may).collect();
        assert_eq!(granted, [Permission::CountIn, Permission::TellEvent]);
        assert!(!Role::ALL.contains(&Role::Link), "no account has it");
        assert_eq!((Role::parse("link"), Role::of_author("link")), (None, Some(Role::Link)));
    }

    #[test]
    fn who_moves_stock_does_not_reconcile_it() {
        for role in Role::ALL {
            assert!(!(role.may(Permission::Dispatch) && role.may(Permission::Reconcile)));
        }
    }
}
