//! What a document may cost. async-graphql has no limits of its own and looks at depth and
//! complexity only after it has parsed, so bytes and tokens are bounded before.

use async_graphql::{
    ObjectType, SchemaBuilder, SubscriptionType,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// The most tokens in a document.
pub const MAX_TOKENS: usize = 2_000;
/// The most aliases in a document.
pub const MAX_ALIASES: usize = 30;
const MAX_DEPTH: usize = 12;
const MAX_COMPLEXITY: usize = 5_000;
const MAX_DIRECTIVES: usize = 10;
const MAX_RECURSION: usize = 24;

pub(super) fn apply<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    builder
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_directives(MAX_DIRECTIVES)
        .limit_recursive_depth(MAX_RECURSION)
        .disable_suggestions()
        .with_sorted_fields()
        .with_sorted_enums()
}

/// The number of lexical tokens (GraphQL, section 2.1.6), at least: what is no GraphQL is counted
/// roughly, for the parser will refuse it.
#[must_use]
pub fn count_tokens(source: &str) -> usize {
    let bytes = source.as_bytes();
    let mut at = 0;
    let mut tokens = 0;
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += run(bytes, at, |byte| byte != b'\n');
                continue;
            }
            b'"' => string_length(bytes, at),
            _ if is_word(byte) => run(bytes, at, is_word),
            _ => 1,
        };
        tokens += 1;
        at += length;
    }
    tokens
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.')
}

fn run(bytes: &[u8], from: usize, part: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(from).take_while(|byte| part(**byte)).count().max(1)
}

fn string_length(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    if rest.starts_with(b"\"\"\"") {
        let inner = rest.get(3..).unwrap_or_default();
        return inner.windows(3).position(|three| three == b"\"\"\"").map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The number of aliases in a document.
#[must_use]
pub fn count_aliases(document: &ExecutableDocument) -> usize {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).map(aliases_of).sum()
}

fn aliases_of(set: &SelectionSet) -> usize {
    set.items
        .iter()
        .map(|item| match &item.node {
            Selection::Field(field) => {
                usize::from(field.node.alias.is_some()) + aliases_of(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => aliases_of(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted_as_the_specification_splits_them() {
        for (source, tokens) in [
            ("", 0),
            ("{ a }", 3),
            ("query A($b: Int = -1) { c(d: $b) }", 19),
            ("{ a } # comment { b }\n{ c }", 6),
            (r#"{ a(b: "x \" { y } ") }"#, 8),
            ("{ a(b: \"\"\"block { } \"\"\") }", 8),
            ("\"never closed", 1),
        ] {
            assert_eq!(count_tokens(source), tokens, "{source}");
        }
    }

    #[test]
    fn aliases_are_counted_wherever_they_hide() {
        let document = async_graphql::parser::parse_query(
            "{ a: x { b: y ... on Z { c: z } ...f } } fragment f on Z { d: z e }",
        )
        .unwrap();
        assert_eq!(count_aliases(&document), 4);
    }
}
