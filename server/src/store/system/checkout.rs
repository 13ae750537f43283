//! Checkouts as Stripe tells of them: found by what an event names, booked once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{System, SystemTx};
use crate::{
    checkout::{CheckoutState, Entry, EntryKind, Part},
    clock::calendar_day,
    error::{Error, Result},
    id::{ActivityId, CheckoutId, ClientId, InvoiceId, OrgId, PaymentId},
    ledger::{BalanceChange, LockedInvoice},
    store::{
        activity::ActivityKind,
        checkout::{CheckoutRow, PARTS, PartRow, checkout_columns, enqueue_review, returned_columns},
        db::{execute, fetch_all, fetch_one, fetch_optional},
        money,
        webhook::{self, Money, WebhookKind},
    },
    stripe::{IntentId, SessionId},
};

const BY_ID: &str = concat!("SELECT ", checkout_columns!(), " FROM checkouts c WHERE c.id = $1");
const BY_SESSION: &str = concat!("SELECT ", checkout_columns!(), " FROM checkouts c WHERE c.session_id = $1");
const BY_INTENT: &str =
    concat!("SELECT ", checkout_columns!(), " FROM checkouts c WHERE c.payment_intent_id = $1");
/// Those whose time has come. Each is put off while it is looked at, so that of several workers one does.
const CLAIM_DUE: &str = concat!(
    "UPDATE checkouts SET check_at = $2 WHERE id IN (SELECT id FROM checkouts \
     WHERE state IN ('asked', 'open', 'processing', 'paid') AND check_at <= $1 ORDER BY check_at LIMIT $3) AND check_at <= $1 RETURNING ",
    returned_columns!()
);
const PUT_OFF: &str = "UPDATE checkouts SET check_at = $2 WHERE id = $1";
const LIVE_OF_INVOICE: &str = concat!(
    "SELECT ",
    checkout_columns!(),
    " FROM checkout_invoices p JOIN checkouts c ON c.org_id = p.org_id AND c.client_id = p.client_id AND c.id = p.checkout_id \
      WHERE p.org_id = $1 AND p.client_id = $2 AND p.invoice_id = $3 AND p.is_live"
);
const LIVE_OF_ACCOUNT: &str = concat!(
    "SELECT ",
    checkout_columns!(),
    " FROM checkouts c WHERE c.org_id = $1 AND c.state IN ('asked', 'open')"
);
/// Parts that no longer are what is due, or that are more than it.
const STALE_PARTS: &str = "SELECT COUNT(*) FROM checkout_invoices p JOIN invoices i ON i.org_id = p.org_id \
    AND i.client_id = p.client_id AND i.id = p.invoice_id WHERE p.org_id = $1 AND p.client_id = $2 AND p.checkout_id = $3 \
    AND (i.settlement <> 'open' OR p.amount_minor > i.total_minor - i.paid_minor \
        OR (p.amount_minor < i.total_minor - i.paid_minor AND NOT i.allows_part))";
const LOCK: &str =
    concat!("UPDATE checkouts SET check_at = check_at WHERE id = $1 RETURNING ", returned_columns!());
const OPENED: &str = "UPDATE checkouts SET session_id = $2, url = $3, state = 'open', since = $4 \
    WHERE id = $1 AND state = 'asked'";
const SET_STATE: &str = "UPDATE checkouts SET state = $2, since = CASE WHEN state = $2 THEN since ELSE $3 END, \
    session_id = COALESCE(session_id, $4), payment_intent_id = COALESCE(payment_intent_id, $5), check_at = $6 WHERE id = $1";
const SET_LIVE: &str = "UPDATE checkout_invoices SET is_live = $4 WHERE org_id = $1 AND client_id = $2 AND checkout_id = $3 \
    AND is_live <> $4";
const TIME_ZONE: &str = "SELECT time_zone FROM orgs WHERE id = $1";
const LOCK_INVOICE: &str = "UPDATE invoices SET version = version + 1 WHERE org_id = $1 AND client_id = $2 AND id = $3 \
    RETURNING id, client_id, status, currency, due_on, total_minor, paid_minor";
