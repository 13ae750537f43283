//! The only reader of the environment. Each variable is documented here and in the README; a value
//! that cannot be used is refused at start, with the variable's name and what it wants.

mod public_url;

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use url::Url;

use crate::auth::secret::Secrets;
use crate::webhook::Reach;
pub use public_url::PublicUrl;

/// A variable that is missing or that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct ConfigError {
    /// The variable.
    pub name: &'static str,
    /// What is wrong and what it wants. Never the value: it may be a secret.
    pub problem: String,
}

/// Everything that the operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// `LISTEN`: address and port to serve on.
    pub listen: SocketAddr,
    /// `PUBLIC_URL`: where visitors reach the portal.
    pub public_url: PublicUrl,
    /// `DATABASE_URL` and `MIGRATE_DATABASE_URL`.
    pub database: DatabaseConfig,
    /// `PORTAL_SESSION_SECRET`: signs portal sessions, magic links and codes.
    pub portal_secrets: Secrets,
    /// `TEAM_SESSION_SECRET`: signs team sessions.
    pub team_secrets: Secrets,
    /// `SHARE_LINK_SECRET`: signs share links.
    pub share_secrets: Secrets,
    /// `MAGIC_LINK_TTL`: how long a magic link lives; 15 minutes at most.
    pub magic_link_ttl: Duration,
    /// `PORTAL_SESSION_TTL`: how long a portal session lives.
    pub portal_session_ttl: Duration,
    /// `SMTP_URL` and `MAIL_FROM`.
    pub mail: MailConfig,
    /// `STRIPE_SECRET_KEY`, `STRIPE_WEBHOOK_SECRET` and `STRIPE_API_URL`; none: nothing is paid online.
    pub stripe: Option<StripeConfig>,
    /// `TRUSTED_PROXIES`: peers whose `X-Forwarded-For` is believed; loopback always is.
    pub trusted_proxies: Vec<IpAddr>,
    /// `SIGN_UP`: whether a stranger may make an org.
    pub sign_up: SignUp,
    /// `LOGIN_REQUESTS_PER_MINUTE`: requests for a link that one address of the network may make.
    pub login_requests_per_minute: u32,
    /// `API_REQUESTS_PER_MINUTE`: requests that one API token may make.
    pub api_requests_per_minute: u32,
    /// `WEBHOOK_TARGETS`: whether webhooks may lead to addresses that are not public.
    pub webhook_reach: Reach,
    /// `WEBHOOK_TIMEOUT`: how long a receiver may take.
    pub webhook_timeout: Duration,
}

/// Whether a stranger may make an org here, and so write to whomever they bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUp {
    /// Anybody may.
    Open,
    /// Only while there is none: whoever sets the server up.
    First,
    /// Nobody may.
    Closed,
}

impl FromStr for SignUp {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "open" => Ok(Self::Open),
            "first" => Ok(Self::First),
            "closed" => Ok(Self::Closed),
            _ => Err(()),
        }
    }
}

/// Where the data lives.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// The database that serves.
    pub url: String,
    /// PostgreSQL only: the owner's role, for migrations.
    pub migrate_url: Option<String>,
    /// PostgreSQL only: connections of one process.
    pub connections: u32,
}

impl DatabaseConfig {
    /// A database with all else as usual.
    #[must_use]
    pub const fn of(url: String) -> Self {
        Self { url, migrate_url: None, connections: 16 }
    }
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The SMTP server; `None` puts mail into the demo's mailbox.
    pub smtp_url: Option<String>,
    /// The sender's address.
    pub from: String,
}

/// How to be paid online.
#[derive(Clone)]
pub struct StripeConfig {
    /// The platform's secret key, `sk_…` or `rk_…`.
    pub secret_key: String,
    /// What events are signed with, `whsec_…`; two while one replaces the other.
    pub webhook_secrets: Vec<String>,
    /// Another address that speaks as Stripe does, for trying things out.
    pub api_url: Option<String>,
}

impl std::fmt::Debug for StripeConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StripeConfig").field("api_url", &self.api_url).finish_non_exhaustive()
    }
}

