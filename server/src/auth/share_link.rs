//! Share links: the public link to one invoice (rule V1). Its token is an HMAC over a stored nonce, so it can be
//! shown again while nothing usable is at rest.

use std::{net::IpAddr, sync::Arc};

use chrono_tz::Tz;

use super::{
    actor::GuestActor,
    secret::{Purpose, Secrets, hexadecimal},
    session::{OrgBrand, has_portal},
    token::{LinkNonce, Token},
};
use crate::{
    config::PublicUrl,
    id::{ClientId, InvoiceId, OrgId},
};

/// Makes share links, and makes them again.
#[derive(Debug, Clone)]
pub struct ShareLinks {
    secrets: Secrets,
    public_url: PublicUrl,
}

impl ShareLinks {
    /// By the operator's secrets, below the address under which visitors come.
    #[must_use]
    pub const fn new(secrets: Secrets, public_url: PublicUrl) -> Self {
        Self { secrets, public_url }
    }

    /// A new link: what is stored of it.
    #[must_use]
    pub fn mint(&self) -> (LinkNonce, [u8; 32]) {
        let nonce = LinkNonce::random();
        (nonce, self.hash(nonce))
    }

    /// What is stored of the token that a nonce makes.
    #[must_use]
    pub fn hash(&self, nonce: LinkNonce) -> [u8; 32] {
        nonce.token(&self.secrets, Purpose::ShareLink).hash()
    }

    /// The whole address of a stored link; `None` where the secret that made it has been taken away since.
    #[must_use]
    pub fn url(&self, nonce: &[u8], token_hash: &[u8]) -> Option<String> {
        let nonce = LinkNonce::from_stored(nonce)?;
        let token = nonce.token_for(&self.secrets, Purpose::ShareLink, token_hash)?;
        Some(self.public_url.link(&app::routes::share(&token.to_text())))
    }

    /// What stands for a viewer of an invoice who has no name: the same network and browser are the same viewer. The
    /// browser is one in a few words, of which there are not many: in a whole `User-Agent` anybody can be as many
    /// viewers as they like. Nothing can be read back from it.
    #[must_use]
    pub fn viewer(&self, network: IpAddr, browser: &str) -> String {
        let mac = self.secrets.sign(Purpose::Viewer, format!("{network} {browser}").as_bytes());
        format!("guest:{}", hexadecimal(&mac[..12]))
    }

    /// What is stored of the token in a link; `None` for what is none.
    #[must_use]
    pub fn hash_of(token: &str) -> Option<[u8; 32]> {
        Token::parse(token).map(|token| token.hash())
    }
}

/// A link that was found, with what the page around its invoice shows. Fields are private;
/// [`ShareLinkRow::admit`] is the way on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ShareLinkRow {
    org_id: OrgId,
    client_id: ClientId,
    invoice_id: InvoiceId,
    org_slug: String,
    org_name: String,
    org_email: String,
    accent: String,
    logo_sha256: Option<String>,
    locale: String,
    time_zone: String,
    payment_instructions: String,
    plan: String,
    takes_payments: bool,
}

/// One request of whoever follows a share link.
#[derive(Debug, Clone)]
pub struct GuestVisit {
    /// Who is asking.
    pub actor: GuestActor,
    /// The org's brand.
    pub brand: OrgBrand,
    /// BCP 47 tag: the client's, or the org's where the client has none.
    pub locale: String,
    /// The org's time zone; UTC if the database holds a name that is none.
    pub time_zone: Tz,
    /// What the org tells those who want to pay.
    pub payment_instructions: String,
    /// Whether the org can be paid online, as far as its plan and its account go (rules B1, P6).
    pub takes_payments: bool,
}

impl ShareLinkRow {
    /// The tenant.
    #[must_use]
    pub const fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// Turns a link into an actor.
    #[must_use]
    pub fn admit(self) -> Arc<GuestVisit> {
        Arc::new(GuestVisit {
            actor: GuestActor::new(self.org_id, self.client_id, self.invoice_id),
            brand: OrgBrand {
                org_slug: self.org_slug,
                org_name: self.org_name,
                org_email: self.org_email,
                accent: self.accent,
                logo_sha256: self.logo_sha256,
            },
            locale: self.locale,
            time_zone: self.time_zone.parse().unwrap_or(Tz::UTC),
            payment_instructions: self.payment_instructions,
            takes_payments: self.takes_payments && has_portal(&self.plan),
        })
    }
}
