//! Passwords that are long enough and are guessed all the same: those that many people have, and those
//! that are made of what anybody can see of the person (rule T1e).
//!
//! How soon a password is guessed is estimated by zxcvbn (Wheeler, USENIX Security 2016), which knows the 30,000
//! most used passwords, words and names of English, and what people make of them. It takes what it does not know for
//! chance, which sayings and words of other languages are not, and counts digits around a word for more than they
//! are: so there is a short list besides. Its words stand for themselves and for what people make of them: with
//! digits and signs around, with `0` for `o`, in any case.

use std::{collections::BTreeSet, sync::LazyLock};

use zxcvbn::{Score, zxcvbn};

static KNOWN: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().map(folded).collect());

/// What lies side by side on keyboards, in the alphabet and among the numbers.
const ROWS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// A password must have as many characters as this beside what anybody can see or guess of it.
const LEAST_OF_ONES_OWN: usize = 6;
/// What is looked at of a long password: an estimate takes the longer the more there is.
const LONGEST_GUESSED: usize = 64;
/// Shorter words of a name are part of too many other words.
const SHORTEST_WORD: usize = 4;

/// Whether a password is among the first that are tried. `about` is what anybody knows of whoever sets
/// it: their address, their name, the name of their org.
#[must_use]
pub fn is_common(password: &str, about: &[&str]) -> bool {
    let letters: Vec<char> = password.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    is_known(password)
        || is_repeated(&letters)
        || is_run(password, &letters)
        || is_about(password, about)
        || is_guessed(password, about)
}

/// Found within a hundred million guesses.
fn is_guessed(password: &str, about: &[&str]) -> bool {
    let beginning: String = password.chars().take(LONGEST_GUESSED).collect();
    zxcvbn(&beginning, about).score() < Score::Three
}

/// In the list, as it stands or with digits and signs before and after.
fn is_known(password: &str) -> bool {
    let bare = password.trim_matches(|c: char| !c.is_alphabetic());
    let bare_of_leet = password.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '$');
    [password, bare, bare_of_leet].iter().any(|text| KNOWN.contains(&folded(text)))
}

/// One piece over and over, such as `summer24summer24`.
fn is_repeated(letters: &[char]) -> bool {
    let length = letters.len();
    (1..=length / 2).any(|piece| letters.iter().zip(letters.iter().skip(piece)).all(|(a, b)| a == b))
}

/// Little but neighbours, forwards or backwards: `qwertyuiop1234`.
fn is_run(password: &str, letters: &[char]) -> bool {
    let is_step = |from: char, to: char| {
        from == to
            || ROWS.iter().any(|row| {
                let mut pairs = row.chars().zip(row.chars().skip(1));
                pairs.any(|(a, b)| (a, b) == (from, to) || (b, a) == (from, to))
            })
    };
    let steps = letters.windows(2).filter(|pair| matches!(pair, [a, b] if is_step(*a, *b))).count();
    let all = password.chars().filter(|c| !c.is_whitespace()).count();
    all.saturating_sub(steps) < LEAST_OF_ONES_OWN
}

/// Little but the person's address or a name that everybody can see.
fn is_about(password: &str, about: &[&str]) -> bool {
    let mut rest = folded(password);
    let mut known: Vec<String> = about.iter().map(|text| folded(text)).collect();
    for text in about {
        known.extend(text.split(|c: char| !c.is_alphanumeric()).map(folded));
    }
    known.retain(|word| word.chars().count() >= SHORTEST_WORD);
    // The longest first: what is part of another must not break it.
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let whole = rest.len();
    for word in &known {
        rest = rest.replace(word.as_str(), "");
    }
    rest.len() < whole && rest.chars().filter(|c| c.is_alphabetic()).count() < LEAST_OF_ONES_OWN
}

