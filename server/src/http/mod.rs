//! HTTP: the whole router on one page. Each file beside this one is one subject.
//!
//! Adding a route: add its path to `app::routes`, its handler to the file of its subject, its line
//! here, and its entry in `table.rs`, which must be complete.

mod arriving;
mod bounded;
mod brand;
mod client;
mod dev_mail;
mod envelope;
mod export;
#[cfg(feature = "testing")]
pub(crate) mod fuzzing;
mod gateway;
mod graphql;
mod graphql_http;
mod health;
pub mod limit;
mod link;
mod list_query;
mod live;
mod login;
mod nonce;
mod notice;
pub mod overload;
mod pages;
mod paper;
mod pay;
mod preview;
pub mod quota;
pub(crate) mod security;
mod sessions;
mod share;
mod statement;
mod stripe_webhook;
mod table;
mod team;
mod visit;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer};

use crate::{site, state::App};
pub use table::ROUTES;

/// The longest body that anybody may send, form or document, in bytes …
const MAX_BODY_BYTES: usize = 64 * 1024;
/// … but for a draft, a logo and a list of clients: enough that what is too long is told as such.
const MAX_DRAFT_BYTES: usize = 4 * 1024 * 1024;

/// The portal's routes, below `/portal`.
fn portal_routes(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(pages::home))
        .route("/live", get(live::of_home))
        .route("/invoices", get(pages::invoices))
        .route("/invoices/{id}", get(pages::invoice))
        .route("/invoices/{id}/live", get(live::of_contact))
        .route("/invoices/{id}/pay", post(pay::pay))
        .route("/pay", post(pay::pay_all))
        .route("/invoices/{id}/pdf", get(paper::of_contact))
        .route("/invoices/{id}/payments/{payment}/pdf", get(paper::receipt_of_contact))
        .route("/payments", get(pages::payments))
        .route("/statement", get(statement::of_contact))
        .route("/statement.pdf", get(statement::pdf_of_contact))
        .route("/statement.csv", get(statement::csv_of_contact))
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
        .route("/preview/end", post(preview::end))
        .route("/graphql", post(graphql::portal))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .layer(from_fn_with_state(app.clone(), security::hide_team_cookies))
}

