use crate::program::{Program, between};
use domain::role::Role;
use stock::access::{NewToken, Token, TokenError};

fn wanted(days: i64) -> NewToken {
    NewToken { name: "Monthly export".to_owned(), may_write: false, days }
}

#[tokio::test]
async fn a_token_acts_for_its_owner_until_it_ends() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let writer = program.stock.writer(&logan);
    let token = writer.make_token(wanted(30)).await.unwrap();
    let holder = program.stock.token_holder(&token).await.unwrap().unwrap();
    assert_eq!((holder.actor, holder.may_write), (logan.clone(), false));
    let listed = program.stock.reader(&logan).tokens().await.unwrap();
    assert_eq!(listed.len(), 1);
    let maria = program.add_person("maria", Role::Manager).await;
    let foreign = program.stock.writer(&maria).end_token(listed[0].id).await;
    assert!(matches!(foreign, Err(TokenError::Denied(_))));
    writer.end_token(listed[0].id).await.unwrap();
    assert_eq!(program.stock.token_holder(&token).await.unwrap(), None);
}

#[tokio::test]
async fn a_token_expires_and_ends_with_its_owner() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let writer = program.stock.writer(&logan);
    let short = writer.make_token(wanted(1)).await.unwrap();
    let long = writer.make_token(wanted(90)).await.unwrap();
    program.world.pass_minutes(25 * 60);
    assert_eq!(program.stock.token_holder(&short).await.unwrap(), None);
    assert!(program.stock.token_holder(&long).await.unwrap().is_some());
    program.stock.retire(logan.user).await.unwrap();
    assert_eq!(program.stock.token_holder(&long).await.unwrap(), None);
    assert!(matches!(writer.make_token(wanted(1000)).await, Err(TokenError::Days)));
}

#[tokio::test]
async fn a_token_is_made_in_the_browser_and_shown_once() {
    let program = Program::new().await;
    let logan = program.add_person("logan", Role::Logistics).await;
    let browser = program.browser_of("logan").await;
    let wrong = browser.send("/account/tokens", &[("name", "Export"), ("days", "0")]).await;
    assert!(wrong.contains("Enter a number of days from 1 to 366"));
    let fields = [("name", "Export"), ("days", "۳۰"), ("may_write", "true")];
    let page = browser.post("/account/tokens", &fields).await.text();
    let token = Token::from_request(between(&page, "<code dir=\"ltr\" class=\"code\">", "<"));
    let holder = program.stock.token_holder(&token).await.unwrap().unwrap();
    assert_eq!((holder.actor, holder.may_write), (logan, true));
    let list = browser.page("/account/tokens").await;
    assert!(list.contains("Export") && !list.contains(token.as_str()));
    let id = between(&list, "/account/tokens/", "/end").to_owned();
    let list = browser.send(&format!("/account/tokens/{id}/end"), &[]).await;
    assert!(list.contains("You have no tokens"));
    assert_eq!(program.stock.token_holder(&token).await.unwrap(), None);
}
