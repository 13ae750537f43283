//! All that can happen at Stripe later, by a word for it: what the dashboard's buttons and the control say.

use crate::{error::ApiError, model::Metadata, state::State};

impl State {
    /// Lets something happen; `None` where there is no such word. Gives the id of what was made, or of what it
    /// happened to.
    pub(crate) fn perform(
        &mut self,
        what: &str,
        id: &str,
        amount: Option<i64>,
    ) -> Option<Result<String, ApiError>> {
        let made = match what {
            "refund" => self
                .charge_of(id)
                .and_then(|charge| self.refund(&charge, amount, Some(BY_PAYER.into()), Metadata::new())),
            "dispute" => self.charge_of(id).and_then(|charge| self.dispute(&charge, amount)),
            _ => {
                let done = match what {
                    "enable" => self.enable(id),
                    "disable" => self.disable(id),
                    "await_verification" => self.await_verification(id),
                    "deauthorize" => self.deauthorise(id),
                    "expire" => self.expire(id),
                    "settle" => self.debit_ends(id, true),
                    "fail" => self.debit_ends(id, false),
                    "settle_refund" => self.refund_ends(id, true),
                    "fail_refund" => self.refund_ends(id, false),
                    "win" => self.dispute_ends(id, true),
                    "lose" => self.dispute_ends(id, false),
                    _ => return None,
                };
                done.map(|()| id.to_owned())
            }
        };
        Some(made)
    }
}

/// Why the payee gives money back, as far as the double knows.
pub(crate) const BY_PAYER: &str = "requested_by_customer";
