//! Where an invitation leads (rule T1a): looking is free, joining is a button.

use app::{
    pages::team::{Invited, JoinFullPage, JoinPage, JoinWay},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    account::{Sent, dead, device, enter},
    form_again, role,
    visit::Member,
};
use crate::{
    account::{Join, Joining, find_invitation, is_for, join as join_org},
    error::Result,
    http::{client::Client, login::explained, nonce::render, visit::brand},
    site,
    state::App,
    store::system::FoundInvitation,
};

/// What is typed to join.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct JoinForm {
    name: String,
    password: String,
}

/// Shows the invitation.
pub(in crate::http) async fn show(
    State(app): State<App>,
    client: Client,
    member: Result<Member, Response>,
    Path(token): Path<String>,
) -> Result<Response> {
    Ok(match find_invitation(&app.store, &token).await? {
        Some(found) => {
            let way = way(&found, member.as_ref().ok());
            page(&token, &found, way, String::new(), Problems::default())
        }
        None => dead(&client),
    })
}

/// Joins the org.
pub(in crate::http) async fn join(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    member: Result<Member, Response>,
    Path(token): Path<String>,
    form: Sent<JoinForm>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let member = member.ok();
    let joining = Joining {
        name: &form.name,
        password: &form.password,
        visit: member.as_ref().map(|member| &*member.visit),
        device: device(&app, &headers),
        origin: &client.origin,
    };
    let problems = match join_org(&app.store, &app.passwords, &token, &joining).await? {
        Join::Entered(entered) => return enter(&app, (&client, &headers), &entered, None).await,
        Join::Switched => return Ok(Redirect::to(routes::APP).into_response()),
        Join::Dead => return Ok(dead(&client)),
        Join::Full => None,
        Join::Problems(problems) => Some(problems),
    };
    // Read again: the address may have got an account while the form was open.
    let Some(found) = find_invitation(&app.store, &token).await? else { return Ok(dead(&client)) };
    Ok(match problems {
        Some(problems) => {
            let way = way(&found, member.as_ref());
            page(&token, &found, way, form.name.chars().take(120).collect(), problems.into())
        }
        None => full(&found),
    })
}

fn way(found: &FoundInvitation, member: Option<&Member>) -> JoinWay {
    if member.is_some_and(|member| is_for(found, &member.visit)) {
        JoinWay::SignedIn
    } else if found.has_account {
        JoinWay::Password
    } else {
        JoinWay::New
    }
}

fn page(token: &str, found: &FoundInvitation, way: JoinWay, name: String, problems: Problems) -> Response {
    let (assets, action, invited) = (site::assets(), routes::app_join(token), invited(found));
    form_again(problems, move |problems| view! { <JoinPage assets invited way name problems action/> })
}

fn full(found: &FoundInvitation) -> Response {
    let (assets, invited) = (site::assets(), invited(found));
    explained(StatusCode::CONFLICT, render(move || view! { <JoinFullPage assets invited/> }))
}

fn invited(found: &FoundInvitation) -> Invited {
    Invited {
        brand: brand(&found.brand),
        email: found.email.clone(),
        role: role(&found.role),
        invited_by: found.invited_by.clone(),
    }
}
