use super::{actor, open, other};
use crate::config::{Books, StartError};
use clap::Subcommand;
use stock::access::NewToken;
use uuid::Uuid;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    books: Books,
    /// Whose tokens
    login: String,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// The living tokens
    List,
    /// Makes a token and prints it, this once
    Add {
        /// What it is for
        name: String,
        /// Lets it post records too
        #[arg(long)]
        write: bool,
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// Ends a token
    End { id: Uuid },
}

pub async fn run(arguments: Arguments) -> Result<(), StartError> {
    let stock = open(&arguments.books).await?;
    let actor = actor(&stock, &arguments.login).await?;
    match arguments.action {
        Action::List => {
            for token in stock.reader(&actor).tokens().await.map_err(other)? {
                let rights = if token.may_write { "reads and writes" } else { "reads" };
                let until = token.expires_at.day();
                println!("{}\t{}\t{rights}\tuntil {until}", token.id, token.name);
            }
        }
        Action::Add { name, write, days } => {
            let wanted = NewToken { name, may_write: write, days };
            let token = stock.writer(&actor).make_token(wanted).await.map_err(other)?;
            println!("{}", token.as_str());
        }
        Action::End { id } => {
            stock.writer(&actor).end_token(id).await.map_err(other)?;
            println!("The token is ended.");
        }
    }
    stock.close().await.map_err(other)
}
