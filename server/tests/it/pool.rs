//! What row-level security goes by is set for one transaction and gone with it, however that ends (rule I3): answered,
//! dropped half-way because somebody went away, or in a panic. Two connections serve everybody in turn.

use std::time::Duration;

use axum::http::HeaderMap;

use crate::{
    harness::{Dice, Kind, TestApp, proof, rounds},
    world::{Client, World},
};

const USUAL: u32 = 400;

#[tokio::test]
async fn no_setting_survives_on_a_connection() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start_with(Kind::Postgres, &[("DATABASE_CONNECTIONS", "2")]).await;
    let world = World::fill(&app).await;
    let mut visitors = vec![];
    for client in world.clients() {
        let browser = app.signed_in(&client.email()).await;
        let of_others: Vec<String> = world.others(client).map(Client::canary).collect();
        for path in
            ["/portal".to_owned(), "/portal/payments".to_owned(), format!("/portal/invoices/{}", client.open)]
        {
            visitors.push((browser.clone(), path, client.canary(), of_others.clone()));
        }
        let owner = app.member(&format!("owner@{}.test", client.org_slug)).await;
        let foreign = world.clients().into_iter().filter(|other| other.org_slug != client.org_slug);
        let of_others: Vec<String> = foreign.map(Client::canary).collect();
        visitors.push((owner, "/app/invoices".to_owned(), client.canary(), of_others));
    }
    let actor = {
        let mut headers = HeaderMap::new();
        let session = &visitors[3].0.cookies["__Host-postern_team"];
        headers.insert("cookie", format!("__Host-postern_team={session}").parse().unwrap());
        app.app.admit_member(&headers).await.unwrap().unwrap().actor
    };

    let wanted = rounds().unwrap_or(USUAL);
    let mut dice = Dice::new(7);
    let (mut answered, mut dropped, mut panicked) = (0, 0, 0);
    for _ in 0..wanted {
        let (browser, path, canary, of_others) = dice.pick(&visitors);
        let mut browser = browser.clone();
        match dice.below(10) {
            0 => {
                let store = app.app.store.clone();
                let panic = tokio::spawn(async move { store.panic_within(&actor).await }).await;
                assert!(panic.unwrap_err().is_panic());
                panicked += 1;
            }
            1..=5 => {
                let patience = Duration::from_micros(dice.below(6_000));
                match tokio::time::timeout(patience, browser.get(path)).await {
                    Ok(_) => answered += 1,
                    Err(_) => dropped += 1,
                }
            }
            _ => {
                let page = browser.get(path).await;
                assert!(page.status == 200 && page.body.contains(canary), "{path}: {}", page.body);
                assert!(!of_others.iter().any(|other| page.body.contains(other)), "{path} shows another's");
                answered += 1;
            }
        }
        if dice.chance(10) {
            assert_eq!(app.app.store.leftover_settings().await.unwrap(), Vec::<String>::new());
        }
    }
    assert_eq!(app.app.store.leftover_settings().await.unwrap(), Vec::<String>::new());
    assert!(dropped > wanted / 20 && panicked > wanted / 30, "{dropped} dropped, {panicked} panicked");
    proof(
        "No setting of row-level security survives on a pooled connection",
        &format!(
            "{wanted} requests over 2 connections: {answered} answered, {dropped} dropped half-way, {panicked} panicked; no setting left, no foreign row"
        ),
    );
}
