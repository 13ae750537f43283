//! A contact reaches nothing of another client (rules I1, I5, P2): by route, field, form, id or cursor; what is not
//! theirs is what does not exist.

use postern::http::ROUTES;
use uuid::Uuid;

use super::{
    CHANGED, about_to_pay, ask, assert_nothing_of,
    documents::{EVERYTHING, invoice_document},
    filled,
};
use crate::{
    harness::both_databases,
    world::{Client, World},
};

both_databases! {
    /// Every route as every contact, with the ids of every client.
    async fn no_route_shows_another_clients_data(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for own in world.clients() {
            let others: Vec<&Client> = world.others(own).collect();
            // No route of this walk ends a session of one's own.
            let mut browser = app.signed_in(&own.email()).await;
            for target in world.clients() {
                for (method, route) in ROUTES.iter().filter(|(_, route)| !route.starts_with("/portal/sign-out") && !route.contains("token")) {
                    for path in filled(route, target, "") {
                        let session = target.id.to_string();
                        let page = ask(&mut browser, method, &path, &[("session", &session), ("email", "x@y.test"), ("code", "AAAA-AAAA")]).await;
                        assert_nothing_of(&others, &page, &format!("{method} {path} as {}", own.name));
                        let own_page = target.name == own.name && path.starts_with("/portal/") && own.visible().iter().any(|id| path.ends_with(&id.to_string()));
                        if own_page {
                            assert!(page.status == 200 && page.body.contains(&own.canary()), "{path}: the positive control");
                        }
                        // One is led to the page on which it is paid, and told of changes, of one's own invoices alone.
                        let is_own = target.name == own.name && own.visible().iter().any(|id| path.contains(&id.to_string()));
                        if *route == "/portal/live" {
                            assert!(page.status == 200 && page.body.contains(CHANGED), "{path}: {}", page.body);
                        } else if path == format!("/portal/invoices/{}/pay", own.open) {
                            assert!(page.header("location").ends_with(&own.canary()), "{path}: {:?}", page.headers);
                        } else if ["/portal/invoices/{id}/live", "/portal/invoices/{id}/pay"].contains(route) {
                            let status = match (is_own, *method) { (false, _) => 404, (true, "GET") => 200, (true, _) => 303 };
                            assert_eq!(page.status, status, "{method} {path} as {}", own.name);
                            assert_eq!(page.body.contains(CHANGED), status == 200, "{path}: {}", page.body);
                        }
                        assert!(!page.body.contains(&own.draft.to_string()) || path.contains(&own.draft.to_string()), "a draft on {path}");
                    }
                }
            }
        }
    }

    /// Not yours, not there, a draft, nonsense: the same bytes (I5, P2).
    async fn what_is_not_yours_is_what_does_not_exist(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let missing = browser.get(&format!("/portal/invoices/{}", Uuid::from_u128(7))).await;
        let missing_live = browser.get(&format!("/portal/invoices/{}/live", Uuid::from_u128(7))).await;
        let missing_pay = browser.post(&format!("/portal/invoices/{}/pay", Uuid::from_u128(7)), &[]).await;
        assert_eq!((missing.status, missing_live.status, missing_pay.status), (404, 404, 404));
        let missing_document = browser.graphql_page(&invoice_document(Uuid::from_u128(7))).await.whole();
        let ids = world.others(&world.a1).flat_map(Client::visible).chain([world.a1.draft, world.a1.id, world.a1.payment]);
        for id in ids {
            assert_eq!(browser.get(&format!("/portal/invoices/{id}")).await.whole(), missing.whole());
            assert_eq!(browser.get(&format!("/portal/invoices/{id}/live")).await.whole(), missing_live.whole());
            assert_eq!(browser.post(&format!("/portal/invoices/{id}/pay"), &[]).await.whole(), missing_pay.whole());
            assert_eq!(browser.graphql_page(&invoice_document(id)).await.whole(), missing_document);
        }
        for id in ["x", "%00", "0", "..%2f..", "null", "'; DROP TABLE invoices; --"] {
            let path = format!("/portal/invoices/{}", id.replace(' ', "%20").replace('\'', "%27"));
            assert_eq!(browser.get(&path).await.whole(), missing.whole(), "{id}");
            assert_eq!(browser.get(&format!("{path}/live")).await.whole(), missing_live.whole(), "{id}");
            assert_eq!(browser.post(&format!("{path}/pay"), &[]).await.whole(), missing_pay.whole(), "{id}");
        }
        for id in ["x".to_owned(), "%00".to_owned(), Uuid::from_u128(7).to_string(), world.b1.open.to_string()] {
            let back = app.browser().get(&format!("/pay/{id}")).await;
            assert_eq!((back.status, back.whole().contains("CANARY")), (404, false), "{id}");
        }
    }

    /// Every field of the schema as every contact: all of one's own, nothing of anybody else's.
    async fn no_field_shows_another_clients_data(app: TestApp) {
        let world = World::fill(&app).await;
        for own in world.clients() {
            let others: Vec<&Client> = world.others(own).collect();
            let mut browser = app.signed_in(&own.email()).await;
            let page = browser.graphql_page(EVERYTHING).await;
            assert!(page.body.contains(&own.canary()) && !page.body.contains("\"errors\""), "{}", page.body);
            assert!(!page.body.contains(&own.draft.to_string()));
            assert_nothing_of(&others, &page, &format!("the schema as {}", own.name));
            for target in world.clients() {
                for id in target.visible().into_iter().chain([target.draft]) {
                    let document = invoice_document(id);
                    let page = browser.graphql_page(&document).await;
                    assert_nothing_of(&others, &page, &document);
                    let is_own = target.name == own.name && id != own.draft;
                    assert_eq!(page.body.contains(&own.canary()), is_own, "{id}");
                }
            }
        }
    }

    /// Somebody else's session cannot be ended, by form or by document.
    async fn a_foreign_session_goes_on(app: TestApp) {
        let world = World::fill(&app).await;
        let mut victim = app.signed_in("b1@clients.test").await;
        let sessions = victim.graphql("{ portal { sessions { id } } }").await;
        let id = sessions["data"]["portal"]["sessions"][0]["id"].as_str().unwrap().to_owned();
        for own in world.others(&world.b1) {
            let mut browser = app.signed_in(&own.email()).await;
            let answer = browser.graphql(&format!("mutation {{ portalEndSession(id: \"{id}\") }}")).await;
            assert_eq!(answer["data"]["portalEndSession"], false);
            browser.post("/portal/sessions/end", &[("session", &id)]).await;
            browser.graphql("mutation { portalEndSessions(keepCurrent: true) }").await;
        }
        assert_eq!(victim.get("/portal").await.status, 200);
    }

    /// A cursor is a place and grants nothing: with a foreign one, one's own rows come.
    async fn a_foreign_cursor_leads_to_ones_own_rows(app: TestApp) {
        let world = World::fill(&app).await;
        let mut other = app.signed_in("b1@clients.test").await;
        let page = other.graphql("{ portal { invoices(first: 1) { pageInfo { endCursor } } } }").await;
        let cursor = page["data"]["portal"]["invoices"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let mut browser = app.signed_in("a1@clients.test").await;
        let others: Vec<&Client> = world.others(&world.a1).collect();
        for path in ["invoices", "payments", "access"] {
            for side in ["after", "before"] {
                let page = browser.get(&format!("/portal/{path}?{side}={cursor}")).await;
                assert_eq!(page.status, 200);
                assert_nothing_of(&others, &page, path);
            }
        }
    }
}
