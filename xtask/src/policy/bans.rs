//! No banned crate, and no crate in two versions unless the policy says why.

use std::collections::BTreeMap;

use super::{config::Bans, graph::Package};

/// One line for each banned crate, each unexplained duplicate and each explanation without a duplicate.
pub(super) fn faults(packages: &[Package], config: &Bans) -> Vec<String> {
    let mut faults = Vec::new();
    for package in packages {
        for ban in config.deny.iter().filter(|ban| ban.spec.matches(&package.name, &package.version)) {
            faults.push(format!("{package} is banned: {}", ban.reason));
        }
    }
    faults.extend(duplicates(packages, config));
    for skip in &config.skip {
        if !packages.iter().any(|package| skip.spec.matches(&package.name, &package.version)) {
            faults.push(format!("skip {}: there is no such duplicate any more", skip.spec));
        } else if packages.iter().filter(|package| package.name == skip.spec.name).count() == 1 {
            faults.push(format!("skip {}: it is the only version", skip.spec));
        }
    }
    faults
}

fn duplicates(packages: &[Package], config: &Bans) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for package in packages {
        if !config.skip.iter().any(|skip| skip.spec.matches(&package.name, &package.version)) {
            versions.entry(&package.name).or_default().push(package.version.to_string());
        }
    }
    versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| {
            format!("{name} is there in {} versions: {}", versions.len(), versions.join(", "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::graph::package, *};

    fn config(text: &str) -> Bans {
        toml::from_str(&format!("multiple-versions = 'deny'\n{text}")).unwrap()
    }

    fn two_versions() -> [Package; 2] {
        [package("a", "1.4.0", "MIT", None), package("a", "2.0.1", "MIT", None)]
    }

    #[test]
    fn a_duplicate_needs_a_reason() {
        assert_eq!(faults(&two_versions(), &config("")), ["a is there in 2 versions: 1.4.0, 2.0.1"]);
        let skip = "skip = [{ crate = 'a@1', reason = 'b has not moved on' }]";
        assert!(faults(&two_versions(), &config(skip)).is_empty());
    }

    #[test]
    fn a_reason_goes_when_the_duplicate_goes() {
        let config = config("skip = [{ crate = 'a@1', reason = 'b has not moved on' }]");
        assert_eq!(faults(&two_versions()[1..], &config), ["skip a =1: there is no such duplicate any more"]);
        assert_eq!(faults(&two_versions()[..1], &config), ["skip a =1: it is the only version"]);
    }

    #[test]
    fn a_banned_crate_is_named_with_its_reason() {
        let config = config(
            "deny = [{ crate = 'a:<2', reason = 'unsound' }]\nskip = [{ crate = 'a@1', reason = '' }]",
        );
        assert_eq!(faults(&two_versions(), &config), ["a 1.4.0 is banned: unsound"]);
    }
}
