//! What a document is made of, before it is parsed: how many tokens, and how deep its brackets lie within each other. The
//! parser walks down a level of its stack for each bracket, and a stack that overflows takes the whole process with it.
//!
//! It reads as the parser does, whose grammar is in places more patient than the specification: it takes `00` for two
//! numbers and `truenull` for two values. It never finds fewer tokens than the parser; where the text is no GraphQL, it
//! may find more.

/// What a text comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lexed {
    /// Lexical tokens (GraphQL, section 2.1.6).
    pub tokens: usize,
    /// The most brackets of any kind that are open at once.
    pub nesting: usize,
}

/// Words that the parser splits off the beginning of a longer one.
const SPLIT_OFF: [&[u8]; 7] =
    [b"true", b"false", b"null", b"query", b"mutation", b"subscription", b"fragment"];
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
const BLOCK: &[u8] = b"\"\"\"";
const ESCAPED_BLOCK: &[u8] = b"\\\"\"\"";

/// Reads a document to its end; `None` for one with a block string that has no end, which is no GraphQL (section 2.9.4). The
/// parser takes the marks of such a block for other strings, and looks through all that follows for each.
#[must_use]
pub fn lex(source: &str) -> Option<Lexed> {
    let mut rest = source.as_bytes();
    let mut lexed = Lexed::default();
    let mut open: usize = 0;
    while let Some(&first) = rest.first() {
        let (tokens, length) = match first {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => (0, 1),
            b'#' => (0, run(rest, |byte| !matches!(byte, b'\r' | b'\n'))),
            _ if rest.starts_with(BYTE_ORDER_MARK) => (0, BYTE_ORDER_MARK.len()),
            b'"' => (1, string(rest)?),
            b'.' if rest.starts_with(b"...") => (1, 3),
            b'-' | b'0'..=b'9' => (1, number(rest)),
            _ if is_word(first) => word(rest),
            b'{' | b'[' | b'(' => {
                open += 1;
                (1, 1)
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                (1, 1)
            }
            _ => (1, 1),
        };
        lexed.tokens += tokens;
        lexed.nesting = lexed.nesting.max(open);
        rest = rest.get(length..).unwrap_or_default();
    }
    Some(lexed)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// How many bytes are such, from the first on.
fn run(bytes: &[u8], part: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| part(**byte)).count()
}

/// The length of a number; of a sign without one, 1.
fn number(bytes: &[u8]) -> usize {
    let after = |at: usize| bytes.get(at..).unwrap_or_default();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    at += match after(at).first() {
        // A digit that follows a nought begins another number.
        Some(b'0') => 1,
        _ => run(after(at), is_digit),
    };
    if after(at).first() == Some(&b'.') {
        let digits = run(after(at + 1), is_digit);
        at += if digits == 0 { 0 } else { 1 + digits };
    }
    if matches!(after(at).first(), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(after(at + 1).first(), Some(b'+' | b'-')));
        let digits = run(after(at + 1 + sign), is_digit);
        at += if digits == 0 { 0 } else { 1 + sign + digits };
    }
    at.max(1)
}

/// A word, which may be several without a space between them: how many, and their length. A number behind one that is split
/// off is no part of them: the parser takes `true00` for three values.
fn word(bytes: &[u8]) -> (usize, usize) {
    let length = run(bytes, is_word);
    let mut rest = bytes.get(..length).unwrap_or_default();
    let mut tokens = 1;
    while let Some(longer) =
        SPLIT_OFF.iter().find_map(|word| rest.strip_prefix(*word)).filter(|longer| !longer.is_empty())
    {
        if longer.first().copied().is_some_and(is_digit) {
            return (tokens, length - longer.len());
        }
        tokens += 1;
        rest = longer;
    }
    (tokens, length)
}

/// The length of a string; `None` for a block that nobody closes.
fn string(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(BLOCK) {
        return block(bytes);
    }
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            // It does not go beyond its line: no string, and the parser stops here.
            b'\r' | b'\n' => return Some(at),
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    Some(bytes.len())
}

/// The length of a block string, with its marks; `None` where it has no end.
fn block(bytes: &[u8]) -> Option<usize> {
    let mut at = BLOCK.len();
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.first()? {
            b'"' if rest.starts_with(BLOCK) => return Some(at + BLOCK.len()),
            b'\\' if rest.starts_with(ESCAPED_BLOCK) => at += ESCAPED_BLOCK.len(),
            _ => at += 1,
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
            ("{ ...a ... on B { c } }", 10),
            ("[-1.5e-3 0.25 1E9 7 -]", 7),
            ("1E9", 1),
            ("-1.5e-3[[[[[[[[", 9),
            ("\u{feff}{ nullable }", 4),
            // A block that a stroke does not end, and one that does not end with its line.
            ("{ a(b: \"\"\" \\c\"\"\") { d } }", 11),
            ("{ a(b: \"\"\" \n { \"\"\") }", 8),
            // What the parser stops at ends nothing here: what follows is counted all the same.
            ("..{{", 4),
            ("\"never closed\n{ a }", 4),
        ] {
            assert_eq!(lex(source).unwrap().tokens, tokens, "{source}");
        }
    }

    #[test]
    fn nothing_hides_from_the_count() {
        let many = "1 ".repeat(50);
        for source in [
            // A mark that is escaped within a block does not end it.
            format!("{{ a(b: [\"\"\" \\\"\"\" \"\"\" {many}]) }}"),
            // A carriage return ends a comment.
            format!("{{ a(b: [ # \r {many}]) }}"),
            format!("{{ {} }}", "...a".repeat(50)),
            format!("{{ a(b: [{}]) }}", "-1".repeat(50)),
            format!("{{ a(b: [{}]) }}", "0".repeat(50)),
            format!("{{ a(b: [{}]) }}", "truefalsenull".repeat(20)),
            // Numbers behind a word that ends where they begin.
            format!("{{ a(b: [true{}]) }}", "0".repeat(50)),
            format!("{{ a(b: [truenull{}]) }}", "0".repeat(50)),
        ] {
            assert!(async_graphql::parser::parse_query(&source).is_ok(), "{source}");
            assert!(lex(&source).unwrap().tokens >= 55, "{source}: {:?}", lex(&source));
        }
    }

    #[test]
    fn a_block_string_without_an_end_is_none_and_nothing_is_looked_for_behind_it() {
        for source in [
            // The parser takes it for an empty string and the beginning of another.
            r#"{ a(b: [""" x" 1]) }"#.to_owned(),
            // A mark that is escaped does not end it, wherever one begins to read.
            format!("{{ a(b: [{}]) }}", r#""\\"""" " "#.repeat(600)),
        ] {
            assert!(async_graphql::parser::parse_query(&source).is_ok(), "{source}");
            assert_eq!(lex(&source), None, "{source}");
        }
        assert_eq!(lex(&"\\\"\"\"\n".repeat(1_000_000)), None);
    }

    #[test]
    fn brackets_are_counted_while_they_are_open_and_those_in_texts_are_none() {
        for (source, nesting) in [
            ("a", 0),
            ("{ a(b: [{ c: 1 }]) { d } }", 4),
            ("{ a } { b } [ ] ]]]] [", 1),
            ("{ a(b: \"[[[[\") # {{{{\n }", 2),
            ("{ a(b: \"\"\" [[[ \\\"\"\" [[[ \"\"\") }", 2),
        ] {
            assert_eq!(lex(source).unwrap().nesting, nesting, "{source}");
        }
    }
}
