//! What every request and every worker shares.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, watch};

use crate::{
    auth::api_token::{ApiToken, ApiTokenRow, TokenVisit},
    auth::cookie::{self, CookieName},
    auth::password::Passwords,
    auth::session::{Admission, Side, verify},
    auth::share_link::{GuestVisit, ShareLinkRow, ShareLinks},
    auth::team_session::{LAG, TeamSessionRow, TeamVisit},
    auth::token::Token,
    clock::Clock,
    config::{Config, StripeConfig},
    error::{Error, Result},
    graphql::{self, PosternSchema},
    http::{limit::FloodLimit, overload::Overload, quota::Quotas, security::PagePolicy},
    in_common::InCommon,
    line::Line,
    mail::{Mailbox, Mailer},
    paper::Press,
    store::{Store, system::Lane},
    stripe::Stripe,
    webhook::Sender,
};

/// The running application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What it is made of.
pub struct Parts {
    /// What the operator decided.
    pub config: Config,
    /// Time.
    pub clock: Clock,
    /// Data.
    pub store: Store,
    /// The schema over it, for what strangers send.
    pub schema: PosternSchema,
    /// The same schema for the pages' own documents.
    pub pages: PosternSchema,
    /// Makes share links.
    pub links: ShareLinks,
    /// Typesets invoices.
    pub press: Press,
    /// Hashes and checks the team's passwords.
    pub passwords: Passwords,
    /// How mail leaves.
    pub mailer: Mailer,
    /// Who may come in now.
    pub overload: Overload,
    /// Whether the database answers.
    pub is_ready: InCommon<bool>,
    /// The limit on requests of one network address.
    pub flood_limit: FloodLimit,
    /// The limit on requests of one token.
    pub quotas: Quotas,
    /// Wakes the workers when there is something to do at once.
    pub bell: Bell,
    /// Stripe, where the operator has set it up.
    pub payments: Option<Payments>,
    /// Tells the orgs' own systems what has happened.
    pub webhooks: Sender,
    /// Tells pages that are open that something has changed.
    pub changes: Changes,
    /// What every page may load, and where its forms may lead.
    pub(crate) policy: PagePolicy,
}

/// How to be paid online.
#[derive(Debug, Clone)]
pub struct Payments {
    /// To ask.
    pub stripe: Stripe,
    /// Those who wait for Stripe, which may take seconds: they leave places to the others.
    pub line: Line,
    /// To know what Stripe told.
    pub webhook_secrets: Vec<String>,
}

/// Asking Stripe at once, and in line for it.
const ASKING: usize = 16;
/// How long one waits to ask.
const PATIENCE: Duration = Duration::from_secs(1);

impl Payments {
    fn new(config: &StripeConfig) -> Result<Self> {
        let stripe = Stripe::new(&config.secret_key, config.api_url.as_deref()).map_err(Error::bug)?;
        let line = Line::new(ASKING, ASKING, PATIENCE);
        Ok(Self { stripe, line, webhook_secrets: config.webhook_secrets.clone() })
    }
}

/// Wakes the workers. Nothing is lost where one is busy: it finds that it was rung when it is done.
#[derive(Debug, Default)]
pub struct Bell {
    desk: Notify,
    mail: Notify,
    payments: Notify,
    webhooks: Notify,
}

impl Bell {
    /// There is something to do, in whichever lane.
    pub fn ring(&self) {
        self.desk.notify_one();
        self.mail.notify_one();
        self.payments.notify_one();
        self.webhooks.notify_one();
    }

    /// Waits until it is rung.
    pub async fn heard(&self, lane: Lane) {
        match lane {
            Lane::Desk => self.desk.notified().await,
            Lane::Mail => self.mail.notified().await,
            Lane::Payments => self.payments.notified().await,
            Lane::Webhooks => self.webhooks.notified().await,
        }
    }
}

/// Wakes pages that wait for a change. It says nothing of what has changed: each looks for itself, by its own actor.
#[derive(Debug, Default)]
pub struct Changes {
    count: watch::Sender<u64>,
    are_over: AtomicBool,
}

impl Changes {
    /// Something has changed.
    pub fn announce(&self) {
        self.count.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The process ends: whoever waits is let go.
    pub fn end(&self) {
        self.are_over.store(true, Ordering::Release);
        self.announce();
    }

    /// Whether nobody is to wait any more.
    #[must_use]
    pub fn are_over(&self) -> bool {
        self.are_over.load(Ordering::Acquire)
    }

    /// To wait for the next change.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }
}

impl App {
    /// Opens the database and puts everything together.
    ///
    /// # Errors
    /// When the database cannot be reached or the SMTP address cannot be used.
    pub async fn open(config: Config, clock: Clock) -> Result<Self> {
        let store = Store::open(&config.database, clock.clone()).await?;
        Self::with_store(config, clock, store)
    }

