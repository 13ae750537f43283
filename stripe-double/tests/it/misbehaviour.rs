//! What goes wrong goes wrong at the moment it is told to.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use stripe_double::{Misbehaviour, Moment, Rule};

use crate::client::{Ask, World, send, session_form};

const SESSIONS: &str = "/v1/checkout/sessions";

#[tokio::test]
async fn each_misbehaviour_carries_out_or_not_and_answers_or_not() {
    for (what, made, status) in [
        (Misbehaviour::Refuse(503), 0, Some(503)),
        (Misbehaviour::RateLimited, 0, Some(429)),
        (Misbehaviour::Hang, 0, None),
        (Misbehaviour::HangAfter, 1, None),
        (Misbehaviour::DropConnectionBefore, 0, None),
        (Misbehaviour::DropConnectionAfter, 1, None),
        (Misbehaviour::FailAfterSuccess(500), 1, Some(500)),
        (Misbehaviour::AnswerLost(502), 1, Some(502)),
        (Misbehaviour::Delay(10), 1, Some(200)),
    ] {
        let world = World::new().await;
        world.double.misbehave(Rule::once("POST", SESSIONS, what));
        let form = session_form();
        let request = world.keyed("POST", SESSIONS, None, &form);
        let answer = tokio::time::timeout(Duration::from_millis(400), request).await.ok().flatten();
        assert_eq!(answer.map(|answer| answer.status), status, "{what:?}");
        assert_eq!(world.double.created_objects()["checkout.session"], made, "{what:?}");
        assert_eq!(world.double.requests().last().unwrap().status, status, "{what:?}");
        assert_eq!(world.post(SESSIONS, &form).await.status, 200, "once");
    }
}

#[tokio::test]
async fn another_server_that_serves_the_router_breaks_off_where_it_should() {
    let handle = stripe_double::Handle::new(stripe_double::Options::default());
    handle.set_public_url_if_none("http://demo.example/");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (router, webhooks) = (handle.router(), handle.send_webhooks());
    tokio::spawn(async move { axum::serve(listener, router).await });
    tokio::spawn(webhooks);
    let make = || async move {
        let headers = vec![("authorization", "Bearer sk_test_double")];
        let ask = Ask { method: "POST", path: "/v1/accounts", headers, body: "type=standard".into() };
        send(address, ask).await
    };
    handle.misbehave(Rule::once("POST", "/v1", Misbehaviour::DropConnectionAfter));
    assert!(make().await.is_none());
    assert_eq!(handle.accounts().len(), 1);
    assert_eq!(make().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_request_is_carried_out_even_where_the_caller_is_gone() {
    let world = World::new().await;
    world.double.misbehave(Rule::once("POST", SESSIONS, Misbehaviour::Delay(200)));
    let form = session_form();
    let request = world.keyed("POST", SESSIONS, None, &form);
    assert!(tokio::time::timeout(Duration::from_millis(100), request).await.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(world.double.created_objects()["checkout.session"], 1);
}

#[tokio::test]
async fn who_listens_is_told_before_and_after() {
    let world = World::new().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let (kept, handle) = (told.clone(), world.double.handle());
    world.double.on_request(Arc::new(move |request, moment| {
        let made = handle.created_objects()["checkout.session"];
        kept.lock().unwrap().push((request.idempotency_key.clone(), moment, made));
    }));
    world.keyed("POST", SESSIONS, Some("k"), &session_form()).await.unwrap();
    let key = Some("k".to_owned());
    assert_eq!(*told.lock().unwrap(), [(key.clone(), Moment::Before, 0), (key, Moment::After, 1)]);
}
