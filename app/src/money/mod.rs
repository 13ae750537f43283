//! Money without floats: integers of a currency's minor unit, checked sums, and the arithmetic of
//! an invoice. The server and the browser compile the same code, so they cannot disagree.

mod amount;
mod currency;
mod invoice;

pub use amount::parse_amount;
pub use currency::{Currency, UnknownCurrency};
pub use invoice::{Line, MoneyError, TaxLine, Totals, line_net, totals};
