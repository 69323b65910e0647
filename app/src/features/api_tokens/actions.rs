use super::page;
use crate::error::PageError;
use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::text::latin_digits;
use stock::access::{NewToken, TokenError};
use uuid::Uuid;

pub async fn make(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let name = reference::name(&mut post, "name");
    let days = post.parse("days", |text| {
        latin_digits(text).parse::<i64>().map_err(|_| td_string!(l, api_tokens.days_wrong))
    });
    let may_write = post.fields.has("may_write");
    let (Some(name), Some(days)) = (name, days) else { return Err(post.failed()) };
    let called = name.as_str().to_owned();
    let wanted = NewToken { name: called.clone(), may_write, days };
    let made = post.visit.writer()?.make_token(wanted).await;
    let token = made.map_err(|error| explain(error, l))?.as_str().to_owned();
    // Not a redirect: the token is in no address and no log, only on this page.
    Ok(Done::show(move || page::made(l, &called, token)))
}

pub async fn end(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: Uuid = post.visit.param("id")?;
    post.visit.writer()?.end_token(id).await.map_err(|error| explain(error, l))?;
    Ok(Done::see("/account/tokens"))
}

fn explain(error: TokenError, l: Locale) -> Failure {
    match error {
        TokenError::Denied(denied) => denied.into(),
        TokenError::NameMissing => Failure::field("name", td_string!(l, reference.name_missing)),
        TokenError::Days => Failure::field("days", td_string!(l, api_tokens.days_wrong)),
        TokenError::Database(error) => PageError::from(error).into(),
    }
}
