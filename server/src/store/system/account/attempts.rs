//! How often something was tried within a time: passwords of an account, mails to an address.

use chrono::TimeDelta;

use crate::{
    auth::secret::sha256,
    error::Result,
    store::{
        db::{execute, fetch_one},
        system::SystemTx,
    },
};

#[derive(sqlx::FromRow)]
struct Made {
    made: i64,
}

const COUNT_ATTEMPTS: &str = "INSERT INTO attempts (key, made, ends_at) VALUES ($1, $4, $3) \
    ON CONFLICT (key) DO UPDATE SET \
    made = CASE WHEN attempts.ends_at <= $2 THEN $4 ELSE attempts.made + $4 END, \
    ends_at = CASE WHEN attempts.ends_at <= $2 THEN $3 ELSE attempts.ends_at END \
    RETURNING made";
const FORGET_ATTEMPTS: &str = "DELETE FROM attempts WHERE key = $1";

/// The key under which attempts are counted. Each part ends where the next begins.
pub(crate) fn attempts_key(parts: &[&[u8]]) -> [u8; 32] {
    let mut message = Vec::new();
    for part in parts {
        message.extend_from_slice(&sha256(part));
    }
    sha256(&message)
}

impl SystemTx {
    /// Counts one attempt and gives how many there have been within the window.
    pub(crate) async fn count_attempt(&mut self, key: &[u8; 32], window: TimeDelta) -> Result<i64> {
        self.count_attempts(key, window, 1).await
    }

    /// The same for several at once.
    pub(crate) async fn count_attempts(
        &mut self,
        key: &[u8; 32],
        window: TimeDelta,
        count: i64,
    ) -> Result<i64> {
        let now = self.now();
        let row = fetch_one!(self.conn, Made, COUNT_ATTEMPTS, &key[..], now, now + window, count)?;
        Ok(row.made)
    }

    /// Begins to count anew.
    pub(crate) async fn forget_attempts(&mut self, key: &[u8; 32]) -> Result<()> {
        execute!(self.conn, FORGET_ATTEMPTS, &key[..])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_key_cannot_run_into_each_other() {
        assert_ne!(attempts_key(&[b"ab", b"c"]), attempts_key(&[b"a", b"bc"]));
    }
}
