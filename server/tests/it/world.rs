//! Two orgs with two clients each, and one of everything for each client. Every text of a client
//! carries that client's canary, so that a leak anywhere can be seen.

use std::fmt::Write as _;

use postern::auth::{
    password::Passwords,
    secret::{Purpose, Secrets},
    token::{LinkNonce, Token},
};
use uuid::Uuid;

use crate::harness::{Database, SHARE_SECRET, TestApp};

/// One client with its contact and its invoices.
#[derive(Debug, Clone)]
pub struct Client {
    /// `a1`, `a2`, `b1` or `b2`; also the local part of the contact's address.
    pub name: &'static str,
    pub org: Uuid,
    pub org_slug: &'static str,
    pub id: Uuid,
    pub contact: Uuid,
    pub open: Uuid,
    pub overdue: Uuid,
    pub partial: Uuid,
    pub paid: Uuid,
    pub void: Uuid,
    pub draft: Uuid,
    pub payment: Uuid,
    pub checkout: Uuid,
}

/// All of them.
#[derive(Debug, Clone)]
pub struct World {
    pub a1: Client,
    pub a2: Client,
    pub b1: Client,
    pub b2: Client,
}

/// The password of every member of a team. Its hash is made once: it takes its time.
pub const PASSWORD: &str = "correct horse battery";
static PASSWORD_HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();

const ORGS: [(&str, &str, u128); 2] = [("alder", "Alder Works", 0xa), ("birch", "Birch & Sons", 0xb)];

/// Totals of a client's invoices in euro cents: open, overdue, partial (of which 2,000 are paid),
/// paid, void, draft.
pub const TOTALS: [i64; 6] = [11_900, 23_800, 5_950, 1_190, 7_140, 99_999];
/// What a client owes: open, overdue and the rest of the partial one.
pub const OUTSTANDING: i64 = 11_900 + 23_800 + 5_950 - 2_000;

impl Client {
    pub fn new(name: &'static str, org: u128, org_slug: &'static str, number: u128) -> Self {
        let id = |what: u128| {
            Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | org << 32 | number << 16 | what)
        };
        Self {
            name,
            org: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | org << 32),
            org_slug,
            id: id(1),
            contact: id(2),
            open: id(0x11),
            overdue: id(0x12),
            partial: id(0x13),
            paid: id(0x14),
            void: id(0x15),
            draft: id(0x16),
            payment: id(0x21),
            checkout: id(0x51),
        }
    }

    /// The contact's address.
    pub fn email(&self) -> String {
        format!("{}@clients.test", self.name)
    }

    /// What stands in every text of this client, and in no other's.
    pub fn canary(&self) -> String {
        format!("CANARY-{}", self.name)
    }

    /// Where the share link of its open invoice leads.
    pub fn share_path(&self) -> String {
        format!("/i/{}", self.share_token().to_text())
    }

    fn share_token(&self) -> Token {
        let secrets: Secrets = SHARE_SECRET.parse().unwrap();
        LinkNonce::from_stored(&self.share_nonce()).unwrap().token(&secrets, Purpose::ShareLink)
    }

    fn share_nonce(&self) -> [u8; 32] {
        let mut nonce = [7; 32];
        nonce[..16].copy_from_slice(self.id.as_bytes());
        nonce
    }

    /// The invoices that the client may see.
    pub fn visible(&self) -> [Uuid; 5] {
        [self.open, self.overdue, self.partial, self.paid, self.void]
    }
}

impl World {
    /// Puts everything into the database.
    pub async fn fill(app: &TestApp) -> Self {
        let world = Self {
            a1: Client::new("a1", 0xa, "alder", 1),
            a2: Client::new("a2", 0xa, "alder", 2),
            b1: Client::new("b1", 0xb, "birch", 1),
            b2: Client::new("b2", 0xb, "birch", 2),
        };
        Self::found_orgs(app).await;
        let database = &app.database;
        for (_, _, number) in ORGS {
            database.execute(&kept(database, number)).await;
        }
        for client in world.clients() {
            database.execute(&rows(database, client)).await;
        }
        world
    }

    /// Both orgs take payments, and at each client somebody is about to pay its open invoice.
    pub async fn begin_to_pay(app: &TestApp) {
        app.database
            .execute(
                "UPDATE stripe_accounts SET disconnected_at = NULL, ended_by = NULL;\
                 UPDATE checkouts SET state = 'open'; UPDATE checkout_invoices SET is_live = TRUE",
            )
            .await;
    }

