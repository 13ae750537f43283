//! The team's list of invoices over all clients, or of one: in any of four orders, each by its own index, a page at a
//! time.

use std::{collections::HashMap, sync::LazyLock};

use chrono::NaiveDate;

use super::{TeamScope, org_rows};
use crate::{
    error::Result,
    id::{ClientId, InvoiceId},
    store::{
        db::fetch_listed,
        page::{Cursor, FIRST_DAY, LAST_DAY, Page, PageRequest},
        search::like_pattern,
        sql_text::SqlText,
    },
};

/// How the invoices of a list stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TeamInvoiceStanding {
    /// All, drafts as well.
    #[default]
    All,
    /// Not sent yet.
    Draft,
    /// Something is due.
    Open,
    /// Something is due and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
}

/// In which order a list comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TeamInvoiceOrder {
    /// By the day of issue, the latest first.
    IssuedLatest,
    /// By the day of issue, the earliest first.
    IssuedEarliest,
    /// By the due day, the latest first.
    DueLatest,
    /// By the due day, the earliest first.
    DueEarliest,
}

/// Which invoices a list shows; what is left out filters nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TeamInvoiceFilter<'a> {
    /// How they stand.
    pub standing: TeamInvoiceStanding,
    /// Of this client.
    pub client: Option<ClientId>,
    /// With exactly this number.
    pub number: Option<&'a str>,
    /// Issued on this day or later.
    pub issued_from: Option<NaiveDate>,
    /// Issued on this day or earlier.
    pub issued_to: Option<NaiveDate>,
    /// Due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Text to be found in number, title, reference, amount or client; empty for all.
    pub search: &'a str,
}

org_rows! {
    /// An invoice in a list.
    TeamInvoiceSummaryRow {
        /// The client.
        client_id: ClientId,
        /// The client's name.
        client_name: String,
        /// Id.
        id: InvoiceId,
        /// The org's number; none in a draft.
        number: Option<String>,
        /// What it is for.
        title: String,
        /// `draft`, `open`, `paid` or `void`.
        settlement: String,
        /// Day of issue.
        issued_on: NaiveDate,
        /// Last day to pay in time.
        due_on: NaiveDate,
        /// ISO 4217.
        currency: String,
        /// Total, taxes included.
        total_minor: i64,
        /// Paid so far.
        paid_minor: i64,
        /// How often contacts have opened it.
        view_count: i64,
    }
}

impl TeamInvoiceOrder {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::IssuedLatest, Self::IssuedEarliest, Self::DueLatest, Self::DueEarliest];

    /// Open invoices are wanted by when they are due, the others by when they were issued.
    #[must_use]
    pub const fn usual(standing: TeamInvoiceStanding) -> Self {
        match standing {
            TeamInvoiceStanding::Open | TeamInvoiceStanding::Overdue => Self::DueEarliest,
            _ => Self::IssuedLatest,
        }
    }

    /// Whether it goes by the due day; otherwise, by the day of issue.
    #[must_use]
    pub const fn is_by_due_day(self) -> bool {
        matches!(self, Self::DueLatest | Self::DueEarliest)
    }

    const fn is_descending(self) -> bool {
        matches!(self, Self::IssuedLatest | Self::DueLatest)
    }
}

/// What of a filter changes the text of the statement. Each standing is a text of its own, since each has an index of
/// its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the text that is there or not")]
struct Shape {
    settlement: Option<&'static str>,
    is_by_due_day: bool,
    is_descending: bool,
    of_client: bool,
    by_number: bool,
    is_search: bool,
}

const SETTLEMENTS: [Option<&str>; 5] = [None, Some("draft"), Some("open"), Some("paid"), Some("void")];

impl Shape {
    fn all() -> impl Iterator<Item = Self> {
        SETTLEMENTS.into_iter().flat_map(|settlement| {
            (0..32).map(move |bits| Self {
                settlement,
                is_by_due_day: bits & 1 != 0,
                is_descending: bits & 2 != 0,
                of_client: bits & 4 != 0,
                by_number: bits & 8 != 0,
                is_search: bits & 16 != 0,
            })
        })
    }

