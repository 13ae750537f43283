//! What a client is found by and ordered by.

/// Name and tax id in lower case: the name first, so that clients are listed by it.
#[must_use]
pub fn client_search_text(name: &str, tax_id: &str) -> String {
    format!("{name}\n{tax_id}").to_lowercase().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_ordered_by_its_name_whatever_its_case() {
        assert!(client_search_text("Äpfel AG", "DE 1").starts_with("äpfel ag"));
        assert_eq!(client_search_text("Norra", ""), "norra");
    }
}
