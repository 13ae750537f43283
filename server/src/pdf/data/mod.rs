//! From what a document says to what its template takes: a dictionary of values.

mod invoice;
mod receipt;
mod statement;

use typst::foundations::{Bytes, Dict, dict};
use typst::visualize::{Color, ExchangeFormat, RasterImage};

use super::model::{BrandPdf, LogoPdf, Party, StatePdf, Tone, TotalKind, TotalPdf};
use super::scribe::{PAGE_WIDTH, SIZE, Scribe, bold, plain};
use super::text;
use super::words::words;

pub(super) use self::invoice::invoice;
pub(super) use self::receipt::receipt;
pub(super) use self::statement::statement;

/// What columns of numbers may take of the page, in points; the rest is for words.
const NUMBERS: f64 = 330.0;

/// More lines than this are too many for the foot of a page: they stand once, at the end.
const FOOT: f64 = 4.0;

/// Where the org's name stands at the foot of each page.
const FOOT_NAME: text::Place = text::Place { width: 135.0, size: 7.5, bold: false };

/// What every document has.
struct Frame<'a> {
    lang: &'a str,
    brand: &'a BrandPdf,
    title: &'a str,
    state: Option<&'a StatePdf>,
    subject: &'a str,
    from: &'a Party,
    to: &'a Party,
    facts: &'a [(String, String)],
    notes: &'a str,
    footer: &'a str,
}

impl Frame<'_> {
    /// The dictionary that documents add their own to.
    fn write(&self, scribe: Scribe) -> Dict {
        let (lang, region) = language(self.lang);
        let foot = text::Place { width: PAGE_WIDTH - 155.0, size: 7.5, bold: false };
        let feet = text::height(&text::lines(self.footer).join("\n"), foot);
        let facts = self.facts.iter().filter(|(_, value)| !value.trim().is_empty());
        dict! {
            "lang" => lang,
            "region" => region,
            "rtl" => scribe.right_to_left,
            "w" => words(),
            "brand" => brand(scribe, self.brand),
            "title" => scribe.say(self.title, bold(370.0, 20.0)),
            "name" => text::single(self.title),
            "state" => self.state.map(|state| chip(scribe, state)),
            "subject" => scribe.say_any(self.subject, plain(PAGE_WIDTH)),
            "from" => party(scribe, self.from),
            "to" => party(scribe, self.to),
            "facts" => facts.map(|(label, value)| dict! {
                "label" => scribe.say(label, plain(105.0)),
                "value" => scribe.say(value, plain(105.0)),
            }).collect::<Vec<_>>(),
            "notes" => scribe.say_all(self.notes, plain(PAGE_WIDTH)),
            "beside" => Vec::<Dict>::new(),
            "footer" => scribe.say_all(self.footer, foot),
            "feet" => if feet > FOOT { 0.0 } else { feet },
        }
    }
}

/// The org.
fn brand(scribe: Scribe, brand: &BrandPdf) -> Dict {
    let [red, green, blue] = brand.accent;
    dict! {
        "name" => scribe.say(&brand.name, bold(300.0, 13.0)),
        "plain" => text::single(&brand.name),
        "foot" => scribe.say(&text::shorten(&text::single(&brand.name), FOOT_NAME), FOOT_NAME),
        "accent" => Color::from_u8(red, green, blue, 255),
        "logo" => brand.logo.as_ref().and_then(logo),
        "email" => scribe.say_any(&brand.email, plain(170.0)),
    }
}

/// A logo that can be drawn, at most 14 mm high and 70 mm wide.
fn logo(logo: &LogoPdf) -> Option<Dict> {
    let (format, name) = match logo.content_type.as_str() {
        "image/png" => (ExchangeFormat::Png, "png"),
        "image/jpeg" => (ExchangeFormat::Jpg, "jpg"),
        "image/webp" => (ExchangeFormat::Webp, "webp"),
        _ => return None,
    };
    let bytes = Bytes::new(logo.bytes.clone());
    let image = RasterImage::plain(bytes.clone(), format).ok()?;
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let scale = (39.7 / height).min(198.4 / width);
    Some(dict! { "bytes" => bytes, "format" => name, "width" => width * scale, "height" => height * scale })
}

/// A state.
fn chip(scribe: Scribe, state: &StatePdf) -> Dict {
    let tone = match state.tone {
        Tone::Calm => "calm",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Late => "late",
    };
    dict! { "label" => scribe.say(&state.label, bold(90.0, 9.0)), "tone" => tone }
}

/// A party: its name, its address, its number.
fn party(scribe: Scribe, party: &Party) -> Dict {
    let mut lines = party.lines.iter().flat_map(|line| text::lines(line)).filter(|line| !line.is_empty());
    let name = lines.next().unwrap_or_default();
    dict! {
        "name" => scribe.say(&name, bold(220.0, SIZE)),
        "lines" => lines.map(|line| scribe.say(&line, plain(220.0))).collect::<Vec<_>>(),
        "tax" => scribe.say_any(party.tax_id.as_deref().unwrap_or_default(), plain(220.0)),
    }
}

/// Size of a total's text, in points.
fn total_size(total: &TotalPdf) -> f64 {
    if total.kind == TotalKind::Due { 12.0 } else { SIZE }
}

/// The widths that labels and values of totals need, in points.
fn total_widths(totals: &[TotalPdf]) -> (f64, f64) {
    let widest = |of: fn(&TotalPdf) -> &str, most: f64| {
        let widths =
            totals.iter().map(|total| text::width(&text::single(of(total)), total_size(total), true) + 2.0);
        widths.fold(60.0, f64::max).min(most)
    };
    (widest(|total| &total.label, 240.0), widest(|total| &total.value, 215.0))
}

/// Totals, from top to bottom.
fn totals(scribe: Scribe, totals: &[TotalPdf]) -> Dict {
    let (label, value) = total_widths(totals);
    let row = |total: &TotalPdf| {
        let kind = match total.kind {
            TotalKind::Plain => "plain",
            TotalKind::Strong => "strong",
            TotalKind::Due => "due",
            TotalKind::Struck => "struck",
        };
        dict! {
            "label" => scribe.say(&total.label, bold(label, total_size(total))),
            "value" => scribe.say(&total.value, bold(value, total_size(total))),
            "kind" => kind,
        }
    };
    dict! { "label" => label, "value" => value, "rows" => totals.iter().map(row).collect::<Vec<_>>() }
}

/// Language and region for the document, English if the tag is none.
fn language(tag: &str) -> (String, Option<String>) {
    let mut parts = tag.split(['-', '_']);
    let word = |part: &&str| part.chars().all(|c| c.is_ascii_alphabetic());
    let lang = parts.next().filter(|part| matches!(part.len(), 2 | 3)).filter(word).unwrap_or("en");
    let region = parts.find(|part| part.len() == 2).filter(word);
    (lang.to_ascii_lowercase(), region.map(str::to_ascii_uppercase))
}
