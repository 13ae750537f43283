//! The demo's mailbox: the newest mails, in memory.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::Message;

/// More are not kept.
const KEPT: usize = 200;

/// Mails that would have left.
#[derive(Debug, Default)]
pub struct Mailbox(Mutex<Vec<Delivered>>);

/// A mail in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The mail.
    pub message: Message,
    /// When it came.
    pub at: DateTime<Utc>,
}

impl Mailbox {
    /// All mails, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Delivered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put(&self, message: Message, at: DateTime<Utc>) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() == KEPT {
            mails.remove(0);
        }
        mails.push(Delivered { message, at });
    }
}
