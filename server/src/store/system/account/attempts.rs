//! How often something was tried within a time: passwords of an account, mails to an address.

use chrono::TimeDelta;

use crate::{
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

const COUNT_ATTEMPT: &str = "INSERT INTO attempts (key, made, ends_at) VALUES ($1, 1, $3) \
    ON CONFLICT (key) DO UPDATE SET \
    made = CASE WHEN attempts.ends_at <= $2 THEN 1 ELSE attempts.made + 1 END, \
    ends_at = CASE WHEN attempts.ends_at <= $2 THEN $3 ELSE attempts.ends_at END \
    RETURNING made";
const FORGET_ATTEMPTS: &str = "DELETE FROM attempts WHERE key = $1";

impl SystemTx {
    /// Counts one attempt and gives how many there have been within the window.
    pub(crate) async fn count_attempt(&mut self, key: &[u8; 32], window: TimeDelta) -> Result<i64> {
        let now = self.now();
        let row = fetch_one!(self.conn, Made, COUNT_ATTEMPT, &key[..], now, now + window)?;
        Ok(row.made)
    }

    /// Begins to count anew.
    pub(crate) async fn forget_attempts(&mut self, key: &[u8; 32]) -> Result<()> {
        execute!(self.conn, FORGET_ATTEMPTS, &key[..])?;
        Ok(())
    }
}
