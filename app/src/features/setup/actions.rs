use crate::error::PageError;
use crate::features::login::actions::welcome;
use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use stock::access::{
    MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PersonError, SetUp, SetUpError, Token, WeakPassword,
};

/// The page exists only while nobody has an account, and only for who read the log.
pub(super) async fn with_token(visit: &Visit) -> Result<(), PageError> {
    let given: String = visit.param("token")?;
    let right = visit.state.settings.setup_token.as_ref().is_some_and(|token| {
        // Hashes are compared, so that the time of the answer tells nothing about the token.
        token.sha256() == Token::from_request(&given).sha256()
    });
    if right && visit.stock().is_new().await? {
        return Ok(());
    }
    visit.stock().missed(visit.visitor.origin).await?;
    Err(PageError::NotFound)
}

pub async fn first(mut post: Post) -> Result<Done, Failure> {
    with_token(&post.visit).await?;
    let l = post.visit.locale;
    let programme = reference::name(&mut post, "programme");
    let name = reference::name(&mut post, "name");
    let account = new_account(&mut post).await?;
    let (Some(programme), Some(name), Some((login, password))) = (programme, name, account) else {
        return Err(post.failed());
    };
    let wanted = SetUp { programme, login: login.clone(), name, password: password.clone() };
    let stock = post.visit.stock();
    stock.set_up(wanted).await.map_err(|error| match error {
        SetUpError::AlreadyDone => PageError::NotFound.into(),
        SetUpError::Weak(weak) => weak_password(l, weak),
        SetUpError::Person(error) => login_refused(l, error),
        SetUpError::NameTaken => {
            Failure::field("programme", td_string!(l, reference.duplicate_name))
        }
        SetUpError::Database(error) => error.into(),
    })?;
    let token = stock.sign_in(&login, &password, &post.visit.visitor).await;
    let token = token.map_err(|error| PageError::Internal(error.to_string()))?;
    welcome(&post, &token).await
}

/// The user name and the password that somebody chose. Everything that is wrong with them is noted.
pub(crate) async fn new_account(post: &mut Post) -> Result<Option<(String, String)>, PageError> {
    let l = post.visit.locale;
    let login = post.required("login", || td_string!(l, login.login_missing));
    let password = new_password(post);
    let stock = post.visit.stock();
    let wrong = stock.wrong_with_account(login.as_deref(), password.as_deref()).await;
    let is_right = wrong.is_empty();
    for error in wrong {
        match login_refused(l, error) {
            Failure::Form(errors) => {
                errors.into_iter().for_each(|error| post.wrong(error.name, error.message));
            }
            Failure::Page(error) => return Err(error),
        }
    }
    Ok(login.zip(password).filter(|_| is_right))
}

/// A password that was typed twice, and the same.
pub(crate) fn new_password(post: &mut Post) -> Option<String> {
    let l = post.visit.locale;
    let password = post.required("password", || td_string!(l, login.password_missing))?;
    if post.text("password_again") != password {
        post.wrong("password_again", td_string!(l, setup.passwords_differ));
        return None;
    }
    Some(password)
}

pub(crate) fn weak_password(l: Locale, weak: WeakPassword) -> Failure {
    let words = match weak {
        WeakPassword::TooShort => {
            td_string!(l, setup.password_short, least = MIN_PASSWORD_CHARS as i64).to_string()
        }
        WeakPassword::TooLong => {
            td_string!(l, setup.password_long, most = MAX_PASSWORD_CHARS as i64).to_string()
        }
        WeakPassword::IsLogin => td_string!(l, setup.password_is_login).to_string(),
    };
    Failure::field("password", words)
}

/// What can be wrong with a user name that somebody chooses for themselves.
pub(crate) fn login_refused(l: Locale, error: PersonError) -> Failure {
    match error {
        PersonError::LoginTaken => Failure::field("login", td_string!(l, setup.login_taken)),
        PersonError::LoginMalformed => {
            Failure::field("login", td_string!(l, setup.login_malformed))
        }
        PersonError::Weak(weak) => weak_password(l, weak),
        PersonError::Denied(_)
        | PersonError::UnknownOrg
        | PersonError::UnknownPlace
        | PersonError::NoAccounts
        | PersonError::HoldsNothing
        | PersonError::PartnerScope
        | PersonError::AdministratorScope
        | PersonError::LastAdministrator
        | PersonError::Database(_) => PageError::from(error).into(),
    }
}
