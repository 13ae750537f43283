//! What whoever pays may do: a contact for invoices of its client, a guest for the one invoice of its link. Org and
//! client are bound from the actor, as everywhere.

use chrono::{DateTime, Utc};

use super::{
    Origin, Store,
    checkout::{CheckoutRow, PARTS, PartRow, checkout_columns},
    db::{Audience, execute, fetch_all, fetch_optional},
    guest::GuestScope,
    portal::PortalScope,
    row::{TenantRow, tenant_rows},
};
use crate::{
    auth::{
        actor::{GuestActor, PortalActor},
        session::has_portal,
    },
    checkout::Part,
    error::{Error, Result},
    id::{CheckoutId, ClientId, ContactId, InvoiceId, OrgId},
    stripe::AccountId,
};

#[derive(Debug, Clone, Copy)]
enum Payer {
    Contact(PortalActor),
    Guest(GuestActor),
}

/// The scope of whoever pays.
#[derive(Debug, Clone, Copy)]
pub struct PayScope<'a> {
    store: &'a Store,
    payer: Payer,
    origin: &'a Origin,
}

impl<'a> PortalScope<'a> {
    /// To pay, which a member who previews the portal does not.
    pub const fn pay(&self, origin: &'a Origin) -> Result<PayScope<'a>> {
        if self.actor.is_preview() {
            return Err(Error::Forbidden);
        }
        Ok(PayScope { store: self.store, payer: Payer::Contact(self.actor), origin })
    }
}

impl<'a> GuestScope<'a> {
    /// To pay.
    #[must_use]
    pub const fn pay(&self, origin: &'a Origin) -> PayScope<'a> {
        PayScope { store: self.store, payer: Payer::Guest(self.actor), origin }
    }
}

/// An account that can take payments, with what its page says.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PayeeRow {
    /// The org.
    org_id: OrgId,
    /// The account.
    pub account_id: AccountId,
    /// The org's plan.
    plan: String,
    /// BCP 47 tag.
    pub locale: String,
}

tenant_rows! {
    /// An invoice on which something is due.
    OpenRow {
        /// Id.
        id: InvoiceId,
    }

    /// An invoice that somebody wants to pay.
    PayableRow {
        /// Id.
        id: InvoiceId,
        /// Its number.
        number: String,
        /// What it is for.
        title: String,
        /// `open`, `paid` or `void`.
        settlement: String,
        /// ISO 4217.
        currency: String,
        /// What is due, in minor units.
        due_minor: i64,
        /// Whether a part of it can be paid.
        allows_part: bool,
    }
}

/// A checkout that is to be begun.
#[derive(Debug, Clone)]
pub struct NewCheckout {
    /// Id.
    pub id: CheckoutId,
    /// On which account.
    pub account_id: AccountId,
    /// ISO 4217.
    pub currency: String,
    /// What of it is for which invoice; not empty.
    pub parts: Vec<Part>,
    /// What Stripe is asked (JSON).
    pub request: String,
    /// Until when it can be paid.
    pub expires_at: DateTime<Utc>,
}

const PAYEE: &str = "SELECT o.id AS org_id, a.account_id, o.plan, COALESCE(c.locale, o.locale) AS locale \
    FROM orgs o JOIN stripe_accounts a ON a.org_id = o.id AND a.disconnected_at IS NULL AND a.charges_enabled \
    LEFT JOIN clients c ON c.org_id = o.id AND c.id = $2 WHERE o.id = $1";
const PAYABLE: &str = "SELECT org_id, client_id, id, number, title, settlement, currency, \
    CASE WHEN settlement = 'open' THEN total_minor - paid_minor ELSE 0 END AS due_minor, allows_part \
    FROM invoices WHERE org_id = $1 AND client_id = $2 AND id = $3 AND status <> 'draft'";
/// `$3`: ISO 4217. `$4`: how many. What is under way is not among them.
const OPEN: &str = "SELECT i.org_id, i.client_id, i.id FROM invoices i WHERE i.org_id = $1 AND i.client_id = $2 AND i.settlement = 'open' \
    AND i.currency = $3 AND NOT EXISTS (SELECT 1 FROM checkout_invoices p JOIN checkouts k ON k.org_id = p.org_id \
        AND k.client_id = p.client_id AND k.id = p.checkout_id WHERE p.org_id = i.org_id AND p.client_id = i.client_id \
        AND p.invoice_id = i.id AND p.is_live AND k.state = 'processing') \
    ORDER BY i.due_on, i.id LIMIT $4";
const LIVE: &str = concat!(
    "SELECT ",
    checkout_columns!(),
    " FROM checkout_invoices p JOIN checkouts c ON c.org_id = p.org_id AND c.client_id = p.client_id AND c.id = p.checkout_id \
      WHERE p.org_id = $1 AND p.client_id = $2 AND p.invoice_id = $3 AND p.is_live"
);
const BEGIN: &str = "INSERT INTO checkouts (org_id, client_id, id, account_id, contact_id, currency, amount_minor, state, \
    request, created_at, expires_at, since, check_at, browser, ip_short) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9, $10, $9, $11, $12, $13)";
const LED_TO: &str = "UPDATE checkouts SET contact_id = $4, browser = $5, ip_short = $6 \
    WHERE org_id = $1 AND client_id = $2 AND id = $3 AND state IN ('asked', 'open')";
const BEGIN_PART: &str = "INSERT INTO checkout_invoices (org_id, client_id, checkout_id, invoice_id, position, currency, \
    amount_minor, is_live) VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE) ON CONFLICT DO NOTHING";

/// How soon a checkout is looked at by itself: by then a webhook has come, or it does not.
pub(super) const FIRST_CHECK: chrono::TimeDelta = chrono::TimeDelta::minutes(2);

impl PayScope<'_> {
    const fn tenant(&self) -> (OrgId, ClientId) {
        match &self.payer {
            Payer::Contact(actor) => (actor.org_id(), actor.client_id()),
            Payer::Guest(actor) => (actor.org_id(), actor.client_id()),
        }
    }

