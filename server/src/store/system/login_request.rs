//! Requests for a link: written down as typed, answered later by the worker. How they make up a login
//! is told in `crate::login`.

use chrono::{DateTime, TimeDelta, Utc};

use super::SystemTx;
use crate::{
    error::Result,
    id::{ClientId, ContactId, LoginRequestId, OrgId},
    store::{
        activity::Origin,
        db::{execute, fetch_all, fetch_one, fetch_optional},
    },
};

/// A request for a link as it is written down, before anybody looks who it is.
#[derive(Debug, Clone)]
pub struct NewLoginRequest<'a> {
    /// The normalised address.
    pub email_norm: &'a str,
    /// The org on whose login page it was asked; `None` on the page without a brand.
    pub org_slug: Option<&'a str>,
    /// The hash of the asking browser's pending cookie.
    pub pending_hash: Option<[u8; 32]>,
    /// The page that was wanted.
    pub next_path: Option<&'a str>,
    /// From where it came.
    pub origin: &'a Origin,
    /// Until when its links and its code live.
    pub expires_at: DateTime<Utc>,
}

/// A request read back by the worker or by the mailer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredRequest {
    /// Id.
    pub id: LoginRequestId,
    /// The normalised address.
    pub email_norm: String,
    /// The org on whose page it was asked.
    pub org_slug: Option<String>,
    /// The browser in a few words.
    pub browser: String,
    /// The network address, shortened.
    pub ip_short: String,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// Until when its links live.
    pub expires_at: DateTime<Utc>,
    /// `None` while nobody has looked at it.
    pub outcome: Option<String>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOutcome {
    /// Links were made and a mail was written.
    Mailed,
    /// There is nobody who may have a link.
    Nobody,
    /// There were too many before it.
    OverLimit,
}

impl RequestOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Mailed => "mailed",
            Self::Nobody => "nobody",
            Self::OverLimit => "over_limit",
        }
    }
}

/// A contact with the address that was asked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct KnownContact {
    /// The tenant.
    pub org_id: OrgId,
    /// The client.
    pub client_id: ClientId,
    /// The person.
    pub id: ContactId,
    /// The address as the org wrote it; mail goes here and never to what was typed.
    pub email: String,
    /// Whether the org lets this contact in, as far as its plan has a portal.
    pub portal_access: bool,
}

/// A request whose code may still be tried in this browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenRequest {
    /// Id, from which the code is made.
    pub id: LoginRequestId,
}

const ADD_REQUEST: &str = "INSERT INTO login_requests \
    (id, email_norm, org_slug, pending_hash, next_path, browser, ip_short, requested_at, expires_at, code_tries) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
pub(super) const REQUEST: &str = "SELECT id, email_norm, org_slug, browser, ip_short, requested_at, expires_at, outcome \
    FROM login_requests WHERE id = $1";
const COPY_REQUEST: &str = "INSERT INTO login_requests \
    (id, email_norm, org_slug, pending_hash, next_path, browser, ip_short, requested_at, expires_at, code_tries, outcome, is_copy) \
    SELECT $2, email_norm, org_slug, pending_hash, next_path, browser, ip_short, requested_at, expires_at, 0, $3, TRUE \
    FROM login_requests WHERE id = $1";
const LOCK_ADDRESS: &str = "INSERT INTO login_throttles (email_norm, last_request_at) VALUES ($1, $2) \
    ON CONFLICT (email_norm) DO UPDATE SET last_request_at = excluded.last_request_at";
const COUNT_NEAR: &str = "SELECT COUNT(*) FROM login_requests \
    WHERE email_norm = $1 AND requested_at > $2 AND requested_at < $3 \
    AND outcome IN ('mailed', 'nobody') AND NOT is_copy";
const OVER_LIMIT: &str = "SELECT id FROM login_requests \
    WHERE email_norm = $1 AND requested_at > $2 AND requested_at < $3 AND outcome = 'over_limit' \
    AND COALESCE(org_slug, '') = COALESCE($4, '') LIMIT 1";
const SET_OUTCOME: &str = "UPDATE login_requests SET outcome = $2 WHERE id = $1";

/// Those of the contacts with an address that `$those` is true of, of one org or of all. Anybody can make
/// contacts of somebody else's address: so one of each org has its turn before the second of any has, and
/// those who have signed in before have theirs first.
macro_rules! contacts {
    ($those:literal) => {
        concat!(
            "SELECT org_id, client_id, id, email, portal_access FROM (\
            SELECT t.org_id, t.client_id, t.id, t.email, t.portal_access, t.last_login_at IS NULL AS is_new, \
            o.name AS org_name, c.name AS client_name, \
            ROW_NUMBER() OVER (PARTITION BY t.org_id ORDER BY t.last_login_at IS NULL, c.name, t.id) AS turn \
            FROM contacts t \
            JOIN orgs o ON o.id = t.org_id \
            JOIN clients c ON c.org_id = t.org_id AND c.id = t.client_id AND c.archived_at IS NULL \
            WHERE t.email_norm = $1 AND t.archived_at IS NULL AND ($2 IS NULL OR o.slug = $2) AND ",
            $those,
            ") known ORDER BY turn, is_new, org_name, client_name, id LIMIT $3"
        )
    };
}

