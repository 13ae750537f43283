//! What somebody sends as Stripe: a header with signatures, and a body.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{
    auth::secret::hexadecimal,
    billing::names_in_event,
    http::fuzzing as http,
    stripe::{
        EventId,
        signature::{TOLERANCE, verify},
    },
};

const SECRETS: [&str; 2] = ["whsec_of_now", "whsec_of_before"];
const NOW: i64 = 1_790_000_000;

/// The first line is the header, the rest the body.
pub fn stripe_webhook(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (header, body) = input.split_at(end);
    let body = body.get(1..).unwrap_or_default();
    let secrets = SECRETS.map(str::to_owned);
    if let Ok(header) = std::str::from_utf8(header)
        && verify(header, body, &secrets, NOW).is_ok()
    {
        assert!(is_signed(header, body), "nobody signed {header}");
    }
    for secret in SECRETS {
        let header = format!("t={NOW},v1={}", signature(secret, NOW, body));
        assert_eq!(verify(&header, body, &secrets, NOW), Ok(()));
        assert!(verify(&header, &[body, b" "].concat(), &secrets, NOW).is_err(), "another body");
        assert!(verify(&header, body, &secrets, NOW + TOLERANCE + 1).is_err(), "too late");
    }
    of_body(body);
}

fn signature(secret: &str, at: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes any key");
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    hexadecimal(&mac.finalize().into_bytes())
}

/// Whether a time and a signature stand in the header that one of the secrets makes of the body.
fn is_signed(header: &str, body: &[u8]) -> bool {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let times = parts().filter(|(key, _)| *key == "t").filter_map(|(_, at)| at.parse::<i64>().ok());
    times.filter(|at| (NOW - TOLERANCE..=NOW + TOLERANCE).contains(at)).any(|at| {
        let made = SECRETS.map(|secret| signature(secret, at, body));
        parts().any(|(key, hex)| key == "v1" && made.contains(&hex.to_ascii_lowercase()))
    })
}

/// An event is kept as it came, and the names that it gives can stand in a path.
fn of_body(body: &[u8]) {
    let is_name = |name: &str, prefix: &str| {
        name.starts_with(prefix)
            && name.len() <= 255
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let Some(id) = http::id_of_event(body) else { return };
    if let Ok(id) = id.parse::<EventId>() {
        assert!(is_name(id.as_str(), "evt_"), "{id}");
    }
    let text = std::str::from_utf8(body).expect("what was read as JSON is Unicode");
    let Some(names) = names_in_event(text) else { return };
    assert!(names.session.is_none_or(|session| is_name(session.as_str(), "cs_")));
    assert!(names.intent.is_none_or(|intent| is_name(intent.as_str(), "pi_")));
}
