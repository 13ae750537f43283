//! What somebody typed into a search box, as a pattern of SQL.

/// A `LIKE` pattern that finds the text anywhere, with its own wildcards taken literally; `None`
/// where nothing is searched. Control characters stand in no text of an invoice, and PostgreSQL
/// takes no NUL: they are left out.
pub(super) fn like_pattern(search: &str) -> Option<String> {
    let search: String = search.chars().filter(|character| !character.is_control()).collect();
    let search = search.trim();
    if search.is_empty() {
        return None;
    }
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for character in search.chars().flat_map(char::to_lowercase) {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_that_somebody_typed_are_taken_literally() {
        assert_eq!(like_pattern("  100%_Ä\\ "), Some(r"%100\%\_ä\\%".to_owned()));
        assert_eq!(like_pattern(" \0 "), None);
    }
}