const ADD_ENTRY: &str = "INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, \
    received_on, reference, reverses_id, created_at, stripe_id, flag) \
    VALUES ($1, $2, $3, $4, $5, 'card', $6, $7, $8, '', $9, $10, $11, $12) ON CONFLICT DO NOTHING";
/// What came through Stripe for the invoices of a checkout, by whichever checkout.
const BOOKED: &str = "SELECT y.id, y.kind, y.invoice_id, y.amount_minor, y.received_on, y.stripe_id, y.reverses_id \
    FROM checkout_invoices p JOIN payments y ON y.org_id = p.org_id AND y.client_id = p.client_id AND y.invoice_id = p.invoice_id \
    WHERE p.org_id = $1 AND p.client_id = $2 AND p.checkout_id = $3 AND y.stripe_id IS NOT NULL";
const ADDRESSES: &str = "SELECT (SELECT t.email FROM contacts t WHERE t.org_id = o.id AND t.client_id = $2 AND t.id = $3) AS contact, \
    COALESCE(NULLIF(o.email, ''), (SELECT p.email FROM members m JOIN persons p ON p.id = m.person_id \
        WHERE m.org_id = o.id AND m.role = 'owner' AND m.removed_at IS NULL ORDER BY m.id LIMIT 1), '') AS org \
    FROM orgs o WHERE o.id = $1";
/// Somebody without a name is a guest; what comes from Stripe by itself is the system's.
const LOG: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, invoice_id, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, $5, COALESCE((SELECT name FROM contacts WHERE org_id = $1 AND client_id = $7 AND id = $8), ''), \
    $6, $7, $8, $9, $10, $11, $12)";
/// Whether an account is the org's no more.
const HAS_ENDED: &str = "SELECT COUNT(*) FROM stripe_accounts WHERE org_id = $1 AND account_id = $2 AND disconnected_at IS NOT NULL";

const PAID: &str = "SELECT k.org_id, k.client_id, k.payment_intent_id, o.slug AS org_slug, o.name AS org_name, o.email AS org_email, \
    o.accent, COALESCE(c.locale, o.locale) AS locale, o.locale AS org_locale, o.time_zone, c.name AS client_name, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = o.id AND a.kind = 'logo') AS logo_sha256, \
    k.currency, k.amount_minor, k.contact_id \
    FROM checkouts k JOIN orgs o ON o.id = k.org_id JOIN clients c ON c.org_id = k.org_id AND c.id = k.client_id \
    WHERE k.id = $1";
/// `$4`: the payment's id at Stripe.
const PAID_INVOICES: &str = "SELECT i.id, i.number, i.title, p.amount_minor, i.total_minor, i.paid_minor, i.status, l.nonce, l.token_hash, \
    y.received_on, y.flag \
    FROM checkout_invoices p \
    JOIN invoices i ON i.org_id = p.org_id AND i.client_id = p.client_id AND i.id = p.invoice_id \
    LEFT JOIN payments y ON y.org_id = p.org_id AND y.client_id = p.client_id AND y.invoice_id = p.invoice_id \
        AND y.kind = 'payment' AND y.stripe_id = $4 \
    LEFT JOIN share_links l ON l.org_id = p.org_id AND l.client_id = p.client_id AND l.invoice_id = p.invoice_id \
        AND l.revoked_at IS NULL \
    WHERE p.org_id = $1 AND p.client_id = $2 AND p.checkout_id = $3 ORDER BY p.position";

/// A checkout that was paid, as mails about it need it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct PaidCheckout {
    pub(crate) org_id: OrgId,
    pub(crate) client_id: ClientId,
    pub(crate) payment_intent_id: Option<IntentId>,
    pub(crate) org_slug: String,
    pub(crate) org_name: String,
    pub(crate) org_email: String,
    pub(crate) accent: String,
    pub(crate) locale: String,
    pub(crate) org_locale: String,
    pub(crate) time_zone: String,
    pub(crate) client_name: String,
    pub(crate) logo_sha256: Option<String>,
    pub(crate) currency: String,
    pub(crate) amount_minor: i64,
    pub(crate) contact_id: Option<crate::id::ContactId>,
}

