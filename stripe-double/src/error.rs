//! Errors as Stripe tells them (<https://docs.stripe.com/api/errors>), and whether they are remembered for an
//! idempotency key.

use serde_json::{Value, json};

/// What a request of the API is refused with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    /// Whether the endpoint had begun: only then an idempotency key remembers the answer
    /// (<https://docs.stripe.com/api/idempotent_requests>).
    pub(crate) begun: bool,
}

impl ApiError {
    /// Something is wrong with the parameters: found before the endpoint begins.
    pub(crate) fn invalid(code: Option<&'static str>, message: impl Into<String>) -> Self {
        let kind = "invalid_request_error";
        Self { status: 400, kind, code, message: message.into(), param: None, begun: false }
    }

    /// The parameters are well, the things they name are not.
    pub(crate) fn refused(code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self { begun: true, ..Self::invalid(code, message) }
    }

    pub(crate) fn unknown(names: &[String]) -> Self {
        let plural = if names.len() > 1 { "s" } else { "" };
        let message = format!("Received unknown parameter{plural}: {}", names.join(", "));
        Self::invalid(Some("parameter_unknown"), message).at(names.first().cloned().unwrap_or_default())
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::invalid(Some("parameter_missing"), format!("Missing required param: {name}.")).at(name)
    }

    pub(crate) fn not_found(what: &str, id: &str, param: &str) -> Self {
        let error = Self::refused(Some("resource_missing"), format!("No such {what}: '{id}'"));
        Self { status: 404, ..error.at(param) }
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self { status: 401, ..Self::invalid(None, message) }
    }

    pub(crate) fn no_access(account: &str) -> Self {
        let message = format!(
            "The provided key 'sk_test_***' does not have access to account '{account}' (or that account does \
             not exist). Application access may have been revoked."
        );
        Self { status: 403, ..Self::invalid(Some("account_invalid"), message) }
    }

    /// A key with other parameters, or one whose first request is under way.
    pub(crate) fn idempotency(status: u16, code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self { status, kind: "idempotency_error", ..Self::invalid(code, message) }
    }

    /// Stripe's own fault, or that of what stands in front of it.
    pub(crate) fn server(status: u16) -> Self {
        let message = "An unknown error occurred. (This double was told to misbehave.)";
        let (kind, code) = match status {
            429 => ("invalid_request_error", Some("rate_limit")),
            400..500 => ("invalid_request_error", None),
            _ => ("api_error", None),
        };
        Self { status, kind, begun: true, ..Self::invalid(code, message) }
    }

    /// The same, at a parameter.
    pub(crate) fn at(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    /// The body of the answer.
    pub(crate) fn body(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(code) = self.code {
            error["code"] = code.into();
            error["doc_url"] =
                format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")).into();
        }
        if let Some(param) = &self.param {
            error["param"] = param.clone().into();
        }
        json!({ "error": error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_unknown_parameters_are_all_named_and_the_first_is_pointed_at() {
        let body = ApiError::unknown(&["a[b]".into(), "c".into()]).body();
        assert_eq!(body["error"]["message"], "Received unknown parameters: a[b], c");
        assert_eq!(body["error"]["param"], "a[b]");
        assert_eq!(body["error"]["type"], "invalid_request_error");
    }
}
