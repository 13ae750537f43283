//! The browser's part of Postern: WebAssembly, its glue, two small scripts, the stylesheet, the icon, and GraphiQL.
//!
//! Every file is named after its own content, so it may be cached for ever, and lies beside its
//! brotli form. `site.json` tells the server's build what there is. The same sources give the same
//! bytes, and what has not changed is not made again.

mod css;
mod css_scan;
mod explorer;
mod files;
mod manifest;
mod wasm;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result, ensure};

use files::Files;
use manifest::{FileEntry, Manifest};
use wasm::Side;

/// Builds the site of the workspace at `root` into `out`.
pub(crate) fn build(root: &Path, out: &Path) -> Result<()> {
    let portal = wasm::compile(root, Side::Portal)?;
    let desk = wasm::compile(root, Side::Desk)?;
    let previous = Manifest::read(out);
    fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;

    let mut files = Files::new(out);
    let last = previous.as_ref().map(|last| (&last.compiled_from, &last.glue_js, &last.wasm, &last.files));
    let (glue_js, wasm) = wasm_pair(&portal, Side::Portal, last, &mut files)?;
    let last = previous.as_ref();
    let last = last.map(|last| (&last.desk_compiled_from, &last.desk_glue_js, &last.desk_wasm, &last.files));
    let (desk_glue_js, desk_wasm) = wasm_pair(&desk, Side::Desk, last, &mut files)?;
    let script = read(&root.join("frontend/boot.js"))?;
    let explorer = explorer::add(root, previous.as_ref(), &mut files)?;
    let boot = boot_script(&script, &glue_js, &wasm)?;
    let desk_boot = boot_script(&script, &desk_glue_js, &desk_wasm)?;
    let manifest = Manifest {
        css: files.add("site", "css", css::bundle(&root.join("style/main.css"))?.as_bytes())?,
        boot_js: files.add("boot", "js", boot.as_bytes())?,
        desk_boot_js: files.add("desk-boot", "js", desk_boot.as_bytes())?,
        continue_js: files.add("continue", "js", read(&root.join("frontend/continue.js"))?.as_bytes())?,
        icon: files.add("icon", "svg", read(&root.join("frontend/icon.svg"))?.as_bytes())?,
        explorer_js: explorer.js,
        explorer_css: explorer.css,
        explorer_workers: explorer.workers,
        explorer_made_from: explorer.made_from,
        glue_js,
        wasm,
        desk_glue_js,
        desk_wasm,
        compiled_from: portal.digest,
        desk_compiled_from: desk.digest,
        files: files.finish()?,
    };
    manifest.write(out)?;
    println!("{}", manifest.summary());
    Ok(())
}

/// A digest, the URLs that were made from it, and the files of that build.
type Last<'a> = (&'a String, &'a String, &'a String, &'a BTreeMap<String, FileEntry>);

/// The URLs of the glue and the WebAssembly; those of the last build if it was made from the same module.
fn wasm_pair(
    module: &wasm::Module,
    side: Side,
    last: Option<Last<'_>>,
    files: &mut Files,
) -> Result<(String, String)> {
    if let Some((_, glue, wasm, of_last)) = last.filter(|(digest, ..)| **digest == module.digest)
        && files.keep(glue, of_last)
        && files.keep(wasm, of_last)
    {
        return Ok((glue.clone(), wasm.clone()));
    }
    let bound = wasm::bind(module)?;
    let stem = side.stem();
    Ok((files.add(stem, "js", bound.glue.as_bytes())?, files.add(stem, "wasm", &bound.wasm)?))
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
