//! One client never sees another's data (rules I1 to I5, P2): every route, every field of the schema
//! and every form, as nobody, as each contact and with forged ids.

use std::collections::BTreeSet;

use postern::graphql;
use uuid::Uuid;

use crate::{
    harness::{Browser, Page, both_databases},
    world::{Client, World},
};

/// Every route there is. A test compares the list with the router's source.
const ROUTES: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/portal"),
    ("GET", "/portal/invoices"),
    ("GET", "/portal/invoices/{id}"),
    ("GET", "/portal/payments"),
    ("GET", "/portal/access"),
    ("GET", "/portal/login"),
    ("POST", "/portal/login"),
    ("GET", "/portal/login/sent"),
    ("POST", "/portal/login/code"),
    ("GET", "/portal/{org}/login"),
    ("POST", "/portal/{org}/login"),
    ("GET", "/portal/{org}/login/sent"),
    ("POST", "/portal/{org}/login/code"),
    ("GET", "/portal/link/{token}"),
    ("POST", "/portal/link/{token}"),
    ("GET", "/portal/signed-out"),
    ("POST", "/portal/sign-out"),
    ("POST", "/portal/sign-out-everywhere"),
    ("POST", "/portal/sessions/end"),
    ("POST", "/portal/graphql"),
    ("GET", "/brand/theme/{file}"),
    ("GET", "/brand/{org}/{logo}"),
    ("GET", "/assets/{name}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    // Only where mail stays in the demo's mailbox.
    ("GET", "/dev/mail"),
    ("GET", "/dev/mail/{id}"),
    ("GET", "/dev/mail/{id}/html"),
];

/// The whole portal in one document.
const EVERYTHING: &str = "{ portal {
    overview(openFirst: 5, settledFirst: 5) {
        balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince } hasMoreOpen
        open { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor }
        settled { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor } }
    balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince }
    invoices(first: 100) { nodes { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    payments(first: 100) { nodes { id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    accessLog(first: 100) { nodes { id at kind contactName browser ipShort invoiceId invoiceNumber }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    sessions { id current createdAt expiresAt browser ipShort }
} }";

fn invoice_document(id: Uuid) -> String {
    format!(
        "{{ portal {{ invoice(id: \"{id}\") {{ id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor
            reference notes subtotalMinor taxMinor billTo billToTaxId billFrom billFromTaxId
            lines {{ description quantityMilli unit unitPriceMinor taxRatePpm netMinor }}
            taxes {{ label ratePpm baseMinor taxMinor }}
            payments {{ id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber }} }} }} }}"
    )
}

/// A route with something in each of its holes.
fn filled(route: &str, client: &Client, link: &str) -> Vec<String> {
    if route == "/portal/invoices/{id}" {
        let ids =
            client.visible().into_iter().chain([client.draft, client.id, client.contact, client.payment]);
        return ids.map(|id| format!("/portal/invoices/{id}")).collect();
    }
    vec![
        route
            .replace("{org}", client.org_slug)
            .replace("{token}", link.rsplit('/').next().unwrap_or("x"))
            .replace("{file}", "1f5f4a.css")
            .replace("{logo}", "0000")
            .replace("{name}", "x")
            .replace("{id}", &client.id.to_string()),
    ]
}

async fn ask(browser: &mut Browser, method: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    match method {
        "GET" => browser.get(path).await,
        _ => browser.post(path, fields).await,
    }
}

fn assert_nothing_of(others: &[&Client], page: &Page, what: &str) {
    for other in others {
        assert!(!page.whole().contains(&other.canary()), "{what} shows {}: {}", other.name, page.body);
        for id in other.visible().into_iter().chain([other.draft, other.id, other.contact, other.payment]) {
            let typed = what.contains(&id.to_string());
            assert!(typed || !page.whole().contains(&id.to_string()), "{what} shows an id of {}", other.name);
        }
    }
}

