//! Rows as the store gives them out. A row of a tenant says whose it is, so that it can be checked
//! again on its way out (rule I2).

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::id::{ActivityId, ClientId, InvoiceId, OrgId, PaymentId, SessionId};

/// A row that belongs to one client of one org.
pub trait TenantRow {
    /// Whose it is.
    fn tenant(&self) -> (OrgId, ClientId);
}

macro_rules! tenant_rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
        pub struct $name {
            /// The tenant.
            pub org_id: OrgId,
            /// The client.
            pub client_id: ClientId,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl TenantRow for $name {
            fn tenant(&self) -> (OrgId, ClientId) {
                (self.org_id, self.client_id)
            }
        }
    )*};
}

pub(super) use tenant_rows;

tenant_rows! {
    /// What is owed in one currency, with the overdue part as of the day that was asked for.
    BalanceRow {
        /// ISO 4217.
        currency: String,
        /// Sum of what is due on open invoices.
        outstanding_minor: i64,
        /// Number of open invoices.
        open_count: i64,
        /// The part whose due day has passed.
        overdue_minor: i64,
        /// Number of overdue invoices.
        overdue_count: i64,
        /// The oldest due day that has passed.
        overdue_since: Option<NaiveDate>,
    }

    /// An invoice as lists show it.
    InvoiceRow {
        /// Id.
        id: InvoiceId,
        /// The org's number.
        number: String,
        /// What it is for.
        title: String,
        /// `open`, `paid` or `void`: what the database derives.
        settlement: String,
        /// Day of issue.
        issued_on: NaiveDate,
        /// Last day to pay in time.
        due_on: NaiveDate,
        /// Day of the last payment.
        last_paid_on: Option<NaiveDate>,
        /// ISO 4217.
        currency: String,
        /// Total, taxes included.
        total_minor: i64,
        /// Paid so far.
        paid_minor: i64,
        /// Whether a part of it can be paid online.
        allows_part: bool,
        /// Since when a payment is under way, which takes days.
        processing_since: Option<DateTime<Utc>>,
        /// When the last try to pay it failed, where that is the last that is known.
        failed_at: Option<DateTime<Utc>>,
    }

    /// What an invoice has besides what lists show, and the two parties.
    InvoiceDetailRow {
        /// The client's reference.
        reference: String,
        /// A word to the client.
        notes: String,
        /// The discount in millionths.
        discount_ppm: i64,
        /// What is taken off the sum of the lines.
        discount_minor: i64,
        /// Sum of the lines, the discount taken off.
        subtotal_minor: i64,
        /// Sum of the taxes.
        tax_minor: i64,
        /// Who is billed.
        client_name: String,
        /// Lines of text.
        client_address: String,
        /// The client's tax id.
        client_tax_id: String,
        /// Who bills.
        org_name: String,
        /// Lines of text.
        org_address: String,
        /// The org's tax id.
        org_tax_id: String,
    }

    /// The share link of an invoice, as far as it is stored.
    ShareLinkRow {
        /// What its token is made of.
        nonce: Vec<u8>,
        /// What its token hashes to.
        token_hash: Vec<u8>,
    }

    /// One line of an invoice.
    LineRow {
        /// What was delivered.
        description: String,
        /// Thousandths of the unit.
        quantity_milli: i64,
        /// What is counted.
        unit: String,
        /// Price of one unit.
        unit_price_minor: i64,
        /// Millionths.
        tax_rate_ppm: i64,
        /// Quantity × unit price.
        net_minor: i64,
    }

    /// The tax of one rate.
    TaxRow {
        /// What the org calls it.
        label: String,
        /// Millionths.
        rate_ppm: i64,
        /// Sum of the lines at this rate.
        base_minor: i64,
        /// Tax on it.
        tax_minor: i64,
    }

    /// A payment, refund, reversal or dispute.
    PaymentRow {
        /// Id.
        id: PaymentId,
        /// The invoice it is for.
        invoice_id: InvoiceId,
        /// That invoice's number.
        invoice_number: String,
        /// `payment`, `refund`, `reversal` or `dispute`.
        kind: String,
        /// `card`, `bank_transfer`, `cash` or `other`.
        method: String,
        /// ISO 4217.
        currency: String,
        /// Negative for all but payments.
        amount_minor: i64,
        /// Day on which the money came.
        received_on: NaiveDate,
        /// The payer's reference.
        reference: String,
        /// It was taken back by a reversal, as an entry made by mistake.
        is_reversed: bool,
    }

    /// The two parties of a statement as they are called now.
    StatementPartiesRow {
        /// Who is billed.
        client_name: String,
        /// Lines of text.
        client_address: String,
        /// The client's tax id.
        client_tax_id: String,
        /// Who bills.
        org_name: String,
        /// Lines of text.
        org_address: String,
        /// The org's tax id.
        org_tax_id: String,
    }

    /// A part of what was owed in one currency as a period began.
    StatementOpeningRow {
        /// ISO 4217.
        currency: String,
        /// Added to what is owed; negative where it was paid.
        minor: i64,
    }

    /// An invoice, or what was paid on one, within a period.
    StatementEntryRow {
        /// Of the invoice or of the payment.
        id: Uuid,
        /// `invoice`, or a payment's `payment`, `refund`, `reversal` or `dispute`.
        kind: String,
        /// How a payment came; empty for an invoice.
        method: String,
        /// The invoice.
        invoice_id: InvoiceId,
        /// Its number.
        invoice_number: String,
        /// An invoice's title, a payment's reference.
        note: String,
        /// ISO 4217.
        currency: String,
        /// Day of issue or of payment.
        day: NaiveDate,
        /// When an invoice was cancelled.
        voided_at: Option<DateTime<Utc>>,
        /// What was billed, or what was paid: negative for all but payments.
        amount_minor: i64,
    }

    /// A session under way.
    SessionRow {
        /// Id.
        id: SessionId,
        /// When it began.
        created_at: DateTime<Utc>,
        /// When it ends by itself.
        expires_at: DateTime<Utc>,
        /// The browser in a few words.
        browser: String,
        /// The network address, shortened.
        ip_short: String,
    }

    /// A row of the client's own access log.
    AccessRow {
        /// Id.
        id: ActivityId,
        /// When.
        at: DateTime<Utc>,
        /// What, as [`super::ActivityKind`] names it.
        kind: String,
        /// Who.
        actor_name: String,
        /// The browser in a few words.
        browser: String,
        /// The network address, shortened.
        ip_short: String,
        /// The invoice it is about.
        invoice_id: Option<InvoiceId>,
        /// That invoice's number.
        invoice_number: Option<String>,
    }
}

impl InvoiceRow {
    /// Changes whenever what money does to an invoice has changed.
    #[must_use]
    pub fn state_tag(&self) -> String {
        state_tag(&self.settlement, self.paid_minor, self.processing_since, self.failed_at)
    }
}

/// How an invoice stands, as a word that means nothing but itself: a page that is open compares it.
#[must_use]
pub fn state_tag(
    settlement: &str,
    paid_minor: i64,
    processing_since: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
) -> String {
    let seconds = |at: Option<DateTime<Utc>>| at.map_or(0, |at| at.timestamp());
    format!("{settlement}-{paid_minor}-{}-{}", seconds(processing_since), seconds(failed_at))
}
