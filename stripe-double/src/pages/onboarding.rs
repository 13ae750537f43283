//! The page behind an account link: opened once, within minutes, as at Stripe
//! (<https://docs.stripe.com/api/account_links/create>).

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{notice, page};
use crate::{core::Core, ids};

#[derive(Template)]
#[template(path = "onboarding.html")]
struct Onboarding {
    name: String,
    due: String,
    action: String,
    visit: String,
}

/// `GET /setup/{account}/{link}`: uses the link up; whoever opens it again is sent for a new one.
pub(super) async fn show(
    State(core): State<Arc<Core>>,
    Path((account, id)): Path<(String, String)>,
) -> Response {
    let opened = core.with(|state| {
        let now = state.now;
        let link = state.links.get_mut(&id).filter(|link| link.account == account)?;
        if link.visit.is_some() || now >= link.expires_at {
            return Some(Err(link.refresh_url.clone()));
        }
        let visit = ids::new("visit", 24);
        link.visit = Some(visit.clone());
        let account = state.accounts.get(&account).filter(|account| account.authorised)?;
        let due = account.currently_due.join(", ");
        Some(Ok((account.display_name().to_owned(), due, visit)))
    });
    match opened {
        None => missing(),
        Some(Err(refresh)) => Redirect::to(&refresh).into_response(),
        Some(Ok((name, due, visit))) => {
            page(&Onboarding { name, due, action: format!("/setup/{account}/{id}"), visit })
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Filled {
    visit: String,
    what: String,
}

/// `POST /setup/{account}/{link}`
pub(super) async fn answer(
    State(core): State<Arc<Core>>,
    Path((account, id)): Path<(String, String)>,
    Form(form): Form<Filled>,
) -> Response {
    let done = core.with(|state| {
        let link = state.links.get(&id).filter(|link| link.account == account)?;
        if link.visit.as_ref() != Some(&form.visit) {
            return Some(link.refresh_url.clone());
        }
        let back = link.return_url.clone();
        match form.what.as_str() {
            "complete" => state.enable(&account).ok()?,
            "verify" => state.await_verification(&account).ok()?,
            _ => {}
        }
        Some(back)
    });
    done.map_or_else(missing, |url| Redirect::to(&url).into_response())
}

fn missing() -> Response {
    notice(StatusCode::NOT_FOUND, "There is nothing to set up here", "No link has this address.", None)
}
