//! Texts that want to be more than a text once they stand in the head of a mail.

/// What ends a line, somewhere or other: as it is, or written in one of the ways that something on the way might read.
const ENDS: [&str; 25] = [
    "\r\n",
    "\n",
    "\r",
    "\n\r",
    "\r\n ",
    "\r\n\t",
    "\r\n\r\n",
    "\n\n",
    "\0",
    "\0\r\n",
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
    "%0d%0a",
    "\\r\\n",
    "=0D=0A",
    "&#13;&#10;",
    "?=\r\n =?utf-8?Q?",
    "\u{1b}[2K",
];

/// What would stand on the next line.
const LINES: [&str; 12] = [
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

/// What needs no line of its own.
const WITHIN: [&str; 28] = [
    "=?utf-8?Q?=0D=0ABcc:_evil@evil.test?=",
    "=?utf-8?B?DQpCY2M6IGV2aWxAZXZpbC50ZXN0?=",
    "=?utf-7?Q?+AA0ACg-Bcc:?=",
    "=?utf-8?Q?=00?=",
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

/// All of them.
pub fn headers() -> Vec<String> {
    let mut texts = vec![];
    texts.extend(ENDS.iter().map(|end| format!("Evil{end}Bcc: evil@evil.test")));
    for end in ["\r\n", "\n", "\r", "\u{2028}"] {
        texts.extend(LINES.iter().map(|line| format!("Evil{end}{line}")));
    }
    texts.extend(WITHIN.map(str::to_owned));
    texts.push("x".repeat(1_500));
    texts.push("long words ".repeat(150));
    texts.push("🦊".repeat(400));
    texts.push(format!("{}\r\nBcc: evil@evil.test", "x".repeat(990)));
    texts
}
