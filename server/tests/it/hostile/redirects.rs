//! Paths that would lead elsewhere (rule L8): whatever is wanted, every answer that sends a browser on sends it to a page
//! of ours, by the way in which browsers read an address (the WHATWG's, in the crate `url`).

use axum::{body::Body, http::Method};
use chrono::TimeDelta;
use url::Url;

use super::{part_of, paths::payloads};
use crate::{
    harness::{Browser, Kind, PUBLIC_URL, Page, TestApp, both_databases, proof, rounds},
    world::{PASSWORD, World},
};

/// As many there are at least.
const LEAST: usize = 200;

/// Where a browser goes that is at a path of ours and is sent on; nowhere but below these.
fn expect_ours(at: &str, page: &Page, below: &[&str], why: &str) -> bool {
    assert!(page.status < 500, "{at} {why:?}: {} {}", page.status, page.body);
    assert!(page.headers.get_all("location").iter().count() <= 1, "{at} {why:?}");
    assert!(!page.headers.contains_key("refresh"), "{at} {why:?}");
    let Some(location) = page.headers.get("location") else { return false };
    let location = location.to_str().unwrap();
    let base = Url::parse(PUBLIC_URL).unwrap().join(at).unwrap();
    let target = base.join(location).unwrap_or_else(|error| panic!("{at} {why:?}: {location:?} {error}"));
    assert_eq!(target.origin().ascii_serialization(), PUBLIC_URL, "{at} {why:?}: {location:?}");
    let path = target.path();
    let is_below = |root: &&str| path == root.trim_end_matches('/') || path.starts_with(*root);
    assert!(below.iter().any(is_below), "{at} {why:?}: {location:?} is not below {below:?}");
    assert!(!path.contains("//"), "{at} {why:?}: {location:?}");
    true
}

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A payload as a part of a request's path, if it can be one at all.
fn as_path(text: &str) -> Option<String> {
    let path = if text.starts_with('/') { text.to_owned() } else { format!("/portal/{text}") };
    path.parse::<axum::http::Uri>().ok().filter(|uri| uri.path().starts_with('/')).map(|_| path)
}

/// What a page says is wanted, in its hidden field.
fn wanted(page: &Page) -> String {
    let rest = page.body.split("name=\"next\" value=\"").nth(1);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().replace("&amp;", "&")
}

const PORTAL: &[&str] = &["/portal/"];
const TEAM: &[&str] = &["/app/"];

both_databases! {
    /// From the form to the page after the login, by link and by code.
    async fn after_a_login_one_is_on_a_page_of_the_portal(app: TestApp) {
        World::fill(&app).await;
        let payloads = payloads();
        assert!(payloads.len() >= LEAST, "{}", payloads.len());
        let mut sent_on = 0;
        for (number, next) in part_of(&app, &payloads).enumerate() {
            app.clock.advance(TimeDelta::minutes(11));
            let mut browser = app.browser();
            let form = browser.get(&format!("/portal/login?next={}", escaped(next))).await;
            assert!(form.status == 200 && !form.body.contains("<script>alert"), "{next:?}: {}", form.status);
            let kept = wanted(&form);
            assert!(kept.is_empty() || kept.starts_with("/portal/"), "{next:?}: {kept}");
            let asked = browser.post("/portal/login", &[("email", "a1@clients.test"), ("next", next)]).await;
            expect_ours("/portal/login", &asked, PORTAL, next);
            assert_eq!(asked.status, 303, "{next:?}");
            app.work().await;
            let mail = app.smtp.newest_to("a1@clients.test");
            assert!(!mail.raw.contains("evil.test"), "{next:?}");
            let (at, entered) = if number % 2 == 0 {
                (mail.links()[0].clone(), browser.post(&mail.links()[0], &[]).await)
            } else {
                ("/portal/login/code".to_owned(), browser.post("/portal/login/code", &[("code", &mail.code())]).await)
            };
            assert!(entered.status == 303 && expect_ours(&at, &entered, PORTAL, next), "{next:?}: {}", entered.status);
            let inside = browser.get(entered.header("location")).await;
            assert_eq!(inside.status, 200, "{next:?}: {}", entered.header("location"));
            sent_on += 1;
        }
        proof(
            &format!("Pages wanted after a login ({:?}), by link and by code: all below /portal/", app.database.kind),
            &format!("{sent_on} payloads"),
        );
    }
}

