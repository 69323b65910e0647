use super::accounts::person;
use crate::books::{Books, on_both};
use crate::enforcement::Raw;
use domain::role::Role;
use std::net::IpAddr;
use std::sync::Arc;
use stock::Stock;
use stock::access::{DoorError, Origin, ResetError, SignInError, Token, Visitor};

on_both![
    wrong_passwords_from_one_address_lock_nobody_elsewhere,
    an_address_that_guesses_many_names_has_to_wait,
    an_account_that_is_guessed_from_everywhere_opens_where_it_is_known,
    a_thousand_tries_at_once_are_a_thousand,
    right_passwords_are_not_counted,
    a_code_cannot_be_used_up_for_somebody_else,
    nodes_share_what_the_api_takes_from_an_account,
    strangers_at_the_api_have_to_wait,
    what_is_over_is_forgotten,
];

const PASSWORD: &str = "a leaflet for every house";
const MINUTE_MS: i64 = 60_000;

fn at(address: &str) -> Visitor {
    let address: IpAddr = address.parse().unwrap();
    Visitor { device: String::new(), origin: address.into() }
}

type Signed = Result<Token, SignInError>;

async fn guess(stock: &Stock, login: &str, address: &str) -> Signed {
    stock.sign_in(login, "wrong", &at(address)).await
}

async fn enter(stock: &Stock, login: &str, address: &str) -> Signed {
    stock.sign_in(login, PASSWORD, &at(address)).await
}

fn waits(signed: &Signed) -> bool {
    matches!(signed, Err(SignInError::Door(DoorError::TooMany { .. })))
}

async fn wrong_passwords_from_one_address_lock_nobody_elsewhere(books: Arc<Books>) {
    let stock = &books.stock;
    person(&books, "logan", Role::Logistics).await;
    for _ in 0..5 {
        assert!(matches!(guess(stock, "logan", "192.0.2.1").await, Err(SignInError::Wrong)));
    }
    assert!(waits(&enter(stock, "logan", "192.0.2.1").await));
    enter(stock, "logan", "192.0.2.2").await.unwrap();
    books.world.wait_ms(15 * MINUTE_MS);
    enter(stock, "logan", "192.0.2.1").await.unwrap();
}

async fn an_address_that_guesses_many_names_has_to_wait(books: Arc<Books>) {
    let stock = &books.stock;
    person(&books, "logan", Role::Logistics).await;
    person(&books, "maria", Role::Manager).await;
    enter(stock, "maria", "192.0.2.1").await.unwrap();
    for n in 0..100 {
        let guessed = stock.missed(at("192.0.2.1").origin).await;
        guessed.unwrap_or_else(|error| panic!("{n}: {error}"));
    }
    assert!(waits(&guess(stock, "name 100", "192.0.2.1").await));
    assert!(waits(&enter(stock, "logan", "192.0.2.1").await));
    // Whoever works there is known there.
    enter(stock, "maria", "192.0.2.1").await.unwrap();
    enter(stock, "logan", "192.0.2.2").await.unwrap();
}

async fn an_account_that_is_guessed_from_everywhere_opens_where_it_is_known(books: Arc<Books>) {
    let stock = &books.stock;
    person(&books, "logan", Role::Logistics).await;
    enter(stock, "logan", "198.51.100.1").await.unwrap();
    for n in 0..100 {
        let guessed = guess(stock, "logan", &format!("192.0.2.{n}")).await;
        assert!(matches!(guessed, Err(SignInError::Wrong)), "{n}");
    }
    assert!(waits(&guess(stock, "logan", "192.0.2.100").await));
    enter(stock, "logan", "198.51.100.1").await.unwrap();
    books.world.wait_ms(60 * MINUTE_MS);
    enter(stock, "logan", "192.0.2.100").await.unwrap();
}

