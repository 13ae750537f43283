//! Writes texts down for a template: cleaned, able to break where they must, each with its direction.

use typst::foundations::{Dict, dict};

use super::text::{self, Place};

/// Width between the margins of the page, in points: 170 mm.
pub(super) const PAGE_WIDTH: f64 = 481.89;

/// Size of ordinary text, in points.
pub(super) const SIZE: f64 = 9.5;

/// Sizes that a table may shrink to before its numbers break, in points.
const SIZES: [f64; 4] = [SIZE, 8.5, 7.5, 6.5];

/// Ordinary text in a column of this width, in points.
pub(super) const fn plain(width: f64) -> Place {
    Place { width, size: SIZE, bold: false }
}

/// Bold text of this size in a column of this width, both in points.
pub(super) const fn bold(width: f64, size: f64) -> Place {
    Place { width, size, bold: true }
}

/// A column of short texts, which is as wide as the widest of them.
pub(super) struct Column {
    /// Width of the widest at a size of one point.
    em: f64,
    /// Width of its head, in points.
    head: f64,
    /// More than this, in points, it does not get: then its texts break.
    most: f64,
}

impl Column {
    /// Space before a column, in points.
    pub(super) const GAP: f64 = 12.0;

    /// The column with this head and these texts.
    pub(super) fn new<'a>(head: &str, texts: impl Iterator<Item = &'a str>, most: f64) -> Self {
        let em = texts.map(|text| text::width(&text::single(text), 1.0, true)).fold(0.0, f64::max);
        Self { em, head: text::width(head, 8.0, false), most }
    }

    /// Its width, in points.
    fn width(&self, size: f64) -> f64 {
        (self.em * size).max(self.head).min(self.most) + Self::GAP + 1.0
    }
}

/// The size of a table's text and the widths of its columns, in points, so that they take at most `room`.
pub(super) fn fit(columns: &[Column], room: f64) -> (f64, Vec<f64>) {
    let mut fitted = (SIZE, Vec::new());
    for size in SIZES {
        let widths: Vec<f64> = columns.iter().map(|column| column.width(size)).collect();
        let sum: f64 = widths.iter().sum();
        fitted = (size, widths);
        if sum <= room {
            return fitted;
        }
    }
    // Nobody's money is that much; still nothing may stand over the edge.
    let sum: f64 = fitted.1.iter().sum();
    fitted.1.iter_mut().for_each(|width| *width *= room / sum);
    fitted
}

/// Writes texts for one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scribe {
    /// Whether the document is written from right to left. So is a text without letters, then.
    pub(super) right_to_left: bool,
}

impl Scribe {
    /// A scribe for a document in this language, BCP 47.
    pub(super) fn new(lang: &str) -> Self {
        let language = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let right_to_left = ["ar", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"]
            .contains(&language.as_str());
        Self { right_to_left }
    }

    /// One line.
    pub(super) fn say(self, text: &str, place: Place) -> Dict {
        self.line(&text::single(text), place)
    }

    /// One line, or nothing where there is no text.
    pub(super) fn say_any(self, text: &str, place: Place) -> Option<Dict> {
        let line = text::single(text);
        (!line.is_empty()).then(|| self.line(&line, place))
    }

    /// All lines of a text; an empty array if it has none.
    pub(super) fn say_all(self, text: &str, place: Place) -> Vec<Dict> {
        text::lines(text).iter().map(|line| self.line(line, place)).collect()
    }

    /// A clean line.
    fn line(self, line: &str, place: Place) -> Dict {
        dict! {
            "text" => text::soften(line, place),
            "rtl" => text::right_to_left(line).unwrap_or(self.right_to_left),
        }
    }
}
