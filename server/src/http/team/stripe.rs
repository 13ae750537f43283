//! The org's own Stripe account: connected, looked at, disconnected. For owners (rule T1b).

use app::{
    api::team as api,
    pages::team::{StripeNews, StripePage},
    routes,
};
use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{refuse, respond, visit::Member};
use crate::{
    auth::actor::Role,
    billing::{self, connect_stripe},
    error::Error,
    http::nonce::render,
    state::App,
};

/// How it stands. Whoever comes back from Stripe sees what Stripe says now.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Response {
    if member.visit.actor.role() < Role::Admin {
        return refuse(&member, &Error::Forbidden.to_app());
    }
    let query = query.unwrap_or_default();
    // The link that Stripe was given had been used, or was too old: a fresh one is made by the button.
    let news = StripeNews::from_query(&query);
    if query == "back"
        && let Err(error) = look(&app, &member).await
    {
        error.log();
    }
    let stripe = api::stripe(&member.executor(&app)).await;
    let is_set_up = app.payments.is_some();
    let frame = member.frame(&app);
    respond(
        &member,
        stripe.map(|account| render(move || view! { <StripePage frame account is_set_up news/> })),
    )
}

async fn look(app: &App, member: &Member) -> crate::error::Result<()> {
    let Some(payments) = &app.payments else { return Ok(()) };
    let Some(row) = app.store.for_team(&member.visit.actor).stripe_account().await? else { return Ok(()) };
    let Some(known) = app.store.system().stripe_account(row.account_id.as_str()).await? else {
        return Ok(());
    };
    let _place = payments.line.enter().await?;
    billing::refresh_account(&app.store, &payments.stripe, &known).await.map(|_| ())
}

/// Leads to Stripe, where the owner tells what it wants to know.
pub(in crate::http) async fn connect(State(app): State<App>, member: Member) -> Response {
    if member.visit.actor.role() < Role::Owner {
        return refuse(&member, &Error::Forbidden.to_app());
    }
    let Some(payments) = &app.payments else {
        return Redirect::to(routes::APP_SETTINGS_STRIPE).into_response();
    };
    let _place = match payments.line.enter().await {
        Ok(place) => place,
        Err(error) => return error.into_response(),
    };
    let actor = &member.visit.actor;
    let email = &member.visit.person_email;
    let origin = &member.client.origin;
    let connected =
        connect_stripe(&app.store, &payments.stripe, &app.config.public_url, actor, email, origin).await;
    match connected {
        Ok(Ok(url)) => Redirect::to(&url).into_response(),
        Ok(Err(failure)) => {
            tracing::warn!(%failure, "no account could be connected");
            let news = StripeNews::NoAnswer.as_query();
            Redirect::to(&format!("{}?{news}", routes::APP_SETTINGS_STRIPE)).into_response()
        }
        Err(error) => {
            error.log();
            refuse(&member, &error.to_app())
        }
    }
}

/// Takes no payments on it any more. What is under way is still booked when it comes.
pub(in crate::http) async fn disconnect(State(app): State<App>, member: Member) -> Response {
    if member.visit.actor.role() < Role::Owner {
        return refuse(&member, &Error::Forbidden.to_app());
    }
    match app.store.for_team(&member.visit.actor).disconnect_stripe(&member.client.origin).await {
        Ok(_) => {
            app.bell.ring();
            Redirect::to(routes::APP_SETTINGS_STRIPE).into_response()
        }
        Err(error) => {
            error.log();
            refuse(&member, &error.to_app())
        }
    }
}