    /// `$2`, `$3`: the cursor. `$4`: limit. `$5` to `$8`: the days, of which each list has all. What else there is
    /// stands after: the client, the number, the search.
    fn text(self) -> String {
        let day = if self.is_by_due_day { "i.due_on" } else { "i.issued_on" };
        let (beyond, direction) = if self.is_descending { ("<", " DESC") } else { (">", "") };
        SqlText::new(
            "SELECT i.org_id, i.client_id, c.name AS client_name, i.id, i.number, i.title, i.settlement, i.issued_on, \
            i.due_on, i.currency, i.total_minor, i.paid_minor, \
            CAST(COALESCE((SELECT SUM(v.views) FROM invoice_views v WHERE v.org_id = i.org_id \
                AND v.client_id = i.client_id AND v.invoice_id = i.id), 0) AS BIGINT) AS view_count \
            FROM invoices i JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id \
            WHERE i.org_id = $1",
            8,
        )
        .with(self.settlement == Some("draft"), " AND i.settlement = 'draft'")
        .with(self.settlement == Some("open"), " AND i.settlement = 'open'")
        .with(self.settlement == Some("paid"), " AND i.settlement = 'paid'")
        .with(self.settlement == Some("void"), " AND i.settlement = 'void'")
        .with(self.of_client, " AND i.client_id = $?")
        .with(self.by_number, " AND i.number = $?")
        .with(
            self.is_search,
            r" AND (i.search_text LIKE $? ESCAPE '\' OR c.search_text LIKE $? ESCAPE '\')",
        )
        .end(&format!(
            " AND i.issued_on >= $5 AND i.issued_on <= $6 AND i.due_on >= $7 AND i.due_on <= $8 \
            AND ({day}, i.id) {beyond} ($2, $3) ORDER BY {day}{direction}, i.id{direction} LIMIT $4"
        ))
    }
}

static TEXTS: LazyLock<HashMap<Shape, String>> =
    LazyLock::new(|| Shape::all().map(|shape| (shape, shape.text())).collect());

impl TeamScope<'_> {
    /// One page of the list. `today` is the org's calendar day.
    pub async fn invoices(
        &self,
        filter: &TeamInvoiceFilter<'_>,
        order: TeamInvoiceOrder,
        today: NaiveDate,
        page: &PageRequest,
    ) -> Result<Page<TeamInvoiceSummaryRow>> {
        let search = like_pattern(filter.search);
        let shape = Shape {
            settlement: match filter.standing {
                TeamInvoiceStanding::All => None,
                TeamInvoiceStanding::Draft => Some("draft"),
                TeamInvoiceStanding::Open | TeamInvoiceStanding::Overdue => Some("open"),
                TeamInvoiceStanding::Paid => Some("paid"),
                TeamInvoiceStanding::Void => Some("void"),
            },
            is_by_due_day: order.is_by_due_day(),
            is_descending: order.is_descending() != page.is_backward(),
            of_client: filter.client.is_some(),
            by_number: filter.number.is_some(),
            is_search: search.is_some(),
        };
        let bounds = if order.is_descending() { Cursor::DESCENDING } else { Cursor::ASCENDING };
        let Cursor { day, id } = page.from(bounds);
        let due_to = match filter.standing {
            TeamInvoiceStanding::Overdue => today.pred_opt().min(Some(filter.due_to.unwrap_or(LAST_DAY))),
            _ => filter.due_to,
        };
        let days = [
            filter.issued_from.unwrap_or(FIRST_DAY),
            filter.issued_to.unwrap_or(LAST_DAY),
            filter.due_from.unwrap_or(FIRST_DAY),
            due_to.unwrap_or(LAST_DAY),
        ];
        let sql = TEXTS.get(&shape).map_or("", String::as_str);
        let mut conn = self.read().await?;
        let rows = fetch_listed!(
            conn,
            TeamInvoiceSummaryRow,
            self.store.scoped_to_org(sql),
            [self.actor.org_id(), day, id, page.limit(), days[0], days[1], days[2], days[3]],
            [filter.client, filter.number, search.as_deref()]
        )?;
        conn.commit().await?;
        Ok(page.page(self.recheck(rows).await?))
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    Shape::all()
        .map(|shape| {
            let name = format!(
                "team invoices {} by {} {}{}{}{}",
                shape.settlement.unwrap_or("all"),
                if shape.is_by_due_day { "due day" } else { "issue" },
                if shape.is_descending { "descending" } else { "ascending" },
                if shape.of_client { " of a client" } else { "" },
                if shape.by_number { " by number" } else { "" },
                if shape.is_search { " search" } else { "" },
            );
            (name, TEXTS.get(&shape).map_or("", String::as_str))
        })
        .collect()
}
