//! What payers and payees see, and the control over HTTP.

use serde_json::{Value, json};
use stripe_double::{Method, SessionStatus};

use crate::client::{Answer, Ask, World, send};

async fn page(world: &World, path: &str) -> Answer {
    let ask = Ask { method: "GET", path, headers: vec![], body: String::new() };
    send(world.double.address(), ask).await.unwrap()
}

async fn press(world: &World, path: &str, origin: Option<&str>, body: &str) -> Answer {
    let headers = origin.map(|origin| ("origin", origin)).into_iter().collect();
    send(world.double.address(), Ask { method: "POST", path, headers, body: body.into() }).await.unwrap()
}

async fn control(world: &World, what: &str, body: Value) -> Answer {
    let (path, headers) = (format!("/_control/{what}"), vec![("content-type", "application/json")]);
    let ask = Ask { method: "POST", path: &path, headers, body: body.to_string() };
    send(world.double.address(), ask).await.unwrap()
}

#[tokio::test]
async fn a_payer_is_declined_then_pays_and_is_sent_back() {
    let world = World::new().await;
    let session = world.session().await;
    let url = world.double.session(&session).unwrap().url;
    let path = url.strip_prefix(&world.double.url()).unwrap();
    let shown = page(&world, path).await;
    for text in ["Simulation", "no money moves", "100.00 EUR", "Invoice 7", "https://postern.example/back"] {
        assert!(shown.text.contains(text), "{text}: {}", shown.text);
    }
    assert!(!shown.text.contains("<script"), "it works without");
    assert!(shown.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));

    for origin in ["https://evil.example", "null"] {
        assert_eq!(press(&world, path, Some(origin), "method=card").await.status, 403);
    }
    let declined = press(&world, path, Some(&world.double.url()), "method=declined").await;
    let again = declined.headers["location"].to_str().unwrap();
    assert!(page(&world, again).await.text.contains("declined"));
    let paid = press(&world, path, Some(&world.double.url()), "method=card").await;
    assert_eq!(paid.status, 303);
    assert_eq!(paid.headers["location"], format!("https://postern.example/done?s={session}"));
    assert!(page(&world, path).await.text.contains("paid already"));
    assert_eq!(world.double.payments(&world.account).len(), 1);

    let other = world.session().await;
    world.double.expire(&other).unwrap();
    let gone = page(&world, &format!("/pay/{other}")).await;
    assert_eq!(gone.status, 410);
    assert!(gone.text.contains("expired"));
    assert_eq!(press(&world, &format!("/pay/{other}"), None, "method=card").await.status, 410);
    assert_eq!(page(&world, "/pay/cs_test_other").await.status, 404);
}

#[tokio::test]
async fn what_people_typed_is_text_on_every_page() {
    let world = World::new().await;
    let form = crate::client::session_form().replace("Invoice+7", "%3Cscript%3Ealert(1)%3C/script%3E");
    let session = world.post("/v1/checkout/sessions", &form).await.id();
    for path in [format!("/pay/{session}"), "/dashboard".into()] {
        let text = page(&world, &path).await.text;
        assert!(!text.contains("<script") && text.contains("alert(1)"), "{text}");
    }
}