/// Who asks.
#[derive(Clone, Copy)]
enum Who {
    Contact,
    Owner,
    Nobody,
}

impl Who {
    fn of<'a>(
        self,
        contact: &'a mut Browser,
        owner: &'a mut Browser,
        nobody: &'a mut Browser,
    ) -> &'a mut Browser {
        match self {
            Self::Contact => contact,
            Self::Owner => owner,
            Self::Nobody => nobody,
        }
    }
}

/// Every other place that sends a browser on, with the payload as a field, as a path, as an org, as a cookie.
#[tokio::test]
async fn no_answer_sends_a_browser_elsewhere() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let checkout = format!("/pay/{}", world.a1.checkout);
    let client = format!("/app/clients/{}", world.a1.id);
    let mut owner = app.member("owner@alder.test").await;
    let mut contact = app.signed_in("a1@clients.test").await;
    let (mut asked, mut sent_on) = (0, 0);
    let mut count = |is_sent: bool| {
        asked += 1;
        sent_on += usize::from(is_sent);
    };
    // Every fifth, and all in the long form: each is asked at some sixty places.
    for payload in payloads().into_iter().step_by(if rounds().is_some() { 1 } else { 5 }) {
        let (text, query) = (payload.as_str(), escaped(&payload));
        // A browser that was told anything at all comes back from paying.
        for name in ["__Host-postern_paying", "postern_paying"] {
            let mut payer = app.browser();
            if axum::http::HeaderValue::from_str(text).is_ok() {
                payer.cookies.insert(name.to_owned(), text.to_owned());
            }
            for at in [checkout.clone(), format!("{checkout}?back"), format!("{checkout}?{query}")] {
                count(expect_ours(&at, &payer.get(&at).await, &["/portal/", "/i/"], text));
            }
        }
        for (who, path, form, below) in [
            (Who::Contact, "/portal/pay", vec![("currency", text)], PORTAL),
            (Who::Contact, "/portal/sessions/end", vec![("session", text)], PORTAL),
            (Who::Contact, "/portal/preview/end", vec![("next", text)], PORTAL),
            (Who::Owner, "/app/switch", vec![("org", text), ("next", text)], TEAM),
            (Who::Owner, "/app/orgs/new", vec![("name", ""), ("next", text)], TEAM),
            (Who::Owner, "/app/settings/plan", vec![("plan", text)], TEAM),
            (Who::Owner, "/app/settings/members", vec![("email", text), ("role", text)], TEAM),
            (Who::Owner, "/app/invoices/new", vec![("client", text)], TEAM),
            (Who::Owner, "/app/account/leave", vec![("next", text)], TEAM),
        ] {
            if path == "/app/account/leave" && !text.is_empty() {
                continue;
            }
            count(expect_ours(
                path,
                &who.of(&mut contact, &mut owner, &mut app.browser()).post(path, &form).await,
                below,
                text,
            ));
        }
        for (who, path, below) in [
            (Who::Contact, format!("/portal/statement?from={query}&to={query}"), PORTAL),
            (Who::Contact, format!("/portal/statement.csv?from={query}"), PORTAL),
            (Who::Contact, format!("/portal/invoices?status={query}&q={query}&after={query}"), PORTAL),
            (Who::Owner, format!("/app/activity?client={query}&from={query}"), TEAM),
            (Who::Owner, format!("/app/activity.csv?from={query}&client={query}"), TEAM),
            (Who::Owner, format!("/app/settings/stripe?{query}"), TEAM),
            (Who::Owner, format!("{client}/statement.csv?from={query}"), TEAM),
            (Who::Nobody, format!("/app/login?next={query}"), TEAM),
            (Who::Nobody, format!("/app/clients?next={query}&q={query}"), TEAM),
            (Who::Nobody, format!("/graphql?next={query}"), TEAM),
            (Who::Nobody, format!("/?next={query}"), PORTAL),
        ] {
            count(expect_ours(
                &path,
                &who.of(&mut contact, &mut owner, &mut app.browser()).get(&path).await,
                below,
                text,
            ));
        }
        // As a part of the path, escaped and as it is, in place of an org, an invoice, a token.
        let plain = text.trim_start_matches('/');
        for part in [escaped(text), plain.to_owned()] {
            for path in [
                format!("/portal/{part}"),
                format!("/portal/{part}/login"),
                format!("/portal/{part}/login/sent"),
                format!("/portal/invoices/{part}"),
                format!("/app/{part}"),
                format!("/app/clients/{part}"),
                format!("/i/{part}"),
                format!("/pay/{part}"),
                format!("/portal/link/{part}"),
                format!("/{part}"),
                format!("//{part}"),
            ] {
                let Some(path) = as_path(&path) else { continue };
                let below = if path.starts_with("/app/") { TEAM } else { PORTAL };
                count(expect_ours("/", &app.browser().get(&path).await, below, text));
                let posted = app.browser().post(&path, &[("email", "a1@clients.test")]).await;
                count(expect_ours("/", &posted, below, text));
            }
            for act in ["pay", "live"] {
                let Some(path) = as_path(&format!("/portal/invoices/{part}/{act}")) else { continue };
                count(expect_ours("/", &contact.post(&path, &[("amount", text)]).await, PORTAL, text));
            }
        }
    }
    assert!(asked > 3_000 && sent_on > 400, "{asked} asked, {sent_on} sent on");
    proof(
        "Redirects, wherever a payload can stand: all to our own pages",
        &format!("{asked} requests, {sent_on} redirects"),
    );
}

