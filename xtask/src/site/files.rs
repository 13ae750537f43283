//! Writes the site's files: named after their content, with their brotli form where it is smaller.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::manifest::{self, FileEntry};

/// The URL below which the server answers with these files.
const URL: &str = "/assets/";
/// Brotli's best. It costs seconds once, when a file changes, and saves bytes on every first visit.
const QUALITY: i32 = 11;
/// Brotli's largest standard window, 2^22 bytes: more than the largest file.
const WINDOW: i32 = 22;

/// The files of one build, in one folder.
pub(super) struct Files {
    folder: PathBuf,
    entries: BTreeMap<String, FileEntry>,
}

impl Files {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), entries: BTreeMap::new() }
    }

    /// Writes `bytes` as `<stem>.<hash>.<extension>` and returns the URL.
    pub(super) fn add(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
        let digest = hex(&Sha256::digest(bytes));
        let name = format!("{stem}.{}.{extension}", &digest[..16]);
        write_if_changed(&self.folder.join(&name), bytes)?;

        let compressed = compress(bytes)?;
        let brotli_bytes = (compressed.len() < bytes.len()).then_some(compressed.len());
        if brotli_bytes.is_some() {
            write_if_changed(&self.folder.join(brotli_name(&name)), &compressed)?;
        }
        let url = format!("{URL}{name}");
        self.entries.insert(name, FileEntry { bytes: bytes.len(), brotli_bytes });
        Ok(url)
    }

    /// Takes a file of the last build over as it lies there; `false` if it, or its brotli form, is gone.
    pub(super) fn keep(&mut self, url: &str, last: &BTreeMap<String, FileEntry>) -> bool {
        let Some((name, entry)) = url.strip_prefix(URL).and_then(|name| last.get_key_value(name)) else {
            return false;
        };
        let is_whole = |name: &str, bytes: usize| {
            fs::metadata(self.folder.join(name)).is_ok_and(|found| found.len() == bytes as u64)
        };
        let present = is_whole(name, entry.bytes)
            && entry.brotli_bytes.is_none_or(|bytes| is_whole(&brotli_name(name), bytes));
        if present {
            self.entries.insert(name.clone(), *entry);
        }
        present
    }

    /// Removes what an earlier build left, and says what this one has.
    pub(super) fn finish(self) -> Result<BTreeMap<String, FileEntry>> {
        for found in fs::read_dir(&self.folder).context("the site's folder cannot be listed")? {
            let found = found?;
            let name = found.file_name().to_string_lossy().into_owned();
            let plain = name.strip_suffix(".br").unwrap_or(&name);
            let is_ours =
                self.entries.get(plain).is_some_and(|entry| plain == name || entry.brotli_bytes.is_some());
            if !is_ours && name != manifest::NAME && found.file_type()?.is_file() {
                fs::remove_file(found.path())
                    .with_context(|| format!("cannot remove {}", found.path().display()))?;
            }
        }
        Ok(self.entries)
    }
}

/// Writes only what differs: an untouched file does not make the server compile again.
pub(super) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn brotli_name(name: &str) -> String {
    format!("{name}.br")
}

fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut writer = brotli::CompressorWriter::with_params(Vec::new(), 4096, &parameters);
    writer.write_all(bytes).context("brotli")?;
    Ok(writer.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("postern-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_file_is_named_after_its_content_and_old_ones_go() {
        let folder = scratch("names");
        let text = "a { color: red } ".repeat(20);
        for content in ["old", &text] {
            let mut files = Files::new(&folder);
            files.add("site", "css", content.as_bytes()).unwrap();
            files.finish().unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let name = format!("site.{}.css", &hex(&Sha256::digest(text.as_bytes()))[..16]);
        assert_eq!(names, [name.clone(), format!("{name}.br")]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_brotli_makes_larger_stays_plain() {
        let folder = scratch("plain");
        let mut files = Files::new(&folder);
        let url = files.add("a", "js", b"x").unwrap();
        let entries = files.finish().unwrap();
        assert_eq!(entries[url.strip_prefix(URL).unwrap()], FileEntry { bytes: 1, brotli_bytes: None });
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_kept_file_must_still_be_there() {
        let folder = scratch("kept");
        let mut files = Files::new(&folder);
        let url = files.add("a", "js", b"x").unwrap();
        let entries = files.finish().unwrap();
        assert!(Files::new(&folder).keep(&url, &entries));
        fs::remove_file(folder.join(url.strip_prefix(URL).unwrap())).unwrap();
        assert!(!Files::new(&folder).keep(&url, &entries));
        fs::remove_dir_all(folder).unwrap();
    }
}
