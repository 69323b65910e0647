use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::ids::OrgId;
use domain::reference::OrgKind;
use stock::reference::orgs::{OrgInput, OrgStandingError, SaveOrgError};

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: OrgId = post.id("record")?;
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    post.visit.writer()?.create_org(id, input).await.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("/reference/organisations/{id}?saved=1")))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: OrgId = post.visit.param("id")?;
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    post.visit.writer()?.edit_org(id, input).await.map_err(|error| explain(error, l))?;
    Ok(Done::see(format!("/reference/organisations/{id}?saved=1")))
}

pub async fn standing(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: OrgId = post.visit.param("id")?;
    let standing = reference::asked_standing(&post)?;
    let set = post.visit.writer()?.set_org_standing(id, standing).await;
    set.map_err(|error| match error {
        OrgStandingError::Denied(denied) => denied.into(),
        OrgStandingError::HasStores => Failure::form(td_string!(l, organisations.has_stores)),
        OrgStandingError::Database(error) => error.into(),
    })?;
    Ok(Done::see(format!("/reference/organisations/{id}?saved=1")))
}

fn read(post: &mut Post) -> Option<OrgInput> {
    let l = post.visit.locale;
    let name = reference::name(post, "name");
    let short_name = reference::name(post, "short_name");
    let kind = post.parse("kind", |text| {
        OrgKind::parse(text).ok_or_else(|| td_string!(l, organisations.kind_missing))
    });
    Some(OrgInput { name: name?, short_name: short_name?, kind: kind? })
}

fn explain(error: SaveOrgError, l: Locale) -> Failure {
    match error {
        SaveOrgError::Denied(denied) => denied.into(),
        SaveOrgError::DuplicateName => {
            Failure::field("name", td_string!(l, reference.duplicate_name))
        }
        SaveOrgError::SavedBefore(_) => Failure::form(td_string!(l, reference.saved_before)),
        SaveOrgError::Database(error) => error.into(),
    }
}