/// The team's login as well; a password costs its time, so every fourth goes the whole way.
#[tokio::test]
async fn after_a_members_login_one_is_on_a_page_of_the_team() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::fill(&app).await;
    let mut ways = 0;
    for (number, next) in payloads().iter().enumerate() {
        let mut browser = app.browser();
        let kept = wanted(&browser.get(&format!("/app/login?next={}", escaped(next))).await);
        // What is shown again is what was sent; where it leads is decided when one is in.
        assert!(!kept.contains('<'), "{kept}");
        if number % 4 == 0 || next.starts_with("/app") {
            let form = [("email", "owner@alder.test"), ("password", PASSWORD), ("next", next)];
            let entered = browser.post("/app/login", &form).await;
            assert!(
                entered.status == 303 && expect_ours("/app/login", &entered, TEAM, next),
                "{next:?}: {}",
                entered.status
            );
            ways += 1;
        }
    }
    assert!(ways >= 50, "{ways}");
}

/// On a loopback address a browser that comes by another name is sent to ours, and never further.
#[tokio::test]
async fn another_name_of_ours_leads_to_ours() {
    const HERE: &str = "http://127.0.0.1:3000";
    let app = TestApp::start_with(Kind::Sqlite, &[("PUBLIC_URL", HERE)]).await;
    let mut browser: Browser = app.browser();
    let mut sent_on = 0;
    for payload in payloads() {
        for path in [payload.clone(), format!("/{payload}"), format!("//{payload}")] {
            let Some(path) = as_path(&path) else { continue };
            let page =
                browser.request(Method::GET, &path, &[("host", "localhost:3000")], Body::empty()).await;
            if let Some(location) = page.headers.get("location") {
                let location = String::from_utf8_lossy(location.as_bytes());
                let target = Url::parse(&location).unwrap();
                assert_eq!(target.origin().ascii_serialization(), HERE, "{path:?}: {location:?}");
                sent_on += 1;
            }
        }
        for host in [
            "evil.test",
            "localhost.evil.test",
            "127.0.0.1@evil.test",
            "127.0.0.1:3000@evil.test",
            "evil.test:3000",
        ] {
            let page = browser.request(Method::GET, "/portal/login", &[("host", host)], Body::empty()).await;
            let location = page.header("location");
            assert!(
                location.is_empty() || location.starts_with("http://127.0.0.1:3000/"),
                "{host}: {location}"
            );
        }
    }
    assert!(sent_on >= LEAST, "{sent_on}");
}
