//! What the project needs of itself to build: `cargo xtask site` makes the part of Postern that
//! browsers load.
//!
//! A program of our own instead of installed tools, so that a checkout, Rust and a C compiler are
//! enough, and `Cargo.lock` pins what builds the site as it pins everything else.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a build program speaks to its terminal")]

mod site;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result, bail};

const USAGE: &str = "usage:
  cargo xtask site [--out DIR]   build the browser's part into DIR (default: target/site)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    let root = workspace_root()?;
    match arguments {
        ["site"] => site::build(&root, &root.join("target/site")),
        ["site", "--out", out] => {
            site::build(&root, &std::path::absolute(out).context("--out is not a usable path")?)
        }
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("unknown arguments\n{USAGE}"),
    }
}

/// The folder of the workspace, known since this program was compiled from within it.
fn workspace_root() -> Result<PathBuf> {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let root = manifest.parent().context("xtask lies directly below the workspace")?;
    Ok(root.to_owned())
}