/// An invoice that was paid by it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct PaidInvoice {
    pub(crate) id: InvoiceId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) amount_minor: i64,
    pub(crate) total_minor: i64,
    pub(crate) paid_minor: i64,
    pub(crate) status: String,
    pub(crate) nonce: Option<Vec<u8>>,
    pub(crate) token_hash: Option<Vec<u8>>,
    pub(crate) received_on: Option<NaiveDate>,
    pub(crate) flag: Option<String>,
}

/// A row of the ledger that tells of something at Stripe.
#[derive(Debug, sqlx::FromRow)]
struct BookedRow {
    id: PaymentId,
    kind: String,
    invoice_id: InvoiceId,
    amount_minor: i64,
    received_on: NaiveDate,
    stripe_id: String,
    reverses_id: Option<PaymentId>,
}

impl TryFrom<BookedRow> for Entry {
    type Error = Error;

    fn try_from(row: BookedRow) -> Result<Self> {
        let kind = EntryKind::parse(&row.kind)
            .ok_or_else(|| Error::bug(format!("a payment of kind {}", row.kind)))?;
        Ok(Self {
            id: row.id,
            kind,
            invoice_id: row.invoice_id,
            amount_minor: row.amount_minor,
            day: row.received_on,
            stripe_id: row.stripe_id,
            reverses: row.reverses_id,
        })
    }
}

/// How long a worker may be at one checkout before another may try.
const LEASE: TimeDelta = TimeDelta::minutes(1);

/// How a checkout is found.
#[derive(Debug, Clone)]
pub(crate) enum CheckoutName {
    /// By our id.
    Id(CheckoutId),
    /// By its session.
    Session(SessionId),
    /// By its payment.
    Intent(IntentId),
}

/// Who a row of the log is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaidBy {
    /// Whoever was led to the checkout last.
    Payer,
    /// Nobody here.
    Stripe,
}

impl System<'_> {
    /// A checkout, whosever it is: the name comes from Stripe, or is a row of our own.
    pub(crate) async fn checkout(&self, name: &CheckoutName) -> Result<Option<CheckoutRow>> {
        let mut conn = self.read().await?;
        let found = match name {
            CheckoutName::Id(id) => fetch_optional!(conn, CheckoutRow, BY_ID, *id),
            CheckoutName::Session(id) => fetch_optional!(conn, CheckoutRow, BY_SESSION, id),
            CheckoutName::Intent(id) => fetch_optional!(conn, CheckoutRow, BY_INTENT, id),
        }?;
        conn.commit().await?;
        Ok(found)
    }

    /// Checkouts that nobody has told of for too long; they are this worker's for a while.
    pub(crate) async fn claim_due_checkouts(&self, most: i64) -> Result<Vec<CheckoutRow>> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        let rows = fetch_all!(tx.conn, CheckoutRow, CLAIM_DUE, now, now + LEASE, most)?;
        tx.commit().await?;
        Ok(rows)
    }

    /// One that could not be settled now is looked at again then.
    pub(crate) async fn put_checkout_off(&self, id: CheckoutId, until: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        execute!(tx.conn, PUT_OFF, id, until)?;
        tx.commit().await
    }

    /// What is live on an invoice.
    pub(crate) async fn live_checkout_of(
        &self,
        (org, client): (OrgId, ClientId),
        invoice: InvoiceId,
    ) -> Result<Option<CheckoutRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, CheckoutRow, LIVE_OF_INVOICE, org, client, invoice)?;
        conn.commit().await?;
        Ok(row)
    }

    /// What of an org can be paid right now, or is about to.
    pub(crate) async fn open_checkouts_of_org(&self, org: OrgId) -> Result<Vec<CheckoutRow>> {
        let mut conn = self.read().await?;
        let rows = fetch_all!(conn, CheckoutRow, LIVE_OF_ACCOUNT, org)?;
        conn.commit().await?;
        Ok(rows)
    }

    /// A checkout that was paid, with its invoices.
    pub(crate) async fn paid_checkout(
        &self,
        id: CheckoutId,
    ) -> Result<Option<(PaidCheckout, Vec<PaidInvoice>)>> {
        let mut conn = self.read().await?;
        let paid: Option<PaidCheckout> = fetch_optional!(conn, PaidCheckout, PAID, id)?;
        let Some(paid) = paid else { return Ok(None) };
        let (org, client, intent) = (paid.org_id, paid.client_id, paid.payment_intent_id.as_ref());
        let invoices = fetch_all!(conn, PaidInvoice, PAID_INVOICES, org, client, id, intent)?;
        conn.commit().await?;
        Ok(Some((paid, invoices)))
    }

    /// Whether what it asks for is still what is due.
    pub(crate) async fn is_stale(&self, checkout: &CheckoutRow) -> Result<bool> {
        let mut conn = self.read().await?;
        let (org, client) = (checkout.org_id, checkout.client_id);
        let (stale,): (i64,) = fetch_one!(conn, (i64,), STALE_PARTS, org, client, checkout.id)?;
        conn.commit().await?;
        Ok(stale > 0)
    }

    /// Writes down where it is paid; `false` where it has gone on meanwhile.
    pub(crate) async fn checkout_opened(
        &self,
        id: CheckoutId,
        session: &SessionId,
        url: Option<&str>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let opened = execute!(tx.conn, OPENED, id, session, url, tx.clock.now())?;
        tx.commit().await?;
        Ok(opened > 0)
    }
}

