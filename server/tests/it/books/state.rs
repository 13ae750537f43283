//! What stands in the database, line by line, and the same lines from the model.

use std::collections::BTreeSet;

use super::model::Org;
use crate::harness::{Database, Kind, TestApp};

/// Everything that an act of a team may change, of both orgs: if anything else had changed, it would show.
pub async fn stored(app: &TestApp) -> BTreeSet<String> {
    app.database.texts(&statement(&app.database)).await.into_iter().collect()
}

fn statement(database: &Database) -> String {
    let id = |column: &str| match database.kind {
        Kind::Sqlite => format!("lower(hex({column}))"),
        Kind::Postgres => format!("replace(CAST({column} AS TEXT), '-', '')"),
    };
    let row = |what: &str, columns: &[&str], rest: &str| {
        let columns: Vec<String> = columns
            .iter()
            .map(|column| if column.ends_with("id") { id(column) } else { format!("CAST({column} AS TEXT)") })
            .collect();
        format!("SELECT '{what} ' || o.slug || ' ' || {} {rest}", columns.join(" || ' ' || "))
    };
    let of = |table: &str| format!("FROM {table} x JOIN orgs o ON o.id = x.org_id");
    let due = ["outstanding_minor", "open_count", "overdue_minor", "overdue_count", "overdue_before"];
    let parts = [
        row(
            "org",
            &["o.invoice_prefix", "o.next_invoice_number", "o.payment_days", "o.plan", "o.version"],
            "FROM orgs o",
        ),
        row("member", &["x.id", "x.role"], &of("members")),
        row(
            "client",
            &[
                "x.id",
                "x.currency",
                "x.version",
                "CASE WHEN x.archived_at IS NULL THEN 'here' ELSE 'away' END",
            ],
            &of("clients"),
        ),
        row(
            "contact",
            &[
                "x.client_id",
                "x.id",
                "CASE WHEN x.archived_at IS NULL THEN x.email_norm ELSE 'removed' END",
                "CASE WHEN x.portal_access THEN 'on' ELSE 'off' END",
                "x.version",
            ],
            &of("contacts"),
        ),
        row(
            "invoice",
            &[
                "x.client_id",
                "x.id",
                "x.settlement",
                "COALESCE(x.number, '-')",
                "x.currency",
                "x.total_minor",
                "x.paid_minor",
                "x.version",
                "COALESCE(CAST(x.last_paid_on AS TEXT), '-')",
                "CASE WHEN x.status = 'draft' THEN '-' ELSE CAST(x.due_on AS TEXT) END",
                "(SELECT COUNT(*) FROM invoice_lines l WHERE l.org_id = x.org_id AND l.client_id = x.client_id AND l.invoice_id = x.id)",
                "(SELECT COUNT(*) FROM share_links l WHERE l.org_id = x.org_id AND l.client_id = x.client_id AND l.invoice_id = x.id)",
                "(SELECT COUNT(*) FROM share_links l WHERE l.org_id = x.org_id AND l.client_id = x.client_id AND l.invoice_id = x.id AND l.revoked_at IS NULL)",
            ],
            &of("invoices"),
        ),
        row(
            "payment",
            &["x.invoice_id", "x.kind", "x.currency", "x.amount_minor", "x.received_on"],
            &of("payments"),
        )
        .replace(
            "' || o.slug || '",
            &format!("' || o.slug || ' ' || {} || '", id("COALESCE(x.reverses_id, x.id)")),
        ),
        row(
            "mail",
            &["x.invoice_id", "x.contact_id", "x.kind", "COUNT(*)"],
            &format!("{} GROUP BY o.slug, x.invoice_id, x.contact_id, x.kind", of("invoice_mails")),
        ),
        row(
            "log",
            &["x.kind", "COUNT(*)"],
            &format!("{} WHERE x.kind NOT LIKE 'team.%' GROUP BY o.slug, x.kind", of("activity")),
        ),
        row("owes", &[&["x.client_id", "x.currency"][..], &due].concat(), &of("client_balances")),
        row("owed", &[&["x.currency"][..], &due].concat(), &of("org_balances")),
        row(
            "paid",
            &["x.currency", "substr(CAST(x.month AS TEXT), 1, 7)", "x.paid_minor", "x.payment_count"],
            &of("org_paid_months"),
        ),
    ];
    parts.join(" UNION ALL ")
}

