//! A Checkout Session (<https://docs.stripe.com/api/checkout/sessions/object>): one invitation to pay.

use serde_json::{Value, json};

use super::{Metadata, with_nulls, words};

words! {
    /// Whether a session can still be paid.
    SessionStatus {
        /// It waits for the payer.
        Open = "open",
        /// The payer has done their part; the money may still be on its way.
        Complete = "complete",
        /// Its time is over, or the platform ended it.
        Expired = "expired",
    }
}

words! {
    /// Whether the money is there.
    PaymentStatus {
        /// Not yet, or never.
        Unpaid = "unpaid",
        /// It is.
        Paid = "paid",
    }
}

/// One line of what is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `li_…`
    pub id: String,
    /// What it is called.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// The price of one, in minor units.
    pub unit_amount: i64,
    /// How many.
    pub quantity: i64,
}

/// What Stripe always tells of it, and has no value here.
const ABSENT: [&str; 27] = [
    "after_expiration",
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "billing_address_collection",
    "client_secret",
    "collected_information",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer",
    "customer_account",
    "discounts",
    "integration_identifier",
    "invoice",
    "invoice_creation",
    "managed_payments",
    "origin_context",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
    "wallet_options",
];

/// A Checkout Session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `cs_test_…`
    pub id: String,
    /// The connected account that is paid.
    pub account: String,
    /// When it was made.
    pub created: i64,
    /// When it ends by itself.
    pub expires_at: i64,
    /// What is to be paid in all, in minor units.
    pub amount: i64,
    /// Three letters, lowercase.
    pub currency: String,
    /// The lines of it.
    pub items: Vec<Item>,
    /// What the platform wrote on the session.
    pub metadata: Metadata,
    /// What the platform writes on the payment.
    pub payment_metadata: Metadata,
    /// How the payment is described.
    pub payment_description: Option<String>,
    /// Whether it can still be paid.
    pub status: SessionStatus,
    /// Whether the money is there.
    pub payment_status: PaymentStatus,
    /// The payment, once somebody has tried.
    pub payment_intent: Option<String>,
    /// Where who has paid is sent; `{CHECKOUT_SESSION_ID}` stands in it.
    pub success_url: String,
    /// Where who goes back is sent.
    pub cancel_url: Option<String>,
    /// The platform's own name for it.
    pub client_reference_id: Option<String>,
    /// Who pays, as the platform said.
    pub customer_email: Option<String>,
    /// Who pays, as they said themselves on the page.
    pub typed_email: Option<String>,
    /// The language of the page.
    pub locale: Option<String>,
    /// What the button says.
    pub submit_type: Option<String>,
    /// By what it may be paid.
    pub payment_method_types: Vec<String>,
    /// Where it is paid.
    pub url: String,
}

impl Session {
    /// Where who has paid is sent, with the id in it.
    #[must_use]
    pub fn success_target(&self) -> String {
        self.success_url.replace("{CHECKOUT_SESSION_ID}", &self.id)
    }

    /// Who pays, as far as it is known.
    #[must_use]
    pub fn payer_email(&self) -> Option<&str> {
        self.customer_email.as_deref().or(self.typed_email.as_deref())
    }

    /// `card`, where it may be paid by card.
    #[must_use]
    pub fn card(&self) -> Option<&str> {
        self.payment_method_types.iter().map(String::as_str).find(|kind| *kind == "card")
    }

    /// The first bank debit by which it may be paid.
    #[must_use]
    pub fn debit(&self) -> Option<&str> {
        let debit = |kind: &&str| kind.ends_with("_debit") || *kind == "us_bank_account";
        self.payment_method_types.iter().map(String::as_str).find(debit)
    }

    pub(crate) fn json(&self) -> Value {
        let open = self.status == SessionStatus::Open;
        let completed = self.status == SessionStatus::Complete;
        let email = self.payer_email();
        let details = (completed || email.is_some())
            .then(|| json!({ "email": email, "name": null, "phone": null, "address": null }));
        let object = json!({
            "id": self.id,
            "object": "checkout.session",
            "adaptive_pricing": { "enabled": false },
            "amount_subtotal": self.amount,
            "amount_total": self.amount,
            "automatic_tax": { "enabled": false, "liability": null, "status": null },
            "cancel_url": self.cancel_url,
            "client_reference_id": self.client_reference_id,
            "created": self.created,
            "currency": self.currency,
            "custom_fields": [],
            "custom_text": {
                "after_submit": null,
                "shipping_address": null,
                "submit": null,
                "terms_of_service_acceptance": null,
            },
            "customer_creation": "if_required",
            "customer_details": details,
            "customer_email": self.customer_email,
            "expires_at": self.expires_at,
            "livemode": false,
            "locale": self.locale,
            "metadata": self.metadata,
            "mode": "payment",
            "payment_intent": self.payment_intent,
            "payment_method_collection": "if_required",
            "payment_method_options": {},
            "payment_method_types": self.payment_method_types,
            "payment_status": self.payment_status.as_str(),
            "shipping_options": [],
            "status": self.status.as_str(),
            "submit_type": self.submit_type,
            "success_url": self.success_url,
            "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
            "ui_mode": "hosted_page",
            "url": open.then_some(&self.url),
        });
        with_nulls(object, &ABSENT)
    }

    /// The lines, which the API gives only who asks for them.
    pub(crate) fn items_json(&self) -> Value {
        let item = |item: &Item| {
            json!({
                "id": item.id,
                "object": "item",
                "amount_discount": 0,
                "amount_subtotal": item.unit_amount * item.quantity,
                "amount_tax": 0,
                "amount_total": item.unit_amount * item.quantity,
                "currency": self.currency,
                "description": item.name,
                "price": { "object": "price", "currency": self.currency, "unit_amount": item.unit_amount },
                "quantity": item.quantity,
            })
        };
        let url = format!("/v1/checkout/sessions/{}/line_items", self.id);
        let data: Vec<Value> = self.items.iter().map(item).collect();
        json!({ "object": "list", "url": url, "has_more": false, "data": data })
    }
}
