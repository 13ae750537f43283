//! From a cookie to an actor, once a request, before anything else.

use std::{convert::Infallible, sync::Arc};

use app::{
    format::Formats,
    layout::{Brand, Frame},
    pages::portal::PortalDisabledPage,
    routes,
};
use axum::{
    extract::FromRequestParts,
    http::{Method, StatusCode, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

use super::{client::Client, envelope::RequestId, notice::Explained};
use crate::{
    auth::session::{Admission, OrgBrand, PortalVisit},
    clock::calendar_day,
    error::Error,
    graphql::{Caller, PageExecutor},
    http::nonce::render,
    login::safe_next,
    site,
    state::App,
};

/// A contact who is signed in, and from where they ask.
pub(super) struct Visitor {
    pub(super) visit: Arc<PortalVisit>,
    pub(super) client: Client,
    pub(super) request_id: RequestId,
}

impl Visitor {
    /// Runs documents as this contact.
    pub(super) fn executor<'a>(&self, app: &'a App) -> PageExecutor<'a> {
        let caller = Caller::Portal(Arc::clone(&self.visit));
        PageExecutor::new(&app.pages, caller, self.client.origin.clone())
    }

    /// What every page shows.
    pub(super) fn frame(&self, app: &App) -> Frame {
        let visit = &self.visit;
        Frame {
            brand: self.brand(),
            client_name: visit.client_name.clone(),
            contact_name: visit.contact_name.clone(),
            contact_email: visit.contact_email.clone(),
            today: calendar_day(app.clock.now(), visit.time_zone),
            formats: Formats::new(&visit.locale, visit.time_zone.name()),
            payment_instructions: visit.payment_instructions.clone(),
            can_pay: visit.takes_payments && app.payments.is_some(),
            is_preview: visit.actor.is_preview(),
            assets: site::assets(),
        }
    }

    /// The org's brand.
    pub(super) fn brand(&self) -> Brand {
        brand(&self.visit.brand)
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let client =
            Client::from_request_parts(parts, app).await.unwrap_or_else(|never: Infallible| match never {});
        let request_id =
            parts.extensions.get::<RequestId>().cloned().unwrap_or_else(|| RequestId(String::new()));
        match app.admit(&parts.headers).await.map_err(Error::into_response)? {
            Some(Admission::Open(visit)) => Ok(Self { visit, client, request_id }),
            Some(Admission::Disabled(org)) => Err(disabled(&org)),
            None => Err(to_login(parts)),
        }
    }
}

/// To the login, and from there back to the page that was wanted.
fn to_login(parts: &Parts) -> Response {
    let wanted = parts.uri.path_and_query().map(|path| format!("/portal{path}"));
    match wanted.as_deref().filter(|_| parts.method == Method::GET).and_then(safe_next) {
        Some(next) => Redirect::to(&routes::portal_login_then(next)).into_response(),
        None => Redirect::to(routes::PORTAL_LOGIN).into_response(),
    }
}

/// The notice of an org whose plan has no portal any more (rule B2).
fn disabled(org: &OrgBrand) -> Response {
    let brand = brand(org);
    let assets = site::assets();
    let html = render(move || view! { <PortalDisabledPage brand assets/> });
    let mut response = (StatusCode::FORBIDDEN, Html(html)).into_response();
    response.extensions_mut().insert(Explained);
    response
}

/// An org's brand as pages know it.
pub(super) fn brand(org: &OrgBrand) -> Brand {
    Brand {
        org_slug: org.org_slug.clone(),
        org_name: org.org_name.clone(),
        logo_url: org.logo_sha256.as_deref().map(|sha256| routes::brand_logo(&org.org_slug, sha256)),
        accent: org.accent.parse().unwrap_or_default(),
        support_email: org.org_email.clone(),
    }
}
