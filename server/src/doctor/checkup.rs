//! What `postern doctor` prints: each thing that Postern stands on, and whether it holds.

use std::fmt::Write as _;

use crate::{
    config::{Config, ConfigError, DatabaseConfig, SignUp},
    mail::Mailer,
    store::{self, Examined, Role, Schema},
};

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    /// It works; somebody should know.
    Note,
    Bad,
}

/// All that was looked at.
#[derive(Debug, Default)]
pub struct Checkup(Vec<(Verdict, String)>);

impl Checkup {
    /// Whether Postern can serve like this.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.0.iter().all(|(verdict, _)| *verdict != Verdict::Bad)
    }

    fn say(&mut self, verdict: Verdict, text: impl Into<String>) {
        self.0.push((verdict, text.into()));
    }

    /// Bad where something is wrong, good where not.
    fn hold(&mut self, wrong: bool, bad: impl Into<String>, good: impl Into<String>) {
        if wrong { self.say(Verdict::Bad, bad) } else { self.say(Verdict::Good, good) }
    }
}

impl std::fmt::Display for Checkup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (verdict, text) in &self.0 {
            let word = match verdict {
                Verdict::Good => "ok",
                Verdict::Note => "note",
                Verdict::Bad => "WRONG",
            };
            writeln!(f, "{word:<6} {text}")?;
        }
        let verdict =
            if self.holds() { "Postern can serve like this." } else { "Postern should not serve like this." };
        writeln!(f, "\n{verdict}\nWhether anybody sees what is not theirs: postern doctor --isolation")
    }
}

/// Looks at everything; each thing by itself, so that one that is wrong hides no other.
pub async fn check_up(
    config: Result<Config, ConfigError>,
    database: Result<DatabaseConfig, ConfigError>,
) -> Checkup {
    let mut checkup = Checkup::default();
    match &config {
        Ok(config) => configured(&mut checkup, config).await,
        Err(error) => checkup.say(Verdict::Bad, format!("configuration: {error}")),
    }
    match &database {
        Ok(database) => match store::examine(database).await {
            Ok(found) => examined(&mut checkup, found),
            Err(error) => checkup.say(Verdict::Bad, format!("database: {error}")),
        },
        Err(error) if config.is_ok() => checkup.say(Verdict::Bad, format!("configuration: {error}")),
        Err(_) => {}
    }
    checkup
}

async fn configured(checkup: &mut Checkup, config: &Config) {
    checkup.say(Verdict::Good, format!("configuration: whole; reached at {}", config.public_url.link("")));
    if config.sign_up == SignUp::Open {
        checkup.say(Verdict::Note, "sign-up: anybody may make an organisation here (SIGN_UP=open)");
    }
    match Mailer::new(&config.mail) {
        Ok(Mailer::Smtp(smtp)) => match smtp.reach().await {
            Ok(()) => checkup.say(Verdict::Good, "mail: the server of SMTP_URL answers and lets us in"),
            Err(error) => checkup.say(Verdict::Bad, format!("mail: the server of SMTP_URL: {error}")),
        },
        Ok(Mailer::Mailbox(_)) => checkup.say(Verdict::Note, "mail: none leaves"),
        Err(error) => checkup.say(Verdict::Bad, format!("mail: SMTP_URL: {error}")),
    }
    match &config.stripe {
        Some(stripe) => {
            let mode = if stripe.secret_key.contains("_test_") {
                "in test mode: no money moves"
            } else {
                "for real"
            };
            checkup.say(Verdict::Good, format!("Stripe: set up, {mode}"));
        }
        None => checkup.say(
            Verdict::Note,
            "Stripe: not set up; invoices are paid by the organisation's own instructions",
        ),
    }
}

fn examined(checkup: &mut Checkup, found: Examined) {
    match found {
        Examined::NoFile => {
            checkup.say(Verdict::Note, "database: not there yet; it is made at the first start");
        }
        Examined::Sqlite { version, schema, damage, dangling } => {
            checkup.say(
                Verdict::Good,
                format!("database: SQLite {version}, every commit is on the disk before it is acknowledged"),
            );
            say_schema(checkup, schema);
            let wrong = damage.is_some() || dangling > 0;
            let mut what = damage.unwrap_or_default();
            if dangling > 0 {
                let _ = write!(what, " {dangling} rows point at nothing");
            }
            checkup.hold(
                wrong,
                format!("database: damaged: {}. Restore a backup", what.trim()),
                "database: read from end to end, whole",
            );
        }
        Examined::Postgres { version, schema, role, is_encrypted, unsafe_settings, unguarded } => {
            checkup.say(Verdict::Good, format!("database: PostgreSQL {version}"));
            say_schema(checkup, schema);
            say_role(checkup, &role);
            checkup.hold(
                !unguarded.is_empty(),
                format!("row-level security: not forced on {}", unguarded.join(", ")),
                "row-level security: forced on every table",
            );
            checkup.hold(
                !unsafe_settings.is_empty(),
                format!(
                    "database: {} is off, so that what was acknowledged can be lost",
                    unsafe_settings.join(", ")
                ),
                "database: every commit is on the disk before it is acknowledged",
            );
            if !is_encrypted {
                checkup.say(Verdict::Note, "database: the connection is not encrypted; add ?sslmode=verify-full to DATABASE_URL unless it stays on this machine");
            }
        }
    }
}

fn say_schema(checkup: &mut Checkup, schema: Schema) {
    match schema {
        Schema::Current => checkup.say(Verdict::Good, "schema: up to date"),
        Schema::None => checkup.say(Verdict::Note, "schema: none yet; it is made at the first start"),
        Schema::Older => checkup.say(Verdict::Note, "schema: older than this build; it is brought up to date at the next start, or by postern migrate"),
        Schema::Newer => checkup.say(Verdict::Bad, "schema: of a newer build than this one"),
    }
}

/// Which of the two ways to work as a role that owns nothing is in use (rule O2).
fn say_role(checkup: &mut Checkup, role: &Role) {
    let Role { name, owns_tables, is_superuser } = role;
    if *owns_tables || *is_superuser {
        let more = if *is_superuser { ", and is a superuser, which it need not be" } else { "" };
        checkup.say(
            Verdict::Note,
            format!("role: one for both: {name} owns the tables{more}; each connection drops to postern_app as it opens. Two roles are safer (README)"),
        );
    } else {
        checkup.say(
            Verdict::Good,
            format!(
                "role: two: {name} serves and owns nothing; each connection drops to postern_app as it opens"
            ),
        );
    }
}
