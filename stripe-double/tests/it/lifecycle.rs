//! What happens to a session and its payment, and which events say so.

use stripe_double::{IntentStatus, Metadata, Method, PaymentStatus, SessionStatus, Tamper};

use crate::client::{World, session_form};

fn types(world: &World) -> Vec<String> {
    let mut types: Vec<String> = world.double.events().into_iter().map(|event| event.type_).collect();
    types.retain(|type_| !type_.starts_with("account."));
    types
}

#[tokio::test]
async fn a_card_is_paid_at_once() {
    let world = World::new().await;
    let session = world.session().await;
    let payment = world.double.pay(&session, Method::Card).unwrap();
    assert_eq!(
        types(&world),
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed"
        ]
    );
    let path =
        format!("/v1/checkout/sessions/{session}?expand[]=payment_intent.latest_charge&expand[]=line_items");
    let json = world.get(&path).await.json;
    assert_eq!(
        (&json["status"], &json["payment_status"], &json["url"]),
        (&"complete".into(), &"paid".into(), &serde_json::Value::Null)
    );
    assert_eq!(json["payment_intent"]["id"], payment);
    assert_eq!(json["payment_intent"]["metadata"]["invoice"], "7");
    assert_eq!(json["payment_intent"]["amount_received"], 10_000);
    assert_eq!(json["payment_intent"]["latest_charge"]["paid"], true);
    assert_eq!(json["line_items"]["data"][0]["description"], "Invoice 7");
    assert_eq!(world.get(&format!("/v1/checkout/sessions/{session}?expand[]=nonsense")).await.status, 400);
    assert!(world.double.pay(&session, Method::Card).is_err(), "it is paid once");
    let expire = world.post(&format!("/v1/checkout/sessions/{session}/expire"), "").await;
    assert_eq!(expire.status, 400);
    assert!(expire.text.contains("status of `complete`"), "{}", expire.text);
    let found = world.get(&format!("/v1/checkout/sessions?payment_intent={payment}")).await.json;
    assert_eq!(found["data"][0]["id"], session);
}

#[tokio::test]
async fn a_debit_is_under_way_until_the_bank_says_how_it_ends() {
    let world = World::new().await;
    for (settled, last, status) in [
        (true, "checkout.session.async_payment_succeeded", PaymentStatus::Paid),
        (false, "checkout.session.async_payment_failed", PaymentStatus::Unpaid),
    ] {
        let session = world.session().await;
        let payment = world.double.pay(&session, Method::Debit).unwrap();
        assert_eq!(world.double.payment(&payment).unwrap().status, IntentStatus::Processing);
        let before = world.double.session(&session).unwrap();
        assert_eq!((before.status, before.payment_status), (SessionStatus::Complete, PaymentStatus::Unpaid));
        assert_eq!(types(&world).last().unwrap(), "checkout.session.completed");
        let refund = world.post("/v1/refunds", &format!("payment_intent={payment}")).await;
        assert_eq!(refund.status, 400, "nothing was taken yet");
        if settled { world.double.settle(&payment) } else { world.double.fail(&payment) }.unwrap();
        assert!(world.double.settle(&payment).is_err());
        assert_eq!(types(&world).last().unwrap(), last);
        assert_eq!(world.double.session(&session).unwrap().payment_status, status);
    }
}

#[tokio::test]
async fn a_declined_card_leaves_the_session_open_and_its_payment_the_same() {
    let world = World::new().await;
    let session = world.session().await;
    let first = world.double.pay(&session, Method::Declined).unwrap();
    assert_eq!(types(&world), ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]);
    assert_eq!(world.double.payable_sessions(&world.account).len(), 1);
    assert_eq!(world.double.pay(&session, Method::Card).unwrap(), first);
    assert_eq!(world.double.charges(&first).len(), 2);

    let session = world.session().await;
    let payment = world.double.pay(&session, Method::Declined).unwrap();
    world.double.expire(&session).unwrap();
    let given_up = world.double.payment(&payment).unwrap();
    assert_eq!((given_up.status, given_up.canceled_at), (IntentStatus::Canceled, Some(crate::client::START)));
}

#[tokio::test]
async fn a_session_is_paid_only_by_what_it_takes() {
    let world = World::new().await;
    let cards = format!("{}&payment_method_types[]=card", session_form());
    let session = world.post("/v1/checkout/sessions", &cards).await.id();
    assert!(world.double.pay(&session, Method::Debit).is_err());
    assert!(world.double.payments(&world.account).is_empty());
    let debits = format!("{}&payment_method_types[]=us_bank_account", session_form());
    let session = world.post("/v1/checkout/sessions", &debits).await.id();
    assert!(world.double.pay(&session, Method::Card).is_err());
    let payment = world.double.pay(&session, Method::Debit).unwrap();
    assert_eq!(world.double.charges(&payment)[0].method, "us_bank_account");
}