/// Where variables are read from: the process's environment, or a test's own.
pub type Lookup<'a> = &'a dyn Fn(&'static str) -> Option<String>;

/// The process's environment.
#[must_use]
pub fn environment(name: &'static str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the only reader of the environment")]
    std::env::var(name).ok()
}

impl Config {
    /// Reads what `postern serve` needs.
    ///
    /// # Errors
    /// The first variable that is missing or cannot be used.
    pub fn for_serve(get: Lookup<'_>) -> Result<Self, ConfigError> {
        let smtp_url = required(get, "SMTP_URL", "such as smtps://user:password@mail.example.org")?;
        let config = Self {
            portal_secrets: secrets(get, "PORTAL_SESSION_SECRET")?,
            team_secrets: secrets(get, "TEAM_SESSION_SECRET")?,
            share_secrets: secrets(get, "SHARE_LINK_SECRET")?,
            public_url: parsed(get, "PUBLIC_URL", "such as https://pay.example.org")?,
            database: Self::database(get, "sqlite://data/postern.db")?,
            mail: MailConfig {
                smtp_url: Some(check_smtp_url(smtp_url)?),
                from: required(get, "MAIL_FROM", "such as portal@example.org").and_then(check_mail_from)?,
            },
            ..Self::common(get)?
        };
        config.refuse_shared_secrets()?;
        Ok(config)
    }

    /// Reads what `postern demo` needs, which is nothing: it makes its own secrets, and its mail
    /// stays in a mailbox.
    ///
    /// # Errors
    /// A variable that is set and cannot be used.
    pub fn for_demo(get: Lookup<'_>) -> Result<Self, ConfigError> {
        let config = Self::common(get)?;
        let public_url = match get("PUBLIC_URL") {
            Some(_) => parsed(get, "PUBLIC_URL", "such as http://127.0.0.1:3000")?,
            None => format!("http://{}", config.listen)
                .parse()
                .map_err(|_| invalid("LISTEN", "must be a loopback address, or PUBLIC_URL must be set"))?,
        };
        // The demo has an org already, and is there to be tried.
        let sign_up = present(get, "SIGN_UP").map_or(SignUp::Open, |_| config.sign_up);
        Ok(Self { public_url, sign_up, database: Self::database(get, "sqlite://data/demo.db")?, ..config })
    }

    /// Reads the database's address alone, for `migrate` and `seed`.
    ///
    /// # Errors
    /// An address that is neither SQLite's nor PostgreSQL's.
    pub fn database(get: Lookup<'_>, default: &str) -> Result<DatabaseConfig, ConfigError> {
        let url = present(get, "DATABASE_URL").unwrap_or_else(|| default.to_owned());
        let postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if !postgres && !url.starts_with("sqlite:") {
            return Err(invalid("DATABASE_URL", "must begin with sqlite:// or postgres://"));
        }
        let migrate_url = present(get, "MIGRATE_DATABASE_URL");
        if migrate_url.as_ref().is_some_and(|url| !(postgres && url.starts_with("postgres"))) {
            return Err(invalid(
                "MIGRATE_DATABASE_URL",
                "names the owner's role of the same PostgreSQL database",
            ));
        }
        let usual = DatabaseConfig::of(url);
        let wanted = "must be a number from 2 to 500";
        let connections = optional(get, "DATABASE_CONNECTIONS", wanted)?.unwrap_or(usual.connections);
        if !(2..=500).contains(&connections) {
            return Err(invalid("DATABASE_CONNECTIONS", wanted));
        }
        Ok(DatabaseConfig { migrate_url, connections, ..usual })
    }

    /// What `serve` and `demo` read alike, with secrets and mail as the demo has them.
    fn common(get: Lookup<'_>) -> Result<Self, ConfigError> {
        let listen = optional(get, "LISTEN", "must be an address and a port, such as 127.0.0.1:3000")?
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        Ok(Self {
            listen,
            public_url: PublicUrl::unset(),
            database: DatabaseConfig::of(String::new()),
            portal_secrets: Secrets::random(),
            team_secrets: Secrets::random(),
            share_secrets: Secrets::random(),
            magic_link_ttl: duration(get, "MAGIC_LINK_TTL", 15 * MINUTE, MINUTE..=15 * MINUTE)?,
            portal_session_ttl: duration(get, "PORTAL_SESSION_TTL", 7 * DAY, 5 * MINUTE..=90 * DAY)?,
            stripe: stripe(get)?,
            mail: MailConfig { smtp_url: None, from: "portal@demo.example".to_owned() },
            trusted_proxies: proxies(get)?,
            sign_up: optional(get, "SIGN_UP", "must be open, first or closed")?.unwrap_or(SignUp::First),
            login_requests_per_minute: rate(get, "LOGIN_REQUESTS_PER_MINUTE", 20)?,
            api_requests_per_minute: rate(get, "API_REQUESTS_PER_MINUTE", 600)?,
            webhook_reach: optional(get, "WEBHOOK_TARGETS", "must be public or any")?
                .unwrap_or(Reach::Public),
            webhook_timeout: duration(get, "WEBHOOK_TIMEOUT", 15 * SECOND, SECOND..=60 * SECOND)?,
        })
    }

    /// One secret for two purposes would let a cookie of one side pass on the other.
    fn refuse_shared_secrets(&self) -> Result<(), ConfigError> {
        let shared = "must not have a secret in common with";
        if self.portal_secrets.overlaps(&self.team_secrets) {
            return Err(invalid("TEAM_SESSION_SECRET", format!("{shared} PORTAL_SESSION_SECRET")));
        }
        if self.share_secrets.overlaps(&self.portal_secrets)
            || self.share_secrets.overlaps(&self.team_secrets)
        {
            return Err(invalid(
                "SHARE_LINK_SECRET",
                format!("{shared} PORTAL_SESSION_SECRET or TEAM_SESSION_SECRET"),
            ));
        }
        Ok(())
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

fn invalid(name: &'static str, problem: impl Into<String>) -> ConfigError {
    ConfigError { name, problem: problem.into() }
}

/// An empty variable counts as not set: that is what compose files make of a missing one.
fn present(get: Lookup<'_>, name: &'static str) -> Option<String> {
    get(name).filter(|value| !value.trim().is_empty())
}

fn required(get: Lookup<'_>, name: &'static str, wanted: &str) -> Result<String, ConfigError> {
    present(get, name).ok_or_else(|| invalid(name, format!("is not set; it wants a value {wanted}")))
}

fn optional<T: FromStr>(get: Lookup<'_>, name: &'static str, wanted: &str) -> Result<Option<T>, ConfigError> {
    present(get, name).map(|value| value.trim().parse().map_err(|_| invalid(name, wanted))).transpose()
}

fn parsed<T: FromStr<Err = &'static str>>(
    get: Lookup<'_>,
    name: &'static str,
    wanted: &str,
) -> Result<T, ConfigError> {
    required(get, name, wanted)?.trim().parse().map_err(|problem: &str| invalid(name, problem))
}

fn secrets(get: Lookup<'_>, name: &'static str) -> Result<Secrets, ConfigError> {
    required(get, name, "of at least 32 bytes, such as `openssl rand -base64 48` prints")?
        .parse()
        .map_err(|problem: &str| invalid(name, problem))
}

fn duration(
    get: Lookup<'_>,
    name: &'static str,
    default: Duration,
    range: std::ops::RangeInclusive<Duration>,
) -> Result<Duration, ConfigError> {
    let Some(text) = present(get, name) else { return Ok(default) };
    humantime::parse_duration(text.trim()).ok().filter(|value| range.contains(value)).ok_or_else(|| {
        let (least, most) =
            (humantime::format_duration(*range.start()), humantime::format_duration(*range.end()));
        invalid(name, format!("must be a duration such as 10m, from {least} to {most}"))
    })
}

fn rate(get: Lookup<'_>, name: &'static str, default: u32) -> Result<u32, ConfigError> {
    const WANTED: &str = "must be a number from 1 to 10000";
    match optional(get, name, WANTED)?.unwrap_or(default) {
        rate @ 1..=10_000 => Ok(rate),
        _ => Err(invalid(name, WANTED)),
    }
}

/// A webhook that nobody can check is no webhook: the key alone is refused.
fn stripe(get: Lookup<'_>) -> Result<Option<StripeConfig>, ConfigError> {
    let secrets: Vec<String> = present(get, "STRIPE_WEBHOOK_SECRET")
        .unwrap_or_default()
        .split([',', ' '])
        .map(str::trim)
        .filter(|secret| !secret.is_empty())
        .map(str::to_owned)
        .collect();
    let api_url = present(get, "STRIPE_API_URL").map(|url| url.trim().to_owned());
    let Some(secret_key) = present(get, "STRIPE_SECRET_KEY").map(|key| key.trim().to_owned()) else {
        return if secrets.is_empty() {
            Ok(None)
        } else {
            Err(invalid("STRIPE_SECRET_KEY", "is not set, but STRIPE_WEBHOOK_SECRET is"))
        };
    };
    if !(secret_key.starts_with("sk_") || secret_key.starts_with("rk_")) || !secret_key.is_ascii() {
        return Err(invalid("STRIPE_SECRET_KEY", "must begin with sk_ or rk_"));
    }
    if secrets.is_empty() || secrets.len() > 2 || secrets.iter().any(|secret| !secret.starts_with("whsec_")) {
        let wants = "must be one secret that begins with whsec_, or two with a comma between them";
        return Err(invalid("STRIPE_WEBHOOK_SECRET", wants));
    }
    if api_url.as_ref().is_some_and(|url| {
        !Url::parse(url).is_ok_and(|url| url.has_host() && url.scheme().starts_with("http"))
    }) {
        return Err(invalid("STRIPE_API_URL", "must be an address such as http://127.0.0.1:12111"));
    }
    Ok(Some(StripeConfig { secret_key, webhook_secrets: secrets, api_url }))
}

fn proxies(get: Lookup<'_>) -> Result<Vec<IpAddr>, ConfigError> {
    present(get, "TRUSTED_PROXIES")
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|address| !address.is_empty())
        .map(|address| {
            address
                .parse()
                .map_err(|_| invalid("TRUSTED_PROXIES", "must be IP addresses separated by commas"))
        })
        .collect()
}

fn check_smtp_url(url: String) -> Result<String, ConfigError> {
    let scheme = Url::parse(&url).map(|url| url.scheme().to_owned()).unwrap_or_default();
    match scheme.as_str() {
        "smtps" | "smtp" => Ok(url),
        _ => Err(invalid(
            "SMTP_URL",
            "must begin with smtps:// (TLS), or smtp:// with ?tls=required (STARTTLS); smtp:// alone is plain text",
        )),
    }
}

fn check_mail_from(address: String) -> Result<String, ConfigError> {
    match address.parse::<lettre::Address>() {
        Ok(_) => Ok(address),
        Err(_) => Err(invalid("MAIL_FROM", "must be a bare e-mail address, such as portal@example.org")),
    }
}

#[cfg(test)]
mod tests;
