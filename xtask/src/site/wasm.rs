//! Compiles the frontend crates to WebAssembly and makes them loadable by a browser.
//!
//! wasm-bindgen is used as a library: its version is the one in `Cargo.lock`, which is the only one
//! that understands the module, and nobody has to install it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use super::files;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// Whose islands a module wakes. Each is built alone: in one build, the features of both would be united.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The portal's.
    Portal,
    /// The team's.
    Desk,
}

impl Side {
    const fn package(self) -> &'static str {
        match self {
            Self::Portal => "postern-frontend",
            Self::Desk => "postern-desk",
        }
    }

    /// What the files of the site are called by.
    pub(super) const fn stem(self) -> &'static str {
        match self {
            Self::Portal => "postern",
            Self::Desk => "desk",
        }
    }
}

/// The module as the compiler left it.
pub(super) struct Module {
    /// Where it lies.
    path: PathBuf,
    /// Hex SHA-256 of its bytes: the same digest, the same site.
    pub(super) digest: String,
}

/// What a browser can load.
pub(super) struct Bound {
    /// The JavaScript module that instantiates the WebAssembly.
    pub(super) glue: String,
    /// The WebAssembly itself.
    pub(super) wasm: Vec<u8>,
}

/// Compiles one side's frontend; cargo decides whether there is anything to do.
pub(super) fn compile(root: &Path, side: Side) -> Result<Module> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    let flags = format!("target.{TARGET}.rustflags={:?}", without_local_paths(root)?);
    let status = Command::new(cargo())
        .current_dir(root)
        .args(["build", "--package", side.package(), "--target", TARGET, "--profile", PROFILE])
        .args(["--config", &flags])
        .status()
        .context("cargo could not be started")?;
    ensure!(
        status.success(),
        "the frontend did not compile; if {TARGET} is missing: rustup target add {TARGET}"
    );

    let file = format!("{}.wasm", side.package().replace('-', "_"));
    let path = metadata.target_directory.join(TARGET).join(PROFILE).join(file);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {path}"))?;
    Ok(Module { path: path.into(), digest: files::hex(&Sha256::digest(&bytes)) })
}

/// Runs wasm-bindgen. Names and producers are for debuggers: without them the download is a third smaller.
pub(super) fn bind(module: &Module) -> Result<Bound> {
    let scratch = module.path.with_extension("bindgen");
    if scratch.exists() {
        fs::remove_dir_all(&scratch).with_context(|| format!("cannot clear {}", scratch.display()))?;
    }
    Bindgen::new()
        .input_path(&module.path)
        .out_name("postern")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&scratch)
        .context("wasm-bindgen")?;
    ensure!(
        !scratch.join("snippets").exists(),
        "a dependency of the frontend brings JavaScript of its own, which the site has no place for"
    );
    let glue = super::read(&scratch.join("postern.js"))?;
    let wasm = fs::read(scratch.join("postern_bg.wasm")).context("wasm-bindgen wrote no WebAssembly")?;
    Ok(Bound { glue, wasm })
}

/// Compiler flags that keep the builder's folders out of panic messages: they would tell every
/// visitor who built the site, and make its bytes differ from machine to machine.
fn without_local_paths(root: &Path) -> Result<Vec<String>> {
    let mut flags = vec![format!("--remap-path-prefix={}=.", root.display())];
    if let Some(home) = cargo_home() {
        let sources = home.join("registry/src");
        flags.push(format!("--remap-path-prefix={}=", sources.display()));
    }
    ensure!(flags.iter().all(|flag| flag.is_ascii()), "the site cannot be built below a non-ASCII path");
    Ok(flags)
}

#[expect(clippy::disallowed_methods, reason = "cargo tells its children about itself by the environment")]
fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "cargo's own rule for where its home is")]
fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}
