//! A thousand webhooks at once: each is kept, and looked at once (rule M3).

use stripe_double::sign;
use tokio::task::JoinSet;

use crate::online::{SECRET, in_both_shops};

const BURST: usize = 1_000;

in_both_shops! {
    /// What is not taken at once, because the database is busy, is told so, and taken when Stripe sends it again.
    async fn a_burst_loses_nothing(shop: Shop) {
        let mut waiting: Vec<usize> = (0..BURST).collect();
        for _ in 0..20 {
            let mut sent = JoinSet::new();
            for n in waiting.drain(..) {
                let body = format!(
                    "{{\"id\":\"evt_{n}\",\"type\":\"payment_intent.created\",\"account\":\"{}\",\"livemode\":false,\
                     \"data\":{{\"object\":{{\"id\":\"pi_{n}\",\"object\":\"payment_intent\",\"metadata\":{{}}}}}}}}",
                    shop.account
                );
                let mut browser = shop.app.browser();
                let signature = sign(body.as_bytes(), SECRET, shop.app.now().timestamp());
                sent.spawn(async move {
                    let headers = [("content-type", "application/json"), ("stripe-signature", signature.as_str())];
                    let body = axum::body::Body::from(body);
                    (n, browser.request(axum::http::Method::POST, "/stripe/webhook", &headers, body).await.status)
                });
            }
            while let Some(answer) = sent.join_next().await {
                match answer.unwrap() {
                    (_, 200) => {}
                    (n, 503) => waiting.push(n),
                    (n, status) => panic!("{n}: {status}"),
                }
            }
            if waiting.is_empty() {
                break;
            }
        }
        let count = |what: &'static str| async { shop.app.database.number(what).await };
        let burst = i64::try_from(BURST).unwrap();
        assert_eq!(count("SELECT COUNT(*) FROM stripe_events").await, burst);
        assert_eq!(count("SELECT COUNT(*) FROM jobs WHERE kind = 'stripe_event'").await, burst, "each with its job");
        shop.app.work().await;
        assert_eq!(count("SELECT COUNT(*) FROM stripe_events WHERE outcome = 'not ours'").await, burst);
        assert_eq!(count("SELECT COUNT(*) FROM jobs WHERE kind = 'stripe_event'").await, 0);
    }
}
