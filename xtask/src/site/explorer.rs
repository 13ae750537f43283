//! GraphiQL, for the page where members try the schema: npm fetches its packages, esbuild makes them into one script,
//! one stylesheet and three workers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use super::{
    files::{self, Files},
    manifest::Manifest,
    read,
};

/// Everything that decides what comes out.
const SOURCES: [&str; 4] = ["package.json", "package-lock.json", "explorer.jsx", "explorer.css"];
/// The workers, by the words that stand for their addresses in `explorer.jsx`.
const WORKERS: [(&str, &str); 3] = [
    ("__EDITOR_WORKER__", "editor-worker"),
    ("__GRAPHQL_WORKER__", "graphql-worker"),
    ("__JSON_WORKER__", "json-worker"),
];

/// The URLs of the explorer's files.
pub(super) struct Explorer {
    pub(super) js: String,
    pub(super) css: String,
    pub(super) workers: Vec<String>,
    /// Hex SHA-256 of the sources.
    pub(super) made_from: String,
}

/// Makes the files, or takes over those of the last build if it was made from the same sources.
pub(super) fn add(root: &Path, last: Option<&Manifest>, files: &mut Files) -> Result<Explorer> {
    let folder = root.join("frontend/explorer");
    let made_from = digest(&folder)?;
    if let Some(last) = last.filter(|last| last.explorer_made_from == made_from) {
        let mut urls = last.explorer_workers.iter().chain([&last.explorer_js, &last.explorer_css]);
        if urls.all(|url| files.keep(url, &last.files)) {
            return Ok(Explorer {
                js: last.explorer_js.clone(),
                css: last.explorer_css.clone(),
                workers: last.explorer_workers.clone(),
                made_from,
            });
        }
    }
    let bundle = bundle(&folder, &root.join("target/explorer"))?;
    let mut js = read(&bundle.join("explorer.js"))?;
    let mut workers = Vec::new();
    for (placeholder, name) in WORKERS {
        ensure!(js.contains(placeholder), "explorer.jsx does not mention {placeholder}");
        let url = files.add(
            &format!("explorer-{name}"),
            "js",
            read(&bundle.join(name).with_extension("js"))?.as_bytes(),
        )?;
        js = js.replace(placeholder, &url);
        workers.push(url);
    }
    let css = read(&bundle.join("explorer.css"))?;
    Ok(Explorer {
        js: files.add("explorer", "js", js.as_bytes())?,
        css: files.add("explorer", "css", css.as_bytes())?,
        workers,
        made_from,
    })
}

fn digest(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for name in SOURCES {
        let source = read(&folder.join(name))?;
        hash.update(source.len().to_le_bytes());
        hash.update(source);
    }
    Ok(files::hex(&hash.finalize()))
}

/// Runs esbuild, after npm where the packages are not those of the lock file.
fn bundle(folder: &Path, out: &Path) -> Result<PathBuf> {
    if !has_packages(folder) {
        npm(folder, &["ci", "--no-audit", "--no-fund"])?;
    }
    fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
    npm(folder, &["run", "--silent", "build", "--", &format!("--outdir={}", out.display())])?;
    Ok(out.to_owned())
}

/// npm leaves a copy of the lock file behind what it installed.
fn has_packages(folder: &Path) -> bool {
    let modified = |path: &str| fs::metadata(folder.join(path)).and_then(|found| found.modified());
    match (modified("node_modules/.package-lock.json"), modified("package-lock.json")) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    let status = Command::new("npm").current_dir(folder).args(arguments).status();
    let status = status.context("npm could not be started: Node.js 20 or newer is needed")?;
    ensure!(status.success(), "npm {} failed in {}", arguments.join(" "), folder.display());
    Ok(())
}
