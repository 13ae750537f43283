//! The part of cargo-deny's configuration that the checks here understand.

use anyhow::Context as _;
use cargo_metadata::semver::{Op, Version, VersionReq};
use serde::Deserialize;

/// The whole of `deny.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    /// What is looked at.
    pub(super) graph: Graph,
    /// Which licences may be linked into Postern.
    pub(super) licenses: Licenses,
    /// Which crates may not be in the tree, and how often one may be.
    pub(super) bans: Bans,
    /// Where crates may come from.
    pub(super) sources: Sources,
}

/// `[graph]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Graph {
    /// The platforms whose dependencies count.
    pub(super) targets: Vec<String>,
}

/// `[licenses]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Licenses {
    /// SPDX ids, `WITH` an exception where it has one.
    pub(super) allow: Vec<String>,
    /// Licences that single crates may have besides.
    #[serde(default)]
    pub(super) exceptions: Vec<LicenceException>,
    /// A licence that is allowed and that nothing has.
    #[serde(rename = "unused-allowed-license")]
    pub(super) _unused_allowed_license: Deny,
}

/// One entry of `licenses.exceptions`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenceException {
    /// The crate.
    #[serde(rename = "crate")]
    pub(super) spec: PackageSpec,
    /// What it may have.
    pub(super) allow: Vec<String>,
}

/// `[bans]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bans {
    /// A crate in more than one version.
    #[serde(rename = "multiple-versions")]
    pub(super) _multiple_versions: Deny,
    /// Crates that may not be in the tree.
    #[serde(default)]
    pub(super) deny: Vec<Reasoned>,
    /// Versions that do not count as duplicates.
    #[serde(default)]
    pub(super) skip: Vec<Reasoned>,
}

/// A crate, and why the policy names it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasoned {
    /// The crate.
    #[serde(rename = "crate")]
    pub(super) spec: PackageSpec,
    /// Why, for whoever reads the file or meets the fault.
    pub(super) reason: String,
}

/// `[sources]`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Sources {
    /// Registries that are not listed.
    #[serde(rename = "unknown-registry")]
    pub(super) _unknown_registry: Deny,
    /// Git repositories; none are ever listed.
    #[serde(rename = "unknown-git")]
    pub(super) _unknown_git: Deny,
    /// The registries that crates may come from.
    pub(super) allow_registry: Vec<String>,
}

/// The only level that the checks here have; `"warn"` is refused, since nobody reads warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Deny {
    /// A fault fails the check.
    Deny,
}

/// `name`, `name@1.2` (exactly this version, as far as it is given) or `name:<requirement>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PackageSpec {
    /// The crate's name.
    pub(super) name: String,
    requirement: VersionReq,
}

impl PackageSpec {
    /// Whether this version of this crate is meant.
    pub(super) fn matches(&self, name: &str, version: &Version) -> bool {
        self.name == name && self.requirement.matches(version)
    }
}

impl std::fmt::Display for PackageSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.requirement)
    }
}

impl TryFrom<String> for PackageSpec {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (name, requirement) = match (text.split_once('@'), text.split_once(':')) {
            (Some((name, version)), _) => {
                let mut exact: VersionReq = version.parse().with_context(|| text.clone())?;
                for comparator in &mut exact.comparators {
                    comparator.op = Op::Exact;
                }
                (name, exact)
            }
            (None, Some((name, requirement))) => (name, requirement.parse().with_context(|| text.clone())?),
            (None, None) => (text.as_str(), VersionReq::STAR),
        };
        Ok(Self { name: name.to_owned(), requirement })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_exact_as_far_as_it_is_given() {
        let spec = PackageSpec::try_from("a@1.2".to_owned()).unwrap();
        assert!(spec.matches("a", &Version::new(1, 2, 7)));
        assert!(!spec.matches("a", &Version::new(1, 3, 0)));
        assert!(!spec.matches("b", &Version::new(1, 2, 7)));
    }

    #[test]
    fn a_name_alone_means_every_version() {
        let spec = PackageSpec::try_from("a".to_owned()).unwrap();
        assert!(spec.matches("a", &Version::new(0, 0, 1)));
    }

    #[test]
    fn a_key_that_is_not_checked_is_an_error() {
        let text = "unknown-registry = 'deny'\nunknown-git = 'deny'\nallow-registry = []\nallow-org = {}";
        assert!(toml::from_str::<Sources>(text).unwrap_err().to_string().contains("allow-org"));
    }

    #[test]
    fn a_mere_warning_is_refused() {
        assert!(toml::from_str::<Bans>("multiple-versions = 'warn'").is_err());
    }
}
