//! The fonts that the binary carries, and what can be told from them: who has a character, and how wide it is.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::layout::{Abs, Em};
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

/// Reads one file of `fonts/`.
macro_rules! font {
    ($name:literal) => {
        include_bytes!(concat!("fonts/", $name, ".ttf")).as_slice()
    };
}

/// The two weights of Noto Sans, then one font a script. Where several have a character, Typst takes the one whose
/// name is nearest to Noto Sans.
const FILES: [&[u8]; 23] = [
    font!("NotoSans-Regular"),
    font!("NotoSans-Bold"),
    font!("NotoSansArabic-Regular"),
    font!("NotoSansArmenian-Regular"),
    font!("NotoSansBengali-Regular"),
    font!("NotoSansDevanagari-Regular"),
    font!("NotoSansEthiopic-Regular"),
    font!("NotoSansGeorgian-Regular"),
    font!("NotoSansGujarati-Regular"),
    font!("NotoSansGurmukhi-Regular"),
    font!("NotoSansHebrew-Regular"),
    font!("NotoSansKannada-Regular"),
    font!("NotoSansKhmer-Regular"),
    font!("NotoSansLao-Regular"),
    font!("NotoSansMalayalam-Regular"),
    font!("NotoSansMyanmar-Regular"),
    font!("NotoSansSinhala-Regular"),
    font!("NotoSansTamil-Regular"),
    font!("NotoSansTelugu-Regular"),
    font!("NotoSansThai-Regular"),
    font!("DejaVuSans"),
    font!("DroidSansFallbackFull"),
    font!("NanumSquareR"),
];

/// Fonts, read once.
pub(super) struct Fonts {
    /// What Typst chooses from.
    pub(super) book: LazyHash<FontBook>,
    /// In the order of the book.
    pub(super) list: Vec<Font>,
    /// The same, to measure with.
    faces: Vec<FontInstance>,
    /// Advance of ASCII characters in em, regular and bold: nearly all that is ever measured.
    ascii: [[f64; 128]; 2],
}

/// All fonts.
pub(super) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> = FILES.iter().filter_map(|file| Font::new(Bytes::new(*file), 0)).collect();
    let face = |font: &Font| {
        font.clone().instantiate(FontVariant::default(), Abs::pt(10.0), &FontVariations::default())
    };
    let faces: Vec<FontInstance> = fonts.iter().map(face).collect();
    let mut ascii = [[0.0; 128]; 2];
    for (font, row) in faces.iter().zip(ascii.iter_mut()) {
        for (c, advance) in ('\0'..='\x7f').zip(row.iter_mut()) {
            *advance = advance_in(font, c).unwrap_or_default();
        }
    }
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), list: fonts, faces, ascii }
});

impl Fonts {
    /// Whether any font has this character.
    pub(super) fn cover(&self, c: char) -> bool {
        c.is_ascii() || self.first(c).is_some()
    }

    /// The first font that has this character.
    pub(super) fn first(&self, c: char) -> Option<&Font> {
        self.list.iter().find(|font| has(font, c))
    }

    /// Whether a character is drawn onto the one before it, or not at all.
    pub(super) fn is_mark(&self, c: char) -> bool {
        !c.is_ascii() && self.advance(c, false) <= 0.0
    }

    /// How far a character moves on, in em, before it is shaped. Generous for what is not known.
    pub(super) fn advance(&self, c: char, bold: bool) -> f64 {
        let weight = usize::from(bold);
        match self.ascii[weight].get(c as usize) {
            Some(advance) => *advance,
            None => self.faces.iter().skip(weight).find_map(|font| advance_in(font, c)).unwrap_or(1.0),
        }
    }
}

/// Whether a font has this character.
pub(super) fn has(font: &Font, c: char) -> bool {
    font.info().coverage.contains(u32::from(c))
}

/// How far a character moves on in this font, in em, if the font has it.
fn advance_in(font: &FontInstance, c: char) -> Option<f64> {
    let glyph = font.ttf().glyph_index(c)?;
    font.x_advance(glyph.0).map(Em::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_font() {
        assert_eq!(FONTS.list.len(), FILES.len());
    }

    #[test]
    fn a_character_of_every_script_is_there() {
        for c in "aЖΩ€₹₺₦अسאไঅதతગਗಕമհქአខຂကසあ中한웹✓→≤☕\u{fffd}\u{a0}\u{202f}\u{200b}\u{2011}−".chars()
        {
            assert!(FONTS.cover(c), "{c} {:04x}", u32::from(c));
        }
    }
}
