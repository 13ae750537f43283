//! One client never sees another's data (rules I1 to I5, P2): every route, every field of the schema
//! and every form, as nobody, as each contact and with forged ids.

mod audiences;
mod between_clients;
mod between_orgs;
mod complete;
mod documents;
mod share_link;

use uuid::Uuid;

pub use self::documents::{
    TEAM_LISTS, TEAM_ORG_MUTATIONS, TEAM_PEOPLE_MUTATIONS, TEAM_TOKEN_MUTATIONS, TEAM_TOKENS,
    TEAM_WEBHOOK_MUTATIONS, team_client_document, team_invoice_document, team_mutations, team_node_document,
    team_statement_document,
};
use crate::{
    harness::{Browser, Page, TestApp},
    world::{Client, World},
};

/// Stripe is set up, and does not answer: whatever a walk is shown is our own.
const STRIPE: [(&str, &str); 3] = [
    ("STRIPE_SECRET_KEY", "sk_test_isolation"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_isolation"),
    ("STRIPE_API_URL", "http://127.0.0.1:9"),
];

/// What a page that waits is told; a browser hands on no event without data.
const CHANGED: &str = "event: changed\ndata: now\n\n";

/// The world in which everybody can pay, and somebody is about to.
async fn about_to_pay(app: &mut TestApp) -> World {
    let world = World::fill(app).await;
    World::begin_to_pay(app).await;
    app.restart_with(&STRIPE).await;
    world
}

/// A route with something in each of its holes.
pub fn filled(route: &str, client: &Client, link: &str) -> Vec<String> {
    let route = &route.replace("{payment}", &client.payment.to_string());
    if route.starts_with("/portal/invoices/{id}") {
        let ids =
            client.visible().into_iter().chain([client.draft, client.id, client.contact, client.payment]);
        return ids.map(|id| route.replace("{id}", &id.to_string())).collect();
    }
    if route.starts_with("/app/invoices/{id}") || route.starts_with("/export/invoices/{id}") {
        let ids = client.visible().into_iter().chain([client.draft, client.id, client.payment]);
        return ids.map(|id| route.replace("{id}", &id.to_string())).collect();
    }
    if let Some(rest) = route.strip_prefix("/i/{token}") {
        return vec![format!("{}{rest}", client.share_path())];
    }
    if route.starts_with("/app/settings/webhooks/{id}") {
        let (webhook, event) = (crate::world::webhook(client.org_slug), Uuid::from_u128(7).to_string());
        let acts = ["test", "on", "off", "send-failed", "remove"].map(|act| route.replace("{act}", act));
        let routes: Vec<String> = if route.contains("{act}") { acts.to_vec() } else { vec![route.clone()] };
        return routes
            .iter()
            .map(|route| route.replace("{id}", &webhook.to_string()).replace("{event}", &event))
            .collect();
    }
    if route.contains("/export/{file}") {
        return ["invoices.csv", "payments.ndjson", "activity.csv", "x"]
            .map(|file| route.replace("{file}", file))
            .to_vec();
    }
    if route.starts_with("/app/payments/{id}") {
        return vec![route.replace("{id}", &client.payment.to_string())];
    }
    vec![
        route
            .replace("{org}", client.org_slug)
            .replace("{token}", link.rsplit('/').next().unwrap_or("x"))
            .replace("{file}", "1f5f4a.css")
            .replace("{logo}", "0000")
            .replace("{name}", "x")
            .replace("{contact}", &client.contact.to_string())
            .replace("{checkout}", &client.checkout.to_string())
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
        let further = [other.draft, other.id, other.contact, other.payment, other.checkout];
        for id in other.visible().into_iter().chain(further) {
            let typed = what.contains(&id.to_string());
            assert!(typed || !page.whole().contains(&id.to_string()), "{what} shows an id of {}", other.name);
        }
    }
}
