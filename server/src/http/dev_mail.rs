//! The demo's mailbox. These routes exist only where mail does not leave by SMTP.

use app::{
    format::Formats,
    pages::{DevMail, DevMailMessage, DevMailMessagePage, DevMailPage},
    routes,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leptos::prelude::*;

use super::{nonce, security};
use crate::{
    error::{Error, Result},
    http::nonce::render,
    mail::{Delivered, Message},
    site,
    state::App,
};

/// All mails, newest first.
pub(super) async fn list(State(app): State<App>) -> Result<Html<String>> {
    let mails = mailbox(&app)?
        .iter()
        .rev()
        .map(|mail| DevMail {
            id: mail.message.id.clone(),
            to: mail.message.to.clone(),
            subject: mail.message.subject.clone(),
            at_text: at_text(mail),
        })
        .collect();
    Ok(Html(render(move || view! { <DevMailPage assets=site::assets() mails/> })))
}

/// One mail.
pub(super) async fn message(State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let mail = find(&app, &id)?;
    let links =
        mail.message.text.split_whitespace().filter(|word| word.starts_with("http")).map(str::to_owned);
    let links = links.collect();
    let mail = DevMailMessage {
        to: mail.message.to.clone(),
        from: mail.message.from_name.clone(),
        subject: mail.message.subject.clone(),
        at_text: at_text(&mail),
        text: mail.message.text.clone(),
        html_src: format!("{}/html", routes::dev_mail(&id)),
    };
    let html = render(move || view! { <DevMailMessagePage assets=site::assets() mail links/> });
    // The page shows the HTML part in a frame of its own.
    let policy = nonce::current().map(|nonce| app.policy.text(&nonce)).unwrap_or_default();
    let policy = security::header_value(format!("{policy}; frame-src 'self'"));
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}

/// The HTML part, for a sandboxed frame.
pub(super) async fn html(State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let mail = find(&app, &id)?;
    let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
    let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    let frame = (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(([policy, frame], Html(with_logo(&mail.message))).into_response())
}

/// A mail program finds the logo in the mail itself; a frame wants it in the text.
fn with_logo(message: &Message) -> String {
    match &message.logo {
        Some(logo) => {
            let data = format!("data:{};base64,{}", logo.content_type, STANDARD.encode(&logo.bytes));
            message.html.replace("cid:logo", &data)
        }
        None => message.html.clone(),
    }
}

fn mailbox(app: &App) -> Result<Vec<Delivered>> {
    app.mailbox().map(crate::mail::Mailbox::all).ok_or(Error::NotFound)
}

fn find(app: &App, id: &str) -> Result<Delivered> {
    mailbox(app)?.into_iter().find(|mail| mail.message.id == id).ok_or(Error::NotFound)
}

fn at_text(mail: &Delivered) -> String {
    Formats::new("en-GB", "UTC").date_time(mail.at)
}
