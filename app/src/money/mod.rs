//! Money without floats: integers of a currency's minor unit, checked sums, and the arithmetic of
//! an invoice. The server and the browser compile the same code, so they cannot disagree.

mod amount;
mod currency;
mod invoice;
mod pattern;
mod typed;

pub use amount::{parse_amount, parse_percent, parse_price, parse_quantity, write_exact, write_plain};
pub use currency::{Currency, UnknownCurrency};
pub use invoice::{Line, MoneyError, TaxLine, Totals, line_net, totals, totals_less};
pub use pattern::MoneyPattern;
pub use typed::{LARGEST_TOTAL, LineField, MOST_LINES, Reckoning, TypedLine};
