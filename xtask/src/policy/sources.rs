//! Dependencies come from the named registries, never from a git repository.

use super::{config::Sources, graph::Package};

/// One line for each package from somewhere else. The workspace's own packages have no source.
pub(super) fn faults(packages: &[Package], config: &Sources) -> Vec<String> {
    packages
        .iter()
        .filter_map(|package| {
            let source = package.source.as_deref()?;
            let registry = source.strip_prefix("registry+").or_else(|| source.strip_prefix("sparse+"));
            let allowed =
                registry.is_some_and(|url| config.allow_registry.iter().any(|allowed| allowed == url));
            (!allowed).then(|| format!("{package} comes from {source}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::graph::package, *};

    #[test]
    fn only_the_named_registry_and_the_workspace_itself() {
        let index = "https://github.com/rust-lang/crates.io-index";
        let config: Sources = toml::from_str(&format!(
            "unknown-registry = 'deny'\nunknown-git = 'deny'\nallow-registry = ['{index}']"
        ))
        .unwrap();
        let packages = [
            package("own", "1.0.0", "MIT", None),
            package("known", "1.0.0", "MIT", Some(&format!("registry+{index}"))),
            package("git", "1.0.0", "MIT", Some("git+https://example.org/git")),
        ];
        assert_eq!(faults(&packages, &config), ["git 1.0.0 comes from git+https://example.org/git"]);
    }
}
