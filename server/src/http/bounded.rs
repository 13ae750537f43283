//! How much a body may come to once it is read. A few bytes of JSON, or of a form, become a hundred or more in memory, so
//! what is in a body is counted before anything is made of it; how long it is says too little.

use axum::{
    extract::{FromRequest, RawForm, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// The most values in a body of JSON, members and elements. The largest that anybody means to send is a hundred invoices of
/// fifty lines, with ten fields each.
pub(super) const MOST_VALUES: usize = 60_000;
/// The most fields of a form. The largest is a draft's, which is shown again where it has far too many lines.
const MOST_FIELDS: usize = 60_000;

/// How many values are in a text of JSON, or more: one for each comma and each opening bracket outside of its strings.
/// Of what is not JSON, at least those before the place where it ceases to be.
pub(crate) fn json_values(json: &[u8]) -> usize {
    let (mut values, mut within_string, mut escaped) = (1, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = within_string,
            b'"' => within_string = !within_string,
            b',' | b'[' | b'{' if !within_string => values += 1,
            _ => {}
        }
    }
    values
}

/// The fields of a form, in their order, each as often as it was sent.
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Pairs {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let RawForm(form) =
            RawForm::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        if form.split(|byte| *byte == b'&').count() > MOST_FIELDS {
            return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        }
        Ok(Self(url::form_urlencoded::parse(&form).into_owned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn values_are_counted_outside_of_strings_and_never_too_few() {
        for (json, values) in [
            ("", 1),
            ("7", 1),
            ("[]", 2),
            (r#"{"query":"{ a, b [ { \" , ","variables":{"a":[1,2,{}],"b\\":[[]]}}"#, 11),
            (r#"["\\",","]"#, 3),
            // It ends within a string.
            (r#"[1,",,,,"#, 3),
        ] {
            assert_eq!(json_values(json.as_bytes()), values, "{json}");
        }
    }

    #[tokio::test]
    async fn a_form_has_so_many_fields_and_no_more() {
        let read = async |body: String| {
            let form = (axum::http::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let request = Request::post("/").header(form.0, form.1).body(Body::from(body)).unwrap();
            Pairs::from_request(request, &()).await.map_err(|refusal| refusal.status())
        };
        let pairs = read("a=1&b=%41+&a=2&c".to_owned()).await.unwrap().0;
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", "A "), ("a", "2"), ("c", "")]);
        let many = |count: usize| vec!["a"; count].join("&");
        assert_eq!(read(many(MOST_FIELDS)).await.unwrap().0.len(), MOST_FIELDS);
        assert_eq!(read(many(MOST_FIELDS + 1)).await.err(), Some(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
