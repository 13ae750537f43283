//! `site.json`: what the site consists of, for the server's build and for the next run of this program.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::files::write_if_changed;

/// The name of the manifest in the site's folder.
pub(super) const NAME: &str = "site.json";

/// The URLs that pages link, and every file with its sizes.
#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The stylesheet.
    pub(super) css: String,
    /// The script that loads the glue and starts the WebAssembly.
    pub(super) boot_js: String,
    /// The glue that wasm-bindgen makes.
    pub(super) glue_js: String,
    /// The WebAssembly.
    pub(super) wasm: String,
    /// The same three of the team's side.
    pub(super) desk_boot_js: String,
    /// The glue of the team's side.
    pub(super) desk_glue_js: String,
    /// The WebAssembly of the team's side.
    pub(super) desk_wasm: String,
    /// The script of the page that a magic link opens.
    pub(super) continue_js: String,
    /// The icon of pages whose org has no logo.
    pub(super) icon: String,
    /// The script of the page where members try the schema.
    pub(super) explorer_js: String,
    /// Its stylesheet.
    pub(super) explorer_css: String,
    /// Its workers, which that script names.
    pub(super) explorer_workers: Vec<String>,
    /// Hex SHA-256 of the sources of the three.
    pub(super) explorer_made_from: String,
    /// Hex SHA-256 of the module that the glue and the WebAssembly were made from.
    pub(super) compiled_from: String,
    /// The same of the team's side.
    pub(super) desk_compiled_from: String,
    /// Every file by its name.
    pub(super) files: BTreeMap<String, FileEntry>,
}

/// How large a file is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileEntry {
    /// As it is.
    pub(super) bytes: usize,
    /// As brotli, if that is smaller and lies beside it.
    pub(super) brotli_bytes: Option<usize>,
}

impl FileEntry {
    /// What a browser downloads.
    fn on_the_wire(self) -> usize {
        self.brotli_bytes.unwrap_or(self.bytes)
    }
}

impl Manifest {
    /// The manifest of the last build, if there was one that this version can read.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(NAME)).ok()?).ok()
    }

    /// Writes `site.json` into `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let mut json = serde_json::to_vec_pretty(self).context(NAME)?;
        json.push(b'\n');
        write_if_changed(&folder.join(NAME), &json)
    }

    /// One line: what a browser downloads, by kind.
    pub(super) fn summary(&self) -> String {
        let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, entry) in &self.files {
            let kind = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            *by_kind.entry(kind).or_default() += entry.on_the_wire();
        }
        let parts: Vec<String> =
            by_kind.iter().map(|(kind, bytes)| format!("{kind} {}", kilobytes(*bytes))).collect();
        let total = by_kind.values().sum();
        format!("site: {} on the wire ({})", kilobytes(total), parts.join(", "))
    }
}

/// Thousands of bytes with one decimal, rounded half up.
fn kilobytes(bytes: usize) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_to_a_tenth() {
        assert_eq!(kilobytes(0), "0.0 kB");
        assert_eq!(kilobytes(87_049), "87.0 kB");
        assert_eq!(kilobytes(1_950), "2.0 kB");
    }
}