    /// The org, for what is asked of Stripe.
    #[must_use]
    pub const fn org_id(&self) -> OrgId {
        self.tenant().0
    }

    const fn contact(&self) -> Option<ContactId> {
        match &self.payer {
            Payer::Contact(actor) => Some(actor.contact_id()),
            Payer::Guest(_) => None,
        }
    }

    const fn audience(&self) -> Audience<'_> {
        match &self.payer {
            Payer::Contact(actor) => Audience::Portal(actor),
            Payer::Guest(actor) => Audience::Guest(actor),
        }
    }

    /// Whether this actor may pay this invoice at all.
    fn may_pay(&self, invoice: InvoiceId) -> bool {
        match &self.payer {
            Payer::Contact(_) => true,
            Payer::Guest(actor) => actor.invoice_id() == invoice,
        }
    }

    /// Lets rows out that are the client's own.
    async fn recheck<T: TenantRow>(&self, rows: Vec<T>) -> Result<Vec<T>> {
        self.store.recheck(self.audience(), rows, |row| row.tenant() == self.tenant()).await
    }

    /// Who is paid; `None` where nothing can be paid online (rules B1, P6).
    pub async fn payee(&self) -> Result<Option<PayeeRow>> {
        let mut conn = self.store.db.read(self.audience()).await?;
        let (org, client) = self.tenant();
        let rows: Vec<PayeeRow> = fetch_all!(conn, PayeeRow, self.store.scoped(PAYEE), org, client)?;
        conn.commit().await?;
        let rows = self.store.recheck(self.audience(), rows, |row| row.org_id == org).await?;
        Ok(rows.into_iter().next().filter(|row| has_portal(&row.plan)))
    }

    /// The invoices on which something is due in one currency, soonest due first.
    pub async fn open_invoices(&self, currency: &str, most: i64) -> Result<Vec<InvoiceId>> {
        let mut conn = self.store.db.read(self.audience()).await?;
        let (org, client) = self.tenant();
        let rows = fetch_all!(conn, OpenRow, self.store.scoped(OPEN), org, client, currency, most)?;
        conn.commit().await?;
        let rows = self.recheck(rows).await?;
        Ok(rows.into_iter().map(|row: OpenRow| row.id).filter(|id| self.may_pay(*id)).collect())
    }

    /// Invoices that somebody wants to pay, in the order in which they are named; `None` where one of them is not the
    /// actor's, is a draft, or is not there.
    pub async fn payable(&self, ids: &[InvoiceId]) -> Result<Option<Vec<PayableRow>>> {
        let mut conn = self.store.db.read(self.audience()).await?;
        let (org, client) = self.tenant();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row: Option<PayableRow> =
                fetch_optional!(conn, PayableRow, self.store.scoped(PAYABLE), org, client, *id)?;
            let Some(row) = row.filter(|_| self.may_pay(*id)) else { return Ok(None) };
            rows.push(row);
        }
        conn.commit().await?;
        self.recheck(rows).await.map(Some)
    }

    /// What is live on these invoices, each once, with its parts as far as this actor sees them.
    pub async fn live_checkouts(&self, ids: &[InvoiceId]) -> Result<Vec<(CheckoutRow, Vec<Part>)>> {
        let mut conn = self.store.db.read(self.audience()).await?;
        let (org, client) = self.tenant();
        let (mut checkouts, mut parts): (Vec<CheckoutRow>, Vec<Vec<PartRow>>) = (vec![], vec![]);
        for id in ids.iter().filter(|id| self.may_pay(**id)) {
            let row: Option<CheckoutRow> =
                fetch_optional!(conn, CheckoutRow, self.store.scoped(LIVE), org, client, *id)?;
            let Some(row) = row.filter(|row| !checkouts.iter().any(|known| known.id == row.id)) else {
                continue;
            };
            parts.push(fetch_all!(conn, PartRow, self.store.scoped(PARTS), org, client, row.id)?);
            checkouts.push(row);
        }
        conn.commit().await?;
        let mut found = Vec::with_capacity(checkouts.len());
        for (checkout, parts) in self.recheck(checkouts).await?.into_iter().zip(parts) {
            found.push((checkout, self.recheck(parts).await?.into_iter().map(Part::from).collect()));
        }
        Ok(found)
    }

    /// Writes down that whoever asks is led to this checkout: what is paid there is theirs, as far as anybody knows.
    /// `false` where it cannot be paid any more.
    pub async fn lead_to(&self, checkout: CheckoutId) -> Result<bool> {
        let mut conn = self.store.db.write(self.audience()).await?;
        let (org, client) = self.tenant();
        let (browser, ip_short) = (self.origin.browser.as_str(), self.origin.ip_short.as_str());
        let led = execute!(conn, LED_TO, org, client, checkout, self.contact(), browser, ip_short)?;
        conn.commit().await?;
        Ok(led > 0)
    }

    /// Begins a checkout; `false` where one of its invoices is payable elsewhere already.
    pub async fn begin_checkout(&self, new: &NewCheckout) -> Result<bool> {
        if new.parts.iter().any(|part| !self.may_pay(part.invoice_id)) {
            return Err(Error::NotFound);
        }
        let amount = new
            .parts
            .iter()
            .try_fold(0_i64, |sum, part| sum.checked_add(part.amount_minor))
            .ok_or(Error::Invalid { field: "amount" })?;
        let mut conn = self.store.db.write(self.audience()).await?;
        let (org, client) = self.tenant();
        let now = self.store.clock.now();
        execute!(
            conn,
            BEGIN,
            org,
            client,
            new.id,
            &new.account_id,
            self.contact(),
            new.currency.as_str(),
            amount,
            new.request.as_str(),
            now,
            new.expires_at,
            now + FIRST_CHECK,
            self.origin.browser.as_str(),
            self.origin.ip_short.as_str(),
        )?;
        for (position, part) in (1_i64..).zip(&new.parts) {
            let added = execute!(
                conn,
                BEGIN_PART,
                org,
                client,
                new.id,
                part.invoice_id,
                position,
                new.currency.as_str(),
                part.amount_minor
            )?;
            if added == 0 {
                return Ok(false);
            }
        }
        conn.commit().await?;
        Ok(true)
    }
}
