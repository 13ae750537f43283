//! The demo: a believable org in an empty database, and what `postern demo` tells whoever starts it.
//! What there is to see stands in tables, one file a client; everything is relative to today.

mod account;
mod calendar;
mod clients;
mod org;
mod simulation;
mod table;
mod visits;

use std::net::SocketAddr;

use app::routes;
use stripe_double::StripeDouble;

use crate::{
    auth::share_link::ShareLinks,
    clock::{Clock, calendar_day},
    config::Config,
    error::Result,
    seed::{book::Book, dice::Ids},
    state::App,
    store::invoice_text::invoice_number,
};
use account::Account;
use calendar::Calendar;
use clients::CLIENTS;
use table::{Invoice, State};

/// Since how many days the org is here.
const ORG_SINCE: i64 = 500;
/// When the day's first invoice is sent, in minutes after midnight.
const FIRST_INVOICE_AT: i64 = 9 * 60;

/// The demo: the application over a database that is filled, and the Stripe that it simulates, which ends with it.
pub struct Demo {
    /// What is served.
    pub app: App,
    /// The simulation; none where `STRIPE_SECRET_KEY` leads to the real Stripe.
    pub stripe: Option<StripeDouble>,
}

impl Demo {
    /// Opens it, for serving at this address.
    ///
    /// # Errors
    /// When the database cannot be written, or the simulation has no port to listen on.
    pub async fn open(mut config: Config, address: SocketAddr, clock: Clock) -> Result<Self> {
        let stripe = simulation::start(&mut config, address, &clock).await?;
        let app = App::open(config, clock).await?;
        fill(&app).await?;
        simulation::join(&app, stripe.as_deref()).await?;
        Ok(Self { app, stripe })
    }
}

/// Fills an empty database; one that holds an org already is left as it is.
async fn fill(app: &App) -> Result<()> {
    let calendar = Calendar { today: calendar_day(app.clock.now(), org::TIME_ZONE) };
    if !app.store.system().has_no_org().await? {
        return Ok(());
    }
    let password_hash = app.passwords.hash(org::OWNER_PASSWORD).await?;
    let mut tx = app.store.system().begin().await?;
    let mut ids = Ids::new(&[0]);
    let prefix = org::invoice_prefix(calendar.today);
    let org_id =
        org::write(&mut tx, &mut ids, calendar.time(ORG_SINCE, 0), prefix.clone(), password_hash).await?;
    let mut accounts: Vec<Account> =
        CLIENTS.iter().map(|client| Account::open(client, org_id, calendar, &mut ids)).collect();
    for account in &accounts {
        tx.load(&[account.client(calendar)]).await?;
        tx.load(&account.contacts(calendar)).await?;
    }
    let mut book = Book::new(calendar.today);
    let next_number = enter_invoices(&mut accounts, &mut book, &mut ids, (calendar, &app.links), &prefix)?;
    for account in &accounts {
        account.enter_visits(&mut book, &mut ids, calendar);
    }
    book.close(&mut tx).await?;
    tx.set_next_invoice_number(org_id, next_number).await?;
    tx.commit().await
}

/// Enters the invoices of all clients in the order in which they were sent; gives the number that
/// the next one takes.
fn enter_invoices(
    accounts: &mut [Account],
    book: &mut Book,
    ids: &mut Ids,
    (calendar, links): (Calendar, &ShareLinks),
    prefix: &str,
) -> Result<i64> {
    let mut invoices: Vec<(usize, &'static Invoice)> = (0..)
        .zip(CLIENTS)
        .flat_map(|(place, client)| client.invoices.iter().map(move |invoice| (place, invoice)))
        .collect();
    invoices.sort_by_key(|(_, invoice)| std::cmp::Reverse(invoice.issued));
    let mut next_number = 1;
    for (minute, (place, invoice)) in (FIRST_INVOICE_AT..).zip(invoices) {
        let number = (!matches!(invoice.state, State::Draft)).then(|| invoice_number(prefix, next_number));
        next_number += i64::from(number.is_some());
        let sent = (number, calendar.time(invoice.issued, minute));
        accounts[place].enter_invoice(book, ids, (calendar, links), invoice, sent)?;
    }
    Ok(next_number)
}

/// What there is to see, for whoever has started the demo.
#[must_use]
pub fn welcome(demo: &Demo) -> String {
    let url = &demo.app.config.public_url;
    let paying = match &demo.stripe {
        Some(stripe) => format!(
            "Paying is a simulation here: no money moves. What happens at Stripe later, such as a bank debit that arrives\n\
             or fails, a refund or a dispute, is done at {}/dashboard",
            stripe.url()
        ),
        None => {
            "Paying goes to Stripe, by STRIPE_SECRET_KEY. Connect an account under Settings, Online payment."
                .to_owned()
        }
    };
    format!(
        "\nThe team of Juniper & Finch: {}\n  {} with the password: {}\n\n\
         The portal of its clients: {}\n\
         Ask for a link there with one of these addresses. Mail stays here: {}\n\n  \
         ines@harbourbooks.example    open, overdue, partly paid, paid, void; all kinds of payments\n  \
         anna@norrakaffe.example      two currencies, Swedish formats\n  \
         mara.lind@lindberg.example   one person at two clients: choose which\n  \
         buchhaltung.niederlassung-wien@donaudampfschifffahrt.example   long names\n  \
         noa@cafenoa.example          a name written from right to left\n  \
         new@freshstart.example       a client without any invoice\n  \
         off@harbourbooks.example     portal access is off: the same answer, and no mail\n\n\
         {paying}\n",
        url.link(routes::APP_LOGIN),
        org::OWNER_EMAIL,
        org::OWNER_PASSWORD,
        url.link(routes::PORTAL_LOGIN),
        url.link(routes::DEV_MAIL),
    )
}

#[cfg(test)]
mod tests;
