//! A QR code as a drawing: one path, so that no viewer shows seams between its squares.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// Quiet zone around the code, in modules. The standard asks for four.
const QUIET: i32 = 4;

/// The code as SVG, or nothing if the text is too long for one.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            let run = x - start;
            if run > 0 {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", start + QUIET, y + QUIET);
            }
            x += 1;
        }
    }
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}"><path d="M0 0h{side}v{side}H0z" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}
