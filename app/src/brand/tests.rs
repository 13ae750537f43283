//! The promise of the theme, over the whole colour cube: whatever an org chooses can be read.

use super::*;

/// Every 17th value of each channel, the ends included: 4,096 colours.
fn colours() -> impl Iterator<Item = Accent> {
    let steps = || (0..=15_u8).map(|step| step * 17);
    steps().flat_map(move |red| {
        steps().flat_map(move |green| steps().map(move |blue| Accent { rgb: [red, green, blue] }))
    })
}

fn property(css: &str, name: &str) -> Accent {
    let (_, rest) = css.split_once(&format!("--{name}:")).unwrap();
    rest[..7].parse().unwrap()
}

#[test]
fn every_accent_keeps_wcag_aa_in_both_schemes() {
    for colour in colours() {
        for scheme in [&LIGHT, &DARK] {
            let css = colour.properties(scheme);
            let fill = property(&css, "accent");
            let on_fill = property(&css, "on-accent");
            assert!(contrast(on_fill, fill) >= TEXT_CONTRAST, "{colour}: {css}");
            assert!(contrast(on_fill, property(&css, "accent-hover")) >= TEXT_CONTRAST, "{colour}: {css}");
            for surface in scheme.surfaces.map(|rgb| Accent { rgb }) {
                assert!(contrast(fill, surface) >= CONTROL_CONTRAST, "{colour}: {css}");
                assert!(contrast(property(&css, "accent-ink"), surface) >= TEXT_CONTRAST, "{colour}: {css}");
            }
        }
    }
}

#[test]
fn an_accent_that_is_readable_already_stays_as_it_is() {
    let green: Accent = "#1f5f4a".parse().unwrap();
    assert!(green.properties(&LIGHT).starts_with("--accent:#1f5f4a;"));
    assert!(green.properties(&LIGHT).ends_with("--accent-ink:#1f5f4a"));
}

#[test]
fn an_accent_moves_no_further_than_it_must() {
    for colour in colours() {
        let moved = colour.readable_on(&LIGHT, TEXT_CONTRAST);
        let lowest =
            LIGHT.surfaces.map(|rgb| contrast(moved, Accent { rgb })).into_iter().fold(f64::MAX, f64::min);
        // A step of one in each channel is what rounding may cost.
        assert!(moved == colour || lowest < TEXT_CONTRAST + 0.15, "{colour} became {moved}, {lowest}");
    }
}

#[test]
fn white_black_and_yellow_become_usable_colours() {
    let light = |hex: &str| property(&hex.parse::<Accent>().unwrap().properties(&LIGHT), "accent");
    let dark = |hex: &str| property(&hex.parse::<Accent>().unwrap().properties(&DARK), "accent");
    assert_ne!(light("#ffffff"), WHITE);
    assert_ne!(dark("#000000"), BLACK);
    let [red, green, blue] = light("#ffdd00").rgb;
    assert!(red > green && green > blue, "yellow keeps its hue");
}

#[test]
fn what_is_no_colour_is_refused() {
    for text in ["", "#fff", "#12345", "#1234567", "red", "#12345g", "#+12345", "#ééé"] {
        assert_eq!(text.parse::<Accent>(), Err(MalformedAccent), "{text}");
    }
    assert_eq!("1F5F4A".parse::<Accent>().unwrap().to_string(), "#1f5f4a");
}

#[test]
fn the_surfaces_are_those_of_the_stylesheet() {
    let css = include_str!("../../../style/tokens.css");
    let (light, dark) = css.split_once("prefers-color-scheme").unwrap();
    for (half, scheme) in [(light, &LIGHT), (dark, &DARK)] {
        for (name, rgb) in ["paper", "card", "calm"].into_iter().zip(scheme.surfaces) {
            let wanted = format!("--{name}: {};", Accent { rgb });
            assert!(half.contains(&wanted), "{wanted}");
        }
    }
}
