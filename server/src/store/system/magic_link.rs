//! Magic links, and the sessions that they become. How they make up a login is told in
//! `crate::login`.

use chrono::TimeDelta;

use super::{
    System, SystemTx,
    login_request::{KnownContact, REQUEST, StoredRequest},
};
use crate::{
    error::Result,
    id::{ClientId, ContactId, LoginRequestId, MagicLinkId, OrgId, SessionId},
    store::{
        activity::{self, ActivityKind, ContactActivity, Origin},
        db::{execute, fetch_all, fetch_optional},
    },
};

/// An open link as the mailer and the chooser need it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MailedLink {
    /// What the token is made of.
    pub nonce: Vec<u8>,
    /// What the token hashes to.
    pub token_hash: Vec<u8>,
    /// The client it leads to.
    pub client_name: String,
    /// The org's name.
    pub org_name: String,
    /// The org's short name.
    pub org_slug: String,
    /// Where its clients write to.
    pub org_email: String,
    /// Its colour.
    pub accent: String,
    /// Its logo's hash.
    pub logo_sha256: Option<String>,
    /// The client's locale, or the org's.
    pub locale: String,
    /// The org's time zone.
    pub time_zone: String,
}

/// What the page behind a link shows before anything is consumed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FoundLink {
    /// Whose portal.
    pub org_slug: String,
    /// The client.
    pub client_name: String,
    /// The hash of the pending cookie of the browser that asked.
    pub pending_hash: Option<Vec<u8>>,
}

/// A link that this transaction has consumed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ConsumedLink {
    /// The tenant.
    pub org_id: OrgId,
    /// The client.
    pub client_id: ClientId,
    /// The person.
    pub contact_id: ContactId,
    /// The request it came from.
    pub request_id: LoginRequestId,
    /// The address it was sent to.
    pub email_norm: String,
}

const ADD_LINK: &str = "INSERT INTO magic_links \
    (org_id, client_id, id, contact_id, request_id, nonce, token_hash, email_norm, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const LINKS_OF_REQUEST: &str = "SELECT m.nonce, m.token_hash, c.name AS client_name, o.name AS org_name, o.slug AS org_slug, \
    o.email AS org_email, o.accent, COALESCE(c.locale, o.locale) AS locale, o.time_zone, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = o.id AND a.kind = 'logo') AS logo_sha256 \
    FROM magic_links m JOIN orgs o ON o.id = m.org_id JOIN clients c ON c.org_id = m.org_id AND c.id = m.client_id \
    WHERE m.request_id = $1 AND m.used_at IS NULL AND m.closed_at IS NULL AND m.expires_at > $2 \
    ORDER BY o.name, c.name, m.id";
const FIND_LINK: &str = "SELECT o.slug AS org_slug, c.name AS client_name, r.pending_hash \
    FROM magic_links m \
    JOIN orgs o ON o.id = m.org_id AND o.plan <> 'free' \
    JOIN clients c ON c.org_id = m.org_id AND c.id = m.client_id AND c.archived_at IS NULL \
    JOIN contacts t ON t.org_id = m.org_id AND t.client_id = m.client_id AND t.id = m.contact_id \
    AND t.email_norm = m.email_norm AND t.portal_access AND t.archived_at IS NULL \
    JOIN login_requests r ON r.id = m.request_id \
    WHERE m.token_hash = $1 AND m.used_at IS NULL AND m.closed_at IS NULL AND m.expires_at > $2";
const CONSUME_LINK: &str = "UPDATE magic_links SET used_at = $2 \
    WHERE token_hash = $1 AND used_at IS NULL AND closed_at IS NULL AND expires_at > $2 \
    RETURNING org_id, client_id, contact_id, request_id, email_norm";
/// Touching the contact's row makes two logins of one contact follow one another.
const ADMIT_CONTACT: &str = "UPDATE contacts SET last_login_at = $5 \
    WHERE org_id = $1 AND client_id = $2 AND id = $3 AND email_norm = $4 AND portal_access AND archived_at IS NULL \
    AND EXISTS (SELECT 1 FROM orgs WHERE orgs.id = $1 AND orgs.plan <> 'free') \
    AND EXISTS (SELECT 1 FROM clients WHERE clients.org_id = $1 AND clients.id = $2 AND clients.archived_at IS NULL)";
