//! Ids that look like Stripe's: a prefix that says what it is, and letters nobody can guess.

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new id with this prefix.
///
/// # Panics
/// When the operating system gives no random bytes.
pub(crate) fn new(prefix: &str, length: usize) -> String {
    let mut bytes = vec![0; length];
    #[expect(clippy::expect_used, reason = "nothing may go on without randomness")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    let letters = bytes.into_iter().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    format!("{prefix}_{}", letters.collect::<String>())
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_id_has_its_prefix_and_is_not_the_next_one() {
        let id = super::new("cs_test", 58);
        assert!(id.starts_with("cs_test_") && id.len() == 66);
        assert_ne!(id, super::new("cs_test", 58));
    }
}
