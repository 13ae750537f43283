//! The files that pages load, carried inside the binary: stylesheet, scripts, WebAssembly, icon.
//!
//! `build.rs` generates the two tables from what `cargo xtask site` made. Each file is named after its
//! content, so a browser that has it never asks again, and a new build never meets an old file.

use std::borrow::Cow;

use app::layout::Assets;
use axum::{
    extract::Path,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::{IntoResponse as _, Response},
};

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// One file of the site.
#[derive(Debug)]
pub struct SiteFile {
    /// Its name below `/assets/`.
    pub name: &'static str,
    /// What the `Content-Type` header says.
    pub content_type: &'static str,
    /// The first hexadecimal digits of its SHA-256, which are also in the name.
    pub hash: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Its content as brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
}

/// The URLs that pages link.
#[must_use]
pub fn assets() -> &'static Assets {
    &ASSETS
}

/// The file of this name, if the site has it.
#[must_use]
pub fn file(name: &str) -> Option<&'static SiteFile> {
    let index = FILES.binary_search_by(|file| file.name.cmp(name)).ok()?;
    FILES.get(index)
}

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&name).map_or_else(|| StatusCode::NOT_FOUND.into_response(), |file| answer(file, &headers))
}

/// The file in the form that the browser takes, or word that it has it already.
fn answer(file: &SiteFile, request: &HeaderMap) -> Response {
    let brotli = file.brotli.filter(|_| takes_brotli(request));
    // The two forms differ in their bytes, so a strong tag has to tell them apart.
    let tag = if brotli.is_some() { format!("\"{}-br\"", file.hash) } else { format!("\"{}\"", file.hash) };

    let mut response = if has_already(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = brotli.unwrap_or(file.bytes).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
        if brotli.is_some() {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Whether `Accept-Encoding` names brotli, and not to refuse it (`br;q=0`).
fn takes_brotli(request: &HeaderMap) -> bool {
    items(request, &ACCEPT_ENCODING).any(|item| {
        let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
        let quality = parameters.trim().strip_prefix("q=").map(str::parse::<f32>);
        coding.trim().eq_ignore_ascii_case("br") && !matches!(quality, Some(Ok(weight)) if weight <= 0.0)
    })
}

/// Whether `If-None-Match` has this tag. It compares weakly, as HTTP wants it to.
fn has_already(request: &HeaderMap, tag: &str) -> bool {
    items(request, &IF_NONE_MATCH).any(|item| item == "*" || item.trim_start_matches("W/") == tag)
}

/// The items of a header that is a comma-separated list.
fn items<'a>(
    request: &'a HeaderMap,
    name: &axum::http::HeaderName,
) -> impl Iterator<Item = &'a str> + use<'a> {
    request
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: SiteFile = SiteFile {
        name: "site.0123.css",
        content_type: "text/css; charset=utf-8",
        hash: "0123",
        bytes: b"a{}",
        brotli: Some(b"br"),
    };

    fn ask(pairs: &[(axum::http::HeaderName, &'static str)]) -> Response {
        let request = pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        answer(&STYLE, &request.collect())
    }

    fn header(response: &Response, name: axum::http::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn every_linked_file_is_there_and_found_by_its_name() {
        assert!(FILES.is_sorted_by_key(|file| file.name));
        for entry in FILES {
            assert_eq!(file(entry.name).unwrap().hash, entry.hash);
            assert!(entry.name.contains(entry.hash));
        }
        let Assets {
            css,
            boot_js,
            glue_js,
            wasm,
            desk_boot_js,
            desk_glue_js,
            desk_wasm,
            continue_js,
            icon,
            explorer_js,
            explorer_css,
        } = assets();
        let islands = [boot_js, glue_js, wasm, desk_boot_js, desk_glue_js, desk_wasm];
        for url in islands.into_iter().chain([css, continue_js, icon, explorer_js, explorer_css]) {
            let name = url.strip_prefix("/assets/").unwrap();
            assert!(FILES.is_empty() || file(name).is_some(), "{url}");
        }
    }

    #[test]
    fn brotli_goes_to_whoever_takes_it() {
        for (accepts, expected) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip, BR;q=0.5", Some("br")),
            ("br;q=0", None),
            ("gzip", None),
            ("brotli", None),
        ] {
            let response = ask(&[(ACCEPT_ENCODING, accepts)]);
            assert_eq!(header(&response, CONTENT_ENCODING), expected, "{accepts}");
            assert_eq!(header(&response, VARY), Some("accept-encoding"));
        }
        assert_eq!(header(&ask(&[]), CONTENT_ENCODING), None);
    }

    #[test]
    fn a_file_may_be_kept_for_ever() {
        let response = ask(&[]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
        assert_eq!(header(&response, CONTENT_TYPE), Some("text/css; charset=utf-8"));
        assert_eq!(header(&response, ETAG), Some("\"0123\""));
    }

    #[test]
    fn who_has_it_already_gets_no_body() {
        let held = ask(&[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, "\"x\", W/\"0123-br\"")]);
        assert_eq!(held.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(&held, ETAG), Some("\"0123-br\""));
        assert_eq!(header(&held, CONTENT_TYPE), None);
        let other_form = ask(&[(IF_NONE_MATCH, "\"0123-br\"")]);
        assert_eq!(other_form.status(), StatusCode::OK);
    }
}
