use crate::books::{Books, name, on_both};
use domain::ids::UserId;
use domain::reference::OrgKind;
use domain::role::{Actor, PlaceCode, Role, Scope};
use std::sync::Arc;
use stock::access::{
    AcceptError, Denied, DoorError, Draft, DraftOwner, NewInvitation, NewPerson, NewToken,
    PersonError, ResetError, SignInError, Visitor,
};

on_both![
    an_invited_person_signs_in_until_they_leave,
    a_lost_password_is_replaced_with_a_code,
    failures_lock_an_account_and_time_opens_it,
    rights_that_cannot_be_are_refused,
    drafts_become_the_persons_who_signs_in,
    tokens_end_with_their_owner,
];

const PASSWORD: &str = "a leaflet for every house";
const DAY_MS: i64 = 24 * 60 * 60_000;

/// Somebody with this device, wherever they are.
fn on(device: &str) -> Visitor {
    Visitor { device: device.to_owned(), ..Visitor::default() }
}

/// Somebody with an account, as `tawzi user` makes them.
pub async fn person(books: &Books, login: &str, role: Role) -> Actor {
    let person = NewPerson {
        login: login.to_owned(),
        name: name(login),
        org: books.programme,
        role,
        scope: Scope::Everything,
    };
    books.stock.add_person(person, PASSWORD).await.unwrap();
    books.stock.actor_of(login).await.unwrap().unwrap()
}

async fn an_invited_person_signs_in_until_they_leave(books: Arc<Books>) {
    let stock = &books.stock;
    let admin = person(&books, "admin", Role::Administrator).await;
    let partner = books.add_org(OrgKind::Partner, "Helpers").await;
    let wanted = NewInvitation {
        id: books.id(),
        name: name("Rahim"),
        org: partner,
        role: Role::Partner,
        scope: Scope::Org(partner),
    };
    let first = stock.writer(&admin).invite(wanted.clone()).await.unwrap();
    // The form was sent twice: only the second link works.
    let second = stock.writer(&admin).invite(wanted).await.unwrap();
    let accept =
        async |token| stock.accept_invitation(token, "rahim", PASSWORD, &on("phone")).await;
    assert!(matches!(accept(&first).await, Err(AcceptError::Gone)));
    assert_eq!(stock.reader(&admin).invitations().await.unwrap().len(), 1);
    let session = accept(&second).await.unwrap();
    assert!(matches!(accept(&second).await, Err(AcceptError::Gone)));
    assert!(stock.reader(&admin).invitations().await.unwrap().is_empty());
    let signed = stock.signed_in(&session).await.unwrap().unwrap();
    assert_eq!(signed.actor.scope, Scope::Org(partner));
    let rahim = signed.actor.clone();
    assert_eq!(stock.reader(&rahim).sessions(rahim.user).await.unwrap()[0].device, "phone");
    let nosy = stock.reader(&rahim).people().await;
    assert!(matches!(nosy, Err(PersonError::Denied(Denied::NotAllowed(_)))));
    stock.writer(&admin).retire_person(rahim.user).await.unwrap();
    assert!(stock.signed_in(&session).await.unwrap().is_none());
    assert!(matches!(stock.sign_in("rahim", PASSWORD, &on("")).await, Err(SignInError::Wrong)));
    let kept = stock.reader(&admin).person(rahim.user).await.unwrap();
    assert!(kept.retired_at.is_some() && kept.org_name == "Helpers");
}

async fn a_lost_password_is_replaced_with_a_code(books: Arc<Books>) {
    let stock = &books.stock;
    let admin = person(&books, "admin", Role::Administrator).await;
    let logan = person(&books, "logan", Role::Logistics).await;
    let old = stock.sign_in("logan", PASSWORD, &on("")).await.unwrap();
    let former = stock.writer(&admin).make_reset_code(logan.user).await.unwrap();
    let code = stock.writer(&admin).make_reset_code(logan.user).await.unwrap();
    let new = "another leaflet for every house";
    let reset = async |code: &str| stock.reset_password("Logan", code, new, &on("")).await;
    assert!(matches!(reset(&former).await, Err(ResetError::Wrong)));
    reset(&code).await.unwrap();
    assert!(matches!(reset(&code).await, Err(ResetError::Wrong)));
    assert!(stock.signed_in(&old).await.unwrap().is_none());
    stock.sign_in("logan", new, &on("")).await.unwrap();
    let nobody = stock.writer(&admin).make_reset_code(books.id()).await;
    assert!(matches!(nobody, Err(PersonError::Denied(Denied::NotFound))));
    let by_logan = stock.writer(&logan).make_reset_code(admin.user).await;
    assert!(matches!(by_logan, Err(PersonError::Denied(Denied::NotAllowed(_)))));
}

