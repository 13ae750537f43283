//! Writes every page with made-up data into a folder, to be looked at without a server:
//!
//! ```text
//! cargo run -p postern-app --features ssr --example preview -- target/preview
//! python3 -m http.server --directory target/preview
//! ```
//!
//! With `--time` it also says how long the home page takes to render.

mod fixtures;
mod import;
mod members;
mod overview;
mod pages;
mod statement;
mod team;
mod tokens;
mod webhooks;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use leptos::prelude::*;
use postern_app::{brand::Accent, pages::portal::HomePage, render::render};

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#6d675d"/></svg>"##;
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M4 36 30 4l26 32zM64 8h52v6H64zm0 12h40v6H64z" fill="#3a506b"/></svg>"##;
const MAIL: &str = "<!DOCTYPE html><p>Hello Ada, <a href=\"/\">here is your link</a>.</p>";

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map(PathBuf::from).ok_or_else(|| io::Error::other("which folder?"))?;
    let pages = [
        pages::all(),
        team::all(),
        members::all(),
        tokens::all(),
        webhooks::all(),
        overview::all(),
        import::all(),
        statement::all(),
    ]
    .concat();
    for (name, html) in &pages {
        write(&folder, &format!("{name}.html"), html)?;
    }
    for accent in [fixtures::brand().accent, fixtures::awkward_frame().brand.accent, Accent::default()] {
        write(&folder, accent.theme_href().trim_start_matches('/'), &accent.theme_css())?;
    }
    write(&folder, "assets/icon.svg", ICON)?;
    write(&folder, "logo.svg", LOGO)?;
    write(&folder, "mail-part.html", MAIL)?;
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../style"), &folder.join("assets"))?;
    if arguments.any(|argument| argument == "--time") {
        time_home()?;
    }
    writeln!(io::stdout(), "{} pages in {}", pages.len(), folder.display())
}

fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn time_home() -> io::Result<()> {
    const RUNS: u32 = 2_000;
    let frame = fixtures::frame();
    let mut data = fixtures::home();
    data.open = fixtures::long_list().into_iter().take(12).collect();
    data.settled = fixtures::long_list().into_iter().take(8).collect();
    let started = Instant::now();
    let mut bytes = 0;
    for _ in 0..RUNS {
        let (frame, data) = (frame.clone(), data.clone());
        bytes = render(move || view! { <HomePage frame data/> }).len();
    }
    writeln!(io::stdout(), "home: {:?} each, {bytes} bytes", started.elapsed() / RUNS)
}
