//! What happens to money, step by step, with the events that Stripe sends at each step
//! (<https://docs.stripe.com/api/events/types>).

mod account;
mod pay;
mod perform;
mod reverse;

pub use pay::Method;
