//! The org's settings and its plan (rules T3, B1, B2).

use axum::{body::Body, http::Method};
use postern::{auth::session::Plan, operator};

use crate::{
    harness::{Browser, PUBLIC_URL, Page, both_databases},
    world::World,
};

const SETTINGS: [(&str, &str); 10] = [
    ("name", "Alder & Oak"),
    ("accent", "#B00020"),
    ("email", "books@alder.test"),
    ("address", "2 New Street\r\nTown"),
    ("taxId", "VAT 9"),
    ("invoicePrefix", "AO-"),
    ("paymentInstructions", "IBAN 12"),
    ("locale", "de-AT"),
    ("timeZone", "Europe/Vienna"),
    ("version", "1"),
];

both_databases! {
    /// What is set is what clients see at the next request; the log tells of it.
    async fn settings_are_what_clients_see(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        assert_eq!(owner.post("/app/settings", &SETTINGS).await.header("location"), "/app/settings?saved");
        let page = owner.get("/app/settings?saved").await.body;
        assert!(page.contains("Saved.") && page.contains("value=\"#b00020\"") && page.contains("IBAN 12"), "{page}");
        let portal = contact.get("/portal").await.body;
        for text in ["Alder &amp; Oak", "/brand/theme/b00020.css", "IBAN 12", "books@alder.test", "396,50"] {
            assert!(portal.contains(text), "{text}: {portal}");
        }
        let other = app.signed_in("b1@clients.test").await.get("/portal").await.body;
        assert!(!other.contains("Alder") && !other.contains("IBAN 12"), "another org is as it was");
        assert_eq!(app.database.texts("SELECT kind FROM activity WHERE kind LIKE 'org.%'").await, ["org.changed"]);
    }

    /// All that is wrong is told at the fields, what was typed is still there, and nothing is saved (O6).
    async fn wrong_settings_come_back_whole(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut fields = SETTINGS;
        fields[0].1 = "";
        fields[1].1 = "red";
        fields[2].1 = "nowhere";
        fields[7].1 = "!";
        fields[8].1 = "Mars/Olympus";
        let page = owner.post("/app/settings", &fields).await;
        assert_eq!(page.status, 422);
        for field in ["name", "accent", "email", "locale", "timeZone"] {
            assert!(page.body.contains(&format!("id=\"{field}-problem\"")), "{field}");
        }
        assert!(page.body.contains("Mars/Olympus") && page.body.contains("2 New Street"));
        let stale = SETTINGS.map(|(name, value)| (name, if name == "version" { "7" } else { value }));
        let late = owner.post("/app/settings", &stale).await;
        assert!(late.status == 422 && late.body.contains("Somebody else"), "{}", late.body);
        assert!(late.body.contains("name=\"version\" value=\"1\""), "{}", late.body);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM orgs WHERE version = 1").await, 2);
    }

    /// Back on Free the portal shows a notice and no data, and sends no links; going up again brings the
    /// sessions back (B2).
    async fn a_change_of_plan_does_what_it_says(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let page = owner.get("/app/settings/plan").await.body;
        assert!(page.contains("Share links go on working"), "{page}");
        assert_eq!(owner.post("/app/settings/plan", &[("plan", "free")]).await.header("location"), "/app/settings/plan");
        let notice = contact.get("/portal").await;
        assert!(notice.status == 403 && notice.body.contains("Alder Works") && !notice.body.contains("CANARY"), "{}", notice.body);
        assert!(owner.get("/app/clients").await.status == 200);
        owner.post("/app/settings/plan", &[("plan", "agency")]).await;
        assert_eq!(contact.get("/portal").await.status, 200);
        assert_eq!(owner.post("/app/settings/plan", &[("plan", "platinum")]).await.status, 400);
        let log = app.database.texts("SELECT detail FROM activity WHERE kind = 'org.plan_changed' ORDER BY id").await;
        assert_eq!(log, ["free", "agency"]);
    }

    /// The operator changes a plan from the command line; that is in the org's log as well.
    async fn an_operator_changes_a_plan(app: TestApp) {
        World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let store = &app.app.store;
        assert_eq!(operator::set_plan(store, "alder", Plan::Free).await.unwrap(), "the plan is changed");
        assert_eq!(operator::set_plan(store, "alder", Plan::Free).await.unwrap(), "the org is on that plan already");
        assert!(operator::set_plan(store, "nobody", Plan::Free).await.is_err());
        assert_eq!(contact.get("/portal").await.status, 403);
        let log = app.database.texts("SELECT actor_kind || ' ' || detail FROM activity WHERE kind = 'org.plan_changed'").await;
        assert_eq!(log, ["system free"]);
    }
}

const BOUNDARY: &str = "----a-boundary";

/// Uploads a file as a browser does.
async fn upload(browser: &mut Browser, file: &[u8]) -> Page {
    let mut body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\ncontent-type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend(file);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers =
        [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin"), ("content-type", content_type.as_str())];
    browser.request(Method::POST, "/app/settings/logo", &headers, Body::from(body)).await
}

both_databases! {
    /// A logo is written anew and shows at once; what is none is told beside its field, and changes nothing (T3).
    async fn a_logo_is_taken_and_shown(app: TestApp) {
        const LOGO: &[u8] = include_bytes!("../../assets/juniper-finch.png");
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        assert_eq!(upload(&mut owner, LOGO).await.header("location"), "/app/settings?saved");
        let page = owner.get("/app/settings").await.body;
        let at = page.find("/brand/alder/").unwrap();
        let url = page[at..].split('"').next().unwrap().to_owned();
        let logo = app.browser().get(&url).await;
        assert_eq!((logo.status, logo.header("content-type")), (200, "image/png"));
        assert!(app.signed_in("a1@clients.test").await.get("/portal").await.body.contains(&url));
        for (file, text) in [
            (&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], "no picture that we can read"),
            (&LOGO[..500], "no picture that we can read"),
            (&vec![0; 2 * 1024 * 1024][..], "too large"),
            (&vec![0; 5 * 1024 * 1024][..], "too large"),
            (b"", "This is needed"),
        ] {
            let page = upload(&mut owner, file).await;
            assert!(page.status == 422 && page.body.contains(text) && page.body.contains(&url), "{text}: {}", page.status);
        }
        assert_eq!(owner.post("/app/settings/logo/remove", &[]).await.status, 303);
        assert!(!owner.get("/app/settings").await.body.contains("/brand/alder/"));
        let log = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'org.logo_changed'").await;
        assert_eq!(log, 2);
        app.database.execute("UPDATE members SET role = 'member'").await;
        assert_eq!(upload(&mut owner, LOGO).await.status, 403);
        assert_eq!(owner.post("/app/settings/logo/remove", &[]).await.status, 403);
    }
}
