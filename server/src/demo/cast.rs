//! The people of the demo. They are roles with invented log-ins, nobody in particular.

use super::Told;
use super::places::Province;
use domain::ids::OrgId;
use domain::reference::Name;
use domain::role::{Actor, Role, Scope};
use std::collections::BTreeMap;
use stock::Stock;
use stock::access::{NewPerson, SetUp};
use tokio::task::JoinSet;

/// The log-in of the first administrator, who sets the books up.
const FIRST: &str = "admin";

/// A log-in as `tawzi demo` prints it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogIn {
    pub role: Role,
    pub login: String,
    pub password: String,
}

impl LogIn {
    pub(super) fn new(role: Role, login: &str) -> Self {
        Self { role, login: login.to_owned(), password: password(login) }
    }
}

fn password(login: &str) -> String {
    format!("{login}-of-the-demo")
}

/// Everybody who does something, as the books know them.
pub struct Cast {
    pub administrator: Actor,
    /// Keeps the central store and sends from it.
    pub logistics: Actor,
    /// The second person of the central store.
    pub second: Actor,
    pub manager: Actor,
    /// Works for the partner: receives, runs events, reports.
    pub worker: Actor,
    /// The worker's colleague.
    pub colleague: Actor,
    /// Keep a provincial store each and see nothing but their province.
    pub keepers: BTreeMap<Province, Actor>,
    pub log_ins: Vec<LogIn>,
}

/// Makes the programme and its first administrator.
pub async fn set_up(stock: &Stock) -> Told<Actor> {
    let first = SetUp {
        programme: Name::parse("Awareness programme (demo)")?,
        login: FIRST.to_owned(),
        name: Name::parse("Administrator (invented)")?,
        password: password(FIRST),
    };
    stock.set_up(first).await?;
    Ok(stock.actor_of(FIRST).await?.ok_or("the first administrator is gone")?)
}

/// Makes everybody else; `partner` is the organisation of the workers.
pub async fn gather(stock: &Stock, administrator: Actor, partner: OrgId) -> Told<Cast> {
    let mut crowd = Crowd::new(stock, administrator.org);
    crowd.staff("logistics", "Central store (invented)", Role::Logistics, Scope::Everything)?;
    crowd.staff(
        "logistics2",
        "Second at central store (invented)",
        Role::Logistics,
        Scope::Everything,
    )?;
    crowd.staff("manager", "Manager (invented)", Role::Manager, Scope::Everything)?;
    crowd.staff("viewer", "Donor's desk (invented)", Role::Viewer, Scope::Everything)?;
    for province in Province::ALL {
        let name = format!("{} store (invented)", province.name());
        crowd.staff(province.login(), &name, Role::Logistics, Scope::Place(province.keeps()))?;
    }
    for (login, name) in
        [("partner", "Field worker (invented)"), ("partner2", "Second field worker (invented)")]
    {
        crowd.add(login, name, partner, Role::Partner, Scope::Org(partner))?;
    }
    let mut known = crowd.gathered().await?;
    let mut take = |login: &str| known.remove(login).ok_or("somebody has no account");
    let mut log_ins = vec![LogIn::new(Role::Administrator, FIRST)];
    log_ins.extend(
        [
            (Role::Logistics, "logistics"),
            (Role::Partner, "partner"),
            (Role::Manager, "manager"),
            (Role::Viewer, "viewer"),
            (Role::Logistics, "logistics2"),
            (Role::Partner, "partner2"),
        ]
        .map(|(role, login)| LogIn::new(role, login)),
    );
    let mut keepers = BTreeMap::new();
    for province in Province::ALL {
        keepers.insert(province, take(province.login())?);
        log_ins.push(LogIn::new(Role::Logistics, province.login()));
    }
    Ok(Cast {
        administrator,
        logistics: take("logistics")?,
        second: take("logistics2")?,
        manager: take("manager")?,
        worker: take("partner")?,
        colleague: take("partner2")?,
        keepers,
        log_ins,
    })
}

/// Accounts that are made side by side: hashing passwords takes longer than all else.
pub struct Crowd<'a> {
    stock: &'a Stock,
    programme: OrgId,
    making: JoinSet<Result<(String, Actor), stock::access::PersonError>>,
}

impl<'a> Crowd<'a> {
    pub fn new(stock: &'a Stock, programme: OrgId) -> Self {
        Self { stock, programme, making: JoinSet::new() }
    }

    pub fn staff(&mut self, login: &str, name: &str, role: Role, scope: Scope) -> Told<()> {
        self.add(login, name, self.programme, role, scope)
    }

    pub fn add(
        &mut self,
        login: &str,
        name: &str,
        org: OrgId,
        role: Role,
        scope: Scope,
    ) -> Told<()> {
        let (stock, login) = (self.stock.clone(), login.to_owned());
        let name = Name::parse(name)?;
        self.making.spawn(async move {
            let person = NewPerson { login: login.clone(), name, org, role, scope: scope.clone() };
            let user = stock.add_person(person, &password(&login)).await?;
            Ok((login, Actor { user, org, role, scope }))
        });
        Ok(())
    }

    pub async fn gathered(mut self) -> Told<BTreeMap<String, Actor>> {
        let mut known = BTreeMap::new();
        while let Some(made) = self.making.join_next().await {
            let (login, actor) = made??;
            known.insert(login, actor);
        }
        Ok(known)
    }
}