    /// The two orgs with an owner each, and nothing else.
    pub async fn found_orgs(app: &TestApp) {
        let database = &app.database;
        let hash =
            PASSWORD_HASH.get_or_init(|| async { Passwords::default().hash(PASSWORD).await.unwrap() }).await;
        for (slug, name, number) in ORGS {
            database.execute(&org(database, slug, name, number)).await;
            database.execute(&owner(database, slug, number, hash)).await;
        }
    }

    pub fn clients(&self) -> [&Client; 4] {
        [&self.a1, &self.a2, &self.b1, &self.b2]
    }

    /// Everybody but this client.
    pub fn others<'a>(&'a self, own: &'a Client) -> impl Iterator<Item = &'a Client> {
        self.clients().into_iter().filter(|client| client.name != own.name)
    }
}

fn org(database: &Database, slug: &str, name: &str, number: u128) -> String {
    let id = database.uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number << 32));
    format!(
        "INSERT INTO orgs (id, slug, name, plan, locale, time_zone, accent, email, address, tax_id, \
         payment_instructions, invoice_prefix, next_invoice_number, created_at) VALUES \
         ({id}, '{slug}', '{name}', 'studio', 'en-GB', 'Europe/Berlin', '#1f5f4a', 'hello@{slug}.test', \
         '1 Street', 'VAT {slug}', 'Transfer to {slug}', '{slug}-', 100, '2025-01-01 00:00:00+00:00');"
    )
}

/// The owner of an org: `owner@alder.test` and `owner@birch.test`.
fn owner(database: &Database, slug: &str, number: u128, hash: &str) -> String {
    let id = |what: u128| {
        database.uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number << 32 | what))
    };
    let (org, person, member) = (id(0), id(0xf1), id(0xf2));
    format!(
        "INSERT INTO persons (id, email, email_norm, name, password_hash, created_at) VALUES \
         ({person}, 'owner@{slug}.test', 'owner@{slug}.test', 'Owner of {slug}', '{hash}', '2025-01-01 00:00:00+00:00');\n\
         INSERT INTO members (org_id, id, person_id, role, created_at) VALUES \
         ({org}, {member}, {person}, 'owner', '2025-01-01 00:00:00+00:00');"
    )
}

/// The id of the webhook that an org had once.
pub fn webhook(org: &str) -> Uuid {
    let number: u128 = if org == "alder" { 0xa } else { 0xb };
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00f4 | number << 32)
}

/// What is typed into a client's draft: 840.33 and its tax are 999.99.
fn typed(canary: &str) -> String {
    format!(
        "{{\"title\":\"{canary} title 5\",\"reference\":\"{canary} reference\",\"notes\":\"{canary} notes\",\"lines\":\
         [{{\"description\":\"{canary} line\",\"quantity\":\"1\",\"unit\":\"h\",\"unitPrice\":\"840.33\",\"taxRate\":\"19\"}}]}}"
    )
}