/// The same from the model. Until which day a balance counts what is overdue is the database's to say.
pub fn expected(org: &Org, stored: &BTreeSet<String>) -> BTreeSet<String> {
    let slug = org.slug;
    let plain = |id: &str| id.replace('-', "");
    let mut lines = BTreeSet::new();
    lines.insert(format!(
        "org {slug} {} {} {} {} {}",
        org.prefix, org.next_number, org.payment_days, org.plan, org.version
    ));
    lines.extend(
        org.members.iter().map(|member| format!("member {slug} {} {}", plain(&member.id), member.role)),
    );
    for client in &org.clients {
        let shelf = if client.away { "away" } else { "here" };
        lines.insert(format!(
            "client {slug} {} {} {} {shelf}",
            plain(&client.id),
            client.currency,
            client.version
        ));
    }
    for contact in &org.contacts {
        let email = if contact.removed { "removed" } else { &contact.email };
        let access = if contact.access { "on" } else { "off" };
        let (client, id) = (plain(&contact.client), plain(&contact.id));
        lines.insert(format!("contact {slug} {client} {id} {email} {access} {}", contact.version));
    }
    for invoice in &org.invoices {
        let (id, total, paid) = (plain(&invoice.id), invoice.total(), org.paid(&invoice.id));
        let settlement = match invoice.status {
            "sent" if paid < total => "open",
            "sent" => "paid",
            other => other,
        };
        let counted = org
            .payments
            .iter()
            .filter(|payment| payment.invoice == invoice.id && payment.reversed_on.is_none());
        let last_paid =
            counted.map(|payment| payment.received_on).max().map_or("-".to_owned(), |day| day.to_string());
        let is_draft = invoice.status == "draft";
        let due = if is_draft { "-".to_owned() } else { invoice.due_on.unwrap().to_string() };
        let parts = if is_draft { 0 } else { invoice.plain.lines.len() };
        lines.insert(format!(
            "invoice {slug} {} {id} {settlement} {} {} {total} {paid} {} {last_paid} {due} {parts} {} {}",
            plain(&invoice.client),
            invoice.number.as_deref().unwrap_or("-"),
            invoice.currency,
            invoice.version,
            invoice.links,
            i64::from(invoice.has_link),
        ));
        lines.extend(
            invoice.mailed.iter().map(|contact| format!("mail {slug} {id} {} invoice 1", plain(contact))),
        );
        let mut reminded = std::collections::BTreeMap::<&str, i64>::new();
        for [_, contact, _] in org.reminders.iter().filter(|[of, ..]| *of == invoice.id) {
            *reminded.entry(contact).or_default() += 1;
        }
        lines.extend(
            reminded
                .iter()
                .map(|(contact, count)| format!("mail {slug} {id} {} reminder {count}", plain(contact))),
        );
    }
    for payment in &org.payments {
        let (id, invoice, amount) = (plain(&payment.id), plain(&payment.invoice), payment.amount);
        let currency = org.invoice(&payment.invoice).unwrap().currency;
        lines.insert(format!(
            "payment {slug} {id} {invoice} payment {currency} {amount} {}",
            payment.received_on
        ));
        lines.extend(
            payment
                .reversed_on
                .map(|day| format!("payment {slug} {id} {invoice} reversal {currency} {} {day}", -amount)),
        );
    }
    lines.extend(org.log.iter().map(|(kind, count)| format!("log {slug} {kind} {count}")));
    let mut currencies = BTreeSet::new();
    for (client, currency) in &org.accounts {
        currencies.insert(currency);
        let account = format!("owes {slug} {} {currency}", plain(client));
        let before = kept_before(&account, stored);
        lines.insert(format!("{account} {} {before}", org.owed(Some(client), currency, before)));
    }
    for currency in currencies {
        let account = format!("owed {slug} {currency}");
        let before = kept_before(&account, stored);
        lines.insert(format!("{account} {} {before}", org.owed(None, currency, before)));
    }
    lines.extend(
        org.paid_months().iter().map(|((currency, month), [paid, count])| {
            format!("paid {slug} {currency} {month} {paid} {count}")
        }),
    );
    lines
}

/// The day with which a balance's row ends; long ago, where there is no row, which then shows as missing.
fn kept_before(account: &str, stored: &BTreeSet<String>) -> chrono::NaiveDate {
    let row = stored.iter().find(|line| line.starts_with(&format!("{account} ")));
    row.map_or_else(chrono::NaiveDate::default, |row| row.rsplit(' ').next().unwrap().parse().unwrap())
}
