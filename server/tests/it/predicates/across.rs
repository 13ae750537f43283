//! What is for no tenant in particular, each with its reason: how somebody is let in, what Stripe and our own jobs name by an id
//! alone, and what is due, whoever's it is. Only statements of `store/system` and what it shares can be meant here.

/// Columns by which a row is found before anybody knows whose it is.
const FINDS: &[(&str, &str, &[&str])] = &[
    ("whoever brings the secret of it", "token_hash", &["*"]),
    ("the org that an address names", "slug", &["orgs"]),
    ("the orgs, and the sessions, of a person who is known", "person_id", &["members", "team_sessions"]),
    ("the session that a cookie, already checked, is for", "id", &["team_sessions"]),
    ("the links of one request for them", "request_id", &["magic_links"]),
    ("the contacts to whom a login is sent", "email_norm", &["contacts"]),
    (
        "what a job of ours names",
        "id",
        &["checkouts", "invitations", "magic_links", "invoice_mails", "api_tokens"],
    ),
    ("what Stripe names", "session_id", &["checkouts"]),
    ("what Stripe names", "payment_intent_id", &["checkouts"]),
    ("what Stripe names", "account_id", &["stripe_accounts"]),
];

/// Statements that are for everybody's, by how they begin.
const EVERYBODYS: &[(&str, &[&str])] = &[
    (
        "what has been there for long enough is deleted, whoever's it was",
        &[
            "DELETE FROM alerts WHERE last_at < $1",
            "DELETE FROM idempotency_keys WHERE created_at < $1",
            "DELETE FROM invitations WHERE expires_at < $1",
            "DELETE FROM magic_links WHERE request_id IN (SELECT id FROM login_requests WHERE requested_at < $1)",
            "DELETE FROM portal_previews WHERE expires_at < $1",
            "DELETE FROM portal_sessions WHERE expires_at < $1",
            "DELETE FROM team_sessions WHERE expires_at < $1",
            "DELETE FROM webhook_attempts WHERE at < $1",
            "DELETE FROM webhook_deliveries WHERE ended_at < $1",
            "DELETE FROM webhook_events WHERE occurred_at < $1",
        ],
    ),
    (
        "whatever is due next is taken up, whoever's it is",
        &[
            "SELECT b.org_id, b.client_id, b.currency, o.time_zone FROM client_balances b",
            "SELECT b.org_id, b.currency, o.time_zone FROM org_balances b",
            "SELECT d.org_id AS org, d.endpoint_id AS endpoint, d.event_id AS event FROM webhook_deliveries d",
            "UPDATE checkouts SET check_at = $2 WHERE id IN (SELECT id FROM checkouts WHERE state IN",
            "UPDATE webhook_events SET handed_out_at = $1 WHERE handed_out_at IS NULL AND id IN",
        ],
    ),
    (
        "short names of orgs are each given once, and a page of nobody's org shows the only one there is",
        &[
            "SELECT slug FROM orgs LIMIT 1",
            "SELECT slug FROM orgs WHERE slug = $1 OR slug LIKE $2",
            "SELECT slug AS org_slug, name AS org_name, email AS org_email, accent, (SELECT a.sha256",
        ],
    ),
    (
        "whether somebody who is signed in is a member elsewhere as well",
        &["SELECT s.org_id, m.id AS member_id, s.person_id, s.id AS session_id, m.role"],
    ),
    (
        "the demo's Stripe begins anew with the demo",
        &[
            "UPDATE checkouts SET state = 'expired', since = $1 WHERE state IN",
            "UPDATE checkout_invoices SET is_live = FALSE WHERE is_live",
            "SELECT a.account_id, o.name, a.charges_enabled FROM stripe_accounts a",
        ],
    ),
];

/// Whether a row of this table may be found by this column alone.
pub fn finds(table: &str, column: &str) -> bool {
    FINDS.iter().any(|(_, of, tables)| *of == column && (tables.contains(&"*") || tables.contains(&table)))
}

/// Whether this statement may reach across tenants.
pub fn may(sql: &str) -> bool {
    EVERYBODYS.iter().flat_map(|(_, statements)| *statements).any(|beginning| sql.starts_with(beginning))
}

/// A session goes with its person from one of their orgs to another; nothing else ever does.
pub fn may_change_hands(table: &str) -> bool {
    table == "team_sessions"
}
