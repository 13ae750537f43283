//! The portal as a contact sees it, for a member of the team: marked, read-only, and written down. It has a cookie of
//! its own, so that whoever is signed in to the portal in the same browser still is when it ends.

use app::{error::AppError, routes};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};

use super::team::{refuse, visit::Member};
use crate::{
    auth::{
        cookie::{self, CookieName},
        session::{self, Side},
        token::Token,
    },
    error::Error,
    id::{ClientId, ContactId},
    state::App,
    store::team::PREVIEW_TTL,
};

/// `POST /app/clients/{id}/contacts/{contact}/preview`
pub(super) async fn begin(
    State(app): State<App>,
    member: Member,
    Path((client, contact)): Path<(String, String)>,
) -> Response {
    let token = Token::random();
    let begun = async {
        let client: ClientId = client.parse().map_err(|_| Error::NotFound)?;
        let contact: ContactId = contact.parse().map_err(|_| Error::NotFound)?;
        let scope = app.store.for_team(&member.visit.actor);
        if scope.begin_preview(client, contact, &token.hash(), &member.client.origin).await? {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    };
    match begun.await {
        Ok(()) => {
            let value = session::sign(&app.config.portal_secrets, Side::Preview, token);
            let seconds = PREVIEW_TTL.num_seconds().unsigned_abs();
            with_cookie(&app, routes::PORTAL, &value, seconds)
        }
        Err(error) => {
            error.log();
            let error: AppError = error.to_app();
            refuse(&member, &error)
        }
    }
}

/// `POST /portal/preview/end`: back to the client. Whoever has no preview is where they were.
pub(super) async fn end(State(app): State<App>, headers: HeaderMap) -> Response {
    let name = CookieName::Preview.as_str(app.config.public_url.is_https());
    let token = cookie::read(&headers, name)
        .and_then(|cookie| session::verify(&app.config.portal_secrets, Side::Preview, &cookie));
    let client = match token {
        Some(token) => app.store.system().end_preview(&token.hash()).await,
        None => Ok(None),
    };
    match client {
        Ok(Some(client)) => with_cookie(&app, &routes::app_client(&client.to_string()), "", 0),
        Ok(None) => with_cookie(&app, routes::PORTAL, "", 0),
        Err(error) => error.into_response(),
    }
}

fn with_cookie(app: &App, to: &str, value: &str, seconds: u64) -> Response {
    let mut response = Redirect::to(to).into_response();
    let https = app.config.public_url.is_https();
    response
        .headers_mut()
        .append(header::SET_COOKIE, cookie::set(CookieName::Preview, value, seconds, https));
    response
}
