//! What is called what, once for pages, papers and files.

use crate::api::portal::{EntryKind, PaymentKind, PaymentMethod};

/// Of money that came although nothing waited for it.
pub const MORE_THAN_DUE: &str = "More than was due";

/// A payment, or what takes one back, to whoever reads about it.
#[must_use]
pub const fn payment_words(kind: PaymentKind, method: PaymentMethod) -> &'static str {
    match (kind, method) {
        (PaymentKind::Payment, PaymentMethod::Card) => "Online payment",
        (PaymentKind::Payment, PaymentMethod::BankTransfer) => "Bank transfer",
        (PaymentKind::Payment, PaymentMethod::Cash) => "Cash",
        (PaymentKind::Payment, PaymentMethod::Other) => "Payment",
        (PaymentKind::Refund, _) => "Refund",
        (PaymentKind::Reversal, _) => "Correction of an entry made by mistake",
        (PaymentKind::Dispute, _) => "Taken back by the payer’s bank",
        (PaymentKind::DisputeWon, _) => "Returned by the payer’s bank",
        (PaymentKind::RefundFailed, _) => "Refund that did not go through",
    }
}

/// The same, said to the payer.
#[must_use]
pub const fn payment_words_to_payer(kind: PaymentKind, method: PaymentMethod) -> &'static str {
    match kind {
        PaymentKind::Refund => "Refund, returned to you",
        PaymentKind::Dispute => "Taken back by your bank",
        PaymentKind::DisputeWon => "Returned by your bank",
        PaymentKind::Payment | PaymentKind::Reversal | PaymentKind::RefundFailed => {
            payment_words(kind, method)
        }
    }
}

/// An entry of a statement.
#[must_use]
pub const fn entry_words(kind: EntryKind, method: Option<PaymentMethod>) -> &'static str {
    let method = match method {
        Some(method) => method,
        None => PaymentMethod::Other,
    };
    let kind = match kind {
        EntryKind::Invoice => return "Invoice",
        EntryKind::Cancellation => return "Invoice cancelled",
        EntryKind::Payment => PaymentKind::Payment,
        EntryKind::Refund => PaymentKind::Refund,
        EntryKind::Reversal => PaymentKind::Reversal,
        EntryKind::Dispute => PaymentKind::Dispute,
        EntryKind::DisputeWon => PaymentKind::DisputeWon,
        EntryKind::RefundFailed => PaymentKind::RefundFailed,
    };
    payment_words(kind, method)
}
