//! The packages that a build for the named platforms can contain, as cargo resolves them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context as _, Result};
use cargo_metadata::{MetadataCommand, semver::Version};

/// What the checks need to know of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: Version,
    /// Its SPDX expression, as its author wrote it.
    pub(super) licence: Option<String>,
    /// Where it was downloaded from; `None` for the packages of this workspace.
    pub(super) source: Option<String>,
}

impl std::fmt::Display for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// Every package of the workspace at `root` and of its dependencies on any of `targets`, sorted by name.
pub(super) fn packages(root: &Path, targets: &[String]) -> Result<Vec<Package>> {
    let mut found = BTreeMap::new();
    for target in targets {
        let metadata = MetadataCommand::new()
            .current_dir(root)
            .other_options(["--locked", "--filter-platform", target].map(str::to_owned))
            .exec()
            .with_context(|| format!("cargo metadata for {target}"))?;
        let resolved: BTreeSet<_> = metadata
            .resolve
            .context("cargo resolved nothing")?
            .nodes
            .into_iter()
            .map(|node| node.id)
            .collect();
        for package in metadata.packages.into_iter().filter(|package| resolved.contains(&package.id)) {
            let key = (package.name.to_string(), package.version.clone());
            found.entry(key).or_insert_with(|| Package {
                name: package.name.to_string(),
                version: package.version,
                licence: package.license,
                source: package.source.map(|source| source.repr),
            });
        }
    }
    Ok(found.into_values().collect())
}

/// A package for the tests of the checks.
#[cfg(test)]
pub(super) fn package(name: &str, version: &str, licence: &str, source: Option<&str>) -> Package {
    Package {
        name: name.to_owned(),
        version: version.parse().unwrap(),
        licence: (!licence.is_empty()).then(|| licence.to_owned()),
        source: source.map(str::to_owned),
    }
}
