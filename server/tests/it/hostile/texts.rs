//! Texts that want to be more than a text once they stand in the head of a mail: each end of a line with each line that
//! would come after it, at several places, as they are and encoded in the ways that something on the way might read.

use std::{collections::BTreeSet, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::harness::Dice;

/// As many there are at least, all different.
pub const LEAST: usize = 500;

/// What ends a line, somewhere or other.
const ENDS: [&str; 20] = [
    "\r\n",
    "\n",
    "\r",
    "\n\r",
    "\r\n ",
    "\r\n\t",
    "\r\n\r\n",
    "\n\n",
    "\r\n.\r\n",
    "\u{b}",
    "\u{c}",
    "\u{1c}",
    "\u{1e}",
    "\u{85}",
    "\u{8d}",
    "\u{2028}",
    "\u{2029}",
    // Cut to their last eight bits they are CR and LF.
    "\u{560d}\u{560a}",
    "?=\r\n =?utf-8?Q?",
    "\u{1b}[2K\r",
];

/// What would stand on the next line.
const LINES: [&str; 13] = [
    "Bcc: evil@evil.test",
    "Cc: evil@evil.test",
    "To: evil@evil.test",
    "From: bank@evil.test",
    "Reply-To: evil@evil.test",
    "Subject: other",
    "Content-Type: text/html",
    "Content-Type: multipart/mixed; boundary=evil",
    "Content-Transfer-Encoding: base64",
    "MIME-Version: 2.0",
    "\r\n<script>alert(1)</script>",
    ".\r\nMAIL FROM:<evil@evil.test>\r\nRCPT TO:<evil@evil.test>\r\nDATA\r\nSubject: more\r\n\r\nmore\r\n.",
    "--evil\r\nContent-Type: text/html\r\n\r\n<b>\r\n--evil--",
];

/// Where the two stand in a text that has something else in it as well.
const PLACES: [fn(&str, &str) -> String; 3] = [
    |end, line| format!("Evil{end}{line}"),
    |end, line| format!("{end}{line}{end}Evil"),
    |end, line| format!("Evil{end}{line}{end}more"),
];

/// How what is not to be a line's end is written, so that it becomes one where it is read.
const ENCODINGS: [fn(&str) -> String; 8] = [
    |text| of_bytes(text, |byte| format!("%{byte:02x}")),
    |text| of_bytes(text, |byte| format!("%25{byte:02X}")),
    |text| of_bytes(text, |byte| format!("={byte:02X}")),
    |text| of_bytes(text, |byte| format!("\\x{byte:02x}")),
    |text| of_characters(text, |character| format!("&#{};", u32::from(character))),
    |text| of_characters(text, |character| character.escape_unicode().to_string()),
    |text| format!("=?utf-8?Q?{}?=", of_bytes(text, |byte| format!("={byte:02X}")).replace(' ', "_")),
    |text| format!("=?utf-8?B?{}?=", STANDARD.encode(text)),
];

/// What needs no line of its own.
const WITHIN: [&str; 31] = [
    "=?utf-8?Q?=0D=0ABcc:_evil@evil.test?=",
    "=?utf-8?B?DQpCY2M6IGV2aWxAZXZpbC50ZXN0?=",
    "=?utf-7?Q?+AA0ACg-Bcc:?=",
    "=?utf-8?Q?=00?=",
    "Evil\0Bcc: evil@evil.test",
    "Evil\\r\\nBcc: evil@evil.test",
    "Evil&NewLine;Bcc: evil@evil.test",
    "=?",
    "?=",
    "\"",
    "\\",
    "\\\"",
    "\" <evil@evil.test>",
    "\"<evil@evil.test>, \"",
    "<evil@evil.test>",
    "Bank <evil@evil.test>",
    "a, evil@evil.test",
    "a; evil@evil.test",
    "evil: evil@evil.test, b@evil.test;",
    "(evil@evil.test)",
    "evil@evil.test",
    "@evil.test:a",
    "a\u{200b}@evil.test",
    "\u{202e}tset.live@live",
    "\u{2066}a\u{2069}",
    "\u{feff}Alder",
    "😀 قهوة ñ 株式会社",
    "e\u{301}\u{301}\u{301}",
    "--",
    ".",
    "..\r\n.",
];

fn of_bytes(text: &str, written: impl Fn(u8) -> String) -> String {
    of_characters(text, |character| {
        character.encode_utf8(&mut [0; 4]).bytes().fold(String::new(), |all, byte| all + &written(byte))
    })
}

/// Letters, digits and what is between them stay as they are.
fn of_characters(text: &str, written: impl Fn(char) -> String) -> String {
    text.chars().fold(String::new(), |mut all, character| {
        if character.is_ascii_alphanumeric() || " -:;@.,<>/".contains(character) {
            all.push(character);
        } else {
            let _ = write!(all, "{}", written(character));
        }
        all
    })
}

/// All of them, without those that differ only by what no database keeps.
pub fn headers() -> Vec<String> {
    let mut texts: Vec<String> = WITHIN.map(str::to_owned).into();
    texts.push("x".repeat(1_500));
    texts.push("long words ".repeat(150));
    texts.push("🦊".repeat(400));
    texts.push(format!("{}\r\nBcc: evil@evil.test", "x".repeat(990)));
    for (e, end) in ENDS.iter().enumerate() {
        for (l, line) in LINES.iter().enumerate() {
            // Each pair at two of the places as it is, and at one in one of the encodings: so each end and each line is in
            // each of them.
            let place = (e + l) % PLACES.len();
            texts.extend((0..2).map(|next| PLACES[(place + next) % PLACES.len()](end, line)));
            let encode = ENCODINGS[(e + l) % ENCODINGS.len()];
            texts.push(format!("Evil{}", encode(&PLACES[place](end, line))));
        }
    }
    let mut seen = BTreeSet::new();
    texts.retain(|text| seen.insert(text.replace('\0', "")));
    texts
}

/// So many of them; another number throws others.
pub fn some_headers(number: u64, most: usize) -> Vec<String> {
    let (mut texts, mut dice) = (headers(), Dice::new(number));
    (0..most).map(|_| texts.swap_remove(usize::try_from(dice.below(texts.len() as u64)).unwrap())).collect()
}

#[test]
fn there_are_enough_texts_for_headers_and_all_differ() {
    let texts = headers();
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len());
    assert!(texts.len() >= LEAST, "{}", texts.len());
    for (e, end) in ENDS.iter().enumerate() {
        let raw = texts.iter().filter(|text| text.contains(&format!("Evil{end}"))).count();
        assert!(raw >= LINES.len(), "{e}: {raw}");
    }
    assert_eq!(of_bytes("a\r\n\u{85}:", |byte| format!("%{byte:02x}")), "a%0d%0a%c2%85:");
    assert_eq!(ENCODINGS[7]("\r\n"), "=?utf-8?B?DQo=?=");
}
