//! Logging in by magic link (rules L1–L9): one verb a file.
//!
//! [`request_link`] writes down what was typed and looks nothing up. [`answer_request`] is the
//! worker's part: who is it, may they, make the links, write the mail. [`consume_link`] turns a link or a
//! code into a session.

mod address;
mod answer_request;
mod consume;
mod next_path;
mod request_link;

pub use address::{Address, MalformedAddress, mailbox, masked};
pub use answer_request::answer_request;
pub use consume::{Choice, CodeOutcome, SignedIn, consume_code, consume_link, find_link};
pub use next_path::{safe_next, safe_path};
pub use request_link::{LinkRequest, request_link};
