//! The demo's clients, one file for each that has something to tell.

#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written as people read them, hundredths apart: 1_840_00 is 1,840.00"
)]

mod harbour_books;
mod lindberg;
mod norra_kaffe;
mod others;

use super::table::Client;

/// Every client of the demo's org.
pub(super) static CLIENTS: [&Client; 7] = [
    &harbour_books::HARBOUR_BOOKS,
    &norra_kaffe::NORRA_KAFFE,
    &lindberg::STUDIO,
    &lindberg::ATELIER,
    &others::SHIPPING_COMPANY,
    &others::CAFE_NOA,
    &others::FRESH_START,
];
