//! Files that are uploaded as a logo (rule T3): whatever they are, the answer is clear, and what is kept and served is a
//! picture of ours with nothing in it but pixels.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use axum::{body::Body, http::Method};
use postern::auth::secret::{hexadecimal, sha256};

use super::{
    part_of,
    pictures::{self, CANARY, File},
};
use crate::{
    harness::{Browser, PUBLIC_URL, Page, TestApp, both_databases, proof, rounds},
    world::World,
};

/// As many there are at least.
const LEAST: usize = 200;
/// How long anything may take, in a build without optimisation on a machine with other work: what bounds it are the limits
/// on bytes and pixels, and this finds what they do not.
const PATIENCE: Duration = Duration::from_mins(15);
/// The kept picture is no larger than this.
const KEPT_PIXELS: u32 = 640;

const BOUNDARY: &str = "----a-boundary";

async fn send(browser: &mut Browser, content_type: &str, body: Vec<u8>) -> Page {
    let headers = [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin"), ("content-type", content_type)];
    browser.request(Method::POST, "/app/settings/logo", &headers, Body::from(body)).await
}

/// Uploads a file as a browser does.
async fn upload(browser: &mut Browser, bytes: &[u8]) -> Page {
    send(browser, &format!("multipart/form-data; boundary={BOUNDARY}"), form(PLAIN, bytes)).await
}

const PLAIN: &str =
    "content-disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\ncontent-type: image/png";

fn form(head: &str, bytes: &[u8]) -> Vec<u8> {
    let begin = format!("--{BOUNDARY}\r\n{head}\r\n\r\n");
    [begin.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Made once for both databases.
static FILES: LazyLock<Vec<File>> = LazyLock::new(every_file);

fn every_file() -> Vec<File> {
    let flips = rounds().map_or(25, u64::from);
    [
        pictures::carriers(),
        pictures::animations(),
        pictures::broken(flips),
        pictures::odd(),
        pictures::bombs(),
        pictures::others(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The hash of the logo that is kept.
async fn kept(app: &TestApp) -> Option<String> {
    app.database.texts("SELECT sha256 FROM brand_assets").await.pop()
}

/// What is served as the logo is a picture of ours and nothing else.
async fn expect_clean(app: &TestApp, hash: &str, name: &str) {
    let served = app.browser().get(&format!("/brand/alder/{hash}")).await;
    assert_eq!((served.status, served.header("content-type")), (200, "image/png"), "{name}");
    assert_eq!(served.header("x-content-type-options"), "nosniff", "{name}");
    assert!(served.header("content-security-policy").starts_with("default-src 'none'"), "{name}");
    assert_eq!(hexadecimal(&sha256(&served.bytes)), hash, "{name}");
    let png = &served.bytes;
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
    let parts = pictures::chunks(png);
    assert_eq!(parts.last().unwrap().0, png.len(), "{name}: nothing stands after the end");
    for (_, kind) in &parts[..parts.len() - 1] {
        assert!([b"IHDR", b"IDAT", b"IEND"].contains(&kind), "{name}: {}", String::from_utf8_lossy(kind));
    }
    let image = image::load_from_memory(png).unwrap();
    assert!(image.width() <= KEPT_PIXELS && image.height() <= KEPT_PIXELS, "{name}");
    for forbidden in [CANARY, "<script", "<svg", "<?php", "%PDF", "PK\u{3}\u{4}"] {
        let found = png.windows(forbidden.len()).any(|bytes| bytes == forbidden.as_bytes());
        assert!(!found, "{name}: {forbidden}");
    }
}

both_databases! {
    /// Every file is kept as a picture of ours, or refused beside its field with the logo as it was.
    async fn what_is_kept_is_a_picture_of_ours(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let files = &*FILES;
        assert!(files.len() >= LEAST, "{}", files.len());
        let (mut taken, mut refused, mut longest) = (0, 0, Duration::ZERO);
        for File { name, bytes } in part_of(&app, files) {
            let before = kept(&app).await;
            let started = Instant::now();
            let page = upload(&mut owner, bytes).await;
            longest = longest.max(started.elapsed());
            assert!(started.elapsed() < PATIENCE, "{name} took {:?}", started.elapsed());
            match page.status {
                303 => {
                    expect_clean(&app, &kept(&app).await.unwrap(), name).await;
                    taken += 1;
                }
                422 => {
                    assert!(page.body.contains("role=\"alert\""), "{name}: {}", page.body);
                    assert_eq!(kept(&app).await, before, "{name}");
                    refused += 1;
                }
                status => panic!("{name}: {status} {}", page.body),
            }
        }
        for File { name, bytes } in part_of(&app, &pictures::others()) {
            assert_eq!(upload(&mut owner, bytes).await.status, 422, "{name} is none of the three");
        }
        assert!(taken >= 50 && refused >= 50, "{taken} taken, {refused} refused");
        proof(
            &format!("Hostile uploads ({:?}): kept as a picture of ours, or refused", app.database.kind),
            &format!("{} files: {taken} written anew without their payload, {refused} refused, longest {longest:.1?}", taken + refused),
        );
    }

    /// The form around the file is as hostile: names that lead elsewhere, headers that lie, forms that are none.
    async fn an_odd_form_is_no_way_in(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let good = pictures::picture(48, 32, image::ImageFormat::Png);
        let named = |name: &str| format!("content-disposition: form-data; name=\"logo\"; filename={name}\r\ncontent-type: image/png");
        let mut tried = 0;
        // Of a file's name and what it claims to be nothing is believed, and nothing is kept.
        for head in [
            named("\"../../../../etc/cron.d/x\""), named("\"..\\..\\x.php\""), named("\"/etc/passwd\""), named("\"x.php\\0.png\""),
            named("\"x.svg\""), named("\"con\""), named("\"\""), named("\"a\\\"; name=\\\"other\""), named(&format!("\"{}\"", "x".repeat(5_000))),
            named("\"<img src=x onerror=alert(1)>.png\""), named("\"\u{202e}gnp.exe\""), format!("{PLAIN}; charset=utf-7"),
            PLAIN.replace("image/png", "text/html"), PLAIN.replace("image/png", "image/svg+xml"), PLAIN.replace("image/png", "\u{fc}/\u{fc}"),
            PLAIN.replace("image/png", "application/x-php"), format!("{PLAIN}\r\ncontent-transfer-encoding: base64"), format!("{PLAIN}\r\nx-more: 1"),
            "content-disposition: form-data; name=\"logo\"".to_owned(),
        ] {
            let page = send(&mut owner, &format!("multipart/form-data; boundary={BOUNDARY}"), form(&head, &good)).await;
            assert!(page.status == 303 || page.status == 422, "{head}: {}", page.status);
            assert!(!page.body.contains("onerror"), "{head}");
            if let Some(hash) = kept(&app).await {
                expect_clean(&app, &hash, &head).await;
            }
            tried += 1;
        }
        let two = [form(PLAIN, &good), form(PLAIN, b"<svg/>")].concat();
        let whole = form(PLAIN, &good);
        let nested = form(&PLAIN.replace("image/png", "multipart/mixed; boundary=b"), b"--b\r\n\r\n<svg/>\r\n--b--");
        let type_of = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
        for (content_type, body) in [
            (type_of(BOUNDARY), two),
            (type_of(BOUNDARY), nested),
            (type_of(BOUNDARY), whole[..whole.len() / 2].to_vec()),
            (type_of(BOUNDARY), whole[..20].to_vec()),
            (type_of(BOUNDARY), vec![]),
            (type_of(BOUNDARY), format!("--{BOUNDARY}--\r\n").into_bytes()),
            (type_of(BOUNDARY), format!("--{BOUNDARY}\r\n").repeat(5_000).into_bytes()),
            (type_of(BOUNDARY), form("content-disposition: form-data; name=\"other\"", &good)),
            (type_of(BOUNDARY), form(&"x-a: b\r\n".repeat(200), &good)),
            (type_of(BOUNDARY), form("nonsense", &good)),
            (type_of("other"), whole.clone()),
            (type_of("\"\""), whole.clone()),
            (type_of(&"b".repeat(5_000)), whole.clone()),
            ("multipart/form-data".to_owned(), whole.clone()),
            ("multipart/mixed; boundary=x".to_owned(), whole.clone()),
            ("application/x-www-form-urlencoded".to_owned(), b"logo=%89PNG".to_vec()),
            ("image/png".to_owned(), good.clone()),
            ("application/json".to_owned(), b"{\"logo\":\"x\"}".to_vec()),
            (String::new(), good.clone()),
        ] {
            let page = send(&mut owner, &content_type, body).await;
            assert!(page.status == 303 || (400..500).contains(&page.status), "{content_type}: {} {}", page.status, page.body);
            tried += 1;
        }
        assert!(tried >= 38, "{tried}");
        assert_eq!(owner.get("/app/settings").await.status, 200);
        proof("Hostile forms around an upload, each answered", &format!("{tried}"));
    }
}
