//! What somebody who means harm sends, by families: files, texts for mails, addresses, paths, floods, and tokens at the
//! wrong door. Each list says how long it must be, so that none gets shorter unnoticed.

mod addresses;
mod lookalikes;
mod mails;
mod pictures;
mod texts;
mod uploads;
