//! Checkout Sessions (<https://docs.stripe.com/api/checkout/sessions>).

use serde_json::Value;

use super::expand::expand;
use crate::{
    currency,
    error::ApiError,
    form::{Params, need},
    ids,
    model::{Item, Metadata, PaymentStatus, Session, SessionStatus},
    state::State,
    table::Page,
};

/// What Stripe takes and the double does not, so that nobody believes it did something.
const ELSEWHERE: [&str; 22] = [
    "after_expiration",
    "allow_promotion_codes",
    "automatic_tax",
    "consent_collection",
    "currency",
    "custom_fields",
    "custom_text",
    "customer",
    "customer_account",
    "customer_update",
    "discounts",
    "invoice_creation",
    "optional_items",
    "payment_method_configuration",
    "permissions",
    "return_url",
    "saved_payment_method_options",
    "setup_intent_data",
    "shipping_address_collection",
    "shipping_options",
    "subscription_data",
    "tax_id_collection",
];

/// What makes no difference to the double.
const IGNORED: [&str; 8] = [
    "adaptive_pricing",
    "billing_address_collection",
    "branding_settings",
    "customer_creation",
    "excluded_payment_method_types",
    "payment_method_options",
    "phone_number_collection",
    "wallet_options",
];

/// What Stripe knows to pay by.
const TYPES: &str = "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit \
    bancontact billie bizum blik boleto card cashapp crypto customer_balance eps fpx giropay grabpay ideal kakao_pay \
    klarna konbini kr_card link mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco \
    paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay sepa_debit sequra sofort \
    sunbit swish twint upi us_bank_account wechat_pay zip";

const LOCALES: &str = "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv \
    ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW";

/// `POST /v1/checkout/sessions`
pub(crate) fn create(state: &mut State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    params.refuse(&ELSEWHERE)?;
    params.ignore(&IGNORED);
    let mode = params.word("mode", &["payment", "setup", "subscription"])?;
    params.word("ui_mode", &["hosted", "hosted_page"])?;
    let items = params.list("line_items")?;
    let success_url = params.url("success_url")?;
    let cancel_url = params.url("cancel_url")?;
    let client_reference_id = params.short("client_reference_id", 200)?;
    let customer_email = params.email("customer_email")?;
    let locales: Vec<&str> = LOCALES.split_whitespace().collect();
    let locale = params.word("locale", &locales)?;
    let submit_type = params.word("submit_type", &["auto", "book", "donate", "pay"])?;
    let expires_at = params.integer("expires_at")?;
    let types = params.texts("payment_method_types")?;
    if let Some(place) = types.iter().position(|kind| !TYPES.split(' ').any(|known| known == kind)) {
        let name = format!("payment_method_types[{place}]");
        let message = format!("Invalid {name}: must be one of {}", TYPES.replace(' ', ", "));
        return Err(ApiError::invalid(None, message).at(name));
    }
    let expanded = params.texts("expand")?;
    let metadata = params.metadata("metadata")?;
    let (payment_metadata, payment_description) = payment_data(params.map("payment_intent_data")?)?;
    params.finish()?;

    if need(mode, "mode")? != "payment" {
        return Err(ApiError::invalid(None, "This double knows the mode payment alone.").at("mode"));
    }
    let (items, currency) = lines(items)?;
    let success_url = need(success_url, "success_url")?;
    let amount = items
        .iter()
        .try_fold(0_i64, |sum, item| sum.checked_add(item.unit_amount.checked_mul(item.quantity)?));
    let amount = amount.unwrap_or(i64::MAX);
    currency::check_total(amount, &currency)?;
    let expires_at = expires_at.unwrap_or(state.now + 24 * 60 * 60);
    check_expiry(expires_at - state.now)?;
    state.chargeable(account)?;

    let id = ids::new("cs_test", 58);
    let url = format!("{}/pay/{id}", state.public_url);
    let payment_method_types =
        if types.is_empty() { vec!["card".into(), "sepa_debit".into()] } else { types };
    let session = Session {
        account: account.to_owned(),
        created: state.now,
        expires_at,
        amount,
        currency,
        items,
        metadata,
        payment_metadata,
        payment_description,
        status: SessionStatus::Open,
        payment_status: PaymentStatus::Unpaid,
        payment_intent: None,
        success_url,
        cancel_url,
        client_reference_id,
        customer_email,
        typed_email: None,
        locale,
        submit_type,
        payment_method_types,
        url,
        id,
    };
    let json = session.json();
    state.sessions.insert(session);
    expand(state, json, &expanded)
}

