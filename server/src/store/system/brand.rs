//! How an org looks, for pages that nobody is signed in to.

use super::System;
use crate::{
    auth::session::OrgBrand,
    error::Result,
    id::CheckoutId,
    store::db::{fetch_all, fetch_optional},
};

const BRAND: &str = "SELECT slug AS org_slug, name AS org_name, email AS org_email, accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = orgs.id AND a.kind = 'logo') AS logo_sha256 \
    FROM orgs WHERE slug = $1";

const BRAND_OF_CHECKOUT: &str = "SELECT o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = o.id AND a.kind = 'logo') AS logo_sha256 \
    FROM checkouts c JOIN orgs o ON o.id = c.org_id WHERE c.id = $1";

/// Two rows at most: one is the only one there is.
const BRANDS: &str = "SELECT slug AS org_slug, name AS org_name, email AS org_email, accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = orgs.id AND a.kind = 'logo') AS logo_sha256 \
    FROM orgs LIMIT 2";

const LOGO: &str = "SELECT a.content_type, a.bytes FROM brand_assets a JOIN orgs o ON o.id = a.org_id \
    WHERE o.slug = $1 AND a.kind = 'logo' AND a.sha256 = $2";

/// A logo as it is served.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Logo {
    /// PNG, JPEG or WebP.
    pub content_type: String,
    /// The image.
    pub bytes: Vec<u8>,
}

/// Whether a part of a path can be a short name or a hash at all. What cannot is not asked for: the
/// databases do not agree on what to say of a NUL.
fn is_slug(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl System<'_> {
    /// The brand of the org with this short name.
    pub(crate) async fn brand(&self, org_slug: &str) -> Result<Option<OrgBrand>> {
        if !is_slug(org_slug) {
            return Ok(None);
        }
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, OrgBrand, BRAND, org_slug)?;
        conn.commit().await?;
        Ok(row)
    }

    /// The brand of the org that is paid by this checkout.
    pub(crate) async fn brand_of_checkout(&self, id: CheckoutId) -> Result<Option<OrgBrand>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, OrgBrand, BRAND_OF_CHECKOUT, id)?;
        conn.commit().await?;
        Ok(row)
    }

    /// The brand of the only org there is; `None` where there are several, or none.
    pub(crate) async fn sole_brand(&self) -> Result<Option<OrgBrand>> {
        let mut conn = self.read().await?;
        let mut rows = fetch_all!(conn, OrgBrand, BRANDS)?;
        conn.commit().await?;
        Ok(if rows.len() == 1 { rows.pop() } else { None })
    }

    /// The org's logo, if it is still the one with this hash.
    pub(crate) async fn logo(&self, org_slug: &str, sha256: &str) -> Result<Option<Logo>> {
        if !is_slug(org_slug) || !is_slug(sha256) {
            return Ok(None);
        }
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, Logo, LOGO, org_slug, sha256)?;
        conn.commit().await?;
        Ok(row)
    }
}
