//! Deterministic data of any size, for benchmarks: the same arguments give the same rows, ids
//! included, on either database. The memory it takes does not grow with the number of invoices.

pub(crate) mod book;
pub(crate) mod dice;
mod invoice;
mod org;
pub(crate) mod sheet;
mod timeline;
mod words;

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use clap::Args;

use crate::{
    error::{Error, Result},
    store::Store,
};
use invoice::Invoices;
use org::Org;
use timeline::Timeline;

/// Rows that go into one transaction, more or less: some 20,000 invoices with their parts.
const ROWS_A_TRANSACTION: usize = 120_000;
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// How much data.
#[derive(Debug, Clone, Args)]
pub struct Size {
    /// How many orgs.
    #[arg(long, default_value_t = 1)]
    pub orgs: u32,
    /// How many clients each of them has.
    #[arg(long, default_value_t = 10)]
    pub clients: u32,
    /// How many invoices there are in all.
    #[arg(long, default_value_t = 1_000)]
    pub invoices: u64,
    /// How many of them are for the first client of the first org.
    #[arg(long, value_name = "INVOICES")]
    pub focus_client_invoices: Option<u64>,
    /// How many of those are open, spread evenly over the years; the others are then paid, and all are in
    /// the client's own currency. Left out, it is as it comes.
    #[arg(long, value_name = "INVOICES", requires = "focus_client_invoices")]
    pub focus_client_open: Option<u64>,
    /// Another seed gives other data.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The day on which the data ends; today if left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<NaiveDate>,
}

/// Fills an empty database.
///
/// # Errors
/// [`Error::Refused`] when the database is not empty or the sizes contradict each other.
pub async fn fill(store: &Store, size: &Size) -> Result<()> {
    size.check()?;
    let mut tx = store.system().begin().await?;
    if tx.has_org().await? {
        return Err(Error::Refused("the database holds an org already; seeding wants an empty one"));
    }
    let today = size.today.unwrap_or_else(|| tx.now().date_naive());
    tx.commit().await?;
    let timeline = Timeline::until(today);
    let mut progress = Progress::begin(size.invoices);
    for ordinal in 1..=u64::from(size.orgs) {
        fill_org(store, size, timeline, ordinal, &mut progress).await?;
    }
    progress.end();
    Ok(())
}

async fn fill_org(
    store: &Store,
    size: &Size,
    timeline: Timeline,
    ordinal: u64,
    progress: &mut Progress,
) -> Result<()> {
    let (org, rows) = Org::make(size, timeline, ordinal)?;
    let mut tx = store.system().begin().await?;
    rows.write(&mut tx).await?;
    tx.commit().await?;
    progress.rows += rows.count();
    drop(rows);

    let mut invoices = size.invoices_of(&org);
    let mut book = org.book();
    let mut is_more = true;
    while is_more {
        while is_more && book.rows() < ROWS_A_TRANSACTION {
            is_more = invoices.enter_next(&mut book)?;
            progress.invoices += u64::from(is_more);
        }
        progress.rows += book.rows();
        let mut tx = store.system().begin().await?;
        book.write(&mut tx).await?;
        tx.commit().await?;
        progress.tell();
    }
    let mut tx = store.system().begin().await?;
    tx.set_next_invoice_number(org.id, invoices.next_number()).await?;
    book.close(&mut tx).await?;
    tx.commit().await
}

impl Size {
    /// Refuses what cannot be made.
    fn check(&self) -> Result<()> {
        let focus = self.focus_client_invoices.unwrap_or_default();
        if self.orgs == 0 || self.clients == 0 {
            return Err(Error::Refused("--orgs and --clients must be at least 1"));
        }
        if focus > self.invoices {
            return Err(Error::Refused("--focus-client-invoices cannot be more than --invoices"));
        }
        if self.focus_client_open.is_some_and(|open| open > focus) {
            return Err(Error::Refused("--focus-client-open cannot be more than --focus-client-invoices"));
        }
        if self.clients == 1 && self.orgs == 1 && focus != 0 && focus != self.invoices {
            return Err(Error::Refused(
                "--focus-client-invoices leaves the others to nobody; ask for more --clients",
            ));
        }
        Ok(())
    }

    /// The invoices of one org: its share, and in the first org those of the first client.
    fn invoices_of<'a>(&self, org: &'a Org) -> Invoices<'a> {
        let focus = self.focus_client_invoices.filter(|_| org.ordinal == 1);
        let shared = self.invoices - self.focus_client_invoices.unwrap_or_default();
        // Where the first client is alone in its org, the others are for the other orgs.
        let skipped = u64::from(self.focus_client_invoices.is_some() && self.clients == 1);
        let (takers, place) = (u64::from(self.orgs) - skipped, org.ordinal.checked_sub(1 + skipped));
        let share = match place {
            Some(place) if takers > 0 => shared / takers + u64::from(place < shared % takers),
            _ => 0,
        };
        Invoices::new(org, self.seed, share + focus.unwrap_or_default(), focus, self.focus_client_open)
    }
}

/// Tells how far it has come.
struct Progress {
    began: Instant,
    told: Instant,
    rows: usize,
    invoices: u64,
    of: u64,
}

impl Progress {
    fn begin(of: u64) -> Self {
        let now = Instant::now();
        Self { began: now, told: now, rows: 0, invoices: 0, of }
    }

    fn tell(&mut self) {
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            tracing::info!(invoices = self.invoices, of = self.of, rows = self.rows, "seeding");
        }
    }

    fn end(&self) {
        let seconds = self.began.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rows_a_second = (self.rows as f64 / seconds.max(0.001)).round();
        tracing::info!(invoices = self.invoices, rows = self.rows, seconds, rows_a_second, "seeded");
    }
}

#[cfg(test)]
mod tests;
