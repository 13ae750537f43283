//! The log and the client's own part of it (rules A1, A2, S4a, V2).

use axum::{body::Body, http::Method};
use chrono::TimeDelta;

use crate::{harness::both_databases, world::World};

const KINDS: &str = "SELECT kind FROM activity ORDER BY id";

both_databases! {
    /// What a contact does is written down: who, what, from where.
    async fn what_a_contact_does_is_written_down(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        browser.get(&format!("/portal/invoices/{}", world.a1.open)).await;
        browser.post("/portal/sign-out", &[]).await;
        assert_eq!(
            app.database.texts(KINDS).await,
            ["portal.link_requested", "portal.signed_in", "portal.invoice_viewed", "portal.signed_out"]
        );
        let names = app.database.texts("SELECT actor_name || ' ' || ip_short FROM activity").await;
        assert!(names.iter().all(|name| name == "CANARY-a1 contact 127.0.0.x"), "{names:?}");
    }

    /// Requests of known contacts that got no mail are written down too; those of strangers are not.
    async fn refused_requests_of_known_contacts_are_written_down(app: TestApp) {
        World::fill(&app).await;
        app.database.execute("UPDATE contacts SET portal_access = FALSE WHERE email_norm = 'a1@clients.test'").await;
        for email in ["a1@clients.test", "stranger@clients.test"] {
            app.browser().post("/portal/login", &[("email", email)]).await;
        }
        for _ in 0..6 {
            app.browser().post("/portal/login", &[("email", "b1@clients.test")]).await;
        }
        app.work().await;
        let refused = app.database.texts("SELECT detail FROM activity WHERE kind = 'portal.link_refused' ORDER BY id").await;
        assert_eq!(refused, ["access is off", "over the limit"]);
    }

    /// The same viewer within an hour is one view; a browser that only looks ahead is none (V2).
    async fn a_view_counts_once_an_hour(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", world.a1.open);
        let views = "SELECT COALESCE(SUM(views), 0) FROM invoice_views";
        let views = format!("SELECT CAST(({views}) AS BIGINT)");
        browser.headers.insert("sec-purpose", "prefetch".parse().unwrap());
        browser.get(&path).await;
        assert_eq!(app.database.number(&views).await, 0);
        browser.headers.remove("sec-purpose");
        browser.get(&path).await;
        browser.get(&path).await;
        assert_eq!(app.database.number(&views).await, 1);
        app.clock.advance(TimeDelta::minutes(61));
        browser.get(&path).await;
        assert_eq!(app.database.number(&views).await, 2);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'portal.invoice_viewed'").await, 2);
    }

    /// Whatever a contact takes as a file is in the log, as invoices are: receipts and statements, in either form (A1, S4a).
    async fn what_a_contact_takes_is_written_down(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let invoice = format!("/portal/invoices/{}", world.a1.partial);
        let receipt = format!("{invoice}/payments/{}/pdf", world.a1.payment);
        let [pdf, csv] = ["pdf", "csv"].map(|file| format!("/portal/statement.{file}?from=2026-02-01&to=2026-02-28"));
        let taken = "SELECT a.kind || ' ' || COALESCE(i.number, '-') || ' ' || a.actor_name FROM activity a \
            LEFT JOIN invoices i ON i.id = a.invoice_id WHERE a.kind LIKE '%downloaded' AND a.client_visible ORDER BY a.id";
        // What is not there, or is only asked about, is not taken.
        for path in [receipt.as_str(), &pdf, &csv] {
            assert_eq!(contact.request(Method::HEAD, path, &[], Body::empty()).await.status, 200, "{path}");
        }
        let foreign = format!("{invoice}/payments/{}/pdf", world.a2.payment);
        for (path, status) in [(foreign.as_str(), 404), ("/portal/statement.pdf?from=x", 303), ("/portal/statement.csv?from=x", 303)] {
            assert_eq!(contact.get(path).await.status, status, "{path}");
        }
        assert_eq!(app.database.texts(taken).await, <[&str; 0]>::default());
        for path in [receipt.as_str(), &csv, &receipt, &pdf, &csv] {
            assert_eq!(contact.get(path).await.status, 200, "{path}");
        }
        let within_an_hour = [
            "portal.receipt_downloaded CANARY-a1-2 CANARY-a1 contact",
            "portal.statement_downloaded - CANARY-a1 contact",
        ];
        assert_eq!(app.database.texts(taken).await, within_an_hour);
        app.clock.advance(TimeDelta::minutes(61));
        contact.get(&pdf).await;
        contact.get(&receipt).await;
        let [receipts, statements] = within_an_hour;
        assert_eq!(app.database.texts(taken).await, [receipts, statements, statements, receipts], "an hour later");
        let log = contact.graphql("{ portal { accessLog(first: 2) { nodes { kind invoiceNumber } } } }").await;
        assert_eq!(log["data"]["portal"]["accessLog"]["nodes"], serde_json::json!([
            { "kind": "RECEIPT_DOWNLOADED", "invoiceNumber": "CANARY-a1-2" },
            { "kind": "STATEMENT_DOWNLOADED", "invoiceNumber": null },
        ]), "{log}");
        let page = contact.get("/portal/access").await.body;
        assert!(page.contains("Took a receipt as PDF") && page.contains("Took a statement of account as a file"), "{page}");
        let page = app.member("owner@alder.test").await.get("/app/activity").await.body;
        assert!(page.contains("took a receipt for") && page.contains("took a statement of account"), "{page}");
    }

    /// The client reads its own log, with all of its contacts in it, and no security alert of the org's.
    async fn the_client_reads_its_own_log(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        app.signed_in("a2@clients.test").await;
        browser.get(&format!("/portal/invoices/{}", world.a1.open)).await;
        let page = browser.get("/portal/access").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("CANARY-a1 contact") && page.body.contains("CANARY-a1-0"), "{}", page.body);
        assert!(!page.body.contains("CANARY-a2"));
        let log = browser.graphql("{ portal { accessLog { nodes { kind } } } }").await;
        let kinds: Vec<&str> = log["data"]["portal"]["accessLog"]["nodes"].as_array().unwrap().iter().map(|node| node["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["INVOICE_VIEWED", "SIGNED_IN", "LINK_REQUESTED"]);
    }
}