/// Letters and digits in lower case, and the signs that stand for letters as those letters.
fn folded(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter_map(|character| match character {
            '@' | '4' => Some('a'),
            '$' | '5' => Some('s'),
            '0' => Some('o'),
            '1' | '!' => Some('i'),
            '3' => Some('e'),
            '7' => Some('t'),
            other => other.is_alphanumeric().then_some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(password: &str) -> Vec<char> {
        password.chars().filter(|c| c.is_alphanumeric()).collect()
    }

    #[test]
    fn each_rule_refuses_what_no_other_does() {
        // Known, repeated, a run, about the person, soon guessed.
        for (at, password) in
            ["ichliebedichsehr", "xkpmrvtqwzxkpmrvtqwz", "abbcddefghhijkkl", "MaraOkafor1987", "justinbieber"]
                .into_iter()
                .enumerate()
        {
            let letters = letters(&password.to_lowercase());
            let refused = [
                is_known(password),
                is_repeated(&letters),
                is_run(password, &letters),
                is_about(password, &ABOUT),
                is_guessed(password, &ABOUT),
            ];
            assert_eq!(refused, [0, 1, 2, 3, 4].map(|rule| rule == at), "{password}");
            assert!(is_common(password, &ABOUT), "{password}");
        }
        // It takes a hundred million guesses, and not ten thousand million.
        assert!(!is_common("xkpmrvtqw", &ABOUT));
        assert_eq!(zxcvbn("xkpmrvtqw", &ABOUT).score(), Score::Three);
    }

    #[test]
    fn a_word_of_the_list_is_known_with_digits_and_signs_around() {
        for password in ["summer", "12summer!!", "$ummer!", "!@dmin!", "1qaz2wsx3edc!", "summer$"] {
            assert!(is_known(password), "{password}");
        }
        for password in ["", "summerhouse", "midsummer", "$"] {
            assert!(!is_known(password), "{password}");
        }
    }

    #[test]
    fn a_piece_is_repeated_to_the_end() {
        for password in ["harbour7harbour7", "lucylucylucy", "aaa", "ab ab a"] {
            assert!(is_repeated(&letters(password)), "{password}");
        }
        for password in ["", "a", "abc", "abcab", "harbour7harbour8"] {
            assert!(!is_repeated(&letters(password)), "{password}");
        }
    }

    #[test]
    fn neighbours_count_for_little() {
        for password in ["abcdefgh", "dcbaxkpm", "aaaaxkpm", "ab cd xkpm"] {
            assert!(is_run(password, &letters(password)), "{password}");
        }
        // Six characters that are no neighbours of the one before.
        for password in ["abcdxkpmr", "abcd-xkpm"] {
            assert!(!is_run(password, &letters(password)), "{password}");
        }
    }

    #[test]
    fn a_name_counts_for_nothing() {
        for password in ["okafor", "okaf0r-mara", "okaforbridg", "juniperfinch2026"] {
            assert!(is_about(password, &ABOUT), "{password}");
        }
        for password in ["okaforbridge", "2689 2689 2689", "harbour"] {
            assert!(!is_about(password, &ABOUT), "{password}");
        }
    }

    const ABOUT: [&str; 3] = ["mara.okafor@juniperfinch.example", "Mara Okafor", "Juniper & Finch"];

    #[test]
    fn what_many_people_have_is_refused_in_every_dress() {
        for password in [
            "passwordpassword",
            "Password1234",
            "P@ssw0rd2026!",
            "!!!welcome2026",
            "Administrator",
            "iloveyou123456",
            "CorrectHorseBatteryStaple",
            "correct horse battery staple",
            "1q2w3e4r5t6y",
            "Sommer2026!!",
        ] {
            assert!(is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn a_piece_over_and_over_and_a_walk_over_the_keys_are_refused() {
        for password in [
            "abcdefghijkl",
            "1234567890123",
            "0987654321098",
            "qwertyuiop12345",
            "lkjhgfdsapoiuy",
            "harbour7harbour7",
            "lucy lucy lucy",
            "qazwsxedcrfv",
            "ääääääöööööö",
        ] {
            assert!(is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn what_anybody_can_see_of_the_person_is_no_password() {
        for password in [
            "juniperfinch2026",
            "Juniper & Finch!",
            "mara.okafor@juniperfinch.example",
            "MaraOkafor1987",
            "okafor-okaf0r-1",
        ] {
            assert!(is_common(password, &ABOUT), "{password}");
        }
        assert!(!is_common("juniperfinch2026", &[]));
    }

    #[test]
    fn what_is_guessed_soon_is_refused() {
        for password in [
            "password1234",
            "qwertyuiop12",
            "Trustno1dragon",
            "letmein letmein now",
            "drowssap1234",
            "justinbieber",
            "playstation3",
            "leavemealone",
            "finalfantasy",
        ] {
            assert!(is_common(password, &[]), "{password}");
        }
        // However long it is: what follows is not looked at, and it takes no longer.
        assert!(!is_common(
            "three small lindens over the harbour, and below each of them a bench in another colour",
            &ABOUT
        ));
    }

    #[test]
    fn a_few_words_in_a_row_are_a_good_password() {
        for password in [
            "correct horse battery",
            "another horse battery",
            "three small lindens",
            "juniper berries over the harbour",
            "tR7#kq9!vXw2",
            "🦉🐎🔋📎 staple 12 owls",
            "🦉🐎🔋📎🦆🐢🐙🐝🐌🦎🦀🐳",
            "пять синих чайников",
        ] {
            assert!(!is_common(password, &ABOUT), "{password}");
        }
        assert!(!is_common(
            "three small lindens",
            &["noor@linden.example", "Noor Linden", "Linden & Daughters"]
        ));
    }

    #[test]
    fn the_list_is_in_order_and_names_nothing_twice() {
        let words: Vec<&str> = include_str!("common_passwords.txt").lines().collect();
        assert!(words.len() >= 200 && words.is_sorted(), "{}", words.len());
        assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len());
    }
}
