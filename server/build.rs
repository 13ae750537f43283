//! Puts the site (stylesheet, scripts, WebAssembly) into the binary.
//!
//! `cargo xtask site` leaves the files and `site.json` in `target/site`, or wherever `POSTERN_SITE_DIR`
//! says. Where the site has not been built, the server compiles all the same, and its pages are plain
//! HTML: enough for `cargo check` and for most tests.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The fields of `Assets`, which are also the keys of `site.json`.
const ASSETS: [&str; 11] = [
    "css",
    "boot_js",
    "glue_js",
    "wasm",
    "desk_boot_js",
    "desk_glue_js",
    "desk_wasm",
    "continue_js",
    "icon",
    "explorer_js",
    "explorer_css",
];

fn main() -> Result<(), Box<dyn Error>> {
    let site = site_folder()?;
    // Cargo would run a build again every time for a folder that is not there.
    fs::create_dir_all(&site)?;
    // A migration that is added is one that the binary has to carry.
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-env-changed=POSTERN_SITE_DIR");
    println!("cargo::rerun-if-changed={}", site.display());

    let manifest = site.join("site.json");
    let code = if manifest.exists() {
        let manifest: Value = serde_json::from_slice(&fs::read(&manifest)?)?;
        format!("{}{}", assets(&manifest)?, files(&manifest, &site)?)
    } else {
        let absent = Value::Object(
            ASSETS.map(|key| (key.to_owned(), "/assets/not-built".into())).into_iter().collect(),
        );
        format!("{}static FILES: &[SiteFile] = &[];\n", assets(&absent)?)
    };
    fs::write(out_folder()?.join("site.rs"), code)?;
    Ok(())
}

/// `static ASSETS`: the URLs that pages link.
fn assets(manifest: &Value) -> Result<String, Box<dyn Error>> {
    let mut code = "static ASSETS: Assets = Assets {\n".to_owned();
    for key in ASSETS {
        let url = manifest[key].as_str().ok_or_else(|| format!("site.json has no `{key}`"))?;
        writeln!(code, "    {key}: Cow::Borrowed({url:?}),")?;
    }
    code.push_str("};\n");
    Ok(code)
}

/// `static FILES`: the files with their bytes, sorted by name.
fn files(manifest: &Value, site: &Path) -> Result<String, Box<dyn Error>> {
    let entries = manifest["files"].as_object().ok_or("site.json has no `files`")?;
    let mut names: Vec<&String> = entries.keys().collect();
    names.sort();
    let path = |name: &str| site.join(name).display().to_string();

    let mut code = "static FILES: &[SiteFile] = &[\n".to_owned();
    for name in names {
        let content_type = content_type(name)?;
        // The name carries the hash of the content, which makes it the best of entity tags.
        let hash = name.split('.').nth(1).ok_or_else(|| format!("{name} carries no hash"))?;
        let brotli = if entries[name]["brotli_bytes"].is_null() {
            "None".to_owned()
        } else {
            format!("Some(include_bytes!({:?}))", path(&format!("{name}.br")))
        };
        writeln!(
            code,
            "    SiteFile {{ name: {name:?}, content_type: {content_type:?}, hash: {hash:?}, \
             bytes: include_bytes!({:?}), brotli: {brotli} }},",
            path(name),
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}

fn content_type(name: &str) -> Result<&'static str, Box<dyn Error>> {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml; charset=utf-8"),
        Some("wasm") => Ok("application/wasm"),
        _ => Err(format!("the site has a file of unknown kind: {name}").into()),
    }
}

/// The absolute path of the folder that `cargo xtask site` writes to.
#[expect(clippy::disallowed_methods, reason = "a build script has its settings from the environment")]
fn site_folder() -> Result<PathBuf, Box<dyn Error>> {
    let folder = match std::env::var_os("POSTERN_SITE_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).with_file_name("target").join("site"),
    };
    Ok(std::path::absolute(folder)?)
}

#[expect(clippy::disallowed_methods, reason = "cargo names the folder for generated code by the environment")]
fn out_folder() -> Result<PathBuf, Box<dyn Error>> {
    Ok(std::env::var("OUT_DIR")?.into())
}