#[tokio::test]
async fn a_link_to_the_onboarding_is_opened_once_and_soon() {
    let world = World::new().await;
    let account = world.platform("POST", "/v1/accounts", "type=standard&country=DE").await.id();
    let form = format!(
        "account={account}&type=account_onboarding&refresh_url=https://p.example/refresh&return_url=https://p.example/return"
    );
    let link = || async {
        let answer = world.platform("POST", "/v1/account_links", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["url"].as_str().unwrap().strip_prefix(&world.double.url()).unwrap().to_owned()
    };
    let visit = |text: &str| {
        let (_, rest) = text.split_once("name=\"visit\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let path = link().await;
    let shown = page(&world, &path).await;
    assert!(shown.text.contains("Simulation") && shown.text.contains("external_account"), "{}", shown.text);
    let again = page(&world, &path).await;
    assert_eq!(
        (again.status, &again.headers["location"]),
        (303, &"https://p.example/refresh".parse().unwrap())
    );

    let later = press(&world, &path, None, &format!("what=later&visit={}", visit(&shown.text))).await;
    assert_eq!(later.headers["location"], "https://p.example/return");
    let json = world.platform("GET", &format!("/v1/accounts/{account}"), "").await.json;
    assert_eq!((&json["charges_enabled"], &json["details_submitted"]), (&false.into(), &false.into()));
    assert!(!json["requirements"]["currently_due"].as_array().unwrap().is_empty());

    let path = link().await;
    world.pass(300);
    assert_eq!(page(&world, &path).await.headers["location"], "https://p.example/refresh");

    let path = link().await;
    let shown = page(&world, &path).await;
    let forged = press(&world, &path, None, "what=complete&visit=visit_x").await;
    assert_eq!(forged.headers["location"], "https://p.example/refresh");
    press(&world, &path, None, &format!("what=complete&visit={}", visit(&shown.text))).await;
    let json = world.platform("GET", &format!("/v1/accounts/{account}"), "").await.json;
    assert_eq!(
        (&json["charges_enabled"], &json["requirements"]["disabled_reason"]),
        (&true.into(), &Value::Null)
    );
    assert_eq!(world.double.events().last().unwrap().type_, "account.updated");

    let missing = world
        .platform("POST", "/v1/account_links", &format!("account={account}&type=account_onboarding"))
        .await;
    assert_eq!(missing.code(), "parameter_missing");
    let update = form.replace("account_onboarding", "account_update");
    assert_eq!(world.platform("POST", "/v1/account_links", &update).await.status, 400);
}

#[tokio::test]
async fn the_dashboard_has_a_button_for_each_thing_that_can_happen() {
    let world = World::new().await;
    let session = world.session().await;
    assert!(page(&world, "/dashboard").await.text.contains("Let it expire"));
    let payment = world.double.pay(&session, Method::Debit).unwrap();
    for (text, what, id) in [
        ("The bank pays", "settle", payment.clone()),
        ("Refund", "refund", payment.clone()),
        ("The payer disputes it", "dispute", payment.clone()),
    ] {
        let shown = page(&world, "/dashboard").await.text;
        assert!(shown.contains(text), "{text}: {shown}");
        let pressed = press(&world, "/dashboard", None, &format!("what={what}&id={id}&amount=")).await;
        assert_eq!(pressed.status, 303, "{what}: {}", pressed.text);
    }
    let dispute = world.double.disputes(&payment)[0].id.clone();
    assert!(page(&world, "/dashboard").await.text.contains("The payee wins"));
    assert_eq!(press(&world, "/dashboard", None, &format!("what=lose&id={dispute}")).await.status, 303);
    assert_eq!(press(&world, "/dashboard", None, &format!("what=lose&id={dispute}")).await.status, 409);
    assert_eq!(press(&world, "/dashboard", None, "what=nonsense&id=x").await.status, 400);
    let account = world.account.clone();
    for what in ["disable", "enable", "deauthorize"] {
        assert_eq!(press(&world, "/dashboard", None, &format!("what={what}&id={account}")).await.status, 303);
    }
    assert!(page(&world, "/dashboard").await.text.contains("access ended"));
}

#[tokio::test]
async fn a_browser_test_has_the_same_control_over_http() {
    let world = World::new().await;
    assert_eq!(control(&world, "webhooks", json!({ "hold": true })).await.status, 204);
    let session = world.session().await;
    let payment = control(&world, "pay", json!({ "session": session, "method": "debit" })).await.id();
    assert_eq!(control(&world, "do/settle", json!({ "id": payment })).await.status, 200);
    let refund = control(&world, "do/refund", json!({ "id": payment, "amount": 100 })).await.id();
    assert_eq!(world.double.refunds(&payment)[0].id, refund);
    let tampered = control(&world, "tamper", json!({ "session": session, "amount": 7 })).await;
    assert_eq!(tampered.status, 200);
    assert_eq!(world.double.payment(&payment).unwrap().amount, 7);
    let foreign = json!({ "account": world.account, "amount": 100, "currency": "eur" });
    assert_eq!(control(&world, "foreign", foreign).await.status, 200);
    let rule = json!({ "path": "/v1/events", "what": { "refuse": 503 } });
    assert_eq!(control(&world, "misbehave", rule).await.status, 204);
    assert_eq!(world.get("/v1/events").await.status, 503);
    control(&world, "misbehave", json!({ "times": 5, "what": "rate_limited" })).await;
    assert_eq!(control(&world, "behave", json!({})).await.status, 204);
    assert_eq!(world.get("/v1/events").await.status, 200);
    assert_eq!(control(&world, "do/nonsense", json!({ "id": "x" })).await.status, 404);
    assert_eq!(control(&world, "pay", json!({ "session": "cs_x", "method": "card" })).await.status, 404);
    let state = page(&world, "/_control/state").await.json;
    assert_eq!((&state["sessions"][0]["id"], &state["quiet"]), (&session.clone().into(), &false.into()));
    assert_eq!(world.double.session(&session).unwrap().status, SessionStatus::Complete);
    let headers = vec![("content-type", "application/json"), ("origin", "https://evil.example")];
    let ask = Ask { method: "POST", path: "/_control/behave", headers, body: "{}".into() };
    assert_eq!(send(world.double.address(), ask).await.unwrap().status, 403);
}
