use crate::error::PageError;
use crate::features::login::actions::{local_path, welcome};
use crate::features::setup::actions::{login_refused, new_account, new_password, weak_password};
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use stock::access::{AcceptError, ChangeError, DraftOwner, ResetError, SignInError, Token};
use uuid::Uuid;

pub async fn end_session(post: Post) -> Result<Done, Failure> {
    let session: Uuid = post.visit.param("id")?;
    post.visit.writer()?.end_session(session).await?;
    Ok(Done::see(local_path(post.text("back"))))
}

pub async fn throw_away(post: Post) -> Result<Done, Failure> {
    let draft: Uuid = post.visit.param("id")?;
    let owner = DraftOwner::Person(post.visit.actor()?.user);
    let thrown = post.visit.stock().throw_draft_away(&owner, draft).await?;
    if thrown { Ok(Done::see("/account")) } else { Err(PageError::NotFound.into()) }
}

pub async fn accept(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let token = Token::from_request(&post.visit.param::<String>("token")?);
    // Only who is invited learns which names are taken.
    if post.visit.stock().invitation(&token).await?.is_none() {
        post.visit.stock().missed(post.visit.visitor.origin).await?;
        return Err(Failure::form(td_string!(l, account.invitation_gone)));
    }
    let chosen = new_account(&mut post).await?;
    let Some((login, password)) = chosen else { return Err(post.failed()) };
    let (stock, visitor) = (post.visit.stock(), &post.visit.visitor);
    let accepted = stock.accept_invitation(&token, &login, &password, visitor).await;
    let session = accepted.map_err(|error| match error {
        AcceptError::Gone => Failure::form(td_string!(l, account.invitation_gone)),
        AcceptError::Weak(weak) => weak_password(l, weak),
        AcceptError::Person(error) => login_refused(l, error),
        AcceptError::Database(error) => error.into(),
    })?;
    welcome(&post, &session).await
}

pub async fn reset(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let login = post.required("login", || td_string!(l, login.login_missing));
    let code = post.required("secret_code", || td_string!(l, account.code_missing));
    let password = new_password(&mut post);
    let (Some(login), Some(code), Some(password)) = (login, code, password) else {
        return Err(post.failed());
    };
    let (stock, visitor) = (post.visit.stock(), &post.visit.visitor);
    let session = stock.reset_password(&login, &code, &password, visitor).await;
    let session = session.map_err(|error| match error {
        ResetError::Wrong => Failure::field("secret_code", td_string!(l, account.code_wrong)),
        ResetError::Door(error) => error.into(),
        ResetError::Weak(weak) => weak_password(l, weak),
        ResetError::Database(error) => error.into(),
    })?;
    welcome(&post, &session).await
}

pub async fn change_password(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let old = post.required("password_old", || td_string!(l, account.old_missing));
    let password = new_password(&mut post);
    let (Some(old), Some(password)) = (old, password) else { return Err(post.failed()) };
    let visit = &post.visit;
    let login = visit.signed.as_ref().map(|signed| &signed.login).ok_or(PageError::SignIn)?;
    let changed = visit.stock().change_password(login, &old, &password, &visit.visitor).await;
    let session = changed.map_err(|error| match error {
        ChangeError::Old(SignInError::Wrong) => {
            Failure::field("password_old", td_string!(l, account.old_wrong))
        }
        ChangeError::Old(SignInError::Door(error)) => error.into(),
        ChangeError::Old(SignInError::Database(error)) => error.into(),
        ChangeError::Weak(weak) => weak_password(l, weak),
        ChangeError::Database(error) => error.into(),
    })?;
    let done = welcome(&post, &session).await?;
    Ok(done.instead("/account?changed=1"))
}
