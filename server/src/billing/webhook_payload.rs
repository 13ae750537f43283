//! What a webhook says of what happened.

use serde_json::{Value, json};

use crate::store::WebhookFacts;

/// The body of a message: what happened, as it stood then. The same event is the same bytes, however often it is sent.
#[must_use]
pub fn webhook_payload(id: &str, org_slug: &str, event: &WebhookFacts) -> Value {
    let mut data = json!({ "org": { "slug": org_slug } });
    if let Some(invoice) = event.invoice_id {
        let due = match event.settlement.as_deref() {
            Some("open") => event.total_minor.unwrap_or_default() - event.paid_minor.unwrap_or_default(),
            _ => 0,
        };
        data["invoice"] = json!({
            "id": invoice,
            "number": event.number,
            "status": event.settlement,
            "currency": event.currency,
            "totalMinor": event.total_minor,
            "paidMinor": event.paid_minor,
            "dueMinor": due,
            "issuedOn": event.issued_on,
            "dueOn": event.due_on,
            "client": { "id": event.client_id, "name": event.client_name },
        });
    }
    if let Some(payment) = event.payment_id {
        data["payment"] = json!({
            "id": payment,
            "amountMinor": event.amount_minor,
            "method": event.method,
        });
    }
    let timestamp = event.occurred_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    json!({ "id": id, "type": event.kind, "timestamp": timestamp, "data": data })
}