const CLOSE_LINKS: &str = "UPDATE magic_links SET closed_at = $4 \
    WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND used_at IS NULL AND closed_at IS NULL";
const ADD_SESSION: &str = "INSERT INTO portal_sessions \
    (org_id, client_id, id, contact_id, token_hash, browser, ip_short, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

impl System<'_> {
    /// The link whose token hashes to this, if it could be consumed now. Reads only.
    pub(crate) async fn find_link(&self, token_hash: &[u8; 32]) -> Result<Option<FoundLink>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, FoundLink, FIND_LINK, &token_hash[..], self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }

    /// A request with its links that are still open, for the mailer.
    pub(crate) async fn request_with_links(
        &self,
        id: LoginRequestId,
    ) -> Result<Option<(StoredRequest, Vec<MailedLink>)>> {
        let mut conn = self.read().await?;
        let Some(request) = fetch_optional!(conn, StoredRequest, REQUEST, id)? else { return Ok(None) };
        let links = fetch_all!(conn, MailedLink, LINKS_OF_REQUEST, id, self.store.clock.now())?;
        conn.commit().await?;
        Ok(Some((request, links)))
    }
}

impl SystemTx {
    /// Makes a link for a contact.
    pub(crate) async fn add_link(
        &mut self,
        contact: &KnownContact,
        request: &StoredRequest,
        nonce: &[u8; 32],
        token_hash: &[u8; 32],
    ) -> Result<()> {
        let now = self.clock.now();
        execute!(
            self.conn,
            ADD_LINK,
            contact.org_id,
            contact.client_id,
            MagicLinkId::new(now),
            contact.id,
            request.id,
            &nonce[..],
            &token_hash[..],
            request.email_norm.as_str(),
            now,
            request.expires_at,
        )?;
        Ok(())
    }

    /// Consumes the link, if it is still there to be consumed. Of two that race exactly one gets it.
    pub(crate) async fn consume_link(&mut self, token_hash: &[u8]) -> Result<Option<ConsumedLink>> {
        fetch_optional!(self.conn, ConsumedLink, CONSUME_LINK, token_hash, self.clock.now())
    }

    /// Whether the contact may come in by this link; writes down that it has.
    pub(crate) async fn admit_contact(&mut self, link: &ConsumedLink) -> Result<bool> {
        let touched = execute!(
            self.conn,
            ADMIT_CONTACT,
            link.org_id,
            link.client_id,
            link.contact_id,
            link.email_norm.as_str(),
            self.clock.now(),
        )?;
        Ok(touched == 1)
    }

    /// Closes the contact's other open links.
    pub(crate) async fn close_links(&mut self, link: &ConsumedLink) -> Result<()> {
        execute!(self.conn, CLOSE_LINKS, link.org_id, link.client_id, link.contact_id, self.clock.now())?;
        Ok(())
    }

    /// Opens a session.
    pub(crate) async fn add_session(
        &mut self,
        link: &ConsumedLink,
        token_hash: &[u8; 32],
        lifetime: TimeDelta,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.clock.now();
        execute!(
            self.conn,
            ADD_SESSION,
            link.org_id,
            link.client_id,
            SessionId::new(now),
            link.contact_id,
            &token_hash[..],
            origin.browser.as_str(),
            origin.ip_short.as_str(),
            now,
            now + lifetime,
        )?;
        Ok(())
    }

    /// The request's links that are still open.
    pub(crate) async fn links_of_request(&mut self, request: LoginRequestId) -> Result<Vec<MailedLink>> {
        fetch_all!(self.conn, MailedLink, LINKS_OF_REQUEST, request, self.clock.now())
    }

    /// Writes a row about a contact into the log.
    pub(crate) async fn log(
        &mut self,
        kind: ActivityKind,
        (org_id, client_id, contact_id): (OrgId, ClientId, ContactId),
        detail: &str,
        origin: &Origin,
    ) -> Result<()> {
        let row = ContactActivity { kind, org_id, client_id, contact_id, invoice_id: None, detail, origin };
        activity::append(&mut self.conn, self.clock.now(), &row).await
    }
}
