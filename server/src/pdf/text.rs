//! What people type, made fit for a page: without what cannot be shown, with places to break where a word is wider
//! than its column, and with its own direction.

use super::fonts::{FONTS, has};

/// Where a text will stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Width of the column, in points.
    pub(super) width: f64,
    /// Size of the font, in points.
    pub(super) size: f64,
    /// Whether it is bold.
    pub(super) bold: bool,
}

/// A text as it can be shown, with `\n` between lines. What no font has becomes U+FFFD; pictures vanish, as do control
/// characters, those that turn the direction of what follows, and marks that the font of their letter cannot draw.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut font = FONTS.list.first();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' '..='~' => {
                font = FONTS.list.first();
                clean.push(c);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            _ if c.is_control() || is_embedding(c) || is_invisible(c) => {}
            _ if FONTS.cover(c) => {
                if !FONTS.is_mark(c) {
                    font = FONTS.first(c);
                    clean.push(c);
                } else if font.is_some_and(|font| has(font, c)) {
                    clean.push(c);
                }
            }
            _ if is_picture(c) => {}
            _ => {
                font = FONTS.list.first();
                clean.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    clean
}

/// The lines of a text, without empty ones at its start and end.
pub(super) fn lines(text: &str) -> Vec<String> {
    clean(text).trim().lines().map(|line| line.trim().to_owned()).collect()
}

/// A text on one line.
pub(super) fn single(text: &str) -> String {
    clean(text).split('\n').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Width of a text on one line, in points.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|c| FONTS.advance(c, bold)).sum::<f64>() * size
}

/// About how many lines a text takes.
pub(super) fn height(text: &str, place: Place) -> f64 {
    // A tenth more than the letters alone: lines are broken between words.
    let rows = |line: &str| (width(line, place.size, place.bold) * 1.1 / place.width).ceil().max(1.0);
    text.split('\n').map(rows).sum()
}

/// The text, with zero-width spaces in words that are wider than their column.
pub(super) fn soften(text: &str, place: Place) -> String {
    // A little less than there is: shaping may make a piece wider than its letters.
    let room = (place.width * 0.94).max(place.size);
    let mut soft = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        if width(word.trim_end(), place.size, place.bold) <= place.width {
            soft.push_str(word);
            continue;
        }
        let mut used = 0.0;
        for c in word.chars() {
            let advance = FONTS.advance(c, place.bold) * place.size;
            // A mark without width belongs to the letter before it.
            if used > 0.0 && advance > 0.0 && used + advance > room {
                soft.push('\u{200b}');
                used = 0.0;
            }
            used += advance;
            soft.push(c);
        }
    }
    soft
}

/// The text, cut to one line of this place.
pub(super) fn shorten(text: &str, place: Place) -> String {
    if width(text, place.size, place.bold) <= place.width {
        return text.to_owned();
    }
    let mut used = FONTS.advance('…', place.bold) * place.size;
    let fits = |c: &char| {
        used += FONTS.advance(*c, place.bold) * place.size;
        used <= place.width
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{}…", start.trim_end())
}

/// Whether a text runs from right to left, by its first letter; nothing if it has none.
pub(super) fn right_to_left(text: &str) -> Option<bool> {
    text.chars().find(|c| c.is_alphabetic()).map(is_right_to_left)
}

/// A letter of a script that is written from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1eeff}')
}

/// Embeddings, overrides and isolates: they could show an amount backwards. Marks may stay.
fn is_embedding(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// Emoji and what makes one of several.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{20e3}')
}

/// Characters that are not seen. Joiners and marks of direction have a meaning and may stay.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: Place = Place { width: 50.0, size: 10.0, bold: false };

    #[test]
    fn what_cannot_be_shown_is_gone() {
        assert_eq!(clean("a\0b\u{1b}[31m\u{202e}c\u{7}"), "ab[31mc");
        assert_eq!(clean("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd e");
        assert_eq!(clean("x\u{e000}y\u{10ffff}"), "x\u{fffd}y\u{fffd}");
        assert_eq!(single(" \n one \n\n two "), "one two");
        assert_eq!(lines("\n\n a \n\n b\n"), ["a", "", "b"]);
    }

    #[test]
    fn wide_words_may_break_and_others_may_not() {
        assert_eq!(soften("two words", NARROW), "two words");
        let soft = soften(&"m".repeat(100), NARROW);
        assert_eq!(soft.replace('\u{200b}', ""), "m".repeat(100));
        assert!(soft.split('\u{200b}').all(|piece| width(piece, 10.0, false) <= 50.0));
    }

    #[test]
    fn the_first_letter_tells_the_direction() {
        assert_eq!(right_to_left("12, שלום world"), Some(true));
        assert_eq!(right_to_left("Shalom שלום"), Some(false));
        assert_eq!(right_to_left("12.50 €"), None);
    }

    #[test]
    fn a_long_text_has_a_height() {
        assert!((height("", NARROW) - 1.0).abs() < 0.1);
        assert!((height("a\nb\nc", NARROW) - 3.0).abs() < 0.1);
        assert!(height(&"word ".repeat(100), NARROW) > 30.0);
    }
}
