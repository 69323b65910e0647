use super::fields::read_rights;
use super::leaving::{NOBODY, can_go_on};
use super::page;
use crate::error::PageError;
use crate::features::reference;
use crate::features::setup::actions::login_refused;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::posting::ask;
use crate::session::Visit;
use domain::ids::UserId;
use stock::access::{NewInvitation, PersonError};
use uuid::Uuid;

pub async fn invite(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: Uuid = post.id("record")?;
    let name = reference::name(&mut post, "name");
    let rights = read_rights(&mut post);
    // Each is `None` when its field was refused.
    let (Some(name), Some(rights)) = (name, rights) else { return Err(post.failed()) };
    let called = name.as_str().to_owned();
    let wanted =
        NewInvitation { id, name, org: rights.org, role: rights.role, scope: rights.scope };
    let writer = post.visit.writer()?;
    let token = writer.invite(wanted).await.map_err(|error| explain(error, l))?;
    let invitation = post.visit.stock().invitation(&token).await?.ok_or(PageError::NotFound)?;
    let link = post.visit.state.url(&format!("/invitation/{}", token.as_str()));
    // Not a redirect: the link is in no address and no log, only on this page.
    Ok(Done::show(move || page::invited(l, &called, link, invitation.expires_at)))
}

pub async fn withdraw(post: Post) -> Result<Done, Failure> {
    let id: Uuid = post.visit.param("id")?;
    post.visit.writer()?.withdraw_invitation(id).await?;
    Ok(Done::see("/people"))
}

pub async fn change_rights(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: UserId = post.visit.param("id")?;
    let Some(rights) = read_rights(&mut post) else { return Err(post.failed()) };
    let writer = post.visit.writer()?;
    let changed = writer.change_rights(id, rights.org, rights.role, rights.scope).await;
    changed.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("/people/{id}")))
}

pub async fn reset_code(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: UserId = post.visit.param("id")?;
    let writer = post.visit.writer()?;
    let person = writer.reader().person(id).await?;
    let code = writer.make_reset_code(id).await?;
    Ok(Done::show(move || page::reset_code(l, &person, code)))
}

/// Asked twice: who takes over, and then whether that is meant. An account that ended stays so.
pub async fn leave(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: UserId = post.visit.param("id")?;
    let chosen = post.parse("successor", |word| match word {
        "" => Err(td_string!(l, people.choose_successor)),
        NOBODY => Ok(None),
        id => id.parse().map(Some).map_err(|_| td_string!(l, people.successor_unknown)),
    });
    let Some(successor) = chosen else { return Err(post.failed()) };
    if let Some(successor) = successor {
        let reader = post.visit.reader()?;
        let (person, left) = (reader.person(successor).await?, reader.left_behind(id).await?);
        if !can_go_on(&person, &left) {
            post.wrong("successor", td_string!(l, people.successor_unfit, name = person.name));
            return Err(post.failed());
        }
    }
    let words = what_ends(&post.visit, id, successor).await?;
    let taking_over = successor.map_or(NOBODY.to_owned(), |successor| successor.to_string());
    ask(&mut post, &taking_over, words);
    if !post.is_right() {
        return Err(post.failed());
    }
    let writer = post.visit.writer()?;
    if let Some(successor) = successor {
        writer.hand_over(id, successor).await?;
    }
    writer.retire_person(id).await.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("/people/{id}")))
}

/// What will have happened once the account has ended.
async fn what_ends(
    visit: &Visit,
    id: UserId,
    successor: Option<UserId>,
) -> Result<String, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let (name, left) = (reader.person(id).await?.name, reader.left_behind(id).await?);
    let tasks = lang.number(left.tasks.len() as i64);
    let forms = lang.number(left.drafts.len() as i64);
    Ok(match successor {
        Some(successor) => {
            let to = reader.person(successor).await?.name;
            td_string!(l, people.ends_to, name = name, tasks = tasks, forms = forms, to = to)
        }
        None => td_string!(l, people.ends_to_nobody, name = name, tasks = tasks, forms = forms),
    })
}

fn explain(error: PersonError, l: Locale) -> Failure {
    match error {
        PersonError::UnknownOrg => Failure::field("org", td_string!(l, people.org_missing)),
        PersonError::UnknownPlace => Failure::field("scope", td_string!(l, people.place_unknown)),
        PersonError::NoAccounts => Failure::field("org", td_string!(l, people.no_accounts)),
        PersonError::HoldsNothing => Failure::field("scope", td_string!(l, people.holds_nothing)),
        PersonError::PartnerScope => Failure::field("scope", td_string!(l, people.partner_scope)),
        PersonError::AdministratorScope => {
            Failure::field("scope", td_string!(l, people.administrator_scope))
        }
        PersonError::LastAdministrator => Failure::form(td_string!(l, people.last_administrator)),
        PersonError::LoginTaken | PersonError::LoginMalformed | PersonError::Weak(_) => {
            login_refused(l, error)
        }
        PersonError::Denied(_) | PersonError::Database(_) => PageError::from(error).into(),
    }
}
