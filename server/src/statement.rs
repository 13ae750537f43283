//! A statement of account: what a client owed as a period began, what was billed and paid in it, and what was owed
//! as it ended, for each currency. Pure: the same rows are the same statement.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{
    clock::{calendar_day, day_begins},
    error::{Error, Result},
    store::{
        row::{StatementEntryRow, StatementPartiesRow},
        statement::{MOST_ENTRIES, Period, StatementRows},
    },
};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// An invoice was issued.
    Invoice,
    /// An invoice was cancelled.
    Cancellation,
    /// Money came.
    Payment,
    /// Money went back.
    Refund,
    /// An entry made by mistake was taken back.
    Reversal,
    /// The payer's bank took money back.
    Dispute,
    /// The bank decided for whoever was paid, and the money is back.
    DisputeWon,
    /// Giving money back did not go through, and it is here again.
    RefundFailed,
}

/// What happened on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The org's calendar day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: EntryKind,
    /// How a payment came, as the store names it; empty for an invoice.
    pub method: String,
    /// The invoice's id.
    pub invoice_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// An invoice's title, a payment's reference.
    pub note: String,
    /// Added to what is owed; negative where it is less after it.
    pub amount_minor: i64,
    /// What is owed after it.
    pub balance_minor: i64,
}

/// All that happened in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// ISO 4217.
    pub currency: String,
    /// What was owed as the period began.
    pub opening_minor: i64,
    /// In the order of time.
    pub entries: Vec<Entry>,
    /// What was owed as the period ended.
    pub closing_minor: i64,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, as of which the closing balances are.
    pub last: NaiveDate,
    /// Who bills whom.
    pub parties: StatementPartiesRow,
    /// By currency. None where it [`is_too_long`](Self::is_too_long).
    pub sections: Vec<Section>,
    /// More happened than a statement has room for.
    pub is_too_long: bool,
}

/// The days from `first` to `last` in an org's time zone.
///
/// # Errors
/// [`Error::Invalid`] at `to` where it ends before it begins or has not ended yet.
pub fn period(first: NaiveDate, last: NaiveDate, today: NaiveDate, zone: Tz) -> Result<Period> {
    let after = last.succ_opt().filter(|_| first <= last && last <= today);
    let after = after.ok_or(Error::Invalid { field: "to" })?;
    Ok(Period { first, last, begins: day_begins(first, zone), ends: day_begins(after, zone) })
}

impl Statement {
    /// The statement that the rows make up. `zone` tells on which day an invoice was cancelled.
    ///
    /// # Errors
    /// [`Error::Bug`] where the sums are beyond all money.
    pub fn of(period: &Period, zone: Tz, rows: StatementRows) -> Result<Self> {
        let StatementRows { parties, opening, entries } = rows;
        let (first, last) = (period.first, period.last);
        if entries.len() > MOST_ENTRIES {
            return Ok(Self { first, last, parties, sections: vec![], is_too_long: true });
        }
        let mut sections: BTreeMap<String, (i64, Vec<Entry>)> = BTreeMap::new();
        for part in opening {
            let (balance, _) = sections.entry(part.currency).or_default();
            *balance = sum(*balance, part.minor)?;
        }
        for row in entries {
            let (_, entries) = sections.entry(row.currency.clone()).or_default();
            let voided_on = row.voided_at.map(|at| calendar_day(at, zone));
            if row.day >= first && row.day <= last {
                entries.push(entry(&row)?);
            }
            if let Some(day) = voided_on.filter(|day| *day >= first && *day <= last) {
                let amount_minor = row.amount_minor.checked_neg().ok_or_else(too_much)?;
                entries.push(Entry { kind: EntryKind::Cancellation, day, amount_minor, ..entry(&row)? });
            }
        }
        let sections = sections.into_iter().map(|(currency, (opening, entries))| {
            let section = section(currency, opening, entries)?;
            Ok((section.opening_minor != 0 || !section.entries.is_empty()).then_some(section))
        });
        let sections = sections.filter_map(Result::transpose).collect::<Result<_>>()?;
        Ok(Self { first, last, parties, sections, is_too_long: false })
    }
}