impl SystemTx {
    /// A checkout that nobody else changes until this transaction ends.
    pub(crate) async fn lock_checkout(&mut self, id: CheckoutId) -> Result<Option<CheckoutRow>> {
        fetch_optional!(self.conn, CheckoutRow, LOCK, id)
    }

    /// What of it is for which invoice.
    pub(crate) async fn checkout_parts(&mut self, checkout: &CheckoutRow) -> Result<Vec<Part>> {
        let rows: Vec<PartRow> =
            fetch_all!(self.conn, PartRow, PARTS, checkout.org_id, checkout.client_id, checkout.id)?;
        Ok(rows.into_iter().map(Part::from).collect())
    }

    /// Keeps how it stands, and when it is looked at next.
    pub(crate) async fn set_checkout_state(
        &mut self,
        checkout: &CheckoutRow,
        state: CheckoutState,
        session: Option<&SessionId>,
        intent: Option<&IntentId>,
        check_at: DateTime<Utc>,
    ) -> Result<()> {
        let now = self.clock.now();
        let word = state.as_str();
        execute!(self.conn, SET_STATE, checkout.id, word, now, session, intent, check_at)?;
        let (org, client) = (checkout.org_id, checkout.client_id);
        execute!(self.conn, SET_LIVE, org, client, checkout.id, state.is_live())?;
        Ok(())
    }

    /// The org's calendar.
    pub(crate) async fn time_zone(&mut self, org: OrgId) -> Result<Tz> {
        let (name,): (String,) = fetch_one!(self.conn, (String,), TIME_ZONE, org)?;
        Ok(name.parse().unwrap_or(Tz::UTC))
    }

    /// What the ledger has of its invoices that came, or went, through Stripe.
    pub(crate) async fn booked(&mut self, checkout: &CheckoutRow) -> Result<Vec<Entry>> {
        let (org, client) = (checkout.org_id, checkout.client_id);
        let rows: Vec<BookedRow> = fetch_all!(self.conn, BookedRow, BOOKED, org, client, checkout.id)?;
        rows.into_iter().map(Entry::try_from).collect()
    }

    /// Where receipts go: to the contact who paid, if it was one, and to the org.
    pub(crate) async fn receipt_addresses(
        &mut self,
        checkout: &CheckoutRow,
    ) -> Result<(Option<String>, String)> {
        let (org, client, contact) = (checkout.org_id, checkout.client_id, checkout.contact_id);
        fetch_one!(self.conn, (Option<String>, String), ADDRESSES, org, client, contact)
    }