/// What is kept of the org as a whole: two clients owe, and have paid, the same each. It was connected to Stripe once.
fn kept(database: &Database, number: u128) -> String {
    let org = database.uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number << 32));
    let (outstanding, paid) = (2 * OUTSTANDING, 2 * (2_000 + 1_190));
    let id = |what: u128| {
        database.uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number << 32 | what))
    };
    let (token, owner, webhook, event) = (id(0xf3), id(0xf2), id(0xf4), id(0xf5));
    let hash = database.bytes(&[u8::try_from(number).unwrap(); 32]);
    format!(
        "INSERT INTO org_balances (org_id, currency, outstanding_minor, open_count, overdue_minor, overdue_count, overdue_before) \
         VALUES ({org}, 'EUR', {outstanding}, 6, 0, 0, '2026-01-01');\n\
         INSERT INTO org_paid_months (org_id, currency, month, paid_minor, payment_count) VALUES ({org}, 'EUR', '2026-02-01', {paid}, 4);\n\
         INSERT INTO stripe_accounts (org_id, account_id, charges_enabled, details_submitted, wants, connected_at, checked_at, disconnected_at, ended_by) \
         VALUES ({org}, 'acct_{number:x}', TRUE, TRUE, '', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', '2026-02-01 00:00:00+00:00', 'owner');\n\
         INSERT INTO api_tokens (org_id, id, member_id, name, token_hash, hint, scopes, documents_only, created_at, last_used_from, window_start, window_taken) \
         VALUES ({org}, {token}, {owner}, 'KEPT-{number:x} token', {hash}, 'KEPT', 'clients:read', FALSE, '2026-01-01 00:00:00+00:00', '', 0, 0);\n\
         INSERT INTO idempotency_keys (org_id, token_id, key_hash, request_hash, created_at, claimed_until, answer) \
         VALUES ({org}, {token}, {hash}, {hash}, '2026-03-01 00:00:00+00:00', '2026-03-01 00:00:00+00:00', 'KEPT-{number:x} answer');\n\
         INSERT INTO webhook_endpoints (org_id, id, url, kinds, nonce, secret_hash, created_at, disabled_at, disabled_by) \
         VALUES ({org}, {webhook}, 'https://example.org/KEPT-{number:x}', 'invoice.paid', {hash}, {hash}, '2026-01-01 00:00:00+00:00', '2026-02-01 00:00:00+00:00', 'hand');\n\
         INSERT INTO webhook_events (org_id, id, kind, occurred_at, client_name, number, currency, handed_out_at) \
         VALUES ({org}, {event}, 'invoice.paid', '2026-01-31 00:00:00+00:00', 'KEPT-{number:x} client', 'KEPT-{number:x}', 'EUR', '2026-01-31 00:00:00+00:00');\n\
         INSERT INTO webhook_deliveries (org_id, endpoint_id, event_id, state, attempts, next_at, ended_at) \
         VALUES ({org}, {webhook}, {event}, 'failed', 1, '2026-01-31 00:00:00+00:00', '2026-01-31 00:00:00+00:00');\n\
         INSERT INTO webhook_attempts (org_id, endpoint_id, event_id, id, at, status, answer, millis) \
         VALUES ({org}, {webhook}, {event}, {event}, '2026-01-31 00:00:00+00:00', 500, 'KEPT-{number:x} answer', 1);\n\
         INSERT INTO trusted_documents (org_id, sha256, name, source, created_at) \
         VALUES ({org}, {hash}, 'KEPT-{number:x}', 'query A {{ team {{ org {{ name }} }} }}', '2026-01-01 00:00:00+00:00');"
    )
}

