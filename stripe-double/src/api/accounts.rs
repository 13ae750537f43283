//! Connected accounts, and links to their onboarding (<https://docs.stripe.com/api/accounts>,
//! <https://docs.stripe.com/api/account_links>).

use serde_json::{Value, json};

use crate::{
    currency,
    error::ApiError,
    form::{Params, need},
    ids,
    model::Account,
    state::{Link, State},
};

/// How long a link to the onboarding may be opened.
const LINK_LIFE: i64 = 5 * 60;

/// `POST /v1/accounts`
pub(crate) fn create(state: &mut State, mut params: Params) -> Result<Value, ApiError> {
    params.ignore(&["capabilities", "settings", "company", "individual", "tos_acceptance", "expand"]);
    let type_ = params.word("type", &["standard", "express", "custom"])?;
    let dashboard = match params.map("controller")? {
        Some(controller) => Some(controller_dashboard(controller)?),
        None => None,
    };
    if type_.is_some() && dashboard.is_some() {
        return Err(ApiError::invalid(
            None,
            "You may only specify one of these parameters: type, controller.",
        ));
    }
    params.word("business_type", &["company", "government_entity", "individual", "non_profit"])?;
    let country = params.short("country", 2)?.unwrap_or_else(|| "US".into());
    if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(ApiError::invalid(
            Some("country_unsupported"),
            format!("Country '{country}' is unknown."),
        )
        .at("country"));
    }
    let default_currency = match params.text("default_currency")? {
        Some(code) if !currency::is_known(&code) => {
            return Err(ApiError::invalid(None, format!("Invalid currency: {code}")).at("default_currency"));
        }
        Some(code) => code,
        None => currency_of(&country).to_owned(),
    };
    let (name, website) = match params.map("business_profile")? {
        Some(mut profile) => {
            profile.ignore(&["mcc", "product_description", "support_email", "support_phone", "support_url"]);
            let found = (profile.text("name")?, profile.url("url")?);
            profile.finish()?;
            found
        }
        None => (None, None),
    };
    let account = Account {
        id: ids::new("acct", 16),
        created: state.now,
        country,
        email: params.email("email")?,
        default_currency,
        name,
        website,
        metadata: params.metadata("metadata")?,
        charges_enabled: false,
        details_submitted: false,
        disabled_reason: Some("requirements.past_due".into()),
        currently_due: Account::FORM.map(str::to_owned).to_vec(),
        past_due: Account::FORM.map(str::to_owned).to_vec(),
        pending_verification: Vec::new(),
        authorised: true,
        kind: type_.or(dashboard).unwrap_or_else(|| "standard".into()),
    };
    params.finish()?;
    let json = account.json();
    state.accounts.insert(account);
    Ok(json)
}

/// What `controller` says of the dashboard is what the account's type was before there was `controller`.
fn controller_dashboard(mut controller: Params) -> Result<String, ApiError> {
    let mut kind = "standard".to_owned();
    if let Some(mut dashboard) = controller.map("stripe_dashboard")? {
        kind = match dashboard.word("type", &["full", "express", "none"])?.as_deref() {
            Some("express") => "express".into(),
            Some("none") => "none".into(),
            _ => kind,
        };
        dashboard.finish()?;
    }
    for (key, field, words) in [
        ("fees", "payer", ["account", "application"].as_slice()),
        ("losses", "payments", ["application", "stripe"].as_slice()),
    ] {
        if let Some(mut inner) = controller.map(key)? {
            inner.word(field, words)?;
            inner.finish()?;
        }
    }
    controller.word("requirement_collection", &["application", "stripe"])?;
    controller.finish()?;
    Ok(kind)
}

fn currency_of(country: &str) -> &'static str {
    match country {
        "GB" => "gbp",
        "CH" | "LI" => "chf",
        "JP" => "jpy",
        "CA" => "cad",
        "AU" => "aud",
        "NZ" => "nzd",
        "SE" => "sek",
        "NO" => "nok",
        "DK" => "dkk",
        "PL" => "pln",
        "CZ" => "czk",
        "HU" => "huf",
        "US" => "usd",
        _ => "eur",
    }
}

/// `GET /v1/accounts/{id}`
pub(crate) fn retrieve(state: &State, id: &str, mut params: Params) -> Result<Value, ApiError> {
    params.ignore(&["expand"]);
    params.finish()?;
    Ok(state.access(id)?.json())
}

/// `POST /v1/account_links`
pub(crate) fn create_link(state: &mut State, mut params: Params) -> Result<Value, ApiError> {
    let account = params.text("account")?;
    let type_ = params.word("type", &["account_onboarding", "account_update"])?;
    let refresh_url = params.url("refresh_url")?;
    let return_url = params.url("return_url")?;
    params.word("collect", &["currently_due", "eventually_due"])?;
    if let Some(mut options) = params.map("collection_options")? {
        options.word("fields", &["currently_due", "eventually_due"])?;
        options.word("future_requirements", &["include", "omit"])?;
        options.finish()?;
    }
    params.finish()?;
    let account = need(account, "account")?;
    if need(type_, "type")? == "account_update" {
        let message = "You cannot create `account_update` type Account Links for this account.";
        return Err(ApiError::invalid(None, message).at("type"));
    }
    let link = Link {
        expires_at: state.now + LINK_LIFE,
        refresh_url: need(refresh_url, "refresh_url")?,
        return_url: need(return_url, "return_url")?,
        visit: None,
        account: state.access(&account)?.id.clone(),
    };
    let id = ids::new("link", 24);
    let url = format!("{}/setup/{account}/{id}", state.public_url);
    let json = json!({
        "object": "account_link",
        "created": state.now,
        "expires_at": link.expires_at,
        "url": url,
    });
    state.links.insert(id, link);
    Ok(json)
}
