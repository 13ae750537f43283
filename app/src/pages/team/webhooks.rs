//! Webhooks: which there are, how each stands, adding one; and for one, what was sent and what came back.

use leptos::prelude::*;

use crate::{
    api::{
        portal::Page,
        team::{WEBHOOK_EVENTS, Webhook, WebhookDelivery, WebhookForm, WebhookState},
    },
    components::{Chip, FormProblem, Pagination, PaginationProps, TextField, Tone},
    format::Formats,
    islands::CopyButton,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    problem::Problems,
    routes,
};

/// The webhooks, and the form for one more.
#[component]
pub fn WebhooksPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    webhooks: Vec<Webhook>,
    /// What is to be added.
    form: WebhookForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    let there = (!webhooks.is_empty()).then(|| {
        let rows = webhooks.into_iter().map(row).collect_view();
        view! {
            <section class="block narrow" aria-labelledby="webhooks">
                <h2 id="webhooks">"Webhooks"</h2>
                <ul class="people" role="list">
                    {rows}
                </ul>
            </section>
        }
    });
    view! {
        <Desk frame title="Webhooks".to_owned() tab=DeskTab::Settings is_tab_itself=false scripts=Scripts::Desk>
            {head("Webhooks", routes::APP_SETTINGS, "Settings")}
            <p class="quiet">
                "A webhook tells a system of yours what happens here, in the moment in which it does: signed, in order, and for three days if need be."
            </p>
            {there}
            <section class="block narrow" aria-labelledby="add">
                <h2 id="add">"Add a webhook"</h2>
                {fields(form, &problems, routes::APP_WEBHOOKS.to_owned(), "Add the webhook")}
            </section>
        </Desk>
    }
}

fn head(title: &'static str, back: &'static str, to: &'static str) -> impl IntoView {
    view! {
        <header class="work-head">
            <div>
                <p class="crumb">
                    <a href=back>{to}</a>
                </p>
                <h1>{title}</h1>
            </div>
        </header>
    }
}

fn state_words(state: WebhookState) -> (Tone, &'static str) {
    match state {
        WebhookState::Live => (Tone::Good, "Live"),
        WebhookState::Failing => (Tone::Part, "Failing"),
        WebhookState::Off => (Tone::Calm, "Off"),
        WebhookState::OffForFailures => (Tone::Late, "Off: took nothing"),
        WebhookState::OffForGone => (Tone::Late, "Off: gone"),
    }
}

fn event_words(event: &str) -> &str {
    WEBHOOK_EVENTS.iter().find(|(word, ..)| *word == event).map_or("webhook.test", |(_, name, _)| name)
}

fn row(webhook: Webhook) -> impl IntoView {
    let (tone, text) = state_words(webhook.state);
    let events: Vec<&str> = webhook.events.iter().map(|event| event_words(event)).collect();
    let told = events.join(", ");
    view! {
        <li>
            <div class="who">
                <a class="number long" href=routes::app_webhook(&webhook.id)>
                    <bdi>{webhook.url}</bdi>
                </a>
                <p class="small quiet">{told}</p>
            </div>
            <Chip tone text/>
            <div class="acts"></div>
        </li>
    }
}

fn fields(
    form: WebhookForm,
    problems: &Problems,
    action: String,
    save: &'static str,
) -> impl IntoView + use<> {
    let boxes = WEBHOOK_EVENTS
        .into_iter()
        .map(|(word, name, what)| {
            let checked = form.events.iter().any(|event| event == word);
            let id = format!("event-{word}");
            view! {
                <div class="tick">
                    <input id=id.clone() type="checkbox" name="events" value=word checked=checked/>
                    <label for=id>
                        {what} " " <code class="quiet">{name}</code>
                    </label>
                </div>
            }
        })
        .collect_view();
    view! {
        <form class="form" method="post" action=action>
            <TextField
                name="url"
                label="Address"
                kind="url"
                value=form.url
                problem=problems.of("url")
                maxlength=2000
                hint="Where messages are sent by POST: an https address on the public internet."
            />
            <fieldset class="field recipients">
                <legend>"What it is told of"</legend>
                <FormProblem message=problems.of("events")/>
                {boxes}
            </fieldset>
            <div class="acts">
                <button class="button primary">{save}</button>
            </div>
        </form>
    }
}

