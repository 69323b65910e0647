use crate::error::PageError;
use crate::forms::{Done, Failure, Post, accepted};
use crate::i18n::{self, td_string};
use crate::session::cookies;
use stock::access::{SignInError, Token};

/// What the paths of the forms begin with that let somebody in.
const WAYS_IN: [&str; 4] = ["/login", "/reset", "/invitation/", "/setup"];

pub async fn sign_in(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let login = post.required("login", || td_string!(l, login.login_missing));
    let password = post.required("password", || td_string!(l, login.password_missing));
    let (Some(login), Some(password)) = (login, password) else { return Err(post.failed()) };
    let visit = &post.visit;
    let signed = visit.stock().sign_in(&login, &password, &visit.visitor).await;
    let token = signed.map_err(|error| match error {
        SignInError::Wrong => Failure::field("login", td_string!(l, login.wrong)),
        SignInError::Door(error) => error.into(),
        SignInError::Database(error) => error.into(),
    })?;
    welcome(&post, &token).await
}

/// The way in for somebody who has just proved who they are, with what they typed before.
pub(crate) async fn welcome(post: &Post, token: &Token) -> Result<Done, Failure> {
    let visit = &post.visit;
    // Somebody who was signed in already has refused attempts of their own.
    accepted(visit, &post.fields).await;
    if let Some(browser) = &visit.browser {
        let adopted = visit.stock().adopt_drafts(browser, token, &WAYS_IN).await;
        adopted.map_err(PageError::from)?;
    }
    let cookie = cookies::session(token, visit.state.settings.secure);
    Ok(Done::see(local_path(post.text("next"))).with_cookie(cookie))
}

pub async fn sign_out(post: Post) -> Result<Done, Failure> {
    let visit = &post.visit;
    if let Some(signed) = &visit.signed {
        visit.writer()?.end_session(signed.session).await?;
    }
    let cookie = cookies::no_session(visit.state.settings.secure);
    Ok(Done::see("/login").with_cookie(cookie))
}

pub async fn language(post: Post) -> Result<Done, Failure> {
    let locale = i18n::locale_of_tag(post.text("lang")).ok_or(PageError::NotFound)?;
    let cookie = cookies::language(i18n::lang(locale).tag(), post.visit.state.settings.secure);
    Ok(Done::see(local_path(post.text("back"))).with_cookie(cookie))
}

/// A path of this program, whatever was asked for: never a way to another site.
pub fn local_path(text: &str) -> String {
    let local = text.starts_with('/') && !text.starts_with("//") && !text.contains(['\\', '\n']);
    if local { text.to_owned() } else { "/".to_owned() }
}
