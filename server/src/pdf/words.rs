//! The templates' own words, in one place, to be translated in one place.

use typst::foundations::{Dict, IntoValue};

/// Key in a template, and the word.
const ENGLISH: [(&str, &str); 26] = [
    ("from", "From"),
    ("to", "Bill to"),
    ("payer", "Received from"),
    ("payee", "Received by"),
    ("description", "Description"),
    ("quantity", "Quantity"),
    ("unit_price", "Price"),
    ("tax", "Tax"),
    ("amount", "Amount"),
    ("how_to_pay", "How to pay"),
    ("online", "See and pay this invoice online"),
    ("seen", "This invoice online"),
    ("seen_there", "As it stands now, with every payment"),
    ("qr", "QR code to this invoice online"),
    ("payments", "Payments"),
    ("date", "Date"),
    ("payment", "Payment"),
    ("notes", "Notes"),
    ("no_lines", "This invoice has no lines."),
    ("what", "What"),
    ("reference", "Reference"),
    ("charge", "Billed"),
    ("credit", "Paid"),
    ("balance", "Balance"),
    ("opening", "Opening balance"),
    ("closing", "Closing balance"),
];

/// "Page 1 of 3": before, between and after the two numbers.
const PAGE: [&str; 3] = ["Page ", " of ", ""];

/// The word for `key` as the templates have it.
pub(super) fn word(key: &str) -> &'static str {
    ENGLISH.iter().find(|(name, _)| *name == key).map_or("", |(_, word)| *word)
}

/// All words, as the templates take them.
pub(super) fn words() -> Dict {
    let mut dict: Dict = ENGLISH.iter().map(|(key, word)| ((*key).into(), word.into_value())).collect();
    dict.insert("page".into(), PAGE.to_vec().into_value());
    dict
}
