//! Drafts: as they are typed, saved again and again, and never over what somebody else has saved.

use chrono::NaiveDate;

use super::{Stale, TeamScope, org_rows, team_rows};
use crate::{
    draft::TypedInvoice,
    error::{Error, Result},
    id::{ClientId, InvoiceId},
    store::{
        ActivityKind, Origin,
        activity::{self, MemberActivity},
        db::{execute, fetch_optional},
        invoice_text::invoice_search_text,
    },
};

org_rows! {
    /// A draft with what it is read by.
    DraftRow {
        /// The client.
        client_id: ClientId,
        /// Id.
        id: InvoiceId,
        /// `draft`, `sent` or `void`.
        status: String,
        /// Counts changes.
        version: i64,
        /// As it is typed (JSON).
        typed: Option<String>,
        /// ISO 4217.
        currency: String,
        /// How many days the org gives its clients to pay.
        payment_days: i64,
    }

    /// What a new invoice of a client begins with.
    DraftDefaultsRow {
        /// The client's name.
        client_name: String,
        /// ISO 4217.
        currency: String,
        /// Millionths.
        default_tax_ppm: i64,
        /// How many days the org gives its clients to pay.
        payment_days: i64,
    }
}

/// What a draft comes to, for lists; of what of it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftSums {
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to pay in time.
    pub due_on: NaiveDate,
    /// Millionths.
    pub discount_ppm: i64,
    /// What is taken off.
    pub discount_minor: i64,
    /// Sum of the lines, the discount taken off.
    pub subtotal_minor: i64,
    /// Sum of the taxes.
    pub tax_minor: i64,
    /// Subtotal and tax.
    pub total_minor: i64,
}

const DRAFT: &str = "SELECT i.org_id, i.client_id, i.id, i.status, i.version, i.typed, i.currency, o.payment_days \
    FROM invoices i JOIN orgs o ON o.id = i.org_id WHERE i.org_id = $1 AND i.id = $2";
const DEFAULTS: &str = "SELECT c.org_id, c.name AS client_name, c.currency, o.default_tax_ppm, o.payment_days \
    FROM clients c JOIN orgs o ON o.id = c.org_id WHERE c.org_id = $1 AND c.id = $2 AND c.archived_at IS NULL";
const ADD: &str = "INSERT INTO invoices (org_id, client_id, id, status, title, reference, notes, currency, issued_on, due_on, \
    subtotal_minor, tax_minor, total_minor, paid_minor, search_text, version, created_at, typed, discount_ppm, discount_minor) \
    VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, 1, $14, $15, $16, $17) \
    ON CONFLICT DO NOTHING";
const SAVE: &str = "UPDATE invoices SET title = $4, reference = $5, notes = $6, issued_on = $7, due_on = $8, \
    subtotal_minor = $9, tax_minor = $10, total_minor = $11, search_text = $12, typed = $13, discount_ppm = $14, \
    discount_minor = $15, version = version + 1 \
    WHERE org_id = $1 AND id = $2 AND version = $3 AND status = 'draft'";
pub(super) const DELETE_LINES: &str =
    "DELETE FROM invoice_lines WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3";
pub(super) const DELETE_TAXES: &str =
    "DELETE FROM invoice_taxes WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3";
const DELETE: &str =
    "DELETE FROM invoices WHERE org_id = $1 AND client_id = $2 AND id = $3 AND status = 'draft'";

