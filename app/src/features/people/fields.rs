//! Role, organisation and scope: shown as words, asked for as fields, read back.

use crate::error::PageError;
use crate::forms::{FormState, Post};
use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use crate::shell::role_name;
use crate::ui::{self, Choice, Definition};
use domain::ids::OrgId;
use domain::reference::Standing;
use domain::role::{PlaceCode, Role, Scope};
use leptos::prelude::*;

/// What an account sees, in words.
pub(crate) async fn scope_words(visit: &Visit, scope: &Scope) -> Result<String, PageError> {
    let (l, reader) = (visit.locale, visit.reader()?);
    Ok(match scope {
        Scope::Everything => td_string!(l, people.scope_everything).to_owned(),
        Scope::Place(code) => match reader.place(code).await? {
            Some(place) => place.name.of(visit.lang()).to_owned(),
            None => code.as_str().to_owned(),
        },
        Scope::Org(org) => match reader.org(*org).await? {
            Some(org) => td_string!(l, people.scope_only, org = org.name).to_string(),
            None => td_string!(l, people.scope_org).to_owned(),
        },
        Scope::Event(_) | Scope::Consignment(_) => String::new(),
    })
}

pub(crate) fn rights(l: Locale, role: Role, org: &str, scope: String) -> Vec<Definition> {
    vec![
        Definition::new(td_string!(l, people.role), role_name(l, role)),
        Definition::new(td_string!(l, people.org), org.to_owned()),
        Definition::new(td_string!(l, people.scope), scope),
    ]
}

/// The rights that a form begins with.
pub(super) struct Rights {
    pub org: OrgId,
    pub role: Role,
    pub scope: Scope,
}

/// The fields for organisation, role and scope.
pub(super) async fn rights_fields(
    visit: &Visit,
    form: &FormState,
    first: Option<Rights>,
) -> Result<AnyView, PageError> {
    let (l, reader) = (visit.locale, visit.reader()?);
    let orgs = reader.orgs().await?.into_iter();
    let orgs = orgs.filter(|org| org.standing == Standing::InUse && org.kind.has_accounts());
    let orgs: Vec<Choice> = orgs.map(|org| Choice::new(org.id.to_string(), org.name)).collect();
    let role = |role: Role| Choice::new(role.word(), role_name(l, role)).hint(role_hint(l, role));
    let roles: Vec<Choice> = Role::ALL.map(role).into();
    let (org_first, role_first, scope_first) = match &first {
        Some(first) => (
            first.org.to_string(),
            first.role.word(),
            match &first.scope {
                Scope::Everything => "everything",
                Scope::Org(_) => "org",
                Scope::Event(_) | Scope::Consignment(_) => "",
                Scope::Place(code) => code.as_str(),
            },
        ),
        None => (String::new(), "", "org"),
    };
    let scopes = scope_choices(visit).await?;
    Ok(view! {
        <ui::SelectField name="org" label=td_string!(l, people.org) choices=orgs
            prompt=td_string!(l, people.org_prompt) value=form.or("org", org_first)
            error=form.error("org")/>
        <ui::RadioCards name="role" label=td_string!(l, people.role) choices=roles
            value=form.or("role", role_first) error=form.error("role")/>
        <ui::SelectField name="scope" label=td_string!(l, people.scope) choices=scopes
            hint=td_string!(l, people.scope_hint) value=form.or("scope", scope_first)
            error=form.error("scope")/>
    }
    .into_any())
}

/// Everything, the organisation, and every place, districts under their province.
async fn scope_choices(visit: &Visit) -> Result<Vec<Choice>, PageError> {
    let (l, lang, reader) = (visit.locale, visit.lang(), visit.reader()?);
    let mut choices = vec![
        Choice::new("org", td_string!(l, people.scope_org)),
        Choice::new("everything", td_string!(l, people.scope_everything)),
    ];
    let (provinces, places) = (reader.provinces().await?, reader.places().await?);
    for province in provinces {
        let group = province.name.of(lang).to_owned();
        let below = places.iter().filter(|place| place.province.as_ref() == Some(&province.code));
        let whole = td_string!(l, people.whole_province, name = group.clone()).to_string();
        choices.push(Choice::new(province.code.as_str(), whole).group(group.clone()));
        choices.extend(below.map(|place| {
            Choice::new(place.code.as_str(), place.name.of(lang)).group(group.clone())
        }));
    }
    Ok(choices)
}

/// Reads the three fields; the errors are noted.
pub(super) fn read_rights(post: &mut Post) -> Option<Rights> {
    let l = post.visit.locale;
    let org = post
        .parse("org", |text| text.parse::<OrgId>().map_err(|_| td_string!(l, people.org_missing)));
    let role = post
        .parse("role", |text| Role::parse(text).ok_or_else(|| td_string!(l, people.role_missing)));
    let (org, role) = (org?, role?);
    let scope = match post.text("scope") {
        "everything" => Scope::Everything,
        "org" => Scope::Org(org),
        code => Scope::Place(PlaceCode::new(code)),
    };
    Some(Rights { org, role, scope })
}

pub(super) fn role_hint(l: Locale, role: Role) -> &'static str {
    match role {
        Role::Administrator => td_string!(l, people.hint_administrator),
        Role::Logistics => td_string!(l, people.hint_logistics),
        Role::Partner => td_string!(l, people.hint_partner),
        Role::Manager => td_string!(l, people.hint_manager),
        Role::Viewer => td_string!(l, people.hint_viewer),
        Role::Link => "",
    }
}