    /// Puts everything together over a store that is open.
    ///
    /// # Errors
    /// When the SMTP address cannot be used.
    pub fn with_store(config: Config, clock: Clock, store: Store) -> Result<Self> {
        let team_secrets = config.team_secrets.clone();
        let webhooks = (config.share_secrets.clone(), config.webhook_reach);
        let links = ShareLinks::new(config.share_secrets.clone(), config.public_url.clone());
        Ok(Self(Arc::new(Parts {
            schema: graphql::schema(
                store.clone(),
                clock.clone(),
                links.clone(),
                team_secrets.clone(),
                webhooks.clone(),
            ),
            pages: graphql::schema_for_pages(
                store.clone(),
                clock.clone(),
                links.clone(),
                team_secrets,
                webhooks,
            ),
            links,
            press: Press::default(),
            passwords: Passwords::default(),
            mailer: Mailer::new(&config.mail)?,
            overload: Overload::new(config.database.connections),
            is_ready: InCommon::default(),
            flood_limit: FloodLimit::new(config.login_requests_per_minute),
            quotas: Quotas::new(config.api_requests_per_minute),
            bell: Bell::default(),
            payments: config.stripe.as_ref().map(Payments::new).transpose()?,
            webhooks: Sender::new(config.webhook_reach, config.webhook_timeout),
            changes: Changes::default(),
            policy: PagePolicy::new(config.stripe.as_ref()),
            config,
            clock,
            store,
        })))
    }

    /// The demo's mailbox; `None` where mail leaves by SMTP.
    #[must_use]
    pub fn mailbox(&self) -> Option<&Mailbox> {
        match &self.mailer {
            Mailer::Mailbox(mailbox) => Some(mailbox),
            Mailer::Smtp(_) => None,
        }
    }

    /// Whom a request's portal cookie belongs to, if to anybody.
    pub async fn admit(&self, headers: &axum::http::HeaderMap) -> Result<Option<Admission>> {
        if let Some(preview) = self.admit_preview(headers).await? {
            return Ok(Some(preview));
        }
        let Some(token) = self.portal_token(headers) else { return Ok(None) };
        let row = self.store.system().portal_session(&token.hash()).await?;
        Ok(row.map(crate::auth::session::PortalSessionRow::admit))
    }

    /// The token of the portal's session that a request carries, if we signed it.
    pub(crate) fn portal_token(&self, headers: &axum::http::HeaderMap) -> Option<Token> {
        let cookie = cookie::read(headers, CookieName::Portal.as_str(self.config.public_url.is_https()))?;
        verify(&self.config.portal_secrets, Side::Portal, &cookie)
    }

    /// The token of the team's session that a request carries, if we signed it.
    pub(crate) fn team_token(&self, headers: &axum::http::HeaderMap) -> Option<Token> {
        let cookie = cookie::read(headers, CookieName::Team.as_str(self.config.public_url.is_https()))?;
        verify(&self.config.team_secrets, Side::Team, &cookie)
    }

    /// The preview of a member of the team goes before a session of their own in the same browser.
    async fn admit_preview(&self, headers: &axum::http::HeaderMap) -> Result<Option<Admission>> {
        let name = CookieName::Preview.as_str(self.config.public_url.is_https());
        let Some(token) = cookie::read(headers, name)
            .and_then(|cookie| verify(&self.config.portal_secrets, Side::Preview, &cookie))
        else {
            return Ok(None);
        };
        let row = self.store.system().portal_preview(&token.hash()).await?;
        Ok(row.map(crate::auth::session::PortalSessionRow::admit_to_preview))
    }

    /// Whom a share link lets in: to one invoice.
    pub async fn admit_guest(&self, token: &str) -> Result<Option<Arc<GuestVisit>>> {
        let Some(hash) = ShareLinks::hash_of(token) else { return Ok(None) };
        Ok(self.store.system().share_link(&hash).await?.map(ShareLinkRow::admit))
    }

    /// Whose token a request carries, if it opens anything. Cookies are not looked at.
    pub async fn admit_token(&self, headers: &axum::http::HeaderMap) -> Result<Option<TokenVisit>> {
        let Some(token) = ApiToken::of(headers) else { return Ok(None) };
        Ok(self.store.system().api_token(&token.hash()).await?.and_then(ApiTokenRow::admit))
    }

    /// Which member a request's team cookie belongs to, if to any. That the session is in use is noted
    /// once an hour.
    pub async fn admit_member(&self, headers: &axum::http::HeaderMap) -> Result<Option<Arc<TeamVisit>>> {
        let Some(token) = self.team_token(headers) else { return Ok(None) };
        let system = self.store.system();
        let Some(visit) = system.team_session(&token.hash()).await?.and_then(TeamSessionRow::admit) else {
            return Ok(None);
        };
        // What cannot be noted keeps nobody from reading: where the disk is full, pages still show.
        if visit.last_used_at.is_some_and(|at| self.clock.now() - at > LAG)
            && let Err(error) = system.touch_team_session(&visit.actor).await
        {
            error.log();
        }
        Ok(Some(visit))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
