//! The policy of pages: what a page loads carries the nonce of its answer, nothing stands in it inline, and no two
//! answers have the same nonce.

use std::collections::BTreeSet;

use postern::http::ROUTES;

use crate::{
    harness::{Browser, Page, both_databases, proof},
    isolation::filled,
    world::{Client, World},
};

/// Every path that can be looked at, filled with ids of a client.
fn paths(client: &Client, link: &str) -> Vec<String> {
    let looked_at = ROUTES.iter().filter(|(method, _)| *method == "GET");
    let mut paths: Vec<String> = looked_at.flat_map(|(_, route)| filled(route, client, link)).collect();
    let searched = [
        "/portal/invoices?q=none",
        "/portal/invoices?status=paid",
        "/app/clients?q=none",
        "/app/activity?from=x",
        "/app/nowhere",
    ];
    paths.extend(searched.map(str::to_owned));
    paths
}

/// The tags of a page with this name: everything between the name and the `>`. No attribute of ours has one.
fn tags<'a>(page: &'a Page, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let begin = format!("<{name}");
    let body = page.body.as_str();
    body.match_indices(&begin)
        .map(|(at, _)| &body[at + name.len() + 1..])
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(|rest| {
            let is_whole_name = rest.starts_with([' ', '>', '/']);
            rest.split_once('>').filter(|_| is_whole_name)
        })
}

/// Whether some tag has an attribute whose name is this, or begins so.
fn has_attribute(page: &Page, is_meant: impl Fn(&str) -> bool) -> Option<String> {
    let mut rest = page.body.as_str();
    while let Some((_, tag)) = rest.split_once('<') {
        let Some((inner, after)) = tag.split_once('>') else { break };
        // Values are quoted, and a quote within one is escaped.
        let names = inner.split('"').step_by(2).flat_map(str::split_whitespace).skip(1);
        for name in names {
            let name = name.trim_end_matches(['=', '/']).to_ascii_lowercase();
            if is_meant(&name) {
                return Some(inner.to_owned());
            }
        }
        rest = after;
    }
    None
}

/// How many nonces there were before, and with this page.
fn expect_policy(page: &Page, path: &str, nonces: &mut BTreeSet<String>) {
    let policy = page.header("content-security-policy");
    let is_page = page.header("content-type").starts_with("text/html");
    assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
    for part in ["base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    let directive =
        |name: &str| policy.split("; ").find_map(|one| one.strip_prefix(&format!("{name} "))).unwrap_or("");
    for word in ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:", "data:"] {
        assert!(!directive("script-src").split(' ').any(|source| source == word), "{path}: {policy}");
        assert!(!directive("style-src").split(' ').any(|source| source == word), "{path}: {policy}");
    }
    if !is_page {
        assert!(
            page.nonce.is_none() && directive("script-src").is_empty(),
            "{path}: what is no page loads nothing: {policy}"
        );
        return;
    }
    assert_eq!(directive("script-src"), "'nonce-NONCE' 'wasm-unsafe-eval'", "{path}");
    let is_explorer = path == "/app/graphql";
    assert_eq!(
        directive("style-src"),
        if is_explorer { "'self' 'nonce-NONCE'" } else { "'nonce-NONCE'" },
        "{path}"
    );
    assert_eq!(
        policy.contains("style-src-attr"),
        is_explorer,
        "{path}: one page alone places lines by attributes"
    );
    let nonce = page.nonce.clone().unwrap();
    assert!(nonce.len() == 32 && nonces.insert(nonce), "{path}: a nonce was used twice");
    for (tag, after) in tags(page, "script") {
        assert!(tag.contains("nonce=\"NONCE\"") && tag.contains("src=\"/assets/"), "{path}: <script{tag}>");
        assert!(after.starts_with("</script>"), "{path}: a script stands in the page");
    }
    for (tag, _) in
        tags(page, "link").filter(|(tag, _)| tag.contains("stylesheet") || tag.contains("modulepreload"))
    {
        assert!(tag.contains("nonce=\"NONCE\""), "{path}: <link{tag}>");
    }
    assert_eq!(tags(page, "style").count(), 0, "{path}");
    for name in ["iframe", "object", "embed", "base", "frame", "applet"] {
        assert_eq!(tags(page, name).count(), 0, "{path}: <{name}>");
    }
    let inline =
        |name: &str| name == "style" || (name.starts_with("on") && name.len() > 4) || name == "srcdoc";
    assert_eq!(has_attribute(page, inline), None, "{path}");
    assert!(!page.body.to_ascii_lowercase().contains("javascript:"), "{path}");
}

both_databases! {
    /// Every page, to nobody, to a contact, and to a member; and what is refused.
    async fn every_page_loads_what_has_its_nonce_and_nothing_inline(app: TestApp) {
        let world = World::fill(&app).await;
        let link = app.ask(&mut app.browser(), &world.a2.email()).await.links()[0].clone();
        let mut nonces = BTreeSet::new();
        let (mut asked, mut with_scripts) = (0, 0);
        let visitors: [Browser; 3] = [app.browser(), app.signed_in(&world.a1.email()).await, app.member("owner@alder.test").await];
        for mut browser in visitors {
            for path in paths(&world.a1, &link) {
                let page = browser.get(&path).await;
                expect_policy(&page, &path, &mut nonces);
                asked += 1;
                with_scripts += usize::from(tags(&page, "script").count() > 0);
            }
            // Refusals of the layers and of forms.
            for (path, form) in [
                ("/portal/login", vec![("email", "x")]), ("/portal/login/code", vec![("code", "x")]), ("/app/login", vec![("email", "x")]),
                ("/app/sign-up", vec![("email", "x")]), ("/app/settings", vec![("name", "")]), ("/app/clients/new", vec![("name", "")]), ("/portal", vec![]),
                ("/nowhere", vec![]), ("/portal/link/x", vec![]), ("/app/reset/x", vec![("password", "x")]),
            ] {
                let page = browser.post(path, &form).await;
                expect_policy(&page, path, &mut nonces);
                asked += 1;
            }
        }
        assert!(asked > 250 && nonces.len() > 150 && with_scripts >= 40, "{asked} asked, {} pages, {with_scripts} with scripts", nonces.len());
        proof(
            &format!("Pages by the policy ({:?}): nonce on all that loads, nothing inline, no nonce twice", app.database.kind),
            &format!("{asked} answers, {} pages, {with_scripts} with scripts", nonces.len()),
        );
    }
}

/// The checks above see what they look for.
#[test]
fn what_is_inline_would_be_seen() {
    let page = |body: &str| Page {
        status: 200,
        headers: axum::http::HeaderMap::new(),
        body: body.to_owned(),
        bytes: vec![],
        nonce: None,
    };
    let inline = |name: &str| name == "style" || name.starts_with("on");
    for body in [
        "<p style=\"x\">",
        "<a href=\"x\" onclick=\"y\">",
        "<br STYLE=\"\"/>",
        "<p class=\"a\" onpointerdown>",
    ] {
        assert!(has_attribute(&page(body), inline).is_some(), "{body}");
    }
    for body in
        ["<p class=\"style\">", "<a href=\"/on\" title=\"a onclick= b\">", "<p>style=\"x\" onclick=\"y\"</p>"]
    {
        assert!(has_attribute(&page(body), inline).is_none(), "{body}");
    }
    assert_eq!(tags(&page("<script nonce=\"x\"></script><scripted>"), "script").count(), 1);
}
