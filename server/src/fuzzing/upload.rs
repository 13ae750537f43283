//! The file of a logo.

use std::io::Cursor;

use app::problem::Problem;
use image::{ImageFormat, ImageReader};

use crate::{
    auth::secret::{hexadecimal, sha256},
    directory::{LARGEST_FILE, MOST_PIXELS, read_logo},
};

/// The most pixels one way of a logo that is kept.
const KEPT: u32 = 640;

/// The whole input is the file.
pub fn upload(input: &[u8]) {
    let logo = match read_logo(input) {
        Ok(logo) => logo,
        Err(problem) => {
            let known = matches!(
                problem,
                Problem::Required
                    | Problem::NoImage
                    | Problem::FileTooLarge { .. }
                    | Problem::TooManyPixels { most: MOST_PIXELS }
            );
            assert!(known && (input.len() <= LARGEST_FILE || problem != Problem::NoImage), "{problem:?}");
            return;
        }
    };
    // What is kept is a picture of ours, which stays what it is when it is read again.
    assert!((1..=KEPT).contains(&logo.width) && (1..=KEPT).contains(&logo.height), "{}", logo.width);
    assert_eq!(logo.sha256, hexadecimal(&sha256(&logo.bytes)));
    let again =
        ImageReader::with_format(Cursor::new(&logo.bytes), ImageFormat::Png).decode().expect("a picture");
    assert_eq!((again.width(), again.height()), (logo.width, logo.height));
    assert!(matches!(again, image::DynamicImage::ImageRgba8(_)), "eight bits a channel");
    if logo.bytes.len() <= LARGEST_FILE {
        assert_eq!(read_logo(&logo.bytes).as_ref(), Ok(&logo));
    }
}
