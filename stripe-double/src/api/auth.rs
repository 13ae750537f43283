//! Who asks: the API key, as a bearer token or as the name of basic authentication
//! (<https://docs.stripe.com/api/authentication>).

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::error::ApiError;

/// Refuses whoever does not have the key.
pub(crate) fn check(headers: &HeaderMap, key: &str) -> Result<(), ApiError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(read) else {
        return Err(ApiError::unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, \
             using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        ));
    };
    if given == key {
        return Ok(());
    }
    let start: String = given.chars().take(8).collect();
    Err(ApiError::unauthorized(format!("Invalid API Key provided: {start}***")))
}

fn read(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let basic = scheme.eq_ignore_ascii_case("basic");
    basic.then(|| decoded.split(':').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_a_bearer_token_or_a_basic_name() {
        let check = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            check(&headers, "sk_test_1").is_ok()
        };
        assert!(check("Bearer sk_test_1"));
        assert!(check("Basic c2tfdGVzdF8xOg=="), "sk_test_1:");
        for wrong in ["Bearer sk_test_2", "Bearer", "sk_test_1", "Basic sk_test_1"] {
            assert!(!check(wrong), "{wrong}");
        }
    }
}
