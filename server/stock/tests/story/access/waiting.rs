use super::accounts::person;
use crate::books::{Books, on_both};
use domain::role::Role;
use std::sync::Arc;
use stock::access::{Denied, Draft, DraftOwner, PersonError};

on_both![a_successor_gets_what_is_open, nobody_looks_into_anothers_drawer];

fn half_a_form() -> Draft {
    Draft { page: "/runs/new".to_owned(), fields: "[]".to_owned(), errors: "[]".to_owned() }
}

async fn a_successor_gets_what_is_open(books: Arc<Books>) {
    let stock = &books.stock;
    let admin = person(&books, "admin", Role::Administrator).await;
    let logan = person(&books, "logan", Role::Logistics).await;
    let maria = person(&books, "maria", Role::Logistics).await;
    let owner = DraftOwner::Person(logan.user);
    let draft = stock.keep_draft(&owner, half_a_form()).await.unwrap();
    let left = stock.reader(&admin).left_behind(logan.user).await.unwrap();
    assert_eq!(left.drafts[0].page, "/runs/new");
    let to_himself = stock.writer(&admin).hand_over(logan.user, logan.user).await;
    assert!(matches!(to_himself, Err(PersonError::Denied(Denied::NotFound))));
    stock.writer(&admin).hand_over(logan.user, maria.user).await.unwrap();
    let successor = DraftOwner::Person(maria.user);
    assert!(stock.draft(&successor, draft).await.unwrap().is_some());
    assert!(stock.reader(&admin).left_behind(logan.user).await.unwrap().drafts.is_empty());
}

async fn nobody_looks_into_anothers_drawer(books: Arc<Books>) {
    let logan = person(&books, "logan", Role::Logistics).await;
    let maria = person(&books, "maria", Role::Manager).await;
    let nosy = books.stock.reader(&maria).left_behind(logan.user).await;
    assert!(matches!(nosy, Err(PersonError::Denied(_))));
    let by_maria = books.stock.writer(&maria).hand_over(logan.user, maria.user).await;
    assert!(matches!(by_maria, Err(PersonError::Denied(_))));
    assert!(books.stock.reader(&logan).tasks().await.unwrap().is_empty());
}
