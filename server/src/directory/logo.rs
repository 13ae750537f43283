//! An org's logo: what somebody uploads becomes a picture of ours, or is refused with a reason (rule T3).

use std::io::Cursor;

use app::problem::Problem;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, imageops::FilterType};

use crate::{
    auth::secret::{hexadecimal, sha256},
    store::team::LogoDraft,
};

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 1024 * 1024;
/// The most pixels one way.
pub const MOST_PIXELS: u32 = 4096;
/// What a page or a document needs at most; larger ones are made smaller.
const KEPT_PIXELS: u32 = 640;
/// What decoding may take: four bytes a pixel of the largest picture.
const MOST_MEMORY: u64 = 4 * (MOST_PIXELS as u64) * (MOST_PIXELS as u64);

/// Reads a PNG, JPEG or WebP by what it is, whatever it is called, and writes it anew.
///
/// # Errors
/// [`Problem::NoImage`] for what is none of the three, or is broken; [`Problem::FileTooLarge`];
/// [`Problem::TooManyPixels`].
pub fn read_logo(file: &[u8]) -> Result<LogoDraft, Problem> {
    if file.is_empty() {
        return Err(Problem::Required);
    }
    if file.len() > LARGEST_FILE {
        return Err(Problem::FileTooLarge { most_kib: LARGEST_FILE / 1024 });
    }
    let format = image::guess_format(file).map_err(|_| Problem::NoImage)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(Problem::NoImage);
    }
    // The size stands at the beginning of the file: it is read before any memory is taken for pixels.
    let (width, height) = ImageReader::with_format(Cursor::new(file), format)
        .into_dimensions()
        .map_err(|_| Problem::NoImage)?;
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(Problem::TooManyPixels { most: MOST_PIXELS });
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(2 * MOST_MEMORY);
    reader.limits(limits);
    let image = reader.decode().map_err(|_| Problem::NoImage)?;
    write(&image)
}

fn write(image: &DynamicImage) -> Result<LogoDraft, Problem> {
    let fits = image.width() <= KEPT_PIXELS && image.height() <= KEPT_PIXELS;
    let image =
        if fits { image.clone() } else { image.resize(KEPT_PIXELS, KEPT_PIXELS, FilterType::Lanczos3) };
    // Eight bits a channel: what every browser, mail program and document shows.
    let image = DynamicImage::ImageRgba8(image.into_rgba8());
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(|_| Problem::NoImage)?;
    let sha256 = hexadecimal(&sha256(&bytes));
    Ok(LogoDraft { width: image.width(), height: image.height(), sha256, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &[u8] = include_bytes!("../../assets/juniper-finch.png");

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::new_rgb8(width, height);
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_written_anew_as_png() {
        let logo = read_logo(DEMO).unwrap();
        assert_eq!((logo.width, logo.height), (320, 320));
        assert!(logo.bytes.starts_with(b"\x89PNG") && logo.sha256.len() == 64);
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let logo = read_logo(&encoded(1_200, 300, format)).unwrap();
            assert_eq!((logo.width, logo.height), (640, 160), "{format:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        let jpeg = encoded(64, 64, ImageFormat::Jpeg);
        for file in [
            &svg[..],
            b"%PDF-1.7",
            b"GIF89a\x01\x00\x01\x00",
            &DEMO[..200],
            &jpeg[..jpeg.len() / 3],
            b"\x89PNG\r\n\x1a\n",
        ] {
            assert_eq!(read_logo(file), Err(Problem::NoImage), "{:?}", &file[..8]);
        }
        assert_eq!(read_logo(b""), Err(Problem::Required));
        assert_eq!(read_logo(&vec![0; LARGEST_FILE + 1]), Err(Problem::FileTooLarge { most_kib: 1_024 }));
    }

    #[test]
    fn a_picture_of_thirty_thousand_pixels_is_refused_by_its_head() {
        // A head that claims the size is enough: nothing more of it is read.
        let mut file = encoded(8, 8, ImageFormat::Png);
        file[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
        file[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
        let crc = crc32(&file[12..29]);
        file[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(read_logo(&file), Err(Problem::TooManyPixels { most: 4_096 }));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }
}
