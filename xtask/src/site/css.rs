//! Joins `style/main.css` and what it imports into one stylesheet, without comments and needless space.
//!
//! One request instead of a chain of them. `@import url("x.css") layer(y);` becomes `@layer y{…}`, which
//! is what it means; the other forms of `@import` (media, supports) are refused rather than guessed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};

use super::css_scan::{Token, scan};

/// The whole stylesheet that starts at `entry`.
pub(super) fn bundle(entry: &Path) -> Result<String> {
    let mut sheet = String::new();
    append(entry, &mut Vec::new(), &mut sheet)?;
    Ok(sheet)
}

/// Appends the file at `path`. `above` are the files that import it, outermost first.
fn append(path: &Path, above: &mut Vec<PathBuf>, sheet: &mut String) -> Result<()> {
    let name = || path.display().to_string();
    ensure!(!above.iter().any(|file| file == path), "{} imports itself", name());
    let source = fs::read_to_string(path).with_context(|| format!("cannot read {}", name()))?;
    let tokens = scan(&source).with_context(name)?;
    above.push(path.to_owned());

    let mut depth = 0_usize;
    let mut has_rules = false;
    let mut rest = tokens.as_slice();
    while let Some((token, following)) = rest.split_first() {
        if *token == Token::Word("@import") && depth == 0 {
            ensure!(!has_rules, "{}: an @import after a rule counts for nothing", name());
            let (import, after) = Import::parse(following).with_context(name)?;
            let target = path.with_file_name(&import.file);
            if let Some(layer) = &import.layer {
                sheet.push_str("@layer ");
                sheet.push_str(layer);
                sheet.push('{');
                append(&target, above, sheet)?;
                sheet.push('}');
            } else {
                append(&target, above, sheet)?;
            }
            rest = after;
            continue;
        }
        match token {
            Token::Mark('{') => {
                depth += 1;
                has_rules = true;
            }
            Token::Mark('}') => depth = depth.saturating_sub(1),
            Token::Url(url) => {
                let inside = url.trim_start_matches("url(").trim_start();
                ensure!(inside.starts_with("data:"), "{}: {url}: the site serves no such file", name());
            }
            Token::Word("url") if matches!(following, [Token::Mark('('), ..]) => {
                bail!("{}: write url(data:…) without quotes; the site serves no other files", name());
            }
            _ => {}
        }
        write_token(*token, following, sheet);
        rest = following;
    }
    above.pop();
    Ok(())
}

/// What an `@import` asks for.
struct Import {
    /// The file, relative to the one that imports it.
    file: String,
    /// The cascade layer that it goes into.
    layer: Option<String>,
}