fn entry(row: &StatementEntryRow) -> Result<Entry> {
    let kind = match row.kind.as_str() {
        "invoice" => EntryKind::Invoice,
        "refund" => EntryKind::Refund,
        "reversal" => EntryKind::Reversal,
        "dispute" => EntryKind::Dispute,
        "dispute_won" => EntryKind::DisputeWon,
        "refund_failed" => EntryKind::RefundFailed,
        // The database's CHECKs allow no other word.
        _ => EntryKind::Payment,
    };
    let amount_minor = match kind {
        EntryKind::Invoice => row.amount_minor,
        _ => row.amount_minor.checked_neg().ok_or_else(too_much)?,
    };
    Ok(Entry {
        day: row.day,
        kind,
        method: row.method.clone(),
        invoice_id: row.invoice_id.to_string(),
        invoice_number: row.invoice_number.clone(),
        note: row.note.clone(),
        amount_minor,
        balance_minor: 0,
    })
}

/// The balances after each entry. Entries of one day are in the order of their invoices, and there as things come:
/// billed, paid, taken back.
fn section(currency: String, opening_minor: i64, mut entries: Vec<Entry>) -> Result<Section> {
    entries.sort_by(|one, other| {
        let key = |entry: &Entry| {
            (entry.day, entry.kind != EntryKind::Invoice, entry.invoice_number.clone(), entry.kind)
        };
        key(one)
            .cmp(&key(other))
            .then_with(|| (&one.note, one.amount_minor).cmp(&(&other.note, other.amount_minor)))
    });
    let mut balance = opening_minor;
    for entry in &mut entries {
        balance = sum(balance, entry.amount_minor)?;
        entry.balance_minor = balance;
    }
    Ok(Section { currency, opening_minor, entries, closing_minor: balance })
}

fn sum(one: i64, other: i64) -> Result<i64> {
    one.checked_add(other).ok_or_else(too_much)
}

