//! Webhooks arrive, signed, in order, again where they were not taken; or as wrongly as a test wants.

use std::time::Duration;

use stripe_double::{Method, WebhookTarget, sign};

use crate::client::{START, World, inbox};

const SOON: Duration = Duration::from_secs(5);

async fn paid(failing: usize, set_up: impl FnOnce(&World)) -> (World, Vec<(String, serde_json::Value)>) {
    let world = World::new().await;
    let (url, inbox) = inbox(failing).await;
    world
        .double
        .set_webhook(Some(WebhookTarget { url, secrets: vec!["whsec_old".into(), "whsec_new".into()] }));
    set_up(&world);
    let session = world.session().await;
    world.double.pay(&session, Method::Card).unwrap();
    world.double.release();
    assert!(world.double.quiet_within(SOON).await);
    let arrived = inbox.lock().unwrap().clone();
    (world, arrived)
}

fn types(arrived: &[(String, serde_json::Value)]) -> Vec<&str> {
    arrived.iter().map(|(_, event)| event["type"].as_str().unwrap()).collect()
}

const ORDER: [&str; 4] =
    ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"];

#[tokio::test]
async fn they_arrive_in_order_and_each_secret_signed_them() {
    let (world, arrived) = paid(0, |_| {}).await;
    assert_eq!(types(&arrived), ORDER);
    for (signature, event) in &arrived {
        assert_eq!(event["account"], world.account);
        assert_eq!((&event["livemode"], &event["object"]), (&false.into(), &"event".into()));
        let body = event.to_string().into_bytes();
        for secret in ["whsec_old", "whsec_new"] {
            let whole = sign(&body, secret, START);
            assert!(signature.contains(whole.split_once(',').unwrap().1), "{signature}");
        }
        assert!(signature.starts_with(&format!("t={START},")));
    }
    assert!(world.double.events().iter().all(|event| event.pending_webhooks == 0));
}

#[tokio::test]
async fn what_was_not_taken_comes_again() {
    let (world, arrived) = paid(2, |_| {}).await;
    assert_eq!(arrived.len(), 4);
    let statuses: Vec<_> = world.double.deliveries().iter().map(|delivery| delivery.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == Some(500)).count(), 2);
    assert_eq!(statuses.len(), 6);
    let (world, arrived) = paid(usize::MAX, |_| {}).await;
    assert!(arrived.is_empty());
    assert_eq!(world.double.deliveries().len(), 16, "four times each, and then no more");
}

#[tokio::test]
async fn they_can_be_lost_doubled_shuffled_and_late() {
    let (world, arrived) = paid(0, |world| world.double.drop_webhooks(true)).await;
    assert!(arrived.is_empty());
    assert_eq!(world.double.deliveries().iter().filter(|delivery| delivery.dropped).count(), 4);

    let (_, arrived) = paid(0, |world| world.double.duplicate_webhooks(1)).await;
    assert_eq!(arrived.len(), 8);

    let shuffled = |seed| async move {
        let (_, arrived) = paid(0, |world| {
            world.double.hold_webhooks();
            world.double.reorder(Some(seed));
        })
        .await;
        types(&arrived).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, same) = (shuffled(1).await, shuffled(1).await);
    assert_eq!(one, same);
    let mut sorted = one.clone();
    sorted.sort_by_key(|type_| ORDER.iter().position(|ordered| ordered == type_));
    assert_eq!(sorted, ORDER);
    let mut differs = false;
    for seed in 2..8 {
        differs |= shuffled(seed).await != one;
    }
    assert!(differs);

    let before = std::time::Instant::now();
    let (_, arrived) = paid(0, |world| world.double.delay(Duration::from_millis(150))).await;
    assert!(arrived.len() == 4 && before.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn an_account_that_ended_the_access_says_so_and_nothing_more() {
    let world = World::new().await;
    world.double.hold_webhooks();
    let session = world.session().await;
    world.double.deauthorize(&world.account).unwrap();
    world.double.expire(&session).unwrap();
    let held: Vec<String> = world.double.take_held().into_iter().map(|event| event.type_).collect();
    assert_eq!(held, ["account.application.deauthorized"]);
}

#[tokio::test]
async fn a_double_that_is_dropped_listens_and_sends_no_more() {
    let world = World::new().await;
    let (address, handle) = (world.double.address(), world.double.handle());
    let (url, inbox) = inbox(0).await;
    handle.set_webhook(Some(WebhookTarget { url, secrets: vec!["whsec".into()] }));
    drop(world);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    let account = handle.accounts()[0].id.clone();
    handle.disable_account(&account).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(inbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_burst_arrives_whole() {
    let world = World::new().await;
    let (url, inbox) = inbox(0).await;
    world.double.set_webhook(Some(WebhookTarget { url, secrets: vec!["whsec".into()] }));
    for _ in 0..500 {
        world.double.create_foreign_payment(&world.account, 100, "eur", [].into()).unwrap();
    }
    assert!(world.double.quiet_within(Duration::from_secs(30)).await);
    assert_eq!(inbox.lock().unwrap().len(), 1500);
}

#[tokio::test]
async fn what_is_held_can_be_taken_and_is_not_sent() {
    let world = World::new().await;
    world.double.hold_webhooks();
    let session = world.session().await;
    world.double.pay(&session, Method::Debit).unwrap();
    let held = world.double.take_held();
    let types: Vec<&str> = held.iter().map(|event| event.type_.as_str()).collect();
    assert_eq!(
        types,
        [
            "payment_intent.created",
            "charge.pending",
            "payment_intent.processing",
            "checkout.session.completed"
        ]
    );
    for event in &held {
        assert_eq!(event.signature, sign(&event.body, "whsec_double", START));
        assert_eq!(world.double.signed(&event.id, &["whsec_double".into()], START).unwrap(), *event);
    }
    assert!(world.double.take_held().is_empty());
}
