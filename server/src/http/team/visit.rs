//! From a cookie to a member of the team, once a request, before anything else.

use std::{convert::Infallible, sync::Arc};

use app::{
    format::Formats,
    layout::{Brand, DeskFrame},
    routes,
};
use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    auth::{actor::Role, session::has_portal, team_session::TeamVisit},
    clock::calendar_day,
    error::Error,
    graphql::{Caller, PageExecutor},
    http::{client::Client, envelope::RequestId, visit::brand},
    site,
    state::App,
};

/// A member who is signed in, and from where they ask.
pub(in crate::http) struct Member {
    pub(in crate::http) visit: Arc<TeamVisit>,
    pub(in crate::http) client: Client,
    pub(super) request_id: RequestId,
}

impl Member {
    /// Runs documents as this member.
    pub(in crate::http) fn executor<'a>(&self, app: &'a App) -> PageExecutor<'a> {
        let caller = Caller::Team(Arc::clone(&self.visit));
        PageExecutor::new(&app.pages, caller, self.client.origin.clone())
    }

    /// What every page shows.
    pub(in crate::http) fn frame(&self, app: &App) -> DeskFrame {
        let visit = &self.visit;
        DeskFrame {
            brand: self.brand(),
            person_name: visit.person_name.clone(),
            person_email: visit.person_email.clone(),
            today: calendar_day(app.clock.now(), visit.time_zone),
            formats: Formats::new(&visit.locale, visit.time_zone.name()),
            has_portal: has_portal(&visit.plan),
            is_admin: visit.actor.role() >= Role::Admin,
            is_owner: visit.actor.role() >= Role::Owner,
            has_other_orgs: visit.has_other_orgs,
            assets: site::assets(),
        }
    }

    /// The org's brand.
    pub(super) fn brand(&self) -> Brand {
        brand(&self.visit.brand)
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let client =
            Client::from_request_parts(parts, app).await.unwrap_or_else(|never: Infallible| match never {});
        let request_id =
            parts.extensions.get::<RequestId>().cloned().unwrap_or_else(|| RequestId(String::new()));
        match app.admit_member(&parts.headers).await.map_err(Error::into_response)? {
            Some(visit) => Ok(Self { visit, client, request_id }),
            None => Err(to_login(parts)),
        }
    }
}

/// To the login, and from there back to the page that was wanted.
fn to_login(parts: &Parts) -> Response {
    let wanted = parts.uri.path_and_query().map(|path| format!("{}{path}", routes::APP));
    match wanted.as_deref().filter(|_| parts.method == Method::GET).and_then(safe_next) {
        Some(next) => Redirect::to(&routes::app_login_then(next)).into_response(),
        None => Redirect::to(routes::APP_LOGIN).into_response(),
    }
}

/// The path that was wanted, if it is a page of the team's that one can be sent to (rule L8).
pub(crate) fn safe_next(path: &str) -> Option<&str> {
    crate::login::safe_path(
        path,
        "/app/",
        &["activity", "clients", "graphql", "invoices", "payments", "settings", "account", "switch"],
    )
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_pages_of_the_team_are_reached_after_the_login() {
        for path in [
            "/app/clients",
            "/app/clients?q=a%20b",
            "/app/clients/new",
            "/app/activity?topic=invoices",
            "/app/graphql",
        ] {
            assert_eq!(safe_next(path), Some(path));
        }
        for path in [
            "",
            "/app",
            "/app/login",
            "/app/sign-out",
            "/app/activity.csv",
            "/portal/invoices",
            "//evil.example/app/clients",
            "/app/clients/../..",
        ] {
            assert_eq!(safe_next(path), None, "{path}");
        }
    }
}
