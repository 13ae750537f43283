//! An org's short name in addresses, made of its name.

/// Words that stand in the place of a short name in addresses of ours.
const RESERVED: [&str; 16] = [
    "access",
    "api",
    "app",
    "assets",
    "brand",
    "code",
    "graphql",
    "invoices",
    "link",
    "login",
    "payments",
    "portal",
    "sessions",
    "sign-out",
    "signed-out",
    "theme",
];
/// Longer ones are cut.
const LONGEST: usize = 40;

/// Lower-case letters, digits and hyphens. A name that has none of them, or that is a word of ours, is
/// told apart by a word more.
pub(super) fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        let plain = match character {
            'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' => "a",
            'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
            'ü' | 'ù' | 'ú' | 'û' => "u",
            'è' | 'é' | 'ê' | 'ë' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ç' => "c",
            'ñ' => "n",
            'ß' => "ss",
            'a'..='z' | '0'..='9' => {
                slug.push(character);
                continue;
            }
            _ => "-",
        };
        if plain != "-" || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push_str(plain);
        }
    }
    slug.truncate(LONGEST);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "studio".to_owned()
    } else if RESERVED.contains(&slug) {
        format!("{slug}-studio")
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_short_name() {
        for (name, slug) in [
            ("Juniper & Finch", "juniper-finch"),
            ("  Büro für Größeres, GbR. ", "buro-fur-grosseres-gbr"),
            ("Ça va, élève où Señor naïf là-bas", "ca-va-eleve-ou-senor-naif-la-bas"),
            ("קפה נועה", "studio"),
            ("Invoices", "invoices-studio"),
            ("A", "a"),
        ] {
            assert_eq!(slug_of(name), slug);
        }
        assert!(slug_of(&"long name ".repeat(20)).len() <= LONGEST);
    }

    #[test]
    fn no_short_name_hides_a_page_of_the_portal() {
        // `/portal/{org}/login` and `/brand/{org}/{logo}` must not read as something else.
        for (_, path) in [("", "login"), ("", "link"), ("", "theme"), ("", "graphql"), ("", "sessions")] {
            assert!(RESERVED.contains(&path));
        }
    }
}