const WELCOME_CONTACTS: &str = contacts!("t.portal_access AND o.plan <> 'free'");
const REFUSED_CONTACTS: &str = contacts!("NOT (t.portal_access AND o.plan <> 'free')");
const NEXT_PATH: &str = "SELECT next_path FROM login_requests WHERE id = $1";
/// Counts a try on every code that could be meant, so that asking often does not buy more tries.
const TRY_CODE: &str = "UPDATE login_requests SET code_tries = code_tries + 1 \
    WHERE pending_hash = $1 AND expires_at > $2 AND outcome = 'mailed' AND code_used_at IS NULL AND code_tries < $3 \
    RETURNING id";
const USE_CODE: &str = "UPDATE login_requests SET code_used_at = $2 WHERE id = $1";

/// What looks for requests of one address among everybody's, for the test that reads query plans.
#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("requests let through".to_owned(), COUNT_NEAR), ("requests over the limit".to_owned(), OVER_LIMIT)]
}

impl SystemTx {
    /// Writes a request down.
    pub(crate) async fn add_login_request(
        &mut self,
        request: &NewLoginRequest<'_>,
    ) -> Result<LoginRequestId> {
        let now = self.clock.now();
        let id = LoginRequestId::new(now);
        execute!(
            self.conn,
            ADD_REQUEST,
            id,
            request.email_norm,
            request.org_slug,
            request.pending_hash.as_ref().map(|hash| &hash[..]),
            request.next_path,
            request.origin.browser.as_str(),
            request.origin.ip_short.as_str(),
            now,
            request.expires_at,
        )?;
        Ok(id)
    }

    /// Reads a request back.
    pub(crate) async fn login_request(&mut self, id: LoginRequestId) -> Result<Option<StoredRequest>> {
        fetch_optional!(self.conn, StoredRequest, REQUEST, id)
    }

    /// How many requests for the same address were let through that were asked within `window` of this one;
    /// a copy of one is the same request. Whoever asks holds the address until the transaction ends, so
    /// that two workers cannot both count four.
    ///
    /// It goes by when they were asked, however late a worker comes. One worker answers them in the order in which they
    /// were asked, and so looks at those before this one alone. Of several, one may be ahead of the others: what was asked
    /// after this one and is let through already counts as well, or there would be a sixth.
    pub(crate) async fn count_requests(&mut self, request: &StoredRequest, window: TimeDelta) -> Result<i64> {
        let (email_norm, at) = (request.email_norm.as_str(), request.requested_at);
        execute!(self.conn, LOCK_ADDRESS, email_norm, self.clock.now())?;
        let (count,) = fetch_one!(self.conn, (i64,), COUNT_NEAR, email_norm, at - window, at + window)?;
        Ok(count)
    }

    /// Whether one for the same, on the same page, was too much already that was asked within `window` of this one.
    pub(crate) async fn was_over_limit(
        &mut self,
        request: &StoredRequest,
        window: TimeDelta,
    ) -> Result<bool> {
        let at = request.requested_at;
        let row = fetch_optional!(
            self.conn,
            (LoginRequestId,),
            OVER_LIMIT,
            request.email_norm.as_str(),
            at - window,
            at + window,
            request.org_slug.as_deref(),
        )?;
        Ok(row.is_some())
    }

    /// Writes down what became of a request.
    pub(crate) async fn set_outcome(&mut self, id: LoginRequestId, outcome: RequestOutcome) -> Result<()> {
        execute!(self.conn, SET_OUTCOME, id, outcome.as_str())?;
        Ok(())
    }

    /// The same request once more, with links and a code of its own: for a mail to another mailbox.
    pub(crate) async fn copy_request(&mut self, request: &StoredRequest) -> Result<StoredRequest> {
        let id = LoginRequestId::new(self.clock.now());
        execute!(self.conn, COPY_REQUEST, request.id, id, RequestOutcome::Mailed.as_str())?;
        Ok(StoredRequest { id, ..request.clone() })
    }

    /// The contacts whom a request is for and who may have a link, in the order in which it is their turn.
    pub(crate) async fn welcome_contacts(
        &mut self,
        request: &StoredRequest,
        most: i64,
    ) -> Result<Vec<KnownContact>> {
        let (email_norm, org_slug) = (request.email_norm.as_str(), request.org_slug.as_deref());
        fetch_all!(self.conn, KnownContact, WELCOME_CONTACTS, email_norm, org_slug, most)
    }

    /// Those who may not, in the same order.
    pub(crate) async fn refused_contacts(
        &mut self,
        request: &StoredRequest,
        most: i64,
    ) -> Result<Vec<KnownContact>> {
        let (email_norm, org_slug) = (request.email_norm.as_str(), request.org_slug.as_deref());
        fetch_all!(self.conn, KnownContact, REFUSED_CONTACTS, email_norm, org_slug, most)
    }

    /// The page that was wanted when the link was asked for.
    pub(crate) async fn next_path(&mut self, request: LoginRequestId) -> Result<Option<String>> {
        let row = fetch_optional!(self.conn, (Option<String>,), NEXT_PATH, request)?;
        Ok(row.and_then(|(path,)| path))
    }

    /// Counts a try of a code in this browser and gives the requests that it might belong to.
    pub(crate) async fn try_code(&mut self, pending_hash: &[u8; 32], most: i64) -> Result<Vec<OpenRequest>> {
        fetch_all!(self.conn, OpenRequest, TRY_CODE, &pending_hash[..], self.clock.now(), most)
    }

    /// Uses a request's code up. Nobody else can have: the try before it, in this transaction, has locked the request.
    pub(crate) async fn use_code(&mut self, request: LoginRequestId) -> Result<()> {
        execute!(self.conn, USE_CODE, request, self.clock.now())?;
        Ok(())
    }
}