fn payment_data(data: Option<Params>) -> Result<(Metadata, Option<String>), ApiError> {
    let Some(mut data) = data else { return Ok((Metadata::new(), None)) };
    data.refuse(&["on_behalf_of", "setup_future_usage", "shipping", "transfer_data", "transfer_group"])?;
    data.word("capture_method", &["automatic", "automatic_async"])?;
    data.email("receipt_email")?;
    data.short("statement_descriptor", 22)?;
    data.short("statement_descriptor_suffix", 22)?;
    data.integer("application_fee_amount")?;
    let read = (data.metadata("metadata")?, data.short("description", 1000)?);
    data.finish()?;
    Ok(read)
}

/// The lines, all in one currency.
fn lines(rows: Vec<Params>) -> Result<(Vec<Item>, String), ApiError> {
    if rows.is_empty() {
        return Err(ApiError::missing("line_items"));
    }
    if rows.len() > 100 {
        return Err(ApiError::invalid(None, "A session has 100 line items at most.").at("line_items"));
    }
    let mut items = Vec::new();
    let mut all: Option<String> = None;
    for row in rows {
        let (item, currency) = line(row)?;
        if all.as_ref().is_some_and(|other| *other != currency) {
            let message = "All line items of a Checkout Session must have the same currency.";
            return Err(ApiError::invalid(None, message).at("line_items"));
        }
        all = Some(currency);
        items.push(item);
    }
    Ok((items, all.unwrap_or_default()))
}

fn line(mut row: Params) -> Result<(Item, String), ApiError> {
    row.refuse(&["price", "adjustable_quantity", "tax_rates", "dynamic_tax_rates", "metadata"])?;
    let quantity_name = row.name("quantity");
    let price_name = row.name("price_data");
    let quantity = row.integer("quantity")?;
    let price = row.map("price_data")?;
    row.finish()?;
    let mut price = need(price, &price_name)?;
    price.refuse(&["product", "recurring", "tax_behavior", "unit_amount_decimal"])?;
    let names = ["currency", "unit_amount", "product_data"].map(|key| price.name(key));
    let currency = price.text("currency")?.map(|code| code.to_lowercase());
    let unit_amount = price.integer("unit_amount")?;
    let product = price.map("product_data")?;
    price.finish()?;
    let currency = need(currency, &names[0])?;
    if !currency::is_known(&currency) {
        let message = format!("Invalid currency: {currency}. Stripe does not charge in it.");
        return Err(ApiError::invalid(None, message).at(&names[0]));
    }
    let unit_amount = need(unit_amount, &names[1])?;
    currency::check_unit(unit_amount, &currency).map_err(|error| error.at(&names[1]))?;
    let mut product = need(product, &names[2])?;
    product.refuse(&["tax_code", "unit_label", "tax_details"])?;
    product.ignore(&["images", "metadata"]);
    let product_name = product.name("name");
    let (name, description) = (product.text("name")?, product.text("description")?);
    product.finish()?;
    let quantity = need(quantity, &quantity_name)?;
    if !(1..=999_999).contains(&quantity) {
        let message = "This value must be between 1 and 999999.";
        return Err(ApiError::invalid(Some("parameter_invalid_integer"), message).at(quantity_name));
    }
    let name = need(name, &product_name)?;
    Ok((Item { id: ids::new("li", 24), name, description, unit_amount, quantity }, currency))
}

fn check_expiry(seconds: i64) -> Result<(), ApiError> {
    let message = match seconds {
        ..1800 => "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
        86_401.. => "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
        _ => return Ok(()),
    };
    Err(ApiError::invalid(None, message).at("expires_at"))
}

/// `GET /v1/checkout/sessions/{id}`
pub(crate) fn retrieve(
    state: &State,
    account: &str,
    id: &str,
    mut params: Params,
) -> Result<Value, ApiError> {
    let expanded = params.texts("expand")?;
    params.finish()?;
    expand(state, of(state, account, id)?.json(), &expanded)
}

/// `GET /v1/checkout/sessions`
pub(crate) fn list(state: &State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    let page = Page::read(&mut params)?;
    let intent = params.text("payment_intent")?;
    let status = params.word("status", &["open", "complete", "expired"])?;
    params.finish()?;
    let filter = |session: &Session| {
        (intent.is_none() || session.payment_intent == intent)
            && status.as_deref().is_none_or(|status| session.status.as_str() == status)
    };
    let list = page.list(&state.sessions, account, "/v1/checkout/sessions", filter, Session::json)?;
    expand(state, list, &page.expand)
}

/// `POST /v1/checkout/sessions/{id}/expire`
pub(crate) fn expire(
    state: &mut State,
    account: &str,
    id: &str,
    mut params: Params,
) -> Result<Value, ApiError> {
    let expanded = params.texts("expand")?;
    params.finish()?;
    of(state, account, id)?;
    state.expire(id)?;
    expand(state, of(state, account, id)?.json(), &expanded)
}

fn of<'a>(state: &'a State, account: &str, id: &str) -> Result<&'a Session, ApiError> {
    state.sessions.of(account, id).ok_or_else(|| ApiError::not_found("checkout.session", id, "session"))
}