/// One webhook: its secret, what was sent and what came back, and changing it.
#[component]
pub fn WebhookPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    webhook: Webhook,
    deliveries: Page<WebhookDelivery>,
    /// What it is to be.
    form: WebhookForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    let formats = frame.formats.clone();
    let (tone, text) = state_words(webhook.state);
    let is_on = matches!(webhook.state, WebhookState::Live | WebhookState::Failing);
    let failing = webhook.failing_since.filter(|_| webhook.state == WebhookState::Failing).map(|at| {
        let since = formats.date_time(at);
        view! {
            <p class="notice small">
                {format!("It has taken nothing since {since}. Messages are sent again for three days; then it is switched off, and you get a mail.")}
            </p>
        }
    });
    let id = webhook.id;
    let act = |name: &'static str, label: &'static str| {
        view! {
            <form method="post" action=routes::app_webhook_act(&id, name)>
                <button class="button small">{label}</button>
            </form>
        }
    };
    let acts = if is_on {
        view! { {act("test", "Send a test")} {act("off", "Switch off")} }.into_any()
    } else {
        view! { {act("on", "Switch on")} }.into_any()
    };
    let has_failed = deliveries.nodes.iter().any(|delivery| delivery.state == "FAILED");
    let again = (is_on && has_failed).then(|| act("send-failed", "Send all again that failed"));
    let rows =
        deliveries.nodes.into_iter().map(|delivery| sent(delivery, &id, is_on, &formats)).collect_view();
    let path = routes::app_webhook(&id);
    let pagination =
        PaginationProps::of(&deliveries.page_info, |cursor| routes::app_webhook_page(&id, cursor));
    let log = view! {
        <section class="block" aria-labelledby="sent">
            <h2 id="sent">"What was sent"</h2>
            <p class="small quiet">"The last month, newest first."</p>
            <ul class="sent" role="list">{rows}</ul>
            <div class="acts">{again}</div>
            {Pagination(pagination)}
        </section>
    };
    let secret = webhook.secret.map(secret);
    view! {
        <Desk frame title="Webhook".to_owned() tab=DeskTab::Settings is_tab_itself=false scripts=Scripts::Desk>
            {head("Webhook", routes::APP_WEBHOOKS, "Webhooks")}
            <p class="long">
                <bdi>{webhook.url}</bdi>
                " "
                <Chip tone text/>
            </p>
            {failing}
            <div class="acts">{acts}</div>
            {log}
            {secret}
            <section class="block narrow" aria-labelledby="change">
                <h2 id="change">"Change it"</h2>
                {fields(form, &problems, path, "Save")}
                <form class="acts apart" method="post" action=routes::app_webhook_act(&id, "remove")>
                    <button class="button small">"Remove the webhook"</button>
                </form>
            </section>
        </Desk>
    }
}

fn secret(secret: String) -> impl IntoView {
    let shown = secret.clone();
    view! {
        <section class="block narrow" aria-labelledby="secret" data-copy=secret>
            <h2 id="secret">"Secret"</h2>
            <p class="small quiet">
                "Every message is signed with it, by the rules of Standard Webhooks. Give it to the receiver and to nobody else."
            </p>
            <details>
                <summary class="small">"Show it"</summary>
                <p class="secret">
                    <code>{shown}</code>
                </p>
            </details>
            <CopyButton>"the secret"</CopyButton>
        </section>
    }
}

fn sent(delivery: WebhookDelivery, webhook: &str, is_on: bool, formats: &Formats) -> impl IntoView + use<> {
    let (tone, text) = match delivery.state.as_str() {
        "DELIVERED" => (Tone::Good, "Delivered"),
        "FAILED" => (Tone::Late, "Given up"),
        _ => (Tone::Part, "Waiting"),
    };
    let name = event_words(&delivery.event).to_owned();
    let when = formats.date_time(delivery.occurred_at);
    let next = delivery.next_at.map(|at| format!("Tried next at {}.", formats.date_time(at)));
    let again = (is_on && delivery.state != "WAITING").then(|| {
        view! {
            <form method="post" action=routes::app_webhook_send(webhook, &delivery.event_id)>
                <button class="button small">
                    "Send again" <span class="visually-hidden">{format!(" {name} of {when}")}</span>
                </button>
            </form>
        }
    });
    let tries = delivery
        .attempts
        .into_iter()
        .map(|attempt| {
            let status = attempt.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            let at = formats.date_time(attempt.at);
            view! {
                <li>
                    <span>{format!("{at}: {status}, {} ms", attempt.millis)}</span>
                    " "
                    <bdi class="quiet">{attempt.answer}</bdi>
                </li>
            }
        })
        .collect_view();
    view! {
        <li>
            <details class="more">
                <summary>
                    <span>
                        <code>{name.clone()}</code>
                        " "
                        <span class="small quiet">{when.clone()}</span>
                    </span>
                    <Chip tone text/>
                </summary>
                <p class="small quiet">{format!("Id {}. ", delivery.event_id)} {next}</p>
                <ul class="small" role="list">{tries}</ul>
                <pre class="payload">
                    <code>{delivery.payload}</code>
                </pre>
                {again}
            </details>
        </li>
    }
}
