//! `postern`: one binary, a subcommand for each thing an operator does.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use postern::{
    auth::session::Plan,
    clock::Clock,
    config::{Config, ConfigError, environment},
    demo::{self, Demo},
    doctor,
    error::Error,
    graphql, log, operator,
    seed::{self, Size},
    serve,
    state::App,
    store::{self, Store},
};

/// A fifth of a page's time was spent in the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Postern: a clean portal for the people who pay you.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal. Configured by environment variables, see the README.
    Serve,
    /// Serve a portal filled with a demo org; mail stays in a mailbox at /dev/mail, and paying is simulated.
    Demo,
    /// Bring the database's schema up to date and end.
    Migrate,
    /// Fill an empty database with as much data as you like, the same data each time.
    Seed(Size),
    /// Copy a SQLite database to a new file, while it serves, and check the copy.
    Backup {
        /// The file to be made.
        file: PathBuf,
    },
    /// Put a backup in the place of a SQLite database that is not there. Postern must not run meanwhile.
    Restore {
        /// The file that `backup` has made.
        file: PathBuf,
    },
    /// Look at configuration, database, role and mail, and say what is not as it should be. Changes nothing.
    Doctor {
        /// Instead, fill a scratch database beside the one that serves, ask for everything as everybody, and say whether
        /// anybody was shown what is not theirs. Takes a minute.
        #[arg(long)]
        isolation: bool,
    },
    /// Print the GraphQL schema.
    Schema,
    /// Look after an org.
    #[command(subcommand)]
    Org(OrgCommand),
}

#[derive(Debug, Subcommand)]
enum OrgCommand {
    /// Change the plan of an org. Back to free, its portal shows a notice and no data; its data stays.
    Plan {
        /// The org's short name, as in /portal/SLUG/login.
        slug: String,
        /// free, studio or agency.
        plan: Plan,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = log::start() {
        complain(&error.into());
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(arguments.command));
            // What still blocks a thread is not waited for: a name that is looked up, a document nobody gets any more.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(Failure::Start(error.to_string())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure);
            ExitCode::FAILURE
        }
    }
}

/// Why the process ends before it should.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Run(#[from] Error),
    #[error("{0}")]
    Start(String),
    #[error("not all is well, see above")]
    Found,
}

#[expect(clippy::print_stderr, reason = "the operator must read it, whatever the log is set to")]
fn complain(failure: &Failure) {
    eprintln!("postern: {failure}");
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve => {
            let config = Config::for_serve(&environment)?;
            let listener = serve::bind(config.listen).await?;
            tracing::info!(address = %config.listen, url = %config.public_url, "serving");
            let app = App::open(config, Clock::system()).await?;
            serve::serve(app, listener).await?;
        }
        Command::Demo => {
            let config = Config::for_demo(&environment)?;
            let listener = serve::bind(config.listen).await?;
            let address = listener.local_addr().map_err(Error::bug)?;
            let demo = Demo::open(config, address, Clock::system()).await?;
            if let Some(stripe) = &demo.stripe {
                tracing::info!(dashboard = %format!("{}/dashboard", stripe.url()), "Stripe is simulated: no money moves");
            }
            print(&demo::welcome(&demo));
            serve::serve(demo.app.clone(), listener).await?;
        }
        Command::Migrate => {
            let config = Config::database(&environment, "sqlite://data/postern.db")?;
            Store::open(&config, Clock::system()).await?.close().await;
            tracing::info!("the schema is up to date");
        }
        Command::Seed(size) => {
            let config = Config::database(&environment, "sqlite://data/postern.db")?;
            let store = Store::open(&config, Clock::system()).await?;
            seed::fill(&store, &size).await?;
            store.close().await;
        }
        Command::Backup { file } => {
            let config = Config::database(&environment, "sqlite://data/postern.db")?;
            print(&operator::copied("Backed up", &store::backup(&config, &file).await?));
        }
        Command::Restore { file } => {
            let config = Config::database(&environment, "sqlite://data/postern.db")?;
            print(&operator::copied("Restored", &store::restore(&file, &config).await?));
        }
        Command::Doctor { isolation: true } => {
            let config = Config::database(&environment, "sqlite://data/postern.db")?;
            let report = doctor::isolation(&config, Clock::system()).await?;
            print(&report.to_string());
            if !report.holds() {
                return Err(Failure::Found);
            }
        }
        Command::Doctor { isolation: false } => {
            let config = Config::for_serve(&environment);
            let checkup =
                doctor::check_up(config, Config::database(&environment, "sqlite://data/postern.db")).await;
            print(&checkup.to_string());
            if !checkup.holds() {
                return Err(Failure::Found);
            }
        }
        Command::Schema => print(&graphql::sdl()),
        Command::Org(OrgCommand::Plan { slug, plan }) => {
            let config = Config::database(&environment, "sqlite://data/postern.db")?;
            let store = Store::open(&config, Clock::system()).await?;
            let said = operator::set_plan(&store, &slug, plan).await;
            store.close().await;
            print(said?);
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what the command was asked to print")]
fn print(text: &str) {
    println!("{text}");
}
