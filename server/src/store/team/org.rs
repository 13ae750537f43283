//! The org itself: how it looks and bills, and its plan.

use super::{Stale, Subject, TeamScope, org_rows, team_rows};
use crate::{
    auth::session::Plan,
    error::Result,
    id::AssetId,
    store::{ActivityKind, Origin, checkout, db::execute},
};

org_rows! {
    /// An org, as its settings show it.
    OrgRow {
        /// Name.
        name: String,
        /// Where its clients write to; may be empty.
        email: String,
        /// Lines of text.
        address: String,
        /// Tax id; may be empty.
        tax_id: String,
        /// BCP 47 tag.
        locale: String,
        /// IANA name.
        time_zone: String,
        /// `#rrggbb`.
        accent: String,
        /// How to pay, in the org's own words; may be empty.
        payment_instructions: String,
        /// What invoice numbers begin with; may be empty.
        invoice_prefix: String,
        /// What its tax is called on invoices.
        tax_name: String,
        /// What a new line is taxed at, in millionths.
        default_tax_ppm: i64,
        /// How many days its clients have to pay.
        payment_days: i64,
        /// `free`, `studio` or `agency`.
        plan: String,
        /// Counts changes.
        version: i64,
    }
}

/// What can be set of an org. Texts are trimmed and checked by whoever makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgDraft {
    /// Name.
    pub name: String,
    /// Where its clients write to.
    pub email: String,
    /// Lines of text.
    pub address: String,
    /// Tax id.
    pub tax_id: String,
    /// BCP 47 tag.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
    /// `#rrggbb`.
    pub accent: String,
    /// How to pay.
    pub payment_instructions: String,
    /// What invoice numbers begin with.
    pub invoice_prefix: String,
    /// What its tax is called on invoices.
    pub tax_name: String,
    /// What a new line is taxed at, in millionths.
    pub default_tax_ppm: i64,
    /// How many days its clients have to pay.
    pub payment_days: i64,
}

/// A logo as it is kept: always PNG, with nothing in it but the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoDraft {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// The file.
    pub bytes: Vec<u8>,
}

const ORG: &str = "SELECT id AS org_id, name, email, address, tax_id, locale, time_zone, accent, payment_instructions, \
    invoice_prefix, tax_name, default_tax_ppm, payment_days, plan, version FROM orgs WHERE id = $1";
const CHANGE: &str = "UPDATE orgs SET name = $3, email = $4, address = $5, tax_id = $6, locale = $7, time_zone = $8, \
    accent = $9, payment_instructions = $10, invoice_prefix = $11, tax_name = $12, default_tax_ppm = $13, payment_days = $14, \
    version = version + 1 \
    WHERE id = $1 AND version = $2";
const SET_LOGO: &str = "INSERT INTO brand_assets (org_id, id, kind, content_type, width, height, sha256, bytes, created_at) \
    VALUES ($1, $2, 'logo', 'image/png', $3, $4, $5, $6, $7) \
    ON CONFLICT (org_id, kind) DO UPDATE SET content_type = excluded.content_type, width = excluded.width, \
    height = excluded.height, sha256 = excluded.sha256, bytes = excluded.bytes, created_at = excluded.created_at";
const REMOVE_LOGO: &str = "DELETE FROM brand_assets WHERE org_id = $1 AND kind = 'logo'";
const SET_PLAN: &str = "UPDATE orgs SET plan = $2, version = version + 1 WHERE id = $1 AND plan <> $2";

impl TeamScope<'_> {
    /// The org of whoever asks.
    pub async fn org(&self) -> Result<Option<OrgRow>> {
        let rows: Result<Vec<OrgRow>> = team_rows!(self, OrgRow, ORG);
        Ok(rows?.pop())
    }

    /// Changes the org, if nobody has changed it since it was read.
    pub async fn change_org(
        &self,
        version: i64,
        draft: &OrgDraft,
        origin: &Origin,
    ) -> Result<Result<(), Stale>> {
        let mut conn = self.write().await?;
        let changed = execute!(
            conn,
            CHANGE,
            self.actor.org_id(),
            version,
            draft.name.as_str(),
            draft.email.as_str(),
            draft.address.as_str(),
            draft.tax_id.as_str(),
            draft.locale.as_str(),
            draft.time_zone.as_str(),
            draft.accent.as_str(),
            draft.payment_instructions.as_str(),
            draft.invoice_prefix.as_str(),
            draft.tax_name.as_str(),
            draft.default_tax_ppm,
            draft.payment_days,
        )?;
        if changed == 0 {
            return Ok(Err(Stale::Changed));
        }
        self.log(&mut conn, ActivityKind::OrgChanged, Subject::default(), "", origin).await?;
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Gives the org a logo in the place of the one that it may have.
    pub async fn set_logo(&self, logo: &LogoDraft, origin: &Origin) -> Result<()> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        execute!(
            conn,
            SET_LOGO,
            self.actor.org_id(),
            AssetId::new(now),
            i64::from(logo.width),
            i64::from(logo.height),
            logo.sha256.as_str(),
            &logo.bytes[..],
            now,
        )?;
        self.log(&mut conn, ActivityKind::LogoChanged, Subject::default(), "", origin).await?;
        conn.commit().await
    }

    /// Takes the logo away; `false` where there is none.
    pub async fn remove_logo(&self, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let removed = execute!(conn, REMOVE_LOGO, self.actor.org_id())? > 0;
        if removed {
            self.log(&mut conn, ActivityKind::LogoChanged, Subject::default(), "", origin).await?;
            conn.commit().await?;
        }
        Ok(removed)
    }

    /// Changes the plan (rule B2); without the portal nothing is paid online either (rule B1). `false`: it is so
    /// already.
    pub async fn set_plan(&self, plan: Plan, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let changed = execute!(conn, SET_PLAN, self.actor.org_id(), plan.as_str())?;
        if changed > 0 {
            if !plan.has_portal() {
                checkout::enqueue_closing(&mut conn, self.store.clock.now(), self.actor.org_id()).await?;
            }
            self.log(&mut conn, ActivityKind::PlanChanged, Subject::default(), plan.as_str(), origin).await?;
            conn.commit().await?;
        }
        Ok(changed > 0)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("org".to_owned(), ORG)]
}