async fn failures_lock_an_account_and_time_opens_it(books: Arc<Books>) {
    let stock = &books.stock;
    person(&books, "logan", Role::Logistics).await;
    for _ in 0..5 {
        let wrong = stock.sign_in("logan", "wrong", &on("")).await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    let locked = stock.sign_in("logan", PASSWORD, &on("")).await;
    assert!(matches!(locked, Err(SignInError::Door(DoorError::TooMany { .. }))));
    books.world.wait_ms(16 * 60_000);
    stock.sign_in("logan", PASSWORD, &on("")).await.unwrap();
}

async fn rights_that_cannot_be_are_refused(books: Arc<Books>) {
    let stock = &books.stock;
    let admin = person(&books, "admin", Role::Administrator).await;
    let logan = person(&books, "logan", Role::Logistics).await;
    let change = async |user: UserId, role, scope| {
        stock.writer(&admin).change_rights(user, books.programme, role, scope).await
    };
    let place = |code: &str| Scope::Place(PlaceCode::new(code));
    let partner = change(logan.user, Role::Partner, Scope::Everything).await;
    assert!(matches!(partner, Err(PersonError::PartnerScope)));
    let donor = books.add_org(OrgKind::Donor, "Donor").await;
    let writer = stock.writer(&admin);
    let empty = writer.change_rights(logan.user, donor, Role::Viewer, Scope::Org(donor)).await;
    assert!(matches!(empty, Err(PersonError::HoldsNothing)), "{empty:?}");
    writer.change_rights(logan.user, donor, Role::Viewer, Scope::Everything).await.unwrap();
    let administrator = change(logan.user, Role::Administrator, place("AF21")).await;
    assert!(matches!(administrator, Err(PersonError::AdministratorScope)));
    let unknown = change(logan.user, Role::Viewer, place("AF99")).await;
    assert!(matches!(unknown, Err(PersonError::UnknownPlace)));
    let last = change(admin.user, Role::Viewer, Scope::Everything).await;
    assert!(matches!(last, Err(PersonError::LastAdministrator)));
    let orphan = stock
        .writer(&admin)
        .change_rights(logan.user, books.id(), Role::Viewer, Scope::Everything)
        .await;
    assert!(matches!(orphan, Err(PersonError::UnknownOrg)));
    change(logan.user, Role::Manager, place("AF21")).await.unwrap();
    let now = stock.actor_of("logan").await.unwrap().unwrap();
    assert_eq!((now.role, now.scope), (Role::Manager, place("AF21")));
    let short = NewPerson {
        login: "x".to_owned(),
        name: name("X"),
        org: books.programme,
        role: Role::Viewer,
        scope: Scope::Everything,
    };
    let refused = stock.add_person(short.clone(), PASSWORD).await;
    assert!(matches!(refused, Err(PersonError::LoginMalformed)));
    let taken = NewPerson { login: "LOGAN".to_owned(), ..short.clone() };
    assert!(matches!(stock.add_person(taken, PASSWORD).await, Err(PersonError::LoginTaken)));
    let weak = NewPerson { login: "fresh".to_owned(), ..short };
    assert!(matches!(stock.add_person(weak, "fresh").await, Err(PersonError::Weak(_))));
}

async fn drafts_become_the_persons_who_signs_in(books: Arc<Books>) {
    let stock = &books.stock;
    let logan = person(&books, "logan", Role::Logistics).await;
    let browser = stock.browser_token();
    let draft =
        Draft { page: "/runs/new".to_owned(), fields: "[]".to_owned(), errors: "[]".to_owned() };
    let stranger = DraftOwner::Browser(browser.clone());
    let id = stock.keep_draft(&stranger, draft.clone()).await.unwrap();
    assert_eq!(stock.draft(&stranger, id).await.unwrap(), Some(draft.clone()));
    let refused = Draft { page: "/login".to_owned(), ..draft.clone() };
    let refused = stock.keep_draft(&stranger, refused).await.unwrap();
    let session = stock.sign_in("logan", PASSWORD, &on("")).await.unwrap();
    stock.adopt_drafts(&browser, &session, &["/login"]).await.unwrap();
    assert_eq!(stock.draft(&stranger, id).await.unwrap(), None);
    let owner = DraftOwner::Person(logan.user);
    assert_eq!(stock.draft(&owner, id).await.unwrap(), Some(draft));
    assert_eq!(stock.draft(&owner, refused).await.unwrap(), None);
    books.world.wait_ms(DAY_MS + 1);
    assert_eq!(stock.draft(&owner, id).await.unwrap(), None);
}

async fn tokens_end_with_their_owner(books: Arc<Books>) {
    let stock = &books.stock;
    let admin = person(&books, "admin", Role::Administrator).await;
    let logan = person(&books, "logan", Role::Logistics).await;
    let wanted = NewToken { name: "Export".to_owned(), may_write: true, days: 30 };
    let token = stock.writer(&logan).make_token(wanted).await.unwrap();
    let holder = stock.token_holder(&token).await.unwrap().unwrap();
    assert_eq!((holder.actor, holder.may_write), (logan.clone(), true));
    assert!(stock.reader(&logan).tokens().await.unwrap()[0].used_at.is_some());
    stock.writer(&admin).retire_person(logan.user).await.unwrap();
    assert_eq!(stock.token_holder(&token).await.unwrap(), None);
}