/// The team's routes, below `/app`.
fn team_routes(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(team::overview::show))
        .route("/payments", get(team::payments::list))
        .route("/activity", get(team::activity::show))
        .route("/activity.csv", get(team::activity_file::download))
        .route("/export/{file}", get(export::by_member))
        .route("/login", get(team::account::sign_in_form).post(team::account::sign_in))
        .route("/sign-up", get(team::sign_up::form).post(team::sign_up::request))
        .route("/sign-up/sent", get(team::sign_up::sent))
        .route("/sign-up/{token}", get(team::sign_up::link).post(team::sign_up::confirm))
        .route("/forgot", get(team::account::forgot_form).post(team::account::forgot))
        .route("/forgot/sent", get(team::account::forgot_sent))
        .route("/reset/{token}", get(team::account::reset_form).post(team::account::reset))
        .route("/sign-out", post(team::account::sign_out))
        .route("/invoices", get(team::invoices::list))
        .route("/invoices/new", get(team::drafts::choose).post(team::drafts::begin))
        .route("/invoices/{id}", get(team::invoices::show))
        .route("/invoices/{id}/live", get(live::of_member))
        .route("/invoices/{id}/part", post(team::invoices::allow_part))
        .route("/invoices/{id}/pdf", get(paper::of_member))
        .route("/invoices/{id}/payments/{payment}/pdf", get(paper::receipt_of_member))
        .route("/invoices/{id}/delete", post(team::drafts::delete))
        .route("/invoices/{id}/duplicate", post(team::drafts::duplicate))
        .route("/invoices/{id}/send", get(team::mailing::send_form).post(team::mailing::send))
        .route("/invoices/{id}/remind", get(team::mailing::remind_form).post(team::mailing::remind))
        .route("/invoices/{id}/link", post(team::mailing::replace_link))
        .route("/invoices/{id}/link-off", post(team::mailing::revoke_link))
        .route("/invoices/{id}/payments", post(team::invoices::record_payment))
        .route("/invoices/{id}/void", post(team::invoices::void))
        .route("/payments/{id}/reverse", post(team::invoices::reverse_payment))
        .route("/graphql", get(team::explorer::show).post(graphql::team))
        .route("/settings", get(team::settings::show).post(team::settings::change))
        .route("/settings/logo/remove", post(team::settings::remove_logo))
        .route("/settings/plan", get(team::settings::plan).post(team::settings::set_plan))
        .route("/settings/stripe", get(team::stripe::show))
        .route("/settings/stripe/connect", post(team::stripe::connect))
        .route("/settings/stripe/disconnect", post(team::stripe::disconnect))
        .route("/settings/tokens", get(team::tokens::show).post(team::tokens::add))
        .route("/settings/tokens/{id}/revoke", post(team::tokens::revoke))
        .route("/settings/webhooks", get(team::webhooks::list).post(team::webhooks::add))
        .route("/settings/webhooks/{id}", get(team::webhooks::show).post(team::webhooks::change))
        .route("/settings/webhooks/{id}/{act}", post(team::webhooks::act))
        .route("/settings/webhooks/{id}/events/{event}/send", post(team::webhooks::send))
        .route("/settings/members", get(team::members::show).post(team::members::invite))
        .route("/settings/members/{id}/role", post(team::members::set_role))
        .route("/settings/members/{id}/remove", post(team::members::remove))
        .route("/settings/invitations/{id}/send", post(team::members::send))
        .route("/settings/invitations/{id}/revoke", post(team::members::revoke))
        .route("/join/{token}", get(team::join::show).post(team::join::join))
        .route("/switch", get(team::orgs::list).post(team::orgs::switch))
        .route("/orgs/new", get(team::orgs::new).post(team::orgs::make))
        .route("/account", get(team::own::show))
        .route("/account/name", post(team::own::set_name))
        .route("/account/password", post(team::own::set_password))
        .route("/account/email", post(team::own::set_email))
        .route("/account/email/{token}", get(team::own::email_link).post(team::own::confirm_email))
        .route("/account/sessions/end", post(team::own::end_session))
        .route("/account/sessions/end-others", post(team::own::end_others))
        .route("/account/leave", post(team::own::leave))
        .route("/clients", get(team::clients::list))
        .route("/clients/new", get(team::clients::new).post(team::clients::add))
        .route("/clients/import/template.csv", get(team::import::template))
        .route("/clients/{id}", get(team::clients::show))
        .route("/clients/{id}/statement", get(statement::of_client))
        .route("/clients/{id}/statement.pdf", get(statement::pdf_of_client))
        .route("/clients/{id}/statement.csv", get(statement::csv_of_client))
        .route("/clients/{id}/edit", get(team::clients::edit).post(team::clients::change))
        .route("/clients/{id}/archive", post(team::clients::archive))
        .route("/clients/{id}/restore", post(team::clients::restore))
        .route("/clients/{id}/contacts/new", get(team::contacts::new).post(team::contacts::add))
        .route("/clients/{id}/contacts/{contact}", get(team::contacts::edit).post(team::contacts::change))
        .route("/clients/{id}/contacts/{contact}/access", post(team::contacts::access))
        .route("/clients/{id}/contacts/{contact}/end-sessions", post(team::contacts::end_sessions))
        .route("/clients/{id}/contacts/{contact}/preview", post(preview::begin))
        .route("/clients/{id}/contacts/{contact}/remove", post(team::contacts::remove))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .route("/settings/logo", post(team::settings::set_logo))
        .route("/clients/import", get(team::import::form).post(team::import::check))
        .route("/invoices/{id}/edit", get(team::drafts::edit).post(team::drafts::save))
        .route("/invoices/{id}/autosave", post(team::drafts::autosave))
        .layer(RequestBodyLimitLayer::new(MAX_DRAFT_BYTES))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), security::hide_portal_cookies))
}

/// Every route of the application, in the order in which a request meets them: the portal first.
pub fn router(app: App) -> Router {
    let mut routes = Router::new()
        .nest("/portal", portal_routes(&app))
        .nest("/app", team_routes(&app))
        .route("/", get(login::front_door))
        .route("/i/{token}", get(share::show))
        .route("/i/{token}/live", get(live::of_guest))
        .route("/i/{token}/pay", post(pay::pay_by_link))
        .route("/i/{token}/pdf", get(paper::of_guest))
        .route("/i/{token}/payments/{payment}/pdf", get(paper::receipt_of_guest))
        .route("/pay/{checkout}", get(pay::back))
        .route("/graphql", get(team::explorer::lead).post(gateway::run))
        .route("/export/{file}", get(export::by_token))
        .route("/export/invoices/{id}/pdf", get(paper::of_program))
        .route("/export/invoices/{id}/payments/{payment}/pdf", get(paper::receipt_of_program))
        .route("/stripe/webhook", post(stripe_webhook::receive))
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
        .layer(RequestBodyLimitLayer::new(MAX_DRAFT_BYTES))
        .layer(CompressionLayer::new().gzip(true));
    routes.layer(layers).with_state(app)
}
