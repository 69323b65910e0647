use super::{actor, open, other};
use crate::config::{Books, StartError};
use clap::{Subcommand, ValueEnum};
use domain::ids::OrgId;
use domain::reference::Name;
use domain::role::{PlaceCode, Role, Scope};
use std::io::BufRead;
use stock::access::NewPerson;

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
    /// Makes an account; the password is the first line of standard input
    Add {
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
    },
    /// Ends a person's account and sessions
    Retire { login: String },
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
        Action::Add { login, name, org, role, place, own_org } => {
            let org_id = stock.org_by_short_name(&org).await.map_err(other)?;
            let org: OrgId = org_id.ok_or_else(|| {
                StartError::Other(format!("there is no organisation with the short name {org:?}"))
            })?;
            let role = role.role();
            let scope = match place {
                Some(code) => Scope::Place(PlaceCode::new(code)),
                None if own_org || role == Role::Partner => Scope::Org(org),
                None => Scope::Everything,
            };
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password).map_err(other)?;
            let name =
                Name::parse(&name).map_err(|e| StartError::Other(format!("the name {e}")))?;
            let person = NewPerson { login: login.clone(), name, org, role, scope };
            let password = password.trim_end_matches(['\r', '\n']);
            stock.add_person(person, password).await.map_err(other)?;
            println!("{login} can sign in.");
        }
        Action::Retire { login } => {
            let leaving = actor(&stock, &login).await?;
            stock.retire(leaving.user).await.map_err(other)?;
            println!("{login} cannot sign in any more.");
        }
    }
    Ok(())
}
