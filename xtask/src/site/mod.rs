//! The browser's part of Postern: WebAssembly, its glue, two small scripts, the stylesheet, the icon.
//!
//! Every file is named after its own content, so it may be cached for ever, and lies beside its
//! brotli form. `site.json` tells the server's build what there is. The same sources give the same
//! bytes, and what has not changed is not made again.

mod css;
mod css_scan;
mod files;
mod manifest;
mod wasm;

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};

use files::Files;
use manifest::Manifest;

/// Builds the site of the workspace at `root` into `out`.
pub(crate) fn build(root: &Path, out: &Path) -> Result<()> {
    let module = wasm::compile(root)?;
    let previous = Manifest::read(out);
    fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;

    let mut files = Files::new(out);
    let (glue_js, wasm) = wasm_pair(&module, previous.as_ref(), &mut files)?;
    let boot = boot_script(&read(&root.join("frontend/boot.js"))?, &glue_js, &wasm)?;
    let manifest = Manifest {
        css: files.add("site", "css", css::bundle(&root.join("style/main.css"))?.as_bytes())?,
        boot_js: files.add("boot", "js", boot.as_bytes())?,
        continue_js: files.add("continue", "js", read(&root.join("frontend/continue.js"))?.as_bytes())?,
        icon: files.add("icon", "svg", read(&root.join("frontend/icon.svg"))?.as_bytes())?,
        glue_js,
        wasm,
        compiled_from: module.digest,
        files: files.finish()?,
    };
    manifest.write(out)?;
    println!("{}", manifest.summary());
    Ok(())
}

/// The URLs of the glue and the WebAssembly; those of the last build if it was made from the same module.
fn wasm_pair(
    module: &wasm::Module,
    previous: Option<&Manifest>,
    files: &mut Files,
) -> Result<(String, String)> {
    if let Some(last) = previous.filter(|last| last.compiled_from == module.digest)
        && files.keep(&last.glue_js, &last.files)
        && files.keep(&last.wasm, &last.files)
    {
        return Ok((last.glue_js.clone(), last.wasm.clone()));
    }
    let bound = wasm::bind(module)?;
    Ok((files.add("postern", "js", bound.glue.as_bytes())?, files.add("postern", "wasm", &bound.wasm)?))
}

/// `frontend/boot.js` with the names that are known only now.
fn boot_script(template: &str, glue: &str, wasm: &str) -> Result<String> {
    for placeholder in ["__GLUE__", "__WASM__"] {
        ensure!(template.contains(placeholder), "frontend/boot.js does not mention {placeholder}");
    }
    Ok(template.replace("__GLUE__", glue).replace("__WASM__", wasm))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boot_script_names_both_files() {
        let script = boot_script("import('__GLUE__'), '__WASM__'", "/assets/a.js", "/assets/b.wasm");
        assert_eq!(script.unwrap(), "import('/assets/a.js'), '/assets/b.wasm'");
    }

    #[test]
    fn a_boot_script_that_forgot_the_wasm_is_refused() {
        let error = boot_script("import('__GLUE__')", "/assets/a.js", "/assets/b.wasm").unwrap_err();
        assert!(error.to_string().contains("__WASM__"));
    }
}
