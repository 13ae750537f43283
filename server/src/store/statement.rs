//! What happened between a client and its org within a period: three statements, whatever its length, on one
//! snapshot. The portal and the team bind the same texts, each with its own keys.

use chrono::{DateTime, NaiveDate, Utc};

use super::row::{StatementEntryRow, StatementOpeningRow, StatementPartiesRow};

/// The most entries that a statement has.
pub const MOST_ENTRIES: usize = 2_000;

/// Some calendar days of the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first of them.
    pub first: NaiveDate,
    /// The last of them.
    pub last: NaiveDate,
    /// When the first begins in the org's time zone.
    pub begins: DateTime<Utc>,
    /// When the day after the last begins.
    pub ends: DateTime<Utc>,
}

/// What a statement is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRows {
    /// Who bills whom.
    pub parties: StatementPartiesRow,
    /// The parts of the opening balances, in no order.
    pub opening: Vec<StatementOpeningRow>,
    /// The entries, in no order; one more than [`MOST_ENTRIES`] where there are more.
    pub entries: Vec<StatementEntryRow>,
}

/// `$1`: the org. `$2`: the client.
pub(super) const PARTIES: &str = "SELECT c.org_id, c.id AS client_id, c.name AS client_name, c.address AS client_address, \
    c.tax_id AS client_tax_id, o.name AS org_name, o.address AS org_address, o.tax_id AS org_tax_id \
    FROM clients c JOIN orgs o ON o.id = c.org_id WHERE c.org_id = $1 AND c.id = $2";

/// What was billed before `$3` and not cancelled before `$4`, less what was paid before `$3`. An invoice is owed
/// from its day of issue until the moment in which it is cancelled.
pub(super) const OPENING: &str = "SELECT org_id, client_id, currency, \
    CAST(SUM(CASE WHEN issued_on < $3 THEN total_minor ELSE 0 END) \
        - SUM(CASE WHEN voided_at < $4 THEN total_minor ELSE 0 END) AS BIGINT) AS minor \
    FROM invoices WHERE org_id = $1 AND client_id = $2 AND status <> 'draft' GROUP BY org_id, client_id, currency \
    UNION ALL \
    SELECT org_id, client_id, currency, CAST(-SUM(CASE WHEN received_on < $3 THEN amount_minor ELSE 0 END) AS BIGINT) \
    FROM payments WHERE org_id = $1 AND client_id = $2 GROUP BY org_id, client_id, currency";

/// What was issued, cancelled or paid from `$3` to `$4`, which begin and end at `$5` and `$6`. `$7`: limit.
pub(super) const ENTRIES: &str = "SELECT i.org_id, i.client_id, i.id, 'invoice' AS kind, '' AS method, i.id AS invoice_id, \
        i.number AS invoice_number, i.title AS note, i.currency, i.issued_on AS day, i.voided_at, i.total_minor AS amount_minor \
    FROM invoices i WHERE i.org_id = $1 AND i.client_id = $2 AND i.status <> 'draft' AND i.issued_on BETWEEN $3 AND $4 \
    UNION ALL \
    SELECT i.org_id, i.client_id, i.id, 'invoice', '', i.id, i.number, i.title, i.currency, i.issued_on, i.voided_at, i.total_minor \
    FROM invoices i WHERE i.org_id = $1 AND i.client_id = $2 AND i.settlement = 'void' \
        AND i.voided_at >= $5 AND i.voided_at < $6 AND i.issued_on NOT BETWEEN $3 AND $4 \
    UNION ALL \
    SELECT p.org_id, p.client_id, p.id, p.kind, p.method, p.invoice_id, i.number, p.reference, p.currency, p.received_on, \
        NULL, p.amount_minor \
    FROM payments p JOIN invoices i ON i.org_id = p.org_id AND i.client_id = p.client_id AND i.id = p.invoice_id \
        AND i.status <> 'draft' \
    WHERE p.org_id = $1 AND p.client_id = $2 AND p.received_on BETWEEN $3 AND $4 \
    LIMIT $7";

/// The limit that shows whether there are more entries than a statement has.
pub(super) fn limit() -> i64 {
    i64::try_from(MOST_ENTRIES).map_or(i64::MAX, |most| most + 1)
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("statement parties", PARTIES), ("statement opening", OPENING), ("statement entries", ENTRIES)]
        .map(|(name, sql)| (name.to_owned(), sql))
        .to_vec()
}
