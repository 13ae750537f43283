//! Addresses that look like another, or become another where somebody folds them wrongly.

/// Whether a typed address names the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Letters of ASCII in another case, or the domain in another form that IDNA says is the same.
    Same,
    /// Another mailbox, or none.
    Other,
}

/// What may be typed for a stored address, and what that is.
#[derive(Debug, Clone)]
pub struct Pair {
    pub stored: &'static str,
    pub typed: String,
    pub is: Is,
}

/// The stored addresses.
pub const STORED: [&str; 5] = [
    "mike.kiss@clients.test",
    "Anna-Sofia@harbour.test",
    "post@b\u{fc}cher.test",
    "jos\u{e9}@office.test",
    "wei\u{df}@kontor.test",
];

/// Letters that look like a letter, or become it by a mapping that is not for addresses.
const LETTERS: [(char, &[char]); 12] = [
    (
        'i',
        &[
            '\u{131}',
            '\u{130}',
            '\u{456}',
            '\u{2170}',
            '\u{1d422}',
            '\u{ff49}',
            '\u{24d8}',
            '\u{ed}',
            '1',
            'l',
        ],
    ),
    ('k', &['\u{212a}', '\u{ff4b}', '\u{43a}', '\u{3ba}', '\u{1d424}']),
    ('s', &['\u{17f}', '\u{ff53}', '\u{455}', '\u{a731}', '\u{1d42c}', '5']),
    ('a', &['\u{430}', '\u{ff41}', '\u{3b1}', '\u{aa}', '\u{24d0}', '\u{e5}', '\u{212b}', '@']),
    ('o', &['\u{43e}', '\u{3bf}', '\u{ff4f}', '\u{ba}', '\u{1d428}', '0']),
    ('e', &['\u{435}', '\u{ff45}', '\u{212f}', '\u{1d41e}', '\u{e9}', '3']),
    ('m', &['\u{43c}', '\u{ff4d}', '\u{217f}', '\u{1d426}']),
    ('n', &['\u{578}', '\u{ff4e}', '\u{207f}']),
    ('f', &['\u{192}', '\u{ff46}']),
    ('p', &['\u{440}', '\u{ff50}', '\u{3c1}']),
    ('t', &['\u{442}', '\u{ff54}']),
    ('j', &['\u{458}', '\u{237}', '\u{ff4a}']),
];

/// What cannot be seen.
const UNSEEN: [&str; 12] = [
    "\u{ad}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{34f}",
    "\u{180e}",
    "\u{fe0f}",
    "\u{61c}",
    "\u{202e}",
    "\u{e0061}",
];

/// All pairs.
pub fn pairs() -> Vec<Pair> {
    STORED.into_iter().flat_map(|stored| [locals(stored), domains(stored)].concat()).collect()
}

fn middle(text: &str) -> (&str, &str) {
    let at = text.char_indices().nth(text.chars().count() / 2).unwrap().0;
    text.split_at(at)
}

/// Other local parts: what comes before the `@` is the mail server's, and of it only ASCII's case is folded.
fn locals(stored: &'static str) -> Vec<Pair> {
    let (local, domain) = stored.rsplit_once('@').unwrap();
    let (front, back) = middle(local);
    let mut other: Vec<String> = vec![];
    for (letter, alike) in LETTERS {
        if local.contains(letter) {
            other.extend(alike.iter().map(|one| local.replacen(letter, &one.to_string(), 1)));
        }
    }
    other.extend(UNSEEN.iter().map(|unseen| format!("{front}{unseen}{back}")));
    other.extend([
        format!("{local}+portal"),
        format!("{local}."),
        format!(".{local}"),
        format!("{front}.{back}"),
        format!("{local}.."),
        format!("\"{local}\""),
        format!("\"{front}\\{back}\""),
        format!("{local}(comment)"),
        format!("(comment){local}"),
        format!("{local}%{domain}"),
        format!("{local}%40{domain}"),
        format!("{domain}!{local}"),
        format!("\\{local}"),
        format!("{front} {back}"),
        format!("{local}\u{301}"),
        local.chars().rev().collect(),
        local.replace('-', "\u{2010}").replace('.', "\u{2024}") + "\u{a0}",
    ]);
    for (one, two) in [
        ("\u{df}", "ss"),
        ("ss", "\u{df}"),
        ("\u{e9}", "e\u{301}"),
        ("\u{e9}", "e"),
        ("\u{e9}", "\u{c9}"),
        ("\u{df}", "\u{1e9e}"),
        ("fi", "\u{fb01}"),
    ] {
        if local.contains(one) {
            other.push(local.replace(one, two));
        }
    }
    let mut same = vec![local.to_ascii_uppercase(), local.to_ascii_lowercase()];
    same.push(
        local
            .chars()
            .enumerate()
            .map(|(at, c)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect(),
    );
    let pair = |local: String, is| Pair { stored, typed: format!("{local}@{domain}"), is };
    other
        .into_iter()
        .map(|local| pair(local, Is::Other))
        .chain(same.into_iter().map(|local| pair(local, Is::Same)))
        .collect()
}

/// Other domains, and other ways to write the same.
fn domains(stored: &'static str) -> Vec<Pair> {
    let (local, domain) = stored.rsplit_once('@').unwrap();
    let (name, top) = domain.split_once('.').unwrap();
    let (front, back) = middle(name);
    let wide = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c })
            .collect()
    };
    let other = [
        format!("{domain}."),
        format!(".{domain}"),
        format!("{domain}.evil.test"),
        format!("evil.{domain}"),
        format!("{name}-{top}"),
        format!("{name}..{top}"),
        format!("[{domain}]"),
        format!("{domain}:25"),
        format!("{domain}/x"),
        format!("{domain}#x"),
        format!("{domain}?x"),
        format!("{domain}\\x"),
        format!("{domain}(comment)"),
        format!("%{:02x}{}.{top}", name.as_bytes()[0], &name[1..]),
        format!("{name}%2e{top}"),
        format!("{name}%00.{top}"),
        format!("{name}\u{2024}{top}"),
        format!("{front}\u{301}{back}.{top}"),
        format!("{}.{top}", name.replacen('e', "\u{435}", 1)),
        format!("{}.{top}", name.replacen(['i', 'o', 'u'], "\u{131}", 1)),
        format!("{name}.t\u{435}st"),
        format!("{name}.te\u{df}t"),
        format!("xn--{name}-.{top}"),
        format!("{front}\u{200d}{back}.{top}"),
        format!("{front}\u{202e}{back}.{top}"),
    ];
    let same = [
        domain.to_ascii_uppercase(),
        format!("{name}.{}", wide(top)),
        format!("{}.{top}", wide(name)),
        format!("{name}\u{3002}{top}"),
        format!("{name}\u{ff0e}{top}"),
        format!("{name}\u{ff61}{top}"),
        format!("{front}\u{ad}{back}.{top}"),
        format!("{front}\u{200b}{back}.{top}"),
        format!("{front}\u{2060}{back}.{top}"),
        format!("{name}.te\u{17f}t"),
        name.replace("\u{fc}", "u\u{308}") + "." + top,
        name.replace("b\u{fc}cher", "xn--bcher-kva") + "." + top,
    ];
    let pair = |domain: &String, is| Pair { stored, typed: format!("{local}@{domain}"), is };
    let other = other.iter().filter(|one| *one != domain).map(|domain| pair(domain, Is::Other));
    other.chain(same.iter().map(|domain| pair(domain, Is::Same))).collect()
}