    /// An invoice that nobody else changes until this transaction ends.
    pub(crate) async fn lock_invoice(
        &mut self,
        checkout: &CheckoutRow,
        invoice: InvoiceId,
    ) -> Result<Option<LockedInvoice>> {
        let (org, client) = (checkout.org_id, checkout.client_id);
        fetch_optional!(self.conn, LockedInvoice, LOCK_INVOICE, org, client, invoice)
    }

    /// Writes a row of the ledger; `false` where it is there already.
    pub(crate) async fn add_entry(
        &mut self,
        checkout: &CheckoutRow,
        entry: &Entry,
        flag: Option<&'static str>,
    ) -> Result<bool> {
        let now = self.clock.now();
        let added = execute!(
            self.conn,
            ADD_ENTRY,
            checkout.org_id,
            checkout.client_id,
            entry.id,
            entry.invoice_id,
            entry.kind.as_str(),
            checkout.currency.as_str(),
            entry.amount_minor,
            entry.day,
            entry.reverses,
            now,
            entry.stripe_id.as_str(),
            flag
        )?;
        Ok(added > 0)
    }

    /// Keeps what a row of the ledger does to its invoice, its client and its org. What is due has changed, so what
    /// somebody is about to pay online is looked at again (rule M4).
    pub(crate) async fn keep_entry(
        &mut self,
        org: OrgId,
        time_zone: Tz,
        invoice: &LockedInvoice,
        entry: &Entry,
        change: BalanceChange,
    ) -> Result<()> {
        let today: NaiveDate = calendar_day(self.clock.now(), time_zone);
        let counts = i64::from(entry.kind == EntryKind::Payment);
        money::save_paid(&mut self.conn, org, invoice).await?;
        money::change_paid_month(&mut self.conn, org, invoice, entry.day, (entry.amount_minor, counts))
            .await?;
        money::change_balance(&mut self.conn, org, today, invoice, change).await?;
        enqueue_review(&mut self.conn, self.clock.now(), org, invoice.client_id, invoice.id).await
    }

    /// Tells the org's webhooks what has happened to an invoice, as it stands by now.
    pub(crate) async fn emit(
        &mut self,
        kind: WebhookKind,
        invoice: (OrgId, InvoiceId),
        money: Option<Money<'_>>,
    ) -> Result<()> {
        let now = self.clock.now();
        webhook::emit(&mut self.conn, now, kind, invoice, money).await
    }

    /// A row of the log about an invoice of a checkout.
    pub(crate) async fn log_checkout(
        &mut self,
        checkout: &CheckoutRow,
        kind: ActivityKind,
        by: PaidBy,
        invoice: InvoiceId,
        detail: &str,
    ) -> Result<()> {
        let now = self.clock.now();
        let (actor, contact) = match (by, checkout.contact_id) {
            (PaidBy::Payer, Some(contact)) => ("contact", Some(contact)),
            (PaidBy::Payer, None) => ("guest", None),
            (PaidBy::Stripe, _) => ("system", None),
        };
        let (browser, ip_short) = match by {
            PaidBy::Payer => (checkout.browser.as_str(), checkout.ip_short.as_str()),
            PaidBy::Stripe => ("", ""),
        };
        execute!(
            self.conn,
            LOG,
            checkout.org_id,
            ActivityId::new(now),
            now,
            kind.as_str(),
            actor,
            kind.is_client_visible(),
            checkout.client_id,
            contact,
            invoice,
            detail,
            browser,
            ip_short,
        )?;
        Ok(())
    }

    /// Whether the account that it is on is the org's no more.
    pub(crate) async fn has_ended(&mut self, checkout: &CheckoutRow) -> Result<bool> {
        let (ended,): (i64,) =
            fetch_one!(self.conn, (i64,), HAS_ENDED, checkout.org_id, &checkout.account_id)?;
        Ok(ended > 0)
    }
}
