//! Sessions, and the portal's in particular: a signed cookie outside, a row inside. Both are needed, so that a forged
//! cookie costs no query and signing out ends the session whoever holds a copy (rules S1, S2).

use std::sync::Arc;

use app::money::Currency;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono_tz::Tz;

use super::{
    actor::{Access, PortalActor},
    secret::{Purpose, Secrets},
    token::Token,
};
use crate::id::{ClientId, ContactId, OrgId, SessionId};

/// Whose session a cookie is. Each side has its own secret, and besides its own purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A contact of a client.
    Portal,
    /// A member of the team.
    Team,
    /// A member of the team who looks at the portal as a contact sees it.
    Preview,
}

impl Side {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Portal => Purpose::PortalSession,
            Self::Team => Purpose::TeamSession,
            Self::Preview => Purpose::PortalPreview,
        }
    }
}

/// The cookie's value: the token and its signature.
#[must_use]
pub fn sign(secrets: &Secrets, side: Side, token: Token) -> String {
    let signature = secrets.sign(side.purpose(), token.bytes());
    format!("{}.{}", token.to_text(), URL_SAFE_NO_PAD.encode(signature))
}

/// The token of a cookie that we signed.
#[must_use]
pub fn verify(secrets: &Secrets, side: Side, cookie: &str) -> Option<Token> {
    let (token, signature) = cookie.split_once('.')?;
    let token = Token::parse(token)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    secrets.verify(side.purpose(), token.bytes(), &signature).then_some(token)
}

/// A session with what every page shows of its org and client: the one statement that each request
/// begins with reads all of it. Fields are private; [`PortalSessionRow::admit`] is the way on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PortalSessionRow {
    org_id: OrgId,
    client_id: ClientId,
    contact_id: ContactId,
    session_id: SessionId,
    plan: String,
    org_slug: String,
    org_name: String,
    org_email: String,
    accent: String,
    locale: String,
    time_zone: String,
    payment_instructions: String,
    takes_payments: bool,
    logo_sha256: Option<String>,
    client_name: String,
    client_currency: String,
    contact_name: String,
    contact_email: String,
}

/// What the door says to a session that was found.
#[derive(Debug, Clone)]
pub enum Admission {
    /// Come in.
    Open(Arc<PortalVisit>),
    /// The org's plan has no portal any more (rule B2). The name and brand, and nothing else.
    Disabled(OrgBrand),
}

/// How an org looks to its clients.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrgBrand {
    /// The org's short name in links.
    pub org_slug: String,
    /// Its name.
    pub org_name: String,
    /// Where its clients can write to.
    pub org_email: String,
    /// `#rrggbb`.
    pub accent: String,
    /// SHA-256 of its logo in hexadecimal, if it has one.
    pub logo_sha256: Option<String>,
}

/// One request of somebody who is signed in: the actor, and what every page shows.
#[derive(Debug, Clone)]
pub struct PortalVisit {
    /// Who is asking.
    pub actor: PortalActor,
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
    /// The client's name.
    pub client_name: String,
    /// The client's own currency; `None` only if the database holds a code that is none.
    pub client_currency: Option<Currency>,
    /// The person's name.
    pub contact_name: String,
    /// The person's address.
    pub contact_email: String,
}

impl PortalSessionRow {
    /// Turns a session into an actor, unless the org's plan has no portal any more.
    #[must_use]
    pub fn admit(self) -> Admission {
        self.admit_to(Access::Full)
    }

    /// The same for a member of the team who looks at the portal as this contact sees it.
    #[must_use]
    pub fn admit_to_preview(self) -> Admission {
        self.admit_to(Access::Preview)
    }

    fn admit_to(self, access: Access) -> Admission {
        let brand = OrgBrand {
            org_slug: self.org_slug,
            org_name: self.org_name,
            org_email: self.org_email,
            accent: self.accent,
            logo_sha256: self.logo_sha256,
        };
        if !has_portal(&self.plan) {
            return Admission::Disabled(brand);
        }
        Admission::Open(Arc::new(PortalVisit {
            actor: PortalActor::new(self.org_id, self.client_id, self.contact_id, self.session_id, access),
            brand,
            locale: self.locale,
            time_zone: self.time_zone.parse().unwrap_or(Tz::UTC),
            payment_instructions: self.payment_instructions,
            takes_payments: self.takes_payments,
            client_name: self.client_name,
            client_currency: self.client_currency.parse().ok(),
            contact_name: self.contact_name,
            contact_email: self.contact_email,
        }))
    }
}

/// What an org has (rule B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Clients, invoices, share links.
    Free,
    /// The portal besides.
    Studio,
    /// As many members as one likes.
    Agency,
}

impl Plan {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Free, Self::Studio, Self::Agency];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Studio => "studio",
            Self::Agency => "agency",
        }
    }

    /// How many members it has places for; `None` for as many as one likes.
    #[must_use]
    pub const fn most_members(self) -> Option<i64> {
        match self {
            Self::Free => Some(1),
            Self::Studio => Some(5),
            Self::Agency => None,
        }
    }

    /// Whether it has the client portal.
    #[must_use]
    pub const fn has_portal(self) -> bool {
        matches!(self, Self::Studio | Self::Agency)
    }
}

impl std::str::FromStr for Plan {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|plan| plan.as_str() == word).ok_or("must be free, studio or agency")
    }
}

/// Whether a plan, as the database names it, has the client portal. One that this version does not know
/// has none.
#[must_use]
pub fn has_portal(plan: &str) -> bool {
    plan.parse().is_ok_and(Plan::has_portal)
}

/// How many members a plan, as the database names it, has places for. One that this version does not know
/// has as few as the smallest.
#[must_use]
pub fn most_members(plan: &str) -> Option<i64> {
    plan.parse().unwrap_or(Plan::Free).most_members()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cookie_that_we_signed_is_read() {
        let secrets = Secrets::random();
        let token = Token::random();
        let cookie = sign(&secrets, Side::Portal, token);
        assert!(verify(&secrets, Side::Portal, &cookie).is_some_and(|read| read == token));
        assert!(verify(&secrets, Side::Team, &cookie).is_none());
        assert!(verify(&secrets, Side::Preview, &cookie).is_none());
        assert!(verify(&Secrets::random(), Side::Portal, &cookie).is_none());
        for forged in ["", ".", "a.b", &cookie[1..], &cookie[..cookie.len() - 2], &format!("{cookie}x")] {
            assert!(verify(&secrets, Side::Portal, forged).is_none(), "{forged}");
        }
    }

    #[test]
    fn a_larger_plan_has_more_places() {
        let most = ["free", "studio", "agency", "platinum"].map(most_members);
        assert_eq!(most, [Some(1), Some(5), None, Some(1)]);
    }

    #[test]
    fn the_portal_is_on_studio_and_agency() {
        assert_eq!(["free", "studio", "agency", ""].map(has_portal), [false, true, true, false]);
    }
}
