//! The pages of webhooks, and the data on them.

use leptos::prelude::*;
use postern_app::{
    api::{
        portal::{Page, PageInfo},
        team::{Webhook, WebhookAttempt, WebhookDelivery, WebhookForm, WebhookState},
    },
    pages::team::{WebhookPage, WebhooksPage},
    problem::Problems,
    render::render,
};

use super::team::{frame, wrong};

fn time(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap_or_default()
}

fn webhook(state: WebhookState) -> Webhook {
    Webhook {
        id: "w1".to_owned(),
        url:
            "https://books.featherstonehaugh-cholmondeley.example/integrations/billing/incoming?account=4711"
                .to_owned(),
        events: ["INVOICE_SENT", "INVOICE_PAID", "PAYMENT_REFUNDED"].map(str::to_owned).to_vec(),
        state,
        failing_since: Some(time("2026-03-01T07:12:00Z")),
        secret: Some("whsec_a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=".to_owned()),
    }
}

pub(crate) fn deliveries() -> Vec<WebhookDelivery> {
    let attempt = |status, answer: &str| WebhookAttempt {
        at: time("2026-03-01T07:12:00Z"),
        status,
        answer: answer.to_owned(),
        millis: 1512,
    };
    let delivery = |state: &str, event: &str, attempts| {
        WebhookDelivery {
        event_id: "019ca945-0a00-7549-847e-8457ceb37e56".to_owned(),
        event: event.to_owned(),
        occurred_at: time("2026-03-01T07:00:00Z"),
        state: state.to_owned(),
        next_at: (state == "WAITING").then(|| time("2026-03-01T09:00:00Z")),
        payload: "{\"id\":\"019ca945-0a00-7549-847e-8457ceb37e56\",\"type\":\"invoice.paid\",\"timestamp\":\"2026-03-01T07:00:00.000000Z\",\"data\":{\"org\":{\"slug\":\"juniper\"}}}".to_owned(),
        attempts,
    }
    };
    vec![
        delivery(
            "WAITING",
            "INVOICE_PAID",
            vec![attempt(None, "connection refused"), attempt(Some(500), "<b>oh no</b>")],
        ),
        delivery("DELIVERED", "INVOICE_SENT", vec![attempt(Some(200), "")]),
        delivery("FAILED", "TEST", vec![attempt(Some(404), "not here")]),
    ]
}

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let list = |webhooks, form, problems| {
        render(move || view! { <WebhooksPage frame=frame() webhooks form problems/> })
    };
    let one = |state, nodes: Vec<WebhookDelivery>, problems| {
        let webhook = webhook(state);
        let form = WebhookForm { url: webhook.url.clone(), events: webhook.events.clone() };
        let info = PageInfo {
            has_next_page: !nodes.is_empty(),
            has_previous_page: false,
            start_cursor: None,
            end_cursor: Some("c".to_owned()),
        };
        let deliveries = Page { nodes, page_info: info };
        render(move || view! { <WebhookPage frame=frame() webhook deliveries form problems/> })
    };
    let all = [WebhookState::Live, WebhookState::Failing, WebhookState::Off, WebhookState::OffForFailures]
        .map(webhook)
        .to_vec();
    let typed = WebhookForm { url: "https://127.0.0.1/".to_owned(), events: vec![] };
    vec![
        ("team-webhooks", list(all, WebhookForm::default(), Problems::default())),
        ("team-webhooks-wrong", list(vec![], typed, wrong(&["url", "events"]))),
        ("team-webhook", one(WebhookState::Failing, deliveries(), Problems::default())),
        ("team-webhook-off", one(WebhookState::OffForGone, vec![], Problems::default())),
    ]
}