#[tokio::test]
async fn a_session_ends_by_its_time_or_when_it_is_told_to() {
    let world = World::new().await;
    let (by_time, told) = (world.session().await, world.session().await);
    let answer = world.post(&format!("/v1/checkout/sessions/{told}/expire"), "").await;
    assert_eq!(answer.json["status"], "expired");
    assert_eq!(world.post(&format!("/v1/checkout/sessions/{told}/expire"), "").await.status, 400);
    world.pass(24 * 60 * 60 - 1);
    assert_eq!(world.double.session(&by_time).unwrap().status, SessionStatus::Open);
    world.pass(1);
    assert_eq!(world.double.session(&by_time).unwrap().status, SessionStatus::Expired);
    assert!(world.double.pay(&by_time, Method::Card).is_err());
    assert_eq!(types(&world), ["checkout.session.expired"; 2]);
    let caused = world.double.events();
    assert!(caused.iter().any(|event| event.request.is_some()), "the one that was told names its request");
}

#[tokio::test]
async fn what_was_paid_comes_back_by_refund_and_dispute() {
    let world = World::new().await;
    let session = world.session().await;
    let payment = world.double.pay(&session, Method::Debit).unwrap();
    world.double.settle(&payment).unwrap();
    let before = types(&world).len();
    let refund = world.double.refund(&payment, Some(3000)).unwrap();
    assert_eq!(world.get(&format!("/v1/refunds/{refund}")).await.json["status"], "pending");
    world.double.fail_refund(&refund).unwrap();
    assert_eq!(world.double.charges(&payment)[0].amount_refunded, 0);
    let dispute = world.double.open_dispute(&payment).unwrap();
    let refused = world.post("/v1/refunds", &format!("payment_intent={payment}")).await;
    assert_eq!(refused.code(), "charge_disputed");
    let list = world.get(&format!("/v1/disputes?payment_intent={payment}")).await.json;
    assert_eq!(
        (&list["data"][0]["id"], &list["data"][0]["status"]),
        (&dispute.clone().into(), &"needs_response".into())
    );
    world.double.close_dispute(&dispute, true).unwrap();
    assert_eq!(
        types(&world)[before..],
        [
            "refund.created",
            "charge.refunded",
            "refund.updated",
            "refund.failed",
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
            "charge.dispute.closed",
        ]
    );
}

#[tokio::test]
async fn what_is_tampered_with_is_so_in_the_api_and_in_what_was_not_delivered_yet() {
    let world = World::new().await;
    world.double.hold_webhooks();
    let session = world.session().await;
    let payment = world.double.pay(&session, Method::Card).unwrap();
    let metadata = [("invoice".to_owned(), "8".to_owned())].into();
    let tamper = Tamper { amount: Some(9999), metadata: Some(metadata), ..Tamper::default() };
    world.double.tamper(&session, &tamper).unwrap();
    let intent = world.get(&format!("/v1/payment_intents/{payment}")).await.json;
    assert_eq!((&intent["amount_received"], &intent["metadata"]["invoice"]), (&9999.into(), &"8".into()));
    let held = world.double.take_held();
    assert_eq!(held.len(), 4);
    for event in held {
        let text = String::from_utf8(event.body).unwrap();
        assert!(text.contains("9999") && !text.contains("10000"), "{text}");
    }
}

#[tokio::test]
async fn lists_tell_what_there_is() {
    let world = World::new().await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(world.session().await);
        world.pass(10);
    }
    world.double.create_foreign_payment(&world.account, 500, "eur", Metadata::new()).unwrap();
    let first = world.get("/v1/checkout/sessions?limit=2").await.json;
    assert_eq!((&first["has_more"], &first["data"][0]["id"]), (&true.into(), &sessions[2].clone().into()));
    let cursor = first["data"][1]["id"].as_str().unwrap();
    let next = world.get(&format!("/v1/checkout/sessions?limit=2&starting_after={cursor}")).await.json;
    assert_eq!((&next["has_more"], &next["data"][0]["id"]), (&false.into(), &sessions[0].clone().into()));
    let since = crate::client::START + 10;
    let newer = world.get(&format!("/v1/checkout/sessions?created[gte]={since}&status=open")).await.json;
    assert_eq!(newer["data"].as_array().unwrap().len(), 2);
    assert_eq!(world.get("/v1/payment_intents").await.json["data"][0]["amount"], 500);
    let events = world.get("/v1/events?types[]=payment_intent.*&limit=1").await.json;
    assert_eq!(
        (&events["has_more"], &events["data"][0]["account"]),
        (&true.into(), &world.account.clone().into())
    );
    assert_eq!(world.get("/v1/checkout/sessions?nonsense=1").await.code(), "parameter_unknown");
    assert_eq!(
        world.post("/v1/checkout/sessions", &session_form()).await.headers["stripe-version"],
        "2026-10-28.endive"
    );
}
