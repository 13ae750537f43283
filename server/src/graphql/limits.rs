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
/// The most directives in a document.
pub const MAX_DIRECTIVES: usize = 10;
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

/// What there is many of in a document that means no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Fields under another name.
    pub aliases: usize,
    /// Directives, wherever they stand. The engine has a limit of its own, which looks past `__typename`.
    pub directives: usize,
}

impl Counts {
    /// Counts what a document has.
    #[must_use]
    pub fn of(document: &ExecutableDocument) -> Self {
        let mut counts = Self::default();
        for (_, operation) in document.operations.iter() {
            counts.directives += operation.node.directives.len();
            counts.add(&operation.node.selection_set.node);
        }
        for fragment in document.fragments.values() {
            counts.directives += fragment.node.directives.len();
            counts.add(&fragment.node.selection_set.node);
        }
        counts
    }

    /// Why a document is refused, if it is.
    #[must_use]
    pub const fn beyond(self) -> Option<&'static str> {
        if self.aliases > MAX_ALIASES {
            Some("The document has too many aliases.")
        } else if self.directives > MAX_DIRECTIVES {
            Some("The document has too many directives.")
        } else {
            None
        }
    }

    fn add(&mut self, set: &SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    self.directives += field.node.directives.len();
                    self.add(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives += fragment.node.directives.len();
                    self.add(&fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => self.directives += spread.node.directives.len(),
            }
        }
    }
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
    fn aliases_and_directives_are_counted_wherever_they_hide() {
        let document = async_graphql::parser::parse_query(
            "query @a { a: x @a { b: y ... on Z @a { c: z @a @a } ...f @a } } fragment f on Z @a { d: z e }",
        )
        .unwrap();
        assert_eq!(Counts::of(&document), Counts { aliases: 4, directives: 7 });
    }
}
