//! Rows in bulk, for a database that is being filled: `postern seed` and the demo. Rows go in as
//! they are given, so whoever calls this must have them right: sums, balances, numbers and order.
//! The columns are those of `migrations/*/0001_schema.sql`, which says what each of them means.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::SystemTx;
use crate::{
    error::Result,
    id::{ActivityId, AssetId, ClientId, ContactId, InvoiceId, OrgId, PaymentId, ShareLinkId},
    store::{
        bulk::{Row, bulk_rows},
        db::{execute, fetch_optional},
    },
};

const ANY_ORG: &str = "SELECT id FROM orgs LIMIT 1";
const SET_NEXT_NUMBER: &str = "UPDATE orgs SET next_invoice_number = $2 WHERE id = $1";

bulk_rows! {
    /// An org.
    "orgs" Org {
        id: OrgId,
        slug: String,
        name: String,
        plan: &'static str,
        locale: &'static str,
        time_zone: &'static str,
        accent: &'static str,
        email: String,
        address: String,
        tax_id: String,
        payment_instructions: String,
        invoice_prefix: String,
        next_invoice_number: i64,
        default_tax_ppm: i64,
        created_at: DateTime<Utc>,
    }

    /// A file of an org's brand.
    "brand_assets" Asset {
        org_id: OrgId,
        id: AssetId,
        kind: &'static str,
        content_type: &'static str,
        width: i64,
        height: i64,
        sha256: String,
        bytes: Vec<u8>,
        created_at: DateTime<Utc>,
    }

    /// A person of a team.
    "persons" Person {
        id: Uuid,
        email: String,
        email_norm: String,
        name: String,
        password_hash: Option<String>,
        created_at: DateTime<Utc>,
    }

    /// A person's place in an org.
    "members" Member {
        org_id: OrgId,
        id: Uuid,
        person_id: Uuid,
        role: &'static str,
        created_at: DateTime<Utc>,
    }

    /// Who an org bills.
    "clients" Client {
        org_id: OrgId,
        id: ClientId,
        name: String,
        currency: &'static str,
        locale: Option<&'static str>,
        address: String,
        tax_id: String,
        search_text: String,
        created_at: DateTime<Utc>,
    }

    /// A person at a client.
    "contacts" Contact {
        org_id: OrgId,
        client_id: ClientId,
        id: ContactId,
        name: String,
        email: String,
        email_norm: String,
        portal_access: bool,
        last_login_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
    }

    /// An invoice.
    "invoices" Invoice {
        org_id: OrgId,
        client_id: ClientId,
        id: InvoiceId,
        status: &'static str,
        number: Option<String>,
        title: String,
        reference: String,
        notes: String,
        currency: &'static str,
        issued_on: NaiveDate,
        due_on: NaiveDate,
        subtotal_minor: i64,
        tax_minor: i64,
        total_minor: i64,
        paid_minor: i64,
        last_paid_on: Option<NaiveDate>,
        search_text: String,
        version: i64,
        created_at: DateTime<Utc>,
        sent_at: Option<DateTime<Utc>>,
        voided_at: Option<DateTime<Utc>>,
        typed: Option<String>,
        client_name: String,
        client_address: String,
        client_tax_id: String,
        org_name: String,
        org_address: String,
        org_tax_id: String,
    }

    /// A line of an invoice.
    "invoice_lines" Line {
        org_id: OrgId,
        client_id: ClientId,
        invoice_id: InvoiceId,
        position: i64,
        description: String,
        quantity_milli: i64,
        unit: &'static str,
        unit_price_minor: i64,
        tax_rate_ppm: i64,
        net_minor: i64,
    }

    /// The tax of one rate on an invoice.
    "invoice_taxes" Tax {
        org_id: OrgId,
        client_id: ClientId,
        invoice_id: InvoiceId,
        rate_ppm: i64,
        label: &'static str,
        base_minor: i64,
        tax_minor: i64,
    }

    /// A payment, or what takes one back.
    "payments" Payment {
        org_id: OrgId,
        client_id: ClientId,
        id: PaymentId,
        invoice_id: InvoiceId,
        kind: &'static str,
        method: &'static str,
        currency: &'static str,
        amount_minor: i64,
        received_on: NaiveDate,
        reference: String,
        reverses_id: Option<PaymentId>,
        created_at: DateTime<Utc>,
    }

    /// What a client owes in one currency.
    "client_balances" Balance {
        org_id: OrgId,
        client_id: ClientId,
        currency: &'static str,
        outstanding_minor: i64,
        open_count: i64,
        overdue_minor: i64,
        overdue_count: i64,
        overdue_before: NaiveDate,
    }

    /// What the whole org is owed in one currency.
    "org_balances" OrgBalance {
        org_id: OrgId,
        currency: &'static str,
        outstanding_minor: i64,
        open_count: i64,
        overdue_minor: i64,
        overdue_count: i64,
        overdue_before: NaiveDate,
    }

    /// What came in one month in one currency.
    "org_paid_months" PaidMonth {
        org_id: OrgId,
        currency: &'static str,
        month: NaiveDate,
        paid_minor: i64,
        payment_count: i64,
    }

    /// That somebody has looked at an invoice.
    "invoice_views" View {
        org_id: OrgId,
        client_id: ClientId,
        invoice_id: InvoiceId,
        viewer: String,
        views: i64,
        first_viewed_at: DateTime<Utc>,
        last_viewed_at: DateTime<Utc>,
    }

    /// The public link to one invoice.
    "share_links" ShareLink {
        org_id: OrgId,
        client_id: ClientId,
        id: ShareLinkId,
        invoice_id: InvoiceId,
        nonce: Vec<u8>,
        token_hash: Vec<u8>,
        created_at: DateTime<Utc>,
    }

    /// A row of the log about a contact.
    "activity" Activity {
        org_id: OrgId,
        id: ActivityId,
        at: DateTime<Utc>,
        kind: &'static str,
        actor_kind: &'static str,
        actor_name: String,
        client_visible: bool,
        client_id: ClientId,
        contact_id: ContactId,
        invoice_id: Option<InvoiceId>,
        detail: &'static str,
        browser: &'static str,
        ip_short: &'static str,
    }
}

impl SystemTx {
    /// Whether the database holds an org already, and so is not for filling.
    pub(crate) async fn has_org(&mut self) -> Result<bool> {
        Ok(fetch_optional!(self.conn, (OrgId,), ANY_ORG)?.is_some())
    }

    /// Writes rows of one table.
    pub(crate) async fn load<R: Row>(&mut self, rows: &[R]) -> Result<()> {
        R::insert(&mut self.conn, rows, "").await?;
        Ok(())
    }

    /// Sets the number that an org's next invoice takes.
    pub(crate) async fn set_next_invoice_number(&mut self, org_id: OrgId, next: i64) -> Result<()> {
        execute!(self.conn, SET_NEXT_NUMBER, org_id, next)?;
        Ok(())
    }
}
