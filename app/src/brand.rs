//! An org's accent colour, and the theme made from it.
//!
//! People choose colours by eye, on their own screen. Whatever they choose, text on the accent and
//! text in the accent must stay readable (WCAG 2.2 AA), on light paper and on dark. So the colour is
//! kept where it can be, and otherwise moved towards black or white by as little as will do. That is
//! done in linear light, where scaling a colour keeps its hue and scales its luminance exactly.

use std::{fmt, str::FromStr};

use crate::routes;

/// An sRGB colour, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Accent {
    rgb: [u8; 3],
}

/// The text is no colour of the form `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedAccent;

impl fmt::Display for MalformedAccent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a colour of the form #rrggbb")
    }
}

impl std::error::Error for MalformedAccent {}

/// A slate blue that offends no brand: for pages that belong to no org, and for an org that has not chosen yet.
pub const DEFAULT_ACCENT: &str = "#3a506b";

/// [`DEFAULT_ACCENT`].
impl Default for Accent {
    fn default() -> Self {
        Self { rgb: [0x3a, 0x50, 0x6b] }
    }
}

impl FromStr for Accent {
    type Err = MalformedAccent;

    /// Reads `#rrggbb` or `rrggbb`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hex = text.strip_prefix('#').unwrap_or(text);
        if hex.len() != 6 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(MalformedAccent);
        }
        let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| MalformedAccent);
        Ok(Self { rgb: [channel(0)?, channel(2)?, channel(4)?] })
    }
}

/// `#rrggbb`, in small letters.
impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// What the accent stands on. The numbers are those of `style/tokens.css`; a test compares them.
struct Scheme {
    /// The surfaces, of which the least favourable one decides.
    surfaces: [[u8; 3]; 3],
    dark: bool,
}

const LIGHT: Scheme =
    Scheme { surfaces: [[0xfa, 0xf8, 0xf5], [0xff, 0xfe, 0xfc], [0xf1, 0xee, 0xe8]], dark: false };
const DARK: Scheme =
    Scheme { surfaces: [[0x16, 0x15, 0x13], [0x1e, 0x1c, 0x1a], [0x2a, 0x28, 0x24]], dark: true };

/// WCAG 2.2, 1.4.3: text of ordinary size.
const TEXT_CONTRAST: f64 = 4.5;
/// WCAG 2.2, 1.4.11: what one must see to find a control.
const CONTROL_CONTRAST: f64 = 3.0;

const WHITE: Accent = Accent { rgb: [0xff; 3] };
const BLACK: Accent = Accent { rgb: [0; 3] };

impl Accent {
    /// The stylesheet that colours a page: custom properties for light, for dark, and for paper,
    /// which is light.
    ///
    /// `--accent` fills a button, `--accent-hover` the one pointed at, `--on-accent` is the text on
    /// both, `--accent-ink` is text, lines and focus rings on paper.
    #[must_use]
    pub fn theme_css(self) -> String {
        format!(
            "@layer tokens{{:root{{{}}}@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}}}",
            self.properties(&LIGHT),
            self.properties(&DARK)
        )
    }

    /// The path of that stylesheet. It depends on the colour alone, so it may be cached for ever.
    #[must_use]
    pub fn theme_href(self) -> String {
        let [red, green, blue] = self.rgb;
        routes::brand_theme(&format!("{red:02x}{green:02x}{blue:02x}"))
    }

    /// A button's fill and the text on it, as `#rrggbb`, for mails: they have no stylesheet.
    #[must_use]
    pub fn button_colours(self) -> (String, String) {
        let fill = self.readable_on(&LIGHT, CONTROL_CONTRAST);
        (fill.to_string(), fill.text_on_it().to_string())
    }

    fn properties(self, scheme: &Scheme) -> String {
        let fill = self.readable_on(scheme, CONTROL_CONTRAST);
        let on_fill = fill.text_on_it();
        let hover = if on_fill == WHITE { fill.darkened(0.78) } else { fill.lightened(0.22) };
        let ink = self.readable_on(scheme, TEXT_CONTRAST);
        format!("--accent:{fill};--accent-hover:{hover};--on-accent:{on_fill};--accent-ink:{ink}")
    }

    /// The nearest colour that keeps `contrast` against every surface of a scheme.
    fn readable_on(self, scheme: &Scheme, contrast: f64) -> Self {
        let surfaces = scheme.surfaces.map(|rgb| Self { rgb }.luminance());
        if scheme.dark {
            let lightest = surfaces.into_iter().fold(0.0, f64::max);
            self.lightened_to(contrast * (lightest + 0.05) - 0.05)
        } else {
            let darkest = surfaces.into_iter().fold(1.0, f64::min);
            self.darkened_to((darkest + 0.05) / contrast - 0.05)
        }
    }

    /// White where it is readable on this colour, black otherwise: there is no colour on which
    /// neither reaches 4.5:1.
    fn text_on_it(self) -> Self {
        if contrast(self, WHITE) >= TEXT_CONTRAST { WHITE } else { BLACK }
    }

    fn darkened_to(self, luminance: f64) -> Self {
        let own = self.luminance();
        if own <= luminance { self } else { self.darkened(luminance / own) }
    }

    fn lightened_to(self, luminance: f64) -> Self {
        let own = self.luminance();
        if own >= luminance { self } else { self.lightened((luminance - own) / (1.0 - own)) }
    }

    /// Keeps a share of the light. Rounds down, so that rounding never undoes the contrast.
    fn darkened(self, share: f64) -> Self {
        Self {
            rgb: self.rgb.map(|channel| to_channel((to_srgb(to_linear(channel) * share) * 255.0).floor())),
        }
    }

    /// Goes a share of the way to white. Rounds up, so that rounding never undoes the contrast.
    fn lightened(self, share: f64) -> Self {
        Self {
            rgb: self.rgb.map(|channel| {
                let light = to_linear(channel);
                to_channel((to_srgb(light + (1.0 - light) * share) * 255.0).ceil())
            }),
        }
    }

    /// Relative luminance as WCAG defines it: 0 is black, 1 is white.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.rgb.map(to_linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// The contrast ratio of two colours as WCAG defines it: 1 to 21.
fn contrast(one: Accent, other: Accent) -> f64 {
    let (one, other) = (one.luminance(), other.luminance());
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn to_linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn to_srgb(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 and whole before the cast"
)]
fn to_channel(value: f64) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests;