fn too_much() -> Error {
    Error::bug("a statement's sums are beyond 64 bits")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::{
        id::{ClientId, InvoiceId, OrgId},
        store::row::StatementOpeningRow,
    };

    const ZONE: Tz = chrono_tz::Europe::Berlin;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn tenant() -> (OrgId, ClientId) {
        (OrgId::from_uuid(Uuid::nil()), ClientId::from_uuid(Uuid::nil()))
    }

    fn rows(opening: &[(&str, i64)], entries: Vec<StatementEntryRow>) -> StatementRows {
        let (org_id, client_id) = tenant();
        let text = String::new;
        let parties = StatementPartiesRow {
            org_id,
            client_id,
            client_name: text(),
            client_address: text(),
            client_tax_id: text(),
            org_name: text(),
            org_address: text(),
            org_tax_id: text(),
        };
        let part = |&(currency, minor): &(&str, i64)| StatementOpeningRow {
            org_id,
            client_id,
            currency: currency.to_owned(),
            minor,
        };
        StatementRows { parties, opening: opening.iter().map(part).collect(), entries }
    }

    fn row(
        kind: &str,
        on: &str,
        amount_minor: i64,
        currency: &str,
        voided: Option<&str>,
    ) -> StatementEntryRow {
        let (org_id, client_id) = tenant();
        StatementEntryRow {
            org_id,
            client_id,
            id: Uuid::nil(),
            kind: kind.to_owned(),
            method: String::new(),
            invoice_id: InvoiceId::from_uuid(Uuid::nil()),
            invoice_number: "7".to_owned(),
            note: String::new(),
            currency: currency.to_owned(),
            day: day(on),
            voided_at: voided.map(|at| at.parse::<DateTime<Utc>>().unwrap()),
            amount_minor,
        }
    }

    fn statement(rows: StatementRows) -> Statement {
        let period = period(day("2026-02-01"), day("2026-02-28"), day("2026-03-01"), ZONE).unwrap();
        Statement::of(&period, ZONE, rows).unwrap()
    }

    #[test]
    fn each_entry_tells_what_is_owed_after_it_and_the_last_is_the_closing_balance() {
        let entries = vec![
            row("payment", "2026-02-20", 6_000, "EUR", None),
            row("invoice", "2026-02-20", 10_000, "EUR", None),
            row("reversal", "2026-02-21", -6_000, "EUR", None),
            row("invoice", "2026-02-03", 500, "JPY", None),
        ];
        let [eur, jpy] = statement(rows(&[("EUR", 7_000), ("EUR", -2_000), ("USD", 0)], entries))
            .sections
            .try_into()
            .unwrap();
        let told: Vec<_> =
            eur.entries.iter().map(|entry| (entry.kind, entry.amount_minor, entry.balance_minor)).collect();
        assert_eq!(
            told,
            [
                (EntryKind::Invoice, 10_000, 15_000),
                (EntryKind::Payment, -6_000, 9_000),
                (EntryKind::Reversal, 6_000, 15_000),
            ]
        );
        assert_eq!(
            (eur.opening_minor, eur.closing_minor, jpy.opening_minor, jpy.closing_minor),
            (5_000, 15_000, 0, 500)
        );
    }

    #[test]
    fn an_invoice_is_owed_from_its_day_of_issue_until_it_is_cancelled() {
        let both =
            statement(rows(&[], vec![row("invoice", "2026-02-10", 9, "EUR", Some("2026-02-27T22:59:59Z"))]));
        let kinds: Vec<_> = both.sections[0].entries.iter().map(|entry| (entry.kind, entry.day)).collect();
        assert_eq!(
            kinds,
            [(EntryKind::Invoice, day("2026-02-10")), (EntryKind::Cancellation, day("2026-02-27"))]
        );
        assert_eq!(both.sections[0].closing_minor, 0);
        let before = statement(rows(
            &[("EUR", 9)],
            vec![row("invoice", "2026-01-10", 9, "EUR", Some("2026-02-01T00:00:00Z"))],
        ));
        assert_eq!((before.sections[0].entries.len(), before.sections[0].closing_minor), (1, 0));
        let later =
            statement(rows(&[], vec![row("invoice", "2026-02-10", 9, "EUR", Some("2026-02-28T23:00:00Z"))]));
        assert_eq!(
            (later.sections[0].entries.len(), later.sections[0].closing_minor),
            (1, 9),
            "it was March in Berlin"
        );
    }

    #[test]
    fn what_is_owed_without_anything_happening_is_told() {
        let told = statement(rows(&[("CHF", 5)], vec![]));
        assert_eq!((told.sections.len(), told.sections[0].closing_minor), (1, 5));
    }

    #[test]
    fn the_first_day_and_the_last_belong_to_the_period() {
        let entries = vec![
            row("payment", "2026-02-01", 1, "EUR", None),
            row("payment", "2026-02-28", 2, "EUR", None),
            row("invoice", "2026-01-31", 4, "EUR", Some("2026-02-28T12:00:00Z")),
            row("invoice", "2026-03-01", 8, "EUR", Some("2026-02-28T12:00:00Z")),
        ];
        let told = statement(rows(&[("EUR", 4)], entries));
        let amounts: Vec<_> = told.sections[0].entries.iter().map(|entry| entry.amount_minor).collect();
        assert_eq!(amounts, [-1, -8, -4, -2]);
    }

    #[test]
    fn each_kind_is_told_as_what_it_is() {
        for (word, kind) in [
            ("invoice", EntryKind::Invoice),
            ("payment", EntryKind::Payment),
            ("refund", EntryKind::Refund),
            ("reversal", EntryKind::Reversal),
            ("dispute", EntryKind::Dispute),
            ("dispute_won", EntryKind::DisputeWon),
            ("refund_failed", EntryKind::RefundFailed),
        ] {
            let told = statement(rows(&[], vec![row(word, "2026-02-20", 1, "EUR", None)]));
            assert_eq!(told.sections[0].entries[0].kind, kind);
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let mut entries: Vec<_> = (1..=20).map(|n| row("payment", "2026-02-20", n, "EUR", None)).collect();
        let one = statement(rows(&[], entries.clone()));
        entries.reverse();
        assert_eq!(one, statement(rows(&[], entries)));
    }

    #[test]
    fn a_period_ends_no_later_than_today_and_no_earlier_than_it_begins() {
        let of = |first, last| period(day(first), day(last), day("2026-03-01"), ZONE);
        assert!(of("2026-03-01", "2026-03-01").is_ok());
        assert!(of("2026-03-01", "2026-03-02").is_err() && of("2026-02-02", "2026-02-01").is_err());
    }

    #[test]
    fn more_than_there_is_room_for_is_told_and_not_cut() {
        let entries = vec![row("payment", "2026-02-20", 1, "EUR", None); MOST_ENTRIES + 1];
        let told = statement(rows(&[], entries));
        assert!(told.is_too_long && told.sections.is_empty());
        let entries = vec![row("payment", "2026-02-20", 1, "EUR", None); MOST_ENTRIES];
        assert!(!statement(rows(&[], entries)).is_too_long);
    }
}
