//! Pages: what they say, to a client with much, with little and with nothing (rules P1 to P6).

use crate::{
    harness::{Kind, TestApp, both_databases},
    world::{Client, World},
};

/// Every page of a client.
fn paths(client: &Client) -> Vec<String> {
    let mut paths =
        ["/portal", "/portal/invoices", "/portal/payments", "/portal/access"].map(str::to_owned).to_vec();
    paths.extend(client.visible().map(|id| format!("/portal/invoices/{id}")));
    paths
}

both_databases! {
    /// Home: the balance first, what is due, the history.
    async fn home_shows_balance_due_and_history(app: TestApp) {
        World::fill(&app).await;
        let body = app.signed_in("a1@clients.test").await.get("/portal").await.body;
        for word in ["€396.50", "€238.00", "CANARY-a1-0", "CANARY-a1-3", "Transfer to alder", "Alder Works"] {
            assert!(body.contains(word), "{word} is missing");
        }
        assert!(!body.contains("Postern"), "our own name is on no page (P3)");
    }

    /// Invoice: every figure that the database has.
    async fn an_invoice_shows_what_the_database_has(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let body = browser.get(&format!("/portal/invoices/{}", world.a1.partial)).await.body;
        for word in ["€59.50", "€50.00", "€9.50", "€20.00", "€39.50", "19%", "CANARY-a1 line", "CANARY-a1 notes", "CANARY-a1 tax", "VAT alder"] {
            assert!(body.contains(word), "{word} is missing in {body}");
        }
    }

    /// A client without anything sees pages that say what will be here (P5a).
    async fn an_empty_client_sees_what_will_be_here(app: TestApp) {
        let world = World::fill(&app).await;
        let uuid = |id| app.database.uuid(id);
        let (org, client, contact) = (uuid(world.a1.org), uuid(uuid::Uuid::from_u128(1)), uuid(uuid::Uuid::from_u128(2)));
        app.database.execute(&format!("INSERT INTO clients (org_id, id, name, currency, address, tax_id, created_at) VALUES ({org}, {client}, 'Empty', 'EUR', '', '', '2026-01-01 00:00:00+00:00'); INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) VALUES ({org}, {client}, {contact}, 'New', 'new@clients.test', 'new@clients.test', TRUE, '2026-01-01 00:00:00+00:00')")).await;
        let mut browser = app.signed_in("new@clients.test").await;
        for path in ["/portal", "/portal/invoices", "/portal/invoices?status=paid", "/portal/invoices?q=x", "/portal/payments"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.body.contains("CANARY"), "{path}");
        }
    }

    /// Hostile and unusual texts stay texts.
    async fn hostile_texts_stay_texts(app: TestApp) {
        let world = World::fill(&app).await;
        let hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"''&amp; \u{202e}مرحبا";
        let sql = hostile.replace('\'', "''");
        app.database.execute(&format!("UPDATE invoices SET title = '{sql}', notes = '{sql}', reference = '{sql}' WHERE status <> 'draft'; UPDATE clients SET name = '{sql}', address = '{sql}'; UPDATE orgs SET name = '{sql}', payment_instructions = '{sql}', address = '{sql}'; UPDATE contacts SET name = '{sql}'; UPDATE invoice_lines SET description = '{sql}'")).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        for path in paths(&world.a1) {
            let body = browser.get(&path).await.body;
            assert!(!body.contains("<script>alert") && !body.contains("<img src=x"), "{path}: {body}");
        }
    }

    /// Currencies with none and with three decimals are written as they are (M1).
    async fn currencies_keep_their_decimals(app: TestApp) {
        World::fill(&app).await;
        app.database.execute("UPDATE client_balances SET currency = 'KWD'").await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let body = browser.get("/portal").await.body;
        assert!(body.contains("39.650"), "{body}");
        app.database.execute("UPDATE client_balances SET currency = 'JPY'").await;
        let body = browser.get("/portal").await.body;
        assert!(body.contains("39,650"), "{body}");
    }

    /// No page carries inline styles or scripts, and every page is whole.
    async fn pages_are_whole_and_carry_nothing_inline(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let signed_out = ["/portal/login", "/portal/alder/login", "/portal/login/sent", "/portal/alder/login/sent", "/portal/signed-out", "/portal/link/x", "/nowhere"];
        for path in paths(&world.a1).into_iter().chain(signed_out.map(str::to_owned)) {
            let body = browser.get(&path).await.body;
            assert!(body.starts_with("<!DOCTYPE html>") && body.ends_with("</html>"), "{path}");
            assert!(!body.contains(" style=") && !body.contains("<style"), "{path}");
            for script in body.split("<script").skip(1) {
                assert!(script.split('>').next().unwrap().contains("src=\"/assets/"), "{path}: {script}");
            }
        }
    }

    /// Somebody who is signed in opens the root and is at home.
    async fn the_root_leads_to_the_portal(app: TestApp) {
        World::fill(&app).await;
        assert_eq!(app.browser().get("/").await.header("location"), "/portal");
        assert_eq!(app.browser().get("/portal").await.header("location"), "/portal/login");
    }
}

/// On plain http at a loopback address the cookies have no prefix, and other names lead to ours.
#[tokio::test]
async fn on_a_loopback_address_there_is_one_name() {
    let app = TestApp::start_with(Kind::Sqlite, &[("PUBLIC_URL", "http://127.0.0.1:3000")]).await;
    World::fill(&app).await;
    let mut browser = app.browser();
    let headers = [("host", "localhost:3000")];
    let page = browser
        .request(axum::http::Method::GET, "/portal/login?next=x", &headers, axum::body::Body::empty())
        .await;
    assert_eq!((page.status, page.header("location")), (307, "http://127.0.0.1:3000/portal/login?next=x"));
    let headers = [("host", "127.0.0.1:3000")];
    let page =
        browser.request(axum::http::Method::GET, "/portal/login", &headers, axum::body::Body::empty()).await;
    assert!(page.header("set-cookie").starts_with("postern_pending="), "{}", page.header("set-cookie"));
    assert!(!page.header("set-cookie").contains("Secure"));
}