both_databases! {
    /// Every route as every contact, with the ids of every client.
    async fn no_route_shows_another_clients_data(app: TestApp) {
        let world = World::fill(&app).await;
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
                        let own_page = target.name == own.name && own.visible().iter().any(|id| path.ends_with(&id.to_string()));
                        if own_page {
                            assert!(page.status == 200 && page.body.contains(&own.canary()), "{path}: the positive control");
                        }
                        assert!(!page.body.contains(&own.draft.to_string()) || path.contains(&own.draft.to_string()), "a draft on {path}");
                    }
                }
            }
        }
    }

    /// Every route as nobody.
    async fn nobody_sees_nothing(app: TestApp) {
        let world = World::fill(&app).await;
        for target in world.clients() {
            for (method, route) in ROUTES {
                for path in filled(route, target, "") {
                    let page = ask(&mut app.browser(), method, &path, &[("session", &target.id.to_string()), ("email", "x@y.test")]).await;
                    assert_nothing_of(&world.clients(), &page, &format!("{method} {path} as nobody"));
                }
            }
        }
    }

    /// Not yours, not there, a draft, nonsense: the same bytes (I5, P2).
    async fn what_is_not_yours_is_what_does_not_exist(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let missing = browser.get(&format!("/portal/invoices/{}", Uuid::from_u128(7))).await;
        assert_eq!(missing.status, 404);
        let missing_document = browser.graphql_page(&invoice_document(Uuid::from_u128(7))).await.whole();
        let ids = world.others(&world.a1).flat_map(Client::visible).chain([world.a1.draft, world.a1.id, world.a1.payment]);
        for id in ids {
            assert_eq!(browser.get(&format!("/portal/invoices/{id}")).await.whole(), missing.whole());
            assert_eq!(browser.graphql_page(&invoice_document(id)).await.whole(), missing_document);
        }
        for id in ["x", "%00", "0", "..%2f..", "null", "'; DROP TABLE invoices; --"] {
            let path = format!("/portal/invoices/{}", id.replace(' ', "%20").replace('\'', "%27"));
            assert_eq!(browser.get(&path).await.whole(), missing.whole(), "{id}");
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

    /// What an actor may not see is absent from its introspection (I4).
    async fn introspection_shows_each_audience_its_half(app: TestApp) {
        World::fill(&app).await;
        let types = "{ __schema { types { name } queryType { fields { name } } } }";
        let nobody = app.browser().graphql(types).await.to_string();
        assert!(!nobody.contains("Portal") && !nobody.contains("portal"), "{nobody}");
        let contact = app.signed_in("a1@clients.test").await.graphql(types).await.to_string();
        assert!(contact.contains("PortalInvoice"));
    }

    /// Nobody gets a code and no data from any root field.
    async fn every_root_field_needs_an_actor(app: TestApp) {
        World::fill(&app).await;
        for document in [EVERYTHING, "mutation { portalEndSessions(keepCurrent: false) }", "mutation { portalEndSession(id: \"x\") }"] {
            let answer = app.browser().graphql(document).await;
            assert!(answer["data"].is_null(), "{answer}");
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{answer}");
        }
    }
}

/// The list above is the router's.
#[test]
fn the_list_of_routes_is_complete() {
    let source = include_str!("../../src/http/mod.rs");
    let (portal, rest) = source.split_once("let mut routes").unwrap();
    let mut there = BTreeSet::new();
    for (part, prefix) in [(portal, "/portal"), (rest, "")] {
        for (at, _) in part.match_indices(".route(\"") {
            let (path, handlers) = part[at + 8..].split_once("\", ").unwrap();
            let handlers = handlers.split_once('\n').unwrap().0;
            let path = format!("{prefix}{path}");
            let path = if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path };
            for method in ["get", "post", "put", "delete", "patch"] {
                if handlers.contains(&format!("{method}(")) {
                    there.insert((method.to_uppercase(), path.clone()));
                }
            }
        }
    }
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(there, listed);
}

/// The documents above ask for every field of the schema: a new field must be added to them.
#[test]
fn the_walk_covers_every_field_of_the_schema() {
    let walked = [EVERYTHING, &invoice_document(Uuid::nil()), "portalEndSession portalEndSessions"].concat();
    let words: BTreeSet<&str> = walked
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let mut missing = vec![];
    let mut inside = false;
    for line in graphql::sdl().lines() {
        if line.starts_with("type ") {
            inside = true;
        } else if line.starts_with('}') {
            inside = false;
        } else if inside && line.starts_with('\t') && !line.starts_with("\t\t") {
            let field = line.trim().split(['(', ':']).next().unwrap_or_default().to_owned();
            if !field.is_empty()
                && field.chars().all(|c| c.is_ascii_alphanumeric())
                && !words.contains(field.as_str())
                && !line.contains('"')
            {
                missing.push(field);
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// Every type of the schema names its audience (I4).
#[test]
fn every_type_of_the_schema_has_a_guard() {
    for (file, source) in [
        ("mod.rs", include_str!("../../src/graphql/portal/mod.rs")),
        ("access.rs", include_str!("../../src/graphql/portal/access.rs")),
        ("balance.rs", include_str!("../../src/graphql/portal/balance.rs")),
        ("invoice.rs", include_str!("../../src/graphql/portal/invoice.rs")),
        ("overview.rs", include_str!("../../src/graphql/portal/overview.rs")),
        ("page.rs", include_str!("../../src/graphql/portal/page.rs")),
        ("payment.rs", include_str!("../../src/graphql/portal/payment.rs")),
    ] {
        let lines: Vec<&str> = source.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let next = lines.get(at + 1).copied().unwrap_or_default();
            if line.contains("SimpleObject)]") {
                assert!(
                    next.contains("guard = \"PortalOnly\"") && next.contains("visible ="),
                    "{file}:{}",
                    at + 2
                );
            }
            if line.contains("Enum)]") {
                assert!(next.contains("visible ="), "{file}:{}", at + 2);
            }
            // The roots of all audiences have a guard on each field.
            if *line == "#[Object]" {
                let body: Vec<&str> =
                    lines[at + 1..].iter().copied().take_while(|line| *line != "}").collect();
                let fields = body.iter().filter(|line| line.trim_start().starts_with("async fn")).count();
                let guards = body.iter().filter(|line| line.contains("guard = \"PortalOnly\"")).count();
                assert_eq!(fields, guards, "{file}:{}", at + 1);
            } else if line.starts_with("#[Object") {
                assert!(
                    line.contains("guard = \"PortalOnly\"") && line.contains("visible ="),
                    "{file}:{}",
                    at + 1
                );
            }
        }
    }
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/graphql/portal")).unwrap();
    assert_eq!(folder.count(), 7, "a new file has to be listed above");
}
