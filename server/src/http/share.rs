//! The page behind a share link (rules V1, V2).

use app::{
    error::AppError,
    format::Formats,
    pages::{DeadSharePage, ShareFrame, SharePage},
};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use leptos::prelude::*;

use super::{
    client::Client,
    envelope::RequestId,
    limit::network,
    login::explained,
    notice,
    pages::{PayQuery, is_prefetch},
    visit::brand,
};
use crate::{
    account::own_orgs,
    auth::share_link::GuestVisit,
    clock::calendar_day,
    error::Result,
    graphql::{Caller, PageExecutor},
    http::nonce::render,
    log, site,
    state::App,
};

/// `GET /i/{token}`: one invoice. That it was opened is written down.
pub(super) async fn show(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    method: Method,
    Query(query): Query<PayQuery>,
    headers: HeaderMap,
    request_id: Option<axum::Extension<RequestId>>,
) -> Response {
    let visit = match app.admit_guest(&token).await {
        Ok(Some(visit)) => visit,
        Ok(None) => {
            log::refused("dead link", &client.origin);
            return dead();
        }
        Err(error) => return error.into_response(),
    };
    let caller = Caller::Guest(std::sync::Arc::clone(&visit));
    let executor = PageExecutor::new(&app.pages, caller, client.origin.clone());
    let invoice = match app::api::guest::invoice(&executor).await {
        Ok(Some(invoice)) => invoice,
        Ok(None) => return dead(),
        Err(AppError { code, .. }) => {
            let request_id = request_id.map_or_else(|| RequestId(String::new()), |id| id.0);
            return notice::branded(brand(&visit.brand), code, request_id);
        }
    };
    count_view(&app, &visit, &client, &method, &headers).await;
    let (news, wrong_amount) = query.read();
    let frame = ShareFrame {
        brand: brand(&visit.brand),
        today: calendar_day(app.clock.now(), visit.time_zone),
        formats: Formats::new(&visit.locale, visit.time_zone.name()),
        payment_instructions: visit.payment_instructions.clone(),
        can_pay: visit.takes_payments && app.payments.is_some(),
        href: app::routes::share(&token),
        assets: site::assets(),
    };
    Html(render(move || view! { <SharePage frame invoice news wrong_amount/> })).into_response()
}

/// Writes down that the invoice was opened, as its page or as its PDF (rule V2). A view that cannot be written down
/// keeps nobody from reading it.
pub(super) async fn count_view(
    app: &App,
    visit: &GuestVisit,
    client: &Client,
    method: &Method,
    headers: &HeaderMap,
) {
    if *method == Method::GET
        && is_read_by_somebody(headers)
        && let Err(error) = record_view(app, visit, client, headers).await
    {
        error.log();
    }
}

async fn record_view(app: &App, visit: &GuestVisit, client: &Client, headers: &HeaderMap) -> Result<()> {
    if is_of_the_org(app, visit, headers).await? {
        return Ok(());
    }
    let viewer = app.links.viewer(network(client.ip), &client.origin.browser);
    app.store.for_guest(&visit.actor).record_view(&viewer, &client.origin).await
}

/// Whether a member of the invoice's org looks, whichever of their orgs they are in at the moment.
async fn is_of_the_org(app: &App, visit: &GuestVisit, headers: &HeaderMap) -> Result<bool> {
    let Some(member) = app.admit_member(headers).await? else { return Ok(false) };
    if member.actor.org_id() == visit.actor.org_id() {
        return Ok(true);
    }
    let others = if member.has_other_orgs { own_orgs(&app.store, &member.actor).await? } else { vec![] };
    Ok(others.iter().any(|org| org.slug == visit.brand.org_slug))
}

pub(super) fn dead() -> Response {
    let assets = site::assets();
    explained(StatusCode::NOT_FOUND, render(move || view! { <DeadSharePage assets/> }))
}

fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What fetches a link to show a preview of it, or to look for harm in it, says so in its name as a rule.
const ROBOTS: [&str; 16] = [
    "bot",
    "crawl",
    "spider",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "slack",
    "telegram",
    "discord",
    "skype",
    "embedly",
    "pinterest",
    "scanner",
    "fetch",
    "monitor",
    "validator",
];

/// A browser that opens the page to show it: no robot, no prefetch, and nothing that loads it as a part of
/// something else. What names itself as no browser at all is none.
fn is_read_by_somebody(headers: &HeaderMap) -> bool {
    let agent = user_agent(headers).to_ascii_lowercase();
    let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    agent.starts_with("mozilla/")
        && !ROBOTS.iter().any(|word| agent.contains(word))
        && !is_prefetch(headers)
        && says("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn counts(headers: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_read_by_somebody(&headers)
    }

    #[test]
    fn only_somebody_who_looks_counts() {
        const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert!(counts(&[("user-agent", FIREFOX)]));
        assert!(counts(&[("user-agent", FIREFOX), ("sec-fetch-dest", "document")]));
        assert!(!counts(&[("user-agent", FIREFOX), ("sec-fetch-dest", "empty")]));
        assert!(!counts(&[("user-agent", FIREFOX), ("sec-purpose", "prefetch;prerender")]));
        assert!(!counts(&[]));
        for robot in [
            "curl/8.5.0",
            "facebookexternalhit/1.1",
            "WhatsApp/2.23",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 (KHTML, like Gecko) Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        ] {
            assert!(!counts(&[("user-agent", robot)]), "{robot}");
        }
    }
}
