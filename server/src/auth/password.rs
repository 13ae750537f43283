//! Passwords of the team: Argon2id at OWASP's parameters, on a bounded number of threads.
//!
//! Hashing takes 19 MiB and some 30 ms of a core by design, so it must not run on the threads that
//! answer requests, and not on all cores, nor on so many that memory is short: whoever floods the login waits in
//! line behind the flood, and nobody else does.

use std::{sync::LazyLock, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use crate::{
    error::{Error, Result},
    line::Line,
};

/// Shorter passwords are refused, counted in characters. OWASP ASVS 5.0 (6.2.1) asks for 8 at least and
/// recommends 15; this lies between.
pub const SHORTEST: usize = 12;
/// Longer ones are refused, so that nobody makes us hash a megabyte. Far beyond what anybody types.
pub const LONGEST: usize = 256;

/// The hash of a password that nobody has: what a stranger's attempt is checked against, so that it
/// takes the same time as a known person's. The parameters are those of [`Passwords::hash`].
static NOBODY: LazyLock<String> = LazyLock::new(|| make(&crate::random::bytes::<32>()).unwrap_or_default());

/// Hashes and checks passwords, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords(Line);

/// Hashed at once, at most: forty megabytes.
const MOST: usize = 2;
/// In line for it, and for how long.
const IN_LINE: usize = 32;
/// See [`IN_LINE`].
const PATIENCE: Duration = Duration::from_secs(1);

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Line::new((cores / 2).clamp(1, MOST), IN_LINE, PATIENCE))
    }
}

impl Passwords {
    /// The hash of a password as a PHC string, with a salt of its own.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many are before it; else only a fault of ours makes hashing fail.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.as_bytes().to_vec();
        self.run(move || make(&password)).await?
    }

    /// Whether this is the password. `None` stands for a person that does not exist or has no password:
    /// that takes as long and is never right.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many are before it; [`Error::Bug`] for a hash that cannot be read.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let password = password.as_bytes().to_vec();
        let known = hash.map(str::to_owned);
        self.run(move || {
            let is_known = known.is_some();
            let hash = known.as_deref().unwrap_or(&NOBODY);
            let hash = PasswordHash::new(hash).map_err(|error| Error::bug(error.to_string()))?;
            Ok(Argon2::default().verify_password(&password, &hash).is_ok() && is_known)
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.0.enter().await?;
        let work = move || {
            let done = work();
            // Not before: the work goes on where whoever asked has gone away.
            drop(place);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::bug)
    }
}

/// `Argon2::default()` is Argon2id, version 19, 19 MiB, two passes, one lane: OWASP's first choice
/// (Password Storage Cheat Sheet).
fn make(password: &[u8]) -> Result<String> {
    let hash = Argon2::default().hash_password(password).map_err(|error| Error::bug(error.to_string()))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn whoever_goes_away_leaves_no_place_before_the_work_has_ended() {
        let passwords = Passwords(Line::new(1, 1, Duration::from_secs(10)));
        let (tell, told) = oneshot::channel();
        let (release, released) = mpsc::channel::<()>();
        let asker = tokio::spawn({
            let passwords = passwords.clone();
            async move {
                let work = move || {
                    let _ = tell.send(());
                    let _ = released.recv();
                };
                passwords.run(work).await
            }
        });
        told.await.unwrap();
        asker.abort();
        assert!(asker.await.unwrap_err().is_cancelled());
        assert!(passwords.0.try_enter().is_none(), "the work goes on, and its place is taken");
        drop(release);
        assert!(!passwords.verify("correct horse battery", None).await.unwrap(), "it is free again");
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_two_hashes_of_it_differ() {
        let passwords = Passwords::default();
        let first = passwords.hash("correct horse battery").await.unwrap();
        let second = passwords.hash("correct horse battery").await.unwrap();
        assert_ne!(first, second);
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert!(passwords.verify("correct horse battery", Some(&first)).await.unwrap());
        assert!(!passwords.verify("correct horse batterx", Some(&first)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::default();
        for password in ["", "correct horse battery"] {
            assert!(!passwords.verify(password, None).await.unwrap());
        }
        assert!(NOBODY.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
}