async fn a_thousand_tries_at_once_are_a_thousand(books: Arc<Books>) {
    person(&books, "logan", Role::Logistics).await;
    let guesses = (0..40).map(|_| {
        let books = Arc::clone(&books);
        tokio::spawn(async move { guess(&books.stock, "logan", "192.0.2.1").await })
    });
    let mut looked_at = 0;
    for guessed in guesses.collect::<Vec<_>>() {
        if matches!(guessed.await.unwrap(), Err(SignInError::Wrong)) {
            looked_at += 1;
        }
    }
    assert_eq!(looked_at, 5);
}

async fn right_passwords_are_not_counted(books: Arc<Books>) {
    let stock = &books.stock;
    person(&books, "logan", Role::Logistics).await;
    for _ in 0..3 {
        for _ in 0..4 {
            guess(stock, "logan", "192.0.2.1").await.unwrap_err();
        }
        enter(stock, "logan", "192.0.2.1").await.unwrap();
    }
    for _ in 0..88 {
        stock.missed(at("192.0.2.1").origin).await.unwrap();
    }
    // With the twelve wrong passwords, and without the right ones.
    stock.missed(at("192.0.2.1").origin).await.unwrap_err();
}

async fn a_code_cannot_be_used_up_for_somebody_else(books: Arc<Books>) {
    let stock = &books.stock;
    let admin = person(&books, "admin", Role::Administrator).await;
    let logan = person(&books, "logan", Role::Logistics).await;
    let code = stock.writer(&admin).make_reset_code(logan.user).await.unwrap();
    let reset = async |code: &str, address: &str| {
        stock.reset_password("logan", code, "another leaflet for every house", &at(address)).await
    };
    for _ in 0..5 {
        assert!(matches!(reset("AAAAA-AAAAA", "192.0.2.1").await, Err(ResetError::Wrong)));
    }
    let locked = reset(&code, "192.0.2.1").await;
    assert!(matches!(locked, Err(ResetError::Door(DoorError::TooMany { .. }))));
    // Too many wrong passwords do not close this door.
    for _ in 0..6 {
        guess(stock, "logan", "192.0.2.2").await.unwrap_err();
    }
    reset(&code, "192.0.2.2").await.unwrap();
    let new = "another leaflet for every house";
    stock.sign_in("logan", new, &at("192.0.2.2")).await.unwrap();
}

async fn nodes_share_what_the_api_takes_from_an_account(books: Arc<Books>) {
    let one = &books.stock;
    let other = Stock::open(&books.url, books.world.clone()).await.unwrap();
    let logan = person(&books, "logan", Role::Logistics).await;
    let maria = person(&books, "maria", Role::Manager).await;
    for _ in 0..6_000 {
        one.api_request(logan.user).await.unwrap();
        other.api_request(logan.user).await.unwrap();
    }
    for node in [one, &other] {
        let refused = node.api_request(logan.user).await;
        assert!(matches!(refused, Err(DoorError::TooMany { .. })));
        node.api_request(maria.user).await.unwrap();
    }
    books.world.wait_ms(MINUTE_MS);
    one.api_request(logan.user).await.unwrap();
}

async fn strangers_at_the_api_have_to_wait(books: Arc<Books>) {
    let stock = &books.stock;
    let (here, there) = (at("192.0.2.1").origin, at("192.0.2.2").origin);
    for _ in 0..600 {
        stock.api_stranger(here).await.unwrap();
    }
    assert!(matches!(stock.api_stranger(here).await, Err(DoorError::TooMany { .. })));
    stock.api_stranger(there).await.unwrap();
    // A script with a token of last year does not shut the office out.
    stock.missed(here).await.unwrap();
}

async fn what_is_over_is_forgotten(books: Arc<Books>) {
    let stock = &books.stock;
    let origin = |n: u8| Origin::from(IpAddr::from([192, 0, 2, n]));
    for n in 0..20 {
        stock.missed(origin(n)).await.unwrap();
    }
    let raw = Raw::open(&books).await;
    assert_eq!(raw.count("door_count").await, 20);
    books.world.wait_ms(15 * MINUTE_MS);
    stock.missed(origin(20)).await.unwrap();
    assert_eq!(raw.count("door_count").await, 1);
}