impl TeamScope<'_> {
    /// A draft, or an invoice that was one; `None` where there is none such in this org.
    pub async fn draft(&self, id: InvoiceId) -> Result<Option<DraftRow>> {
        let rows: Result<Vec<DraftRow>> = team_rows!(self, DraftRow, DRAFT, id);
        Ok(rows?.pop())
    }

    /// What a new invoice of a client begins with; `None` where there is no such client, or it is put away.
    pub async fn draft_defaults(&self, client: ClientId) -> Result<Option<DraftDefaultsRow>> {
        let rows: Result<Vec<DraftDefaultsRow>> = team_rows!(self, DraftDefaultsRow, DEFAULTS, client);
        Ok(rows?.pop())
    }

    /// Adds a draft for a client. The same id again adds nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] where an invoice of another client has the id.
    pub async fn add_draft(
        &self,
        client: ClientId,
        id: InvoiceId,
        currency: app::money::Currency,
        typed: &TypedInvoice,
        sums: &DraftSums,
        origin: &Origin,
    ) -> Result<()> {
        let mut conn = self.write().await?;
        let added = execute!(
            conn,
            ADD,
            self.actor.org_id(),
            client,
            id,
            typed.title.as_str(),
            typed.reference.as_str(),
            typed.notes.as_str(),
            currency.code(),
            sums.issued_on,
            sums.due_on,
            sums.subtotal_minor,
            sums.tax_minor,
            sums.total_minor,
            invoice_search_text(None, &typed.title, &typed.reference, sums.total_minor, currency).as_str(),
            self.store.clock.now(),
            to_json(typed)?,
            sums.discount_ppm,
            sums.discount_minor,
        )?;
        if added > 0 {
            self.log_draft(&mut conn, ActivityKind::InvoiceDrafted, client, &typed.title, origin).await?;
        } else if fetch_optional!(conn, DraftRow, DRAFT, self.actor.org_id(), id)?
            .is_some_and(|there| there.client_id != client)
        {
            return Err(Error::Invalid { field: "id" });
        }
        conn.commit().await
    }

    /// Saves a draft, if nobody has saved it since it was read; gives its new version.
    pub async fn save_draft(
        &self,
        draft: &DraftRow,
        version: i64,
        currency: app::money::Currency,
        typed: &TypedInvoice,
        sums: &DraftSums,
    ) -> Result<Result<i64, Stale>> {
        let mut conn = self.write().await?;
        let saved = execute!(
            conn,
            SAVE,
            self.actor.org_id(),
            draft.id,
            version,
            typed.title.as_str(),
            typed.reference.as_str(),
            typed.notes.as_str(),
            sums.issued_on,
            sums.due_on,
            sums.subtotal_minor,
            sums.tax_minor,
            sums.total_minor,
            invoice_search_text(None, &typed.title, &typed.reference, sums.total_minor, currency).as_str(),
            to_json(typed)?,
            sums.discount_ppm,
            sums.discount_minor,
        )?;
        if saved == 0 {
            // Whoever sends the same again, because nobody answered the first time, has saved it.
            let there = fetch_optional!(conn, DraftRow, DRAFT, self.actor.org_id(), draft.id)?;
            let typed = Some(to_json(typed)?);
            let is_the_same = there.is_some_and(|there| {
                there.status == "draft" && there.version == version + 1 && there.typed == typed
            });
            return Ok(if is_the_same { Ok(version + 1) } else { Err(Stale::Changed) });
        }
        if draft.typed.is_none() {
            // From here on its lines stand in what is typed.
            execute!(conn, DELETE_LINES, self.actor.org_id(), draft.client_id, draft.id)?;
            execute!(conn, DELETE_TAXES, self.actor.org_id(), draft.client_id, draft.id)?;
        }
        conn.commit().await?;
        Ok(Ok(version + 1))
    }

    /// Deletes a draft for good; `false` where there is none such, or it was sent.
    pub async fn delete_draft(&self, id: InvoiceId, origin: &Origin) -> Result<bool> {
        let org = self.actor.org_id();
        let mut conn = self.write().await?;
        let Some(draft) =
            fetch_optional!(conn, DraftRow, DRAFT, org, id)?.filter(|row| row.status == "draft")
        else {
            return Ok(false);
        };
        execute!(conn, DELETE_LINES, org, draft.client_id, id)?;
        execute!(conn, DELETE_TAXES, org, draft.client_id, id)?;
        if execute!(conn, DELETE, org, draft.client_id, id)? == 0 {
            return Ok(false);
        }
        let title = draft.typed.as_deref().map(from_json).unwrap_or_default().title;
        self.log_draft(&mut conn, ActivityKind::DraftDeleted, draft.client_id, &title, origin).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// A draft may be deleted while the log stays: it is named by its title and not by its id.
    async fn log_draft(
        &self,
        conn: &mut crate::store::db::Conn,
        kind: ActivityKind,
        client: ClientId,
        title: &str,
        origin: &Origin,
    ) -> Result<()> {
        let row = MemberActivity {
            client_id: Some(client),
            detail: title,
            ..MemberActivity::by(&self.actor, kind, origin)
        };
        activity::append_member(conn, self.store.clock.now(), &row).await
    }
}

fn to_json(typed: &TypedInvoice) -> Result<String> {
    serde_json::to_string(typed).map_err(Error::bug)
}

/// Reads what is typed back. What a later version has written, as far as this one knows it.
#[must_use]
pub fn from_json(typed: &str) -> TypedInvoice {
    serde_json::from_str(typed).unwrap_or_default()
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team draft".to_owned(), DRAFT), ("team draft defaults".to_owned(), DEFAULTS)]
}
