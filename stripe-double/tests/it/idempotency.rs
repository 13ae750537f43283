//! A key makes a request one request, as <https://docs.stripe.com/api/idempotent_requests> says.

use stripe_double::{Misbehaviour, Rule};

use crate::client::{World, session_form};

const SESSIONS: &str = "/v1/checkout/sessions";

#[tokio::test]
async fn a_request_sent_again_is_answered_as_it_was_and_makes_nothing_new() {
    let world = World::new().await;
    let form = session_form();
    let first = world.keyed("POST", SESSIONS, Some("k"), &form).await.unwrap();
    let again = world.keyed("POST", SESSIONS, Some("k"), &form).await.unwrap();
    assert_eq!(first.json, again.json);
    assert!(!first.headers.contains_key("idempotent-replayed"));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.headers["original-request"], first.headers["request-id"]);
    assert_eq!(world.double.created_objects()["checkout.session"], 1);

    let other = form.replace("10000", "10001");
    let other = world.keyed("POST", SESSIONS, Some("k"), &other).await.unwrap();
    assert_eq!((other.status, &other.json["error"]["type"]), (400, &"idempotency_error".into()));
    let elsewhere = world.keyed("POST", "/v1/refunds", Some("k"), "charge=ch_1").await.unwrap();
    assert_eq!(elsewhere.json["error"]["type"], "idempotency_error");

    // The answer is the one of then: what happened since is not in it.
    world.double.expire(&first.id()).unwrap();
    let still = world.keyed("POST", SESSIONS, Some("k"), &form).await.unwrap();
    assert_eq!(still.json["status"], "open");

    world.pass(24 * 60 * 60);
    let later = world.keyed("POST", SESSIONS, Some("k"), &form).await.unwrap();
    assert_ne!(later.id(), first.id(), "a key lives for a day");
}

#[tokio::test]
async fn a_second_request_while_the_first_is_under_way_is_refused() {
    let world = World::new().await;
    world.double.misbehave(Rule::once("POST", SESSIONS, Misbehaviour::Delay(300)));
    let form = session_form();
    let (first, second) = tokio::join!(world.keyed("POST", SESSIONS, Some("k"), &form), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        world.keyed("POST", SESSIONS, Some("k"), &form).await.unwrap()
    });
    assert_eq!(first.unwrap().status, 200);
    assert_eq!((second.status, second.code()), (409, "idempotency_key_in_use"));
    assert_eq!(world.double.created_objects()["checkout.session"], 1);
}

#[tokio::test]
async fn only_what_began_is_remembered() {
    let world = World::new().await;
    let form = session_form();
    let wrong = world.keyed("POST", SESSIONS, Some("k"), &format!("{form}&nonsense=1")).await.unwrap();
    assert_eq!(wrong.code(), "parameter_unknown");
    let right = world.keyed("POST", SESSIONS, Some("k"), &form).await.unwrap();
    assert_eq!(right.status, 200, "what failed validation did not use the key up");

    world.double.disable_account(&world.account).unwrap();
    let refused = world.keyed("POST", SESSIONS, Some("l"), &form).await.unwrap();
    assert_eq!(refused.status, 400);
    world.double.enable_account(&world.account).unwrap();
    let again = world.keyed("POST", SESSIONS, Some("l"), &form).await.unwrap();
    assert_eq!((again.status, again.headers["idempotent-replayed"].to_str().unwrap()), (400, "true"));

    world.double.misbehave(Rule::once("POST", SESSIONS, Misbehaviour::FailAfterSuccess(500)));
    for _ in 0..2 {
        let failed = world.keyed("POST", SESSIONS, Some("m"), &form).await.unwrap();
        assert_eq!(failed.status, 500, "a 500 is remembered too");
    }
    world.double.misbehave(Rule::once("POST", SESSIONS, Misbehaviour::AnswerLost(502)));
    assert_eq!(world.keyed("POST", SESSIONS, Some("n"), &form).await.unwrap().status, 502);
    assert_eq!(world.keyed("POST", SESSIONS, Some("n"), &form).await.unwrap().status, 200);
    assert_eq!(world.double.created_objects()["checkout.session"], 3);
}
