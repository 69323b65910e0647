//! Who may do what, and over which part of the world.
//!
//! Decided here once; `stock::access` applies it below both contracts, so that no page or route
//! can forget it.

use crate::ids::{OrgId, UserId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Administrator,
    Logistics,
    Partner,
    Manager,
    Viewer,
}

impl Role {
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
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
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
    /// Whether this actor may say what becomes of something kept or held of these two: who said
    /// it, and in whose place.
    pub fn may_decide(&self, said_by: OrgId, on_behalf: Option<OrgId>) -> bool {
        let own = said_by == self.org || on_behalf == Some(self.org);
        self.role.may(Permission::Reconcile) || (own && self.role.may(Permission::RunEvents))
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
    Deliver,
    /// Planning events, event sheets, drops, attendance.
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
            Self::Deliver => "deliver",
            Self::RunEvents => "run_events",
            Self::Report => "report",
            Self::Confirm => "confirm",
            Self::Reconcile => "reconcile",
            Self::Recall => "recall",
            Self::SeeReports => "see_reports",
        }
    }

    pub const ALL: [Self; 12] = [
        Self::ManageAccounts,
        Self::EditReference,
        Self::Receive,
        Self::KeepStore,
        Self::Dispatch,
        Self::Deliver,
        Self::RunEvents,
        Self::Report,
        Self::Confirm,
        Self::Reconcile,
        Self::Recall,
        Self::SeeReports,
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
                    | P::Deliver
                    | P::RunEvents
                    | P::Report
                    | P::Confirm
            ),
            Self::Partner => matches!(
                permission,
                P::KeepStore | P::Dispatch | P::Deliver | P::RunEvents | P::Report
            ),
            Self::Manager => matches!(
                permission,
                P::EditReference
                    | P::RunEvents
                    | P::Report
                    | P::Confirm
                    | P::Reconcile
                    | P::Recall
                    | P::SeeReports
            ),
            Self::Viewer => matches!(permission, P::SeeReports),
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
    fn who_moves_stock_does_not_reconcile_it() {
        for role in Role::ALL {
            assert!(!(role.may(Permission::Dispatch) && role.may(Permission::Reconcile)));
        }
    }
}
