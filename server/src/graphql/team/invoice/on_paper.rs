//! What of an invoice goes onto its paper: no more than its fields tell whoever asks (rule I4). A paper is not made of
//! the team's fields, so it asks their guards, which stand here for both.

use crate::{
    auth::team_session::TeamVisit,
    graphql::guard::{CHANGES_INVOICES, Needs, SEES_PAYMENTS},
};

/// To have its public link: whoever has that sees the invoice.
pub(super) const HAS_LINK: Needs = CHANGES_INVOICES;
/// To see what was paid for it, one by one. What is paid in all stands in every list.
pub(super) const SEES_WHAT_WAS_PAID: Needs = SEES_PAYMENTS;

/// What is on an invoice's paper besides what everybody sees who sees the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPaper {
    /// The public link, in letters and as a QR code.
    pub link: bool,
    /// The payments, one by one.
    pub payments: bool,
}

impl OnPaper {
    /// All of it: for the client, and for whoever has the link already.
    pub const ALL: Self = Self { link: true, payments: true };

    /// As far as whoever asks may see it.
    #[must_use]
    pub fn of(visit: &TeamVisit) -> Self {
        Self { link: HAS_LINK.allows(visit), payments: SEES_WHAT_WAS_PAID.allows(visit) }
    }
}