fn rows(database: &Database, client: &Client) -> String {
    let uuid = |id| database.uuid(id);
    let (org, id, contact, canary, name) =
        (uuid(client.org), uuid(client.id), uuid(client.contact), client.canary(), client.name);
    let slug = client.org_slug;
    let mut sql = format!(
        "INSERT INTO clients (org_id, id, name, currency, locale, address, tax_id, search_text, created_at) VALUES \
         ({org}, {id}, '{canary} client', 'EUR', NULL, '{canary} street', '{canary} tax', lower('{canary} client'), '2025-01-01 00:00:00+00:00');\n\
         INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) VALUES \
         ({org}, {id}, {contact}, '{canary} contact', '{name}@clients.test', '{name}@clients.test', TRUE, '2025-01-01 00:00:00+00:00');\n\
         INSERT INTO client_balances (org_id, client_id, currency, outstanding_minor, open_count, overdue_minor, overdue_count, overdue_before) \
         VALUES ({org}, {id}, 'EUR', {OUTSTANDING}, 3, 0, 0, '2026-01-01');\n"
    );
    let invoices = [
        (client.open, "sent", "2026-02-20", "2026-03-20", 0),
        (client.overdue, "sent", "2026-01-10", "2026-02-10", 0),
        (client.partial, "sent", "2026-02-10", "2026-03-10", 2_000),
        (client.paid, "sent", "2025-12-01", "2025-12-15", 1_190),
        (client.void, "void", "2025-11-01", "2025-11-15", 0),
        (client.draft, "draft", "2026-02-28", "2026-03-28", 0),
    ];
    for (at, (invoice, status, issued, due, paid)) in invoices.into_iter().enumerate() {
        let total = TOTALS[at];
        let net = total * 100 / 119;
        let tax = total - net;
        let number = if status == "draft" { "NULL".to_owned() } else { format!("'{canary}-{at}'") };
        let sent = if status == "draft" { "NULL" } else { "'2026-02-20 09:00:00+00:00'" };
        let voided = if status == "void" { "'2026-02-21 09:00:00+00:00'" } else { "NULL" };
        let last_paid = if paid > 0 { "'2026-02-25'" } else { "NULL" };
        let typed = if status == "draft" { format!("'{}'", typed(&canary)) } else { "NULL".to_owned() };
        let invoice = uuid(invoice);
        writeln!(sql, "INSERT INTO invoices (org_id, client_id, id, status, number, title, reference, notes, currency, issued_on, due_on, \
             subtotal_minor, tax_minor, total_minor, paid_minor, last_paid_on, search_text, version, created_at, sent_at, voided_at, \
             typed, client_name, client_address, client_tax_id, org_name, org_address, org_tax_id) VALUES \
             ({org}, {id}, {invoice}, '{status}', {number}, '{canary} title {at}', '{canary} reference', '{canary} notes', 'EUR', \
             '{issued}', '{due}', {net}, {tax}, {total}, {paid}, {last_paid}, lower('{canary}-{at} {canary} title {at}'), 1, \
             '2026-02-20 09:00:00+00:00', {sent}, {voided}, \
             {typed}, '{canary} client', '{canary} street', '{canary} tax', 'Alder Works', '1 Street', 'VAT {slug}');\n\
             INSERT INTO invoice_lines (org_id, client_id, invoice_id, position, description, quantity_milli, unit, unit_price_minor, tax_rate_ppm, net_minor) \
             VALUES ({org}, {id}, {invoice}, 1, '{canary} line', 1000, 'h', {net}, 190000, {net});\n\
             INSERT INTO invoice_taxes (org_id, client_id, invoice_id, rate_ppm, label, base_minor, tax_minor) \
             VALUES ({org}, {id}, {invoice}, 190000, '{canary} VAT', {net}, {tax});").unwrap();
    }
    let (link, mail) = (
        uuid(Uuid::from_u128(client.id.as_u128() + 0x31)),
        uuid(Uuid::from_u128(client.id.as_u128() + 0x41)),
    );
    let (open, nonce, hash) = (
        uuid(client.open),
        database.bytes(&client.share_nonce()),
        database.bytes(&client.share_token().hash()),
    );
    writeln!(sql, "INSERT INTO share_links (org_id, client_id, id, invoice_id, nonce, token_hash, created_at) VALUES \
         ({org}, {id}, {link}, {open}, {nonce}, {hash}, '2026-02-20 09:00:00+00:00');\n\
         INSERT INTO invoice_mails (org_id, client_id, id, invoice_id, contact_id, kind, message, created_at) VALUES \
         ({org}, {id}, {mail}, {open}, {contact}, 'invoice', '{canary} message', '2026-02-20 09:00:00+00:00');").unwrap();
    for (payment, invoice, amount) in [
        (client.payment, client.partial, 2_000),
        (Uuid::from_u128(client.payment.as_u128() + 1), client.paid, 1_190),
    ] {
        let (payment, invoice) = (uuid(payment), uuid(invoice));
        writeln!(sql, "INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, received_on, reference, created_at) \
             VALUES ({org}, {id}, {payment}, {invoice}, 'payment', 'bank_transfer', 'EUR', {amount}, '2026-02-25', '{canary} payment', '2026-02-25 09:00:00+00:00');").unwrap();
    }
    let checkout = uuid(client.checkout);
    let account = format!("acct_{:x}", client.org.as_u128() >> 32 & 0xff);
    writeln!(sql, "INSERT INTO checkouts (org_id, client_id, id, account_id, contact_id, currency, amount_minor, state, session_id, url, request, \
         payment_intent_id, created_at, expires_at, since, check_at) VALUES ({org}, {id}, {checkout}, '{account}', {contact}, 'EUR', 11900, 'expired', \
         'cs_{name}', 'https://checkout.stripe.com/{canary}', '{canary} request', 'pi_{name}', '2026-02-28 09:00:00+00:00', \
         '2026-03-02 09:00:00+00:00', '2026-02-28 11:00:00+00:00', '2026-03-02 09:00:00+00:00');\n\
         INSERT INTO checkout_invoices (org_id, client_id, checkout_id, invoice_id, position, currency, amount_minor, is_live) \
         VALUES ({org}, {id}, {checkout}, {open}, 1, 'EUR', 11900, FALSE);").unwrap();
    sql
}
