//! HTTP: the whole router on one page. Each file beside this one is one subject.
//!
//! Adding a route: add its path to `app::routes`, its handler to the file of its subject, its line
//! here, and its entry in `tests/it/isolation.rs`, whose list of routes must be complete.

mod brand;
mod client;
mod dev_mail;
mod envelope;
mod graphql;
mod health;
pub mod limit;
mod link;
mod list_query;
mod login;
mod notice;
mod pages;
mod security;
mod sessions;
mod team;
mod visit;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer};

use crate::{site, state::App};

/// The longest body that anybody may send, form or document, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Every route of the application, in the order in which a request meets them: the portal first.
pub fn router(app: App) -> Router {
    let portal = Router::new()
        .route("/", get(pages::home))
        .route("/invoices", get(pages::invoices))
        .route("/invoices/{id}", get(pages::invoice))
        .route("/payments", get(pages::payments))
        .route("/access", get(pages::access))
        .route("/login", get(login::form).post(login::request))
        .route("/login/sent", get(login::sent))
        .route("/login/code", post(link::code))
        .route("/{org}/login", get(login::org_form).post(login::org_request))
        .route("/{org}/login/sent", get(login::org_sent))
        .route("/{org}/login/code", post(link::org_code))
        .route("/link/{token}", get(link::show).post(link::consume))
        .route("/signed-out", get(sessions::signed_out))
        .route("/sign-out", post(sessions::sign_out))
        .route("/sign-out-everywhere", post(sessions::sign_out_everywhere))
        .route("/sessions/end", post(sessions::end))
        .route("/graphql", post(graphql::portal))
        .layer(from_fn_with_state(app.clone(), security::hide_team_cookies));

    let team = Router::new()
        .route("/", get(team::overview::show))
        .route("/payments", get(team::payments::list))
        .route("/activity", get(team::activity::show))
        .route("/activity.csv", get(team::activity_file::download))
        .route("/login", get(team::account::sign_in_form).post(team::account::sign_in))
        .route("/sign-up", get(team::account::sign_up_form).post(team::account::sign_up))
        .route("/sign-up/sent", get(team::account::sign_up_sent))
        .route("/sign-up/{token}", get(team::account::sign_up_link).post(team::account::confirm))
        .route("/forgot", get(team::account::forgot_form).post(team::account::forgot))
        .route("/forgot/sent", get(team::account::forgot_sent))
        .route("/reset/{token}", get(team::account::reset_form).post(team::account::reset))
        .route("/sign-out", post(team::account::sign_out))
        .route("/invoices", get(team::invoices::list))
        .route("/invoices/{id}", get(team::invoices::show))
        .route("/invoices/{id}/payments", post(team::invoices::record_payment))
        .route("/invoices/{id}/void", post(team::invoices::void))
        .route("/payments/{id}/reverse", post(team::invoices::reverse_payment))
        .route("/settings", get(team::settings::show).post(team::settings::change))
        .route("/settings/plan", get(team::settings::plan).post(team::settings::set_plan))
        .route("/clients", get(team::clients::list))
        .route("/clients/new", get(team::clients::new).post(team::clients::add))
        .route("/clients/{id}", get(team::clients::show))
        .route("/clients/{id}/edit", get(team::clients::edit).post(team::clients::change))
        .route("/clients/{id}/archive", post(team::clients::archive))
        .route("/clients/{id}/restore", post(team::clients::restore))
        .route("/clients/{id}/contacts/new", get(team::contacts::new).post(team::contacts::add))
        .route("/clients/{id}/contacts/{contact}", get(team::contacts::edit).post(team::contacts::change))
        .route("/clients/{id}/contacts/{contact}/access", post(team::contacts::access))
        .route("/clients/{id}/contacts/{contact}/end-sessions", post(team::contacts::end_sessions))
        .route("/clients/{id}/contacts/{contact}/remove", post(team::contacts::remove))
        .layer(from_fn_with_state(app.clone(), security::hide_portal_cookies));

    let mut routes = Router::new()
        .nest("/portal", portal)
        .nest("/app", team)
        .route("/", get(login::front_door))
        .route("/brand/theme/{file}", get(brand::theme))
        .route("/brand/{org}/{logo}", get(brand::logo))
        .route("/assets/{name}", get(site::serve))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready));
    if app.mailbox().is_some() {
        routes = routes
            .route("/dev/mail", get(dev_mail::list))
            .route("/dev/mail/{id}", get(dev_mail::message))
            .route("/dev/mail/{id}/html", get(dev_mail::html));
    }
    // One call, outermost first: each call of `layer` on a router would wrap all its routes once more.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), envelope::seal))
        .layer(CatchPanicLayer::custom(notice::panicked))
        .layer(from_fn_with_state(app.clone(), envelope::gate))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .layer(CompressionLayer::new().gzip(true));
    routes.layer(layers).with_state(app)
}
