//! Cuts a stylesheet into the few kinds of token that joining and shrinking it need.
//!
//! It knows strings, comments, `url(…)`, white space and brackets; everything else is copied. What it
//! cannot be sure about it refuses: an open string or comment, a bracket without its partner.

use anyhow::{Context as _, Result, bail, ensure};

/// One piece of a stylesheet. The pieces put together are the stylesheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// White space, at least one character.
    Space,
    /// A comment.
    Comment,
    /// A string with its quotes.
    Text(&'a str),
    /// `url(…)` without quotes inside, whole.
    Url(&'a str),
    /// One of `{ } ( ) [ ] ; , : >`.
    Mark(char),
    /// Anything else, up to the next of the others.
    Word(&'a str),
}

/// The tokens of `source`, in order.
pub(super) fn scan(source: &str) -> Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut open: Vec<char> = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let line = || 1 + source[..source.len() - rest.len()].matches('\n').count();
        let (token, length) = next(rest, first).with_context(|| format!("line {}", line()))?;
        if let Token::Mark(mark) = token {
            pair(&mut open, mark).with_context(|| format!("line {}", line()))?;
        }
        tokens.push(token);
        rest = &rest[length..];
    }
    if let Some(mark) = open.last() {
        bail!("a `{mark}` is never closed");
    }
    Ok(tokens)
}

/// The token at the start of `rest`, and its length in bytes.
fn next(rest: &str, first: char) -> Result<(Token<'_>, usize)> {
    if first.is_ascii_whitespace() {
        let end = rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(rest.len());
        return Ok((Token::Space, end));
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        let end = comment.find("*/").context("a comment is never closed")?;
        return Ok((Token::Comment, end + 4));
    }
    if matches!(first, '"' | '\'') {
        let length = string_length(rest, first)?;
        return Ok((Token::Text(&rest[..length]), length));
    }
    if let Some(inside) = rest.strip_prefix("url(")
        && !inside.trim_start().starts_with(['"', '\''])
    {
        let length = rest.find(')').context("a url( is never closed")? + 1;
        return Ok((Token::Url(&rest[..length]), length));
    }
    if is_mark(first) {
        return Ok((Token::Mark(first), first.len_utf8()));
    }
    let length = word_length(rest)?;
    Ok((Token::Word(&rest[..length]), length))
}

/// The length of the string that starts with `quote`, both quotes included.
fn string_length(rest: &str, quote: char) -> Result<usize> {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => break,
            _ if character == quote => return Ok(at + 1),
            _ => {}
        }
    }
    bail!("a string is not closed on its line")
}

fn word_length(rest: &str) -> Result<usize> {
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            let escaped = characters.next().context("a backslash at the end of the file")?.1;
            // The white space after a hexadecimal escape belongs to it; shrinking would have to know.
            ensure!(!escaped.is_ascii_hexdigit(), "write the character itself, not its hexadecimal escape");
        } else if at > 0 && ends_word(character, &rest[at..]) {
            return Ok(at);
        }
    }
    Ok(rest.len())
}

fn ends_word(character: char, rest: &str) -> bool {
    character.is_ascii_whitespace()
        || matches!(character, '"' | '\'')
        || is_mark(character)
        || rest.starts_with("/*")
}

const fn is_mark(character: char) -> bool {
    matches!(character, '{' | '}' | '(' | ')' | '[' | ']' | ';' | ',' | ':' | '>')
}

/// Keeps account of the open brackets.
fn pair(open: &mut Vec<char>, mark: char) -> Result<()> {
    let partner = match mark {
        '{' | '(' | '[' => {
            open.push(mark);
            return Ok(());
        }
        '}' => '{',
        ')' => '(',
        ']' => '[',
        _ => return Ok(()),
    };
    ensure!(open.pop() == Some(partner), "a `{mark}` without its `{partner}`");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Token::*, *};

    #[test]
    fn strings_comments_and_urls_are_whole() {
        let tokens = scan(r#"a{b:"}\"";/* } */c:url(data:a;b,{)}"#).unwrap();
        assert_eq!(
            tokens,
            [
                Word("a"),
                Mark('{'),
                Word("b"),
                Mark(':'),
                Text(r#""}\"""#),
                Mark(';'),
                Comment,
                Word("c"),
                Mark(':'),
                Url("url(data:a;b,{)"),
                Mark('}'),
            ]
        );
    }

    #[test]
    fn an_escaped_mark_is_part_of_its_word() {
        assert_eq!(scan(r".sm\:wide").unwrap(), [Word(r".sm\:wide")]);
    }

    #[test]
    fn what_is_not_closed_is_refused_with_its_line() {
        for (source, expected) in [
            ("a {\n b: 'c\n}", "line 2"),
            ("a {}\n/* b", "line 2"),
            ("a {\n\n)}", "line 3"),
            ("a { b: c(", "`(` is never closed"),
        ] {
            let error = format!("{:#}", scan(source).unwrap_err());
            assert!(error.contains(expected), "{source:?}: {error}");
        }
    }
}
