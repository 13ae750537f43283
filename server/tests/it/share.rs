//! Share links and view tracking (rules V1, V2, B2, P6).

use axum::{body::Body, http::Method};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    harness::{Browser, TestApp, both_databases},
    orgs::of_both,
    world::World,
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

async fn open(browser: &mut Browser, path: &str, headers: &[(&str, &str)]) -> u16 {
    browser.request(Method::GET, path, headers, Body::empty()).await.status
}

async fn views(app: &TestApp, invoice: Uuid) -> i64 {
    let invoice = app.database.uuid(invoice);
    app.database
        .number(&format!(
            "SELECT CAST(COALESCE(SUM(views), 0) AS BIGINT) FROM invoice_views WHERE invoice_id = {invoice}"
        ))
        .await
}

/// What is written down of views: how many there are, rows of the log, and what webhooks are told.
async fn written(app: &TestApp, invoice: Uuid) -> [i64; 3] {
    let log = "SELECT COUNT(*) FROM activity WHERE kind = 'invoice.viewed_by_link'";
    let told = "SELECT COUNT(*) FROM webhook_events WHERE kind = 'invoice.viewed'";
    [views(app, invoice).await, app.database.number(log).await, app.database.number(told).await]
}

both_databases! {
    /// The page is in the org's brand, works on every plan, and says how to pay (V1, B2, P3, P6).
    async fn a_share_link_works_on_every_plan(app: TestApp) {
        let world = World::fill(&app).await;
        for plan in ["free", "studio", "agency"] {
            app.database.execute(&format!("UPDATE orgs SET plan = '{plan}'")).await;
            let page = app.browser().get(&world.a1.share_path()).await;
            assert_eq!(page.status, 200, "{plan}");
            for text in ["Alder Works", "/brand/theme/1f5f4a.css", "CANARY-a1 line", "€119.00", "Transfer to alder", "20 March 2026"] {
                assert!(page.body.contains(text), "{plan} {text}: {}", page.body);
            }
            assert!(!page.body.contains("Postern"), "{}", page.body);
            assert_eq!(page.header("cache-control"), "no-store");
        }
    }

    /// Replaced, switched off, voided, mistyped: one dead page, the same bytes (V1, I5).
    async fn a_dead_link_says_nothing_of_why(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let path = world.a1.share_path();
        let mistyped = app.browser().get("/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
        assert_eq!(mistyped.status, 404);
        assert!(mistyped.body.contains("does not lead to an invoice"), "{}", mistyped.body);
        let link = |act: &str| format!("/app/invoices/{}/{act}", world.a1.open);
        assert_eq!(owner.post(&link("link"), &[]).await.status, 303);
        assert_eq!(app.browser().get(&path).await.whole(), mistyped.whole(), "replaced");
        let page = owner.get(&format!("/app/invoices/{}", world.a1.open)).await.body;
        let at = page.find("https://pay.example.test/i/").unwrap() + "https://pay.example.test".len();
        let newer = page[at..].split('"').next().unwrap().to_owned();
        assert_eq!(app.browser().get(&newer).await.status, 200);
        assert_eq!(owner.post(&link("link-off"), &[]).await.status, 303);
        assert_eq!(app.browser().get(&newer).await.whole(), mistyped.whole(), "switched off");
        assert!(owner.get(&format!("/app/invoices/{}", world.a1.open)).await.body.contains("It is switched off"));
        owner.post(&format!("/app/invoices/{}/void", world.a2.open), &[]).await;
        assert_eq!(app.browser().get(&world.a2.share_path()).await.whole(), mistyped.whole(), "void");
        for path in ["/i/x", "/i/%00", "/i/..%2f..", &format!("{path}x")] {
            assert_eq!(app.browser().get(path).await.whole(), mistyped.whole(), "{path}");
        }
        assert_eq!(owner.post(&format!("/app/invoices/{}/link", world.a2.open), &[]).await.status, 303, "void stays without");
        assert_eq!(app.browser().get(&world.a2.share_path()).await.status, 404);
        let log = app.database.texts("SELECT kind FROM activity WHERE kind LIKE 'share_link.%' ORDER BY id").await;
        assert_eq!(log, ["share_link.replaced", "share_link.revoked"]);
    }

    /// One viewer within an hour is one view; robots, prefetches, HEAD and the org's own members are none (V2).
    async fn views_are_counted_honestly(app: TestApp) {
        let world = World::fill(&app).await;
        let path = world.a1.share_path();
        let mut browser = app.browser();
        for _ in 0..3 {
            assert_eq!(open(&mut browser, &path, &[("user-agent", FIREFOX)]).await, 200);
        }
        assert_eq!(views(&app, world.a1.open).await, 1, "the same viewer");
        assert_eq!(open(&mut browser, &path, &[("user-agent", PHONE), ("sec-fetch-dest", "document")]).await, 200);
        assert_eq!(views(&app, world.a1.open).await, 2, "another one");
        for headers in [
            vec![("user-agent", "WhatsApp/2.23")],
            vec![("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")],
            vec![("user-agent", "curl/8.5.0")],
            vec![],
            vec![("user-agent", "Mozilla/5.0 another"), ("sec-purpose", "prefetch")],
            vec![("user-agent", "Mozilla/5.0 another"), ("sec-fetch-dest", "empty")],
        ] {
            assert_eq!(open(&mut app.browser(), &path, &headers).await, 200, "{headers:?}");
        }
        app.browser().request(Method::HEAD, &path, &[("user-agent", "Mozilla/5.0 head")], Body::empty()).await;
        let mut owner = app.member("owner@alder.test").await;
        assert_eq!(open(&mut owner, &path, &[("user-agent", "Mozilla/5.0 owner")]).await, 200);
        assert_eq!(views(&app, world.a1.open).await, 2, "nobody of these counts");
        let mut stranger = app.member("owner@birch.test").await;
        assert_eq!(open(&mut stranger, &path, &[("user-agent", "Mozilla/5.0 stranger")]).await, 200);
        assert_eq!(views(&app, world.a1.open).await, 3, "somebody of another org is somebody");
        app.clock.advance(TimeDelta::minutes(61));
        assert_eq!(open(&mut browser, &path, &[("user-agent", FIREFOX)]).await, 200);
        assert_eq!(views(&app, world.a1.open).await, 4, "an hour later");
        let mut owner = app.member("owner@alder.test").await;
        let page = owner.get(&format!("/app/invoices/{}", world.a1.open)).await.body;
        assert!(page.contains("Opened 4 times, first on") , "{page}");
        assert!(owner.get("/app/invoices").await.body.contains("Viewed 4 times"));
        let log = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'invoice.viewed_by_link' AND actor_kind = 'guest'").await;
        assert_eq!(log, 4);
    }

    /// Whoever is a member of the invoice's org is one in whichever of their orgs they are at the moment, and for as long as
    /// they are a member (V2).
    async fn a_member_who_has_gone_to_another_org_is_no_viewer_of_the_first_ones(app: TestApp) {
        let world = World::fill(&app).await;
        let mut both = of_both(&app).await;
        for org in ["alder", "birch"] {
            assert_eq!(both.post("/app/switch", &[("org", org)]).await.status, 303);
            for client in [&world.a1, &world.b1] {
                assert_eq!(open(&mut both, &client.share_path(), &[("user-agent", FIREFOX)]).await, 200);
                assert_eq!(written(&app, client.open).await, [0; 3], "{} from {org}", client.name);
            }
        }
        app.database.execute("UPDATE members SET removed_at = '2026-03-01 00:00:00+00:00' WHERE role = 'member'").await;
        assert_eq!(open(&mut both, &world.a1.share_path(), &[("user-agent", FIREFOX)]).await, 200);
        assert_eq!(views(&app, world.a1.open).await, 1, "a member no more");
        assert_eq!(open(&mut both, &world.b1.share_path(), &[("user-agent", FIREFOX)]).await, 200);
        assert_eq!(views(&app, world.b1.open).await, 0, "still the owner there");
    }

    /// The PDF behind a link shows all that the page does, and counts as it does (V2).
    async fn the_paper_behind_a_link_counts_as_its_page_does(app: TestApp) {
        let world = World::fill(&app).await;
        app.database.execute("UPDATE orgs SET has_webhooks = TRUE").await;
        let (page, paper) = (world.a1.share_path(), format!("{}/pdf", world.a1.share_path()));
        let mut browser = app.browser();
        for headers in [
            vec![],
            vec![("user-agent", "WhatsApp/2.23")],
            vec![("user-agent", FIREFOX), ("sec-purpose", "prefetch")],
            vec![("user-agent", FIREFOX), ("sec-fetch-dest", "embed")],
        ] {
            assert_eq!(open(&mut browser, &paper, &headers).await, 200, "{headers:?}");
        }
        browser.request(Method::HEAD, &paper, &[("user-agent", FIREFOX)], Body::empty()).await;
        let mut owner = app.member("owner@alder.test").await;
        assert_eq!(open(&mut owner, &paper, &[("user-agent", FIREFOX)]).await, 200);
        assert_eq!(open(&mut browser, "/i/x/pdf", &[("user-agent", FIREFOX)]).await, 404);
        assert_eq!(written(&app, world.a1.open).await, [0; 3], "nobody of these counts");
        for path in [&paper, &page, &paper] {
            assert_eq!(open(&mut browser, path, &[("user-agent", FIREFOX), ("sec-fetch-dest", "document")]).await, 200);
            assert_eq!(written(&app, world.a1.open).await, [1; 3], "{path}");
        }
        assert_eq!(open(&mut browser, &paper, &[("user-agent", PHONE)]).await, 200);
        app.clock.advance(TimeDelta::minutes(61));
        assert_eq!(open(&mut browser, &paper, &[("user-agent", FIREFOX)]).await, 200);
        assert_eq!(written(&app, world.a1.open).await, [3; 3], "another viewer, and an hour later");
    }

    /// Whoever has the link can call their browser what they like, and their network may have any number of addresses:
    /// they are no crowd. A colleague with another browser still counts (V2).
    async fn a_thousand_agents_of_one_network_are_a_handful_of_views(app: TestApp) {
        let world = World::fill(&app).await;
        app.database.execute("UPDATE orgs SET has_webhooks = TRUE").await;
        let path = world.a1.share_path();
        let mut browser = app.browser();
        for number in 0..1_000 {
            let system = if number % 2 == 0 { "X11; Linux x86_64" } else { "Windows NT 10.0" };
            let agent = format!("Mozilla/5.0 ({system}; rv:{number}.0) Gecko/20100101 Firefox/{number}.0");
            let from = format!("2001:db8:7:8::{number:x}");
            assert_eq!(open(&mut browser, &path, &[("user-agent", &agent), ("x-forwarded-for", &from)]).await, 200);
        }
        assert_eq!(written(&app, world.a1.open).await, [2, 2, 2]);
        for (agent, from, rows) in [(PHONE, "2001:db8:7:8::1", 3), (FIREFOX, "2001:db8:7:9::1", 4)] {
            let headers = [("user-agent", agent), ("x-forwarded-for", from)];
            assert_eq!(open(&mut browser, &path, &headers).await, 200);
            assert_eq!(written(&app, world.a1.open).await, [rows; 3], "a colleague, and the network beside it");
        }
    }

    /// Twenty viewers by one link count within an hour. Beyond them the page is shown and nothing is written (V2).
    async fn beyond_twenty_views_within_an_hour_nothing_is_written(app: TestApp) {
        let world = World::fill(&app).await;
        app.database.execute("UPDATE orgs SET has_webhooks = TRUE").await;
        let path = world.a1.share_path();
        let mut browser = app.browser();
        let mut crowd = async |networks: std::ops::Range<u8>| {
            for network in networks {
                let from = format!("203.0.113.{network}");
                let headers = [("user-agent", FIREFOX), ("x-forwarded-for", &from)];
                assert_eq!(open(&mut browser, &path, &headers).await, 200);
            }
        };
        crowd(0..40).await;
        assert_eq!(written(&app, world.a1.open).await, [20, 20, 20]);
        let mut contact = app.signed_in("a1@clients.test").await;
        contact.get(&format!("/portal/invoices/{}", world.a1.open)).await;
        assert_eq!(written(&app, world.a1.open).await, [21, 20, 21], "a contact is known, and counts");
        assert_eq!(open(&mut app.browser(), &world.a2.share_path(), &[("user-agent", FIREFOX)]).await, 200);
        assert_eq!(views(&app, world.a2.open).await, 1, "another invoice has an hour of its own");
        app.clock.advance(TimeDelta::minutes(59));
        crowd(40..50).await;
        assert_eq!(written(&app, world.a1.open).await, [21, 21, 22], "the hour is not over");
        app.clock.advance(TimeDelta::minutes(2));
        crowd(0..10).await;
        assert_eq!(written(&app, world.a1.open).await, [31, 31, 32], "they are back");
        crowd(50..80).await;
        assert_eq!(written(&app, world.a1.open).await, [41, 41, 42], "whoever is back is one of the twenty");
    }
}