impl Import {
    /// Reads what follows the word `@import`, up to and with its `;`.
    fn parse<'t>(tokens: &'t [Token<'t>]) -> Result<(Self, &'t [Token<'t>])> {
        let end =
            tokens.iter().position(|token| *token == Token::Mark(';')).context("an @import without `;`")?;
        let words: Vec<Token<'_>> = tokens[..end]
            .iter()
            .copied()
            .filter(|token| !matches!(token, Token::Space | Token::Comment))
            .collect();
        let ([Token::Text(file), layer @ ..]
        | [Token::Word("url"), Token::Mark('('), Token::Text(file), Token::Mark(')'), layer @ ..]) =
            words.as_slice()
        else {
            bail!("write @import url(\"file.css\") or @import url(\"file.css\") layer(name)");
        };
        let layer = match layer {
            [] => None,
            [Token::Word("layer"), Token::Mark('('), Token::Word(layer), Token::Mark(')')] => {
                Some((*layer).to_owned())
            }
            _ => bail!("an @import may name a layer and nothing else"),
        };
        Ok((Self { file: file.trim_matches(['"', '\'']).to_owned(), layer }, &tokens[end + 1..]))
    }
}

/// Writes one token, and space only where leaving it out would change the meaning.
fn write_token(token: Token<'_>, following: &[Token<'_>], sheet: &mut String) {
    match token {
        Token::Text(text) | Token::Url(text) | Token::Word(text) => sheet.push_str(text),
        Token::Mark(mark) => {
            if mark == '}' && sheet.ends_with(';') {
                sheet.pop();
            }
            sheet.push(mark);
        }
        Token::Space => {
            // Space that continues over a comment is written once, by its last part.
            let next = following.iter().find(|token| **token != Token::Comment);
            let needless_after =
                sheet.is_empty() || sheet.ends_with(['{', '}', ';', ',', '(', '[', '>', ':', ' ']);
            let needless_before = match next {
                None | Some(Token::Space) => true,
                Some(Token::Mark(mark)) => matches!(mark, '{' | '}' | ';' | ',' | ')' | ']' | '>'),
                Some(_) => false,
            };
            if !(needless_after || needless_before) {
                sheet.push(' ');
            }
        }
        // `1px/* … */2px` are two words, `a/* … */.b` is one selector: an empty comment keeps them so.
        Token::Comment => {
            let joins = matches!(following.first(), Some(Token::Word(_)))
                && sheet.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '-' | '_' | '%'));
            if joins {
                sheet.push_str("/**/");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bundles `files`, the first of which is the entry.
    fn bundled(name: &str, files: &[(&str, &str)]) -> Result<String> {
        let folder = std::env::temp_dir().join(format!("postern-css-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("parts")).unwrap();
        for (file, source) in files {
            fs::write(folder.join(file), source).unwrap();
        }
        let sheet = bundle(&folder.join(files[0].0));
        fs::remove_dir_all(folder).unwrap();
        sheet
    }

    #[test]
    fn space_goes_where_it_means_nothing() {
        let source = "
            /* calm */
            .due > li + li , .a :is( th, td ):last-child { margin: calc( 1px + 2px ) auto ; content: ' {  } '; }
            @media ( min-width: 40rem ) and (prefers-color-scheme: dark) { a { color: red !important; } }";
        assert_eq!(
            bundled("space", &[("main.css", source)]).unwrap(),
            ".due>li + li,.a :is(th,td):last-child{margin:calc(1px + 2px) auto;content:' {  } '}\
             @media (min-width:40rem) and (prefers-color-scheme:dark){a{color:red !important}}"
        );
    }

    #[test]
    fn a_comment_does_not_join_or_part_what_it_stands_between() {
        let source = "a/* x */.b { margin: 1px/* y */2px /* z */ 3px }";
        assert_eq!(bundled("comment", &[("main.css", source)]).unwrap(), "a/**/.b{margin:1px/**/2px 3px}");
    }

    #[test]
    fn imports_are_resolved_where_they_lie_and_keep_their_layer() {
        let sheet = bundled(
            "import",
            &[
                (
                    "main.css",
                    "@layer base, parts;\n@import url(\"base.css\") layer(base);\n@import 'parts/a.css';",
                ),
                ("base.css", "a { b: c }"),
                ("parts/a.css", "@import url(\"b.css\") layer(parts);\nd { e: f }"),
                ("parts/b.css", "g { h: i; }"),
            ],
        );
        assert_eq!(sheet.unwrap(), "@layer base,parts;@layer base{a{b:c}}@layer parts{g{h:i}}d{e:f}");
    }

    #[test]
    fn what_would_be_guessed_is_refused() {
        for (name, source, expected) in [
            ("late", "a { b: c }\n@import 'x.css';", "after a rule"),
            ("media", "@import 'x.css' print;", "nothing else"),
            ("missing", "@import 'x.css';", "cannot read"),
            ("cycle", "@import 'main.css';", "imports itself"),
            ("file", "a { background: url(x.png) }", "serves no such file"),
            ("open", "a { b: c", "never closed"),
        ] {
            let error = format!("{:#}", bundled(name, &[("main.css", source)]).unwrap_err());
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
}
