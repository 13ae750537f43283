//! The dependency policy of `deny.toml`: licences, banned crates, duplicate versions, sources.
//!
//! The file has cargo-deny's format, and cargo-deny reads it where it is installed. Where it is not, the
//! checks here read the same file, so that nobody needs it. A key they do not know is an error: a rule
//! that is written down but not checked would be a lie.

mod bans;
mod config;
mod graph;
mod licences;
mod sources;

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail, ensure};

use config::Policy;

/// Checks the workspace at `root`.
pub(crate) fn check(root: &Path) -> Result<()> {
    if has_cargo_deny() {
        let status = Command::new("cargo")
            .current_dir(root)
            .args(["deny", "check", "licenses", "bans", "sources"])
            .status()
            .context("cargo deny could not be started")?;
        ensure!(status.success(), "cargo deny found what is listed above");
        return Ok(());
    }

    let text = fs::read_to_string(root.join("deny.toml")).context("cannot read deny.toml")?;
    let policy: Policy = toml::from_str(&text).context("deny.toml")?;
    let packages = graph::packages(root, &policy.graph.targets)?;

    let mut faults = licences::faults(&packages, &policy.licenses)?;
    faults.extend(bans::faults(&packages, &policy.bans));
    faults.extend(sources::faults(&packages, &policy.sources));
    if !faults.is_empty() {
        bail!("the dependencies break the policy of deny.toml:\n  {}", faults.join("\n  "));
    }
    println!("policy: {} packages keep to deny.toml", packages.len());
    Ok(())
}

fn has_cargo_deny() -> bool {
    Command::new("cargo-deny").arg("--version").output().is_ok_and(|output| output.status.success())
}
