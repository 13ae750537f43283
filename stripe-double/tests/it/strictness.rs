//! What Stripe refuses, the double refuses.

use crate::client::{Ask, START, World, send, session_form};

const SESSIONS: &str = "/v1/checkout/sessions";

#[tokio::test]
async fn a_session_must_be_as_stripe_wants_it() {
    let world = World::new().await;
    let form = session_form();
    let (early, late) = (START + 1799, START + 86_401);
    let line = |n: usize, currency: &str| {
        let price = format!("&line_items[{n}][price_data]");
        format!(
            "&line_items[{n}][quantity]=1{price}[currency]={currency}{price}[unit_amount]=100{price}[product_data][name]=x"
        )
    };
    let second_line = line(1, "usd");
    let many = (1..101).map(|n| line(n, "eur")).collect::<Vec<_>>().concat();
    let metadata = (0..51).map(|n| format!("&metadata[k{n}]=v")).collect::<Vec<_>>().concat();
    for (body, code, param) in [
        (format!("{form}&nonsense=1"), "parameter_unknown", "nonsense"),
        (
            format!("{form}&payment_intent_data[nonsense]=1"),
            "parameter_unknown",
            "payment_intent_data[nonsense]",
        ),
        (format!("{form}&line_items[0][amount]=1"), "parameter_unknown", "line_items[0][amount]"),
        (format!("{form}&after_expiration[recovery][enabled]=true"), "parameter_unknown", "after_expiration"),
        (form.replace("mode=payment&", ""), "parameter_missing", "mode"),
        (form.replace("mode=payment", "mode=subscription"), "", "mode"),
        (form.replace("mode=payment", "mode=other"), "", "mode"),
        (form.replace("success_url=", "x_url="), "parameter_unknown", "x_url"),
        (form.replace("&line_items[0][quantity]=1&", "&"), "parameter_missing", "line_items[0][quantity]"),
        (form.replace("[currency]=eur", "[currency]=xxx"), "", "line_items[0][price_data][currency]"),
        (
            form.replace("=10000", "=1e4"),
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (
            form.replace("=10000", "=100.5"),
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (
            form.replace("=10000", "=-1"),
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (form.replace("=10000", "=49"), "amount_too_small", ""),
        (form.replace("=10000", "=100000000"), "amount_too_large", ""),
        (
            form.replace("=10000", "=5124").replace("=eur", "=kwd"),
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (form.replace("https://postern.example/done", "/done"), "url_invalid", "success_url"),
        (format!("{form}&customer_email=nobody"), "email_invalid", "customer_email"),
        (format!("{form}&customer_email="), "parameter_invalid_empty", "customer_email"),
        (format!("{form}&locale=xx"), "", "locale"),
        (format!("{form}&payment_method_types[]=cash"), "", "payment_method_types[0]"),
        (format!("{form}&expires_at={early}"), "", "expires_at"),
        (format!("{form}&expires_at={late}"), "", "expires_at"),
        (format!("{form}{second_line}"), "", "line_items"),
        (format!("{form}{many}"), "", "line_items"),
        (format!("{form}{metadata}"), "", "metadata"),
        (format!("{form}&client_reference_id={}", "x".repeat(201)), "", "client_reference_id"),
    ] {
        let answer = world.post(SESSIONS, &body).await;
        let told = answer.json["error"]["param"].as_str().unwrap_or_default();
        assert_eq!((answer.status, answer.code(), told), (400, code, param), "{}", answer.text);
        assert_eq!(answer.json["error"]["type"], "invalid_request_error");
    }
    assert_eq!(world.double.created_objects()["checkout.session"], 0);
    let well = format!(
        "{form}&expires_at={}&customer_email=a@b.example&locale=de&submit_type=pay&client_reference_id=7\
         &payment_method_types[]=card&payment_method_options[card][request_three_d_secure]=any",
        START + 1800
    );
    assert_eq!(world.post(SESSIONS, &well).await.status, 200);
}

#[tokio::test]
async fn who_asks_must_have_the_key_and_access_to_the_account() {
    let world = World::new().await;
    let to = world.double.address();
    let ask = |headers| Ask { method: "GET", path: SESSIONS, headers, body: String::new() };
    for headers in [vec![], vec![("authorization", "Bearer sk_test_other")]] {
        let answer = send(to, ask(headers)).await.unwrap();
        assert_eq!((answer.status, &answer.json["error"]["type"]), (401, &"invalid_request_error".into()));
    }
    let key = ("authorization", "Basic c2tfdGVzdF9kb3VibGU6");
    let answer = send(to, ask(vec![key, ("stripe-account", "acct_other")])).await.unwrap();
    assert_eq!((answer.status, answer.code()), (403, "account_invalid"));
    assert_eq!(send(to, ask(vec![key, ("stripe-account", &world.account)])).await.unwrap().status, 200);
    assert_eq!(send(to, ask(vec![key])).await.unwrap().status, 400, "nothing is the platform's own");
    let json = vec![key, ("stripe-account", &*world.account), ("content-type", "application/json")];
    let ask = Ask { method: "POST", path: SESSIONS, headers: json, body: "{}".into() };
    assert_eq!(send(to, ask).await.unwrap().status, 400);

    assert_eq!(world.get("/v1/nonsense").await.status, 404);
    world.double.deauthorize(&world.account).unwrap();
    assert_eq!(world.get(SESSIONS).await.code(), "account_invalid");
    let account = world.platform("GET", &format!("/v1/accounts/{}", world.account), "").await;
    assert_eq!((account.status, account.code()), (403, "account_invalid"));
}

#[tokio::test]
async fn objects_of_another_account_are_not_there() {
    let world = World::new().await;
    let session = world.session().await;
    let payment = world.double.pay(&session, stripe_double::Method::Card).unwrap();
    let charge = world.double.charges(&payment)[0].id.clone();
    let refund = world.double.refund(&payment, Some(100)).unwrap();
    let event = world.double.events().pop().unwrap().id;
    let other = world.platform("POST", "/v1/accounts", "type=standard").await.id();
    let paths = [
        format!("{SESSIONS}/{session}"),
        format!("/v1/payment_intents/{payment}"),
        format!("/v1/charges/{charge}"),
        format!("/v1/refunds/{refund}"),
        format!("/v1/events/{event}"),
    ];
    for path in &paths {
        assert_eq!(world.get(path).await.status, 200, "{path}");
        let headers = vec![("authorization", "Bearer sk_test_double"), ("stripe-account", &*other)];
        let ask = Ask { method: "GET", path, headers, body: String::new() };
        let answer = send(world.double.address(), ask).await.unwrap();
        assert_eq!((answer.status, answer.code()), (404, "resource_missing"), "{path}");
    }
    let headers = vec![("authorization", "Bearer sk_test_double"), ("stripe-account", &*other)];
    let path = format!("{SESSIONS}/{session}/expire");
    let ask = Ask { method: "POST", path: &path, headers, body: String::new() };
    assert_eq!(send(world.double.address(), ask).await.unwrap().status, 404);
}

#[tokio::test]
async fn an_account_that_may_not_take_charges_takes_none() {
    let world = World::new().await;
    let session = world.session().await;
    world.double.disable_account(&world.account).unwrap();
    assert_eq!(world.post(SESSIONS, &session_form()).await.status, 400);
    assert!(world.double.pay(&session, stripe_double::Method::Card).is_err());
    let account = world.platform("GET", &format!("/v1/accounts/{}", world.account), "").await.json;
    assert_eq!(
        (&account["charges_enabled"], &account["requirements"]["disabled_reason"]),
        (&false.into(), &"requirements.past_due".into())
    );
}

#[tokio::test]
async fn no_more_is_given_back_than_was_paid() {
    let world = World::new().await;
    let session = world.session().await;
    let payment = world.double.pay(&session, stripe_double::Method::Card).unwrap();
    let refund = |rest: &str| format!("payment_intent={payment}{rest}");
    assert_eq!(world.post("/v1/refunds", &refund("&amount=10001")).await.status, 400);
    assert_eq!(world.post("/v1/refunds", &refund("&amount=0")).await.code(), "parameter_invalid_integer");
    assert_eq!(world.post("/v1/refunds", &refund("&amount=100000000")).await.code(), "amount_too_large");
    assert_eq!(world.post("/v1/refunds", &refund("&reason=whim")).await.status, 400);
    assert_eq!(world.post("/v1/refunds", &refund("&amount=4000")).await.json["status"], "succeeded");
    assert_eq!(world.post("/v1/refunds", &refund("&amount=6001")).await.status, 400);
    assert_eq!(world.post("/v1/refunds", &refund("")).await.json["amount"], 6000);
    assert_eq!(world.post("/v1/refunds", &refund("")).await.code(), "charge_already_refunded");
    let list = world.get(&format!("/v1/refunds?payment_intent={payment}")).await.json;
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    assert_eq!(world.post("/v1/refunds", "amount=1").await.code(), "parameter_missing");
    assert_eq!(world.post("/v1/refunds", "charge=ch_other").await.status, 404);
}
