//! Nothing that opens a door is at rest (rules L4, T1, G1): whoever reads a backup comes in nowhere.

use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use postern::auth::secret::sha256;

use crate::{
    harness::{both_databases, proof},
    secrets,
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// The bytes that a secret's text stands for.
fn bytes_of(secret: &str) -> Option<Vec<u8>> {
    let text = secret.strip_prefix("whsec_").unwrap_or(secret);
    let bytes = URL_SAFE_NO_PAD.decode(text).or_else(|_| STANDARD.decode(text)).ok();
    bytes.filter(|bytes| bytes.len() >= 16)
}

both_databases! {
    /// Every column of every table is looked at, for each secret as text, and as bytes.
    async fn no_secret_is_in_the_database(app: TestApp) {
        let mut app = app;
        let secrets = secrets::in_use(&mut app).await;
        let rows = app.database.everything().await;
        for (name, secret) in &secrets {
            let mut forms = vec![secret.clone(), hex(secret.as_bytes())];
            forms.extend(bytes_of(secret).map(|bytes| hex(&bytes)));
            for row in &rows {
                let is_there = row.contains(&forms[0]) || forms[1..].iter().any(|form| row.to_lowercase().contains(form));
                assert!(!is_there, "{name} {secret} is at rest in {row}");
            }
        }
        // The search finds what is there: the hashes of tokens, as bytes, and that of a password.
        let all = rows.concat().to_lowercase();
        for name in ["magic link", "portal session", "team session", "invitation", "reset", "share link", "sign-up", "change of address"] {
            let (_, token) = secrets.iter().find(|(of, _)| *of == name).unwrap();
            assert!(all.contains(&hex(&sha256(&bytes_of(token).unwrap()))), "the hash of {name}");
        }
        let (_, token) = secrets.iter().find(|(of, _)| *of == "API token").unwrap();
        assert!(all.contains(&hex(&sha256(token.as_bytes()))) && all.contains("$argon2id$v=19$"));
        proof("secrets in use that stand in no column of the database", &secrets.len().to_string());
    }
}
