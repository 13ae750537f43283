//! A team reaches nothing of another org (rules I1, I5), by route, by field or by change.

use postern::http::ROUTES;

use super::{
    CHANGED, TEAM_LISTS, TEAM_TOKENS, about_to_pay, ask, assert_nothing_of, documents::TEAM_WEBHOOKS, filled,
    team_client_document, team_invoice_document, team_mutations, team_node_document, team_statement_document,
};
use crate::{
    harness::both_databases,
    world::{Client, World},
};

both_databases! {
    /// Every route as the owner of an org, with the ids of the other org's clients; and every page with
    /// one's own, which are there.
    async fn no_route_shows_a_team_another_orgs_data(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for org in ["alder", "birch"] {
            let (own, others): (Vec<&Client>, Vec<&Client>) =
                world.clients().into_iter().partition(|client| client.org_slug == org);
            let mut browser = app.member(&format!("owner@{org}.test")).await;
            let walk = ROUTES.iter().filter(|(_, route)| !route.contains("sign-out") && !route.contains("token"));
            for (method, route) in walk {
                let targets = if *method == "GET" { world.clients().to_vec() } else { others.clone() };
                for target in targets {
                    for path in filled(route, target, "") {
                        let client = target.id.to_string();
                        let fields = [("name", "x"), ("email", "x@y.test"), ("currency", "EUR"), ("version", "1"), ("access", "off"), ("client", &client)];
                        let page = ask(&mut browser, method, &path, &fields).await;
                        assert_nothing_of(&others, &page, &format!("{method} {path} as the owner of {org}"));
                        let is_own = own.iter().any(|client| client.name == target.name);
                        if *route == "/app/invoices/{id}/live" {
                            let there = is_own && [&target.visible()[..], &[target.draft]].concat().iter().any(|id| path.contains(&id.to_string()));
                            assert_eq!(page.body.contains(CHANGED), there, "{path}: {}", page.body);
                        } else if *route == "/app/settings/stripe" {
                            let account = |org: &str| page.body.contains(if org == "alder" { "acct_a" } else { "acct_b" });
                            assert!(account(org) && !account(others[0].org_slug), "{path}: {}", page.body);
                        }
                        let shown = target.visible().into_iter().any(|id| path == format!("/app/invoices/{id}")) || path == format!("/app/invoices/{}/edit", target.draft);
                        if is_own && (route.starts_with("/app/clients/{id}") && !route.ends_with("statement.pdf") || shown) {
                            assert!(page.status == 200 && page.body.contains(&target.canary()), "{path}: the positive control");
                        }
                    }
                }
            }
        }
        let untouched = app.database.number("SELECT COUNT(*) FROM contacts WHERE portal_access AND archived_at IS NULL AND version = 1").await;
        assert_eq!(untouched, 4);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM clients WHERE version = 1 AND archived_at IS NULL AND name LIKE 'CANARY%'").await, 4);
    }

    /// Every field of the team's half as each owner: all of one's own org, nothing of the other.
    async fn no_field_shows_a_team_another_orgs_data(app: TestApp) {
        let world = World::fill(&app).await;
        World::begin_to_pay(&app).await;
        for org in ["alder", "birch"] {
            let (own, others): (Vec<&Client>, Vec<&Client>) =
                world.clients().into_iter().partition(|client| client.org_slug == org);
            let browser = app.member(&format!("owner@{org}.test")).await;
            let answer = app.team_graphql(&browser, TEAM_LISTS).await.to_string();
            assert!(!answer.contains("\"errors\""), "{answer}");
            let webhook = crate::world::webhook(org);
            let webhooks = TEAM_WEBHOOKS.replace("\"x\"", &format!("\"{webhook}\""));
            let other = TEAM_WEBHOOKS.replace("\"x\"", &format!("\"{}\"", crate::world::webhook(if org == "alder" { "birch" } else { "alder" })));
            let mut answer = answer + &app.team_graphql(&browser, TEAM_TOKENS).await.to_string();
            for document in [&webhooks, &other] {
                answer += &app.team_graphql(&browser, document).await.to_string();
            }
            // Token, document, webhook (asked for twice), and what came back from it.
            assert_eq!((answer.matches("KEPT-a").count(), answer.matches("KEPT-b").count()), if org == "alder" { (5, 0) } else { (0, 5) }, "{answer}");
            assert_eq!((answer.contains("acct_a"), answer.contains("acct_b")), (org == "alder", org == "birch"), "{answer}");
            for client in world.clients() {
                let is_own = own.iter().any(|mine| mine.name == client.name);
                assert_eq!(answer.contains(&client.canary()), is_own, "{answer}");
                let one = app.team_graphql(&browser, &team_client_document(client.id)).await;
                assert_eq!(one["data"]["team"]["client"].is_object(), is_own, "{one}");
                let one = app.team_graphql(&browser, &team_statement_document(client.id)).await;
                assert_eq!(one["data"]["team"]["statement"].is_object(), is_own, "{one}");
                assert_eq!(one.to_string().contains(&client.canary()), is_own, "{one}");
                for id in client.visible().into_iter().chain([client.draft]) {
                    let one = app.team_graphql(&browser, &team_invoice_document(id)).await;
                    assert_eq!(one["data"]["team"]["invoice"].is_object(), is_own, "{one}");
                }
                for id in [client.id, client.contact, client.open, client.draft, client.payment] {
                    let one = app.team_graphql(&browser, &team_node_document(id)).await;
                    assert_eq!((one["data"]["node"].is_object(), one.to_string().contains(&client.canary())), (is_own, is_own), "{one}");
                }
            }
            for other in others {
                for mutation in team_mutations(other) {
                    let answer = app.team_graphql(&browser, &mutation).await;
                    let changed = answer["data"].as_object().is_some_and(|data| {
                        data.values().any(|value| value == &serde_json::json!(true) || value.is_number() || value["id"].is_string() || value["version"].is_number())
                    });
                    assert!(!changed, "{mutation}: {answer}");
                }
            }
        }
    }
}
