//! Where to go after the login (rule L8).

/// The path that was wanted, if it is a page of the portal that one can be sent to; anything else is
/// `None`, which leads home.
#[must_use]
pub fn safe_next(path: &str) -> Option<&str> {
    let places = ["invoices", "payments", "statement", "statement.pdf", "statement.csv", "access"];
    safe_path(path, "/portal/", &places)
}

/// The path, if it lies below `root`, in one of the `places` there.
#[must_use]
pub fn safe_path<'a>(path: &'a str, root: &str, places: &[&str]) -> Option<&'a str> {
    let rest = path.strip_prefix(root)?;
    let plain = path.len() <= 512
        && path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    let page = rest.split(['?', '#']).next().unwrap_or_default();
    // No empty or dot segments, no escapes and nothing that a browser would escape: what it makes of them is not what
    // stands here, and no page of ours has any in its path.
    let normal =
        page.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.'))
            && page.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
    let first = page.split('/').next().unwrap_or_default();
    (plain && normal && places.contains(&first)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_portal_are_reached_after_the_login() {
        for path in [
            "/portal/invoices",
            "/portal/invoices?status=open&q=a%20b",
            "/portal/payments",
            "/portal/statement",
            "/portal/statement?from=2026-01-01&to=2026-01-31",
            "/portal/statement.pdf?from=2026-01-01&to=2026-01-31",
            "/portal/access",
        ] {
            assert_eq!(safe_next(path), Some(path));
        }
    }

    #[test]
    fn a_path_has_a_length_that_people_have() {
        let of = |length: usize| {
            format!("/portal/invoices?q={}", "x".repeat(length - "/portal/invoices?q=".len()))
        };
        assert!(safe_next(&of(512)).is_some() && safe_next(&of(513)).is_none());
    }

    #[test]
    fn anything_else_leads_home() {
        for path in [
            "",
            "/",
            "/portal",
            "/portal/",
            "/portalx/invoices",
            "/app/invoices",
            "//evil.example/portal/invoices",
            "https://evil.example/portal/invoices",
            "/portal//evil.example",
            "/portal/../app",
            "/portal/invoices/..",
            "/portal/invoices/../../app",
            "/portal/%2e%2e/app",
            "/portal/invoices/{a}",
            "/portal/\\evil.example",
            "/portal/invoices\r\nX: y",
            "/portal/login",
            "/portal/sign-out",
            "/portal/link/abc",
            "/portal/statement.exe",
            "\t/portal/invoices",
            "/portal/invoices\u{202e}",
            "/portal/invoices?q=\u{e9}",
            "/portal/invoices?q=a b",
            "/portal/invoices?q=\"",
            "/portal/invoices?q=<b>",
            "javascript:alert(1)//portal/invoices",
        ] {
            assert_eq!(safe_next(path), None, "{path:?}");
        }
    }
}
