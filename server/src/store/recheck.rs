//! The last look at rows before they leave the store (rule I2). One that is another tenant's would be a fault in a
//! statement: it is an error, an alert and a row in the log, and no data leaves.

use super::{
    ActivityKind, Origin, Store,
    activity::{ContactActivity, MemberActivity, append, append_guest, append_member},
    db::Audience,
    system::Alert,
};
use crate::error::{Error, Result};

impl Store {
    /// Lets rows out if each of them is what whoever asked may see.
    pub(super) async fn recheck<T>(
        &self,
        audience: Audience<'_>,
        rows: Vec<T>,
        is_own: impl FnMut(&T) -> bool,
    ) -> Result<Vec<T>> {
        #[cfg(feature = "testing")]
        if !self.rechecks() {
            return Ok(rows);
        }
        if rows.iter().all(is_own) {
            return Ok(rows);
        }
        let row = std::any::type_name::<T>();
        let alert = Alert {
            kind: "tenant_mismatch",
            subject: row,
            org: audience.org_id(),
            detail: &format!("{audience:?}"),
        };
        self.system().alert(&alert).await?;
        self.log_mismatch(audience, row).await?;
        Err(Error::bug(format!("a {row} of another tenant was held back")))
    }

    async fn log_mismatch(&self, audience: Audience<'_>, detail: &str) -> Result<()> {
        let (now, kind, origin) = (self.clock.now(), ActivityKind::TenantMismatch, &Origin::default());
        let mut conn = self.db.write(audience).await?;
        match audience {
            // It has no tenant, and so no log.
            Audience::System => {}
            Audience::Portal(actor) => {
                let row = ContactActivity { detail, ..ContactActivity::by(actor, kind, origin) };
                append(&mut conn, now, &row).await?;
            }
            Audience::Team(actor) => {
                let row = MemberActivity { detail, ..MemberActivity::by(actor, kind, origin) };
                append_member(&mut conn, now, &row).await?;
            }
            Audience::Guest(actor) => append_guest(&mut conn, now, kind, actor, detail, origin).await?,
        }
        conn.commit().await
    }
}
