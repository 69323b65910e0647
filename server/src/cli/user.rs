use super::{actor, open, other};
use crate::config::{Books, StartError};
use clap::{Subcommand, ValueEnum};
use domain::reference::Name;
use domain::role::{PlaceCode, Role, Scope};
use std::io::BufRead;
use stock::Stock;
use stock::access::{NewPerson, SetUp};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Everyone with an account
    List,
    /// Makes an account; the password is the first line of standard input. In new books the first
    /// one is an administrator's, and makes the organisation too
    Add(Wanted),
    /// Ends a person's account and sessions
    Retire { login: String },
}

#[derive(clap::Args)]
struct Wanted {
    login: String,
    #[arg(long)]
    name: String,
    /// The short name of the organisation
    #[arg(long)]
    org: String,
    #[arg(long)]
    role: RoleName,
    /// Sees only this province or district
    #[arg(long)]
    place: Option<String>,
    /// Sees only the organisation's own; always so for partners
    #[arg(long, conflicts_with = "place")]
    own_org: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Administrator,
    Logistics,
    Partner,
    Manager,
    Viewer,
}

impl RoleName {
    const fn role(self) -> Role {
        match self {
            Self::Administrator => Role::Administrator,
            Self::Logistics => Role::Logistics,
            Self::Partner => Role::Partner,
            Self::Manager => Role::Manager,
            Self::Viewer => Role::Viewer,
        }
    }
}

pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let stock = open(&arguments.books).await?;
    match arguments.action {
        Action::List => {
            for person in stock.everyone().await.map_err(other)? {
                let left = if person.retired_at.is_some() { "\tretired" } else { "" };
                println!(
                    "{}\t{}\t{}\t{}{left}",
                    person.login,
                    person.name,
                    person.org_name,
                    person.role.word()
                );
            }
        }
        Action::Add(wanted) => add(&stock, wanted).await?,
        Action::Retire { login } => {
            let leaving = actor(&stock, &login).await?;
            stock.retire(leaving.user).await.map_err(other)?;
            println!("{login} cannot sign in any more.");
        }
    }
    stock.close().await.map_err(other)
}

async fn add(stock: &Stock, wanted: Wanted) -> Result<(), StartError> {
    let name = name(&wanted.name)?;
    let role = wanted.role.role();
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(other)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let login = wanted.login;
    if role == Role::Administrator && stock.is_new().await.map_err(other)? {
        let programme = self::name(&wanted.org)?;
        let first = SetUp { programme, login: login.clone(), name, password };
        stock.set_up(first).await.map_err(other)?;
    } else {
        let org = stock.org_by_short_name(&wanted.org).await.map_err(other)?;
        let org = org.ok_or_else(|| {
            let org = &wanted.org;
            StartError::Other(format!("there is no organisation with the short name {org:?}"))
        })?;
        let scope = match wanted.place {
            Some(code) => Scope::Place(PlaceCode::new(code)),
            None if wanted.own_org || role == Role::Partner => Scope::Org(org),
            None => Scope::Everything,
        };
        let person = NewPerson { login: login.clone(), name, org, role, scope };
        stock.add_person(person, &password).await.map_err(other)?;
    }
    println!("{login} can sign in.");
    Ok(())
}

fn name(text: &str) -> Result<Name, StartError> {
    Name::parse(text).map_err(|error| StartError::Other(format!("the name {text:?} {error}")))
}
