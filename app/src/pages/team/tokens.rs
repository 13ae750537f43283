//! Tokens for programs: which there are, what each may do, when it was used; and making one, which is shown once.

use leptos::prelude::*;

use crate::{
    api::team::{Token, TokenForm, TokenLevel, TokenScopes},
    components::{Checkbox, Chip, FormProblem, TextField, Tone},
    format::Formats,
    islands::CopyButton,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    problem::Problems,
    routes,
};

/// The tokens, and the form for one more.
#[component]
pub fn TokensPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    tokens: Vec<Token>,
    /// What is to be made.
    form: TokenForm,
    /// What was wrong with it.
    problems: Problems,
    /// The token that was made just now, which is shown once.
    made: Option<String>,
    /// Where the API is.
    endpoint: String,
) -> impl IntoView {
    let formats = frame.formats.clone();
    let there = (!tokens.is_empty()).then(|| {
        let rows = tokens.into_iter().map(|one| token(one, &formats)).collect_view();
        view! {
            <section class="block narrow" aria-labelledby="tokens">
                <h2 id="tokens">"Tokens"</h2>
                <ul class="people" role="list">
                    {rows}
                </ul>
            </section>
        }
    });
    let said = made.map(shown_once);
    view! {
        <Desk frame title="API tokens".to_owned() tab=DeskTab::Settings is_tab_itself=false scripts=Scripts::Desk>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_SETTINGS>
                            "Settings"
                        </a>
                    </p>
                    <h1>"API tokens"</h1>
                </div>
            </header>
            {said}
            <p class="quiet">
                "A token lets a program do what you can do here, as far as you allow it. It speaks GraphQL with " <code>{endpoint}</code> ". "
                <a href=routes::APP_GRAPHQL>"Try it in the API explorer"</a> "."
            </p>
            {there}
            {make(form, &problems)}
        </Desk>
    }
}

/// The token, while it is there to be copied.
fn shown_once(token: String) -> impl IntoView {
    let shown = token.clone();
    view! {
        <section class="notice good" role="status" aria-labelledby="made" data-copy=token>
            <h2 id="made">"Copy the token now"</h2>
            <p class="secret">
                <code>{shown}</code>
                <CopyButton>"the token"</CopyButton>
            </p>
            <p class="small">
                "It is shown this once. Only a fingerprint of it is kept, so nobody can show it again; if it is lost, make another one and revoke this."
            </p>
        </section>
    }
}

/// What an area is called, and what can be done there.
const AREAS: [(&str, &str, bool); 5] = [
    ("clients", "Clients and contacts", true),
    ("invoices", "Invoices", true),
    ("payments", "Payments", true),
    ("activity", "Activity", false),
    ("settings", "Settings", true),
];

fn token(token: Token, formats: &Formats) -> impl IntoView + use<> {
    let Token {
        id,
        name,
        hint,
        scopes,
        documents_only,
        made_by,
        is_live,
        created_at,
        expires_at,
        last_used_at,
        last_used_from,
    } = token;
    let made = formats.date(formats.day_of(created_at));
    let until = match (is_live, expires_at) {
        (true, None) => "Works until you revoke it.".to_owned(),
        (true, Some(at)) => format!("Works until {}.", formats.date_time(at)),
        (false, Some(at)) => format!("Expired on {}.", formats.date_time(at)),
        (false, None) => "Opens nothing: who made it is no member any more.".to_owned(),
    };
    let used = match last_used_at {
        None => "Never used.".to_owned(),
        Some(at) if last_used_from.is_empty() => format!("Last used {}.", formats.date_time(at)),
        Some(at) => format!("Last used {} from {last_used_from}.", formats.date_time(at)),
    };
    let held = documents_only.then_some(" Trusted documents only.");
    let (tone, state) = if is_live { (Tone::Good, "Live") } else { (Tone::Late, "Dead") };
    let whom = format!(" {name}");
    view! {
        <li>
            <div class="who">
                <span class="number">
                    <bdi>{name}</bdi>
                    " "
                    <code class="quiet">{format!("…{hint}")}</code>
                </span>
                <p class="small">{scope_words(scopes)} {held}</p>
                <p class="small quiet">
                    "Made by " <bdi>{made_by}</bdi> {format!(" on {made}. {until} {used}")}
                </p>
            </div>
            <Chip tone text=state/>
            <div class="acts">
                <form method="post" action=routes::app_token_revoke(&id) data-at-once="gone">
                    <button class="button small">
                        "Revoke" <span class="visually-hidden">{whom}</span>
                    </button>
                </form>
            </div>
        </li>
    }
}

/// Such as `Reads clients and contacts, changes invoices.`
fn scope_words(scopes: TokenScopes) -> String {
    let words = |level: TokenLevel| {
        let names = scopes.by_area().into_iter().zip(AREAS);
        let names: Vec<String> = names
            .filter(|((_, has), _)| *has == level)
            .map(|(_, (_, label, _))| label.to_lowercase())
            .collect();
        names.join(", ")
    };
    match (words(TokenLevel::Read), words(TokenLevel::Write)) {
        (reads, changes) if changes.is_empty() => format!("Reads {reads}."),
        (reads, changes) if reads.is_empty() => format!("Reads and changes {changes}."),
        (reads, changes) => format!("Reads {reads}; reads and changes {changes}."),
    }
}

fn make(form: TokenForm, problems: &Problems) -> impl IntoView + use<> {
    let rows = AREAS
        .into_iter()
        .zip(form.scopes().by_area())
        .map(|((name, label, is_writable), (_, level))| area(name, label, is_writable, level))
        .collect_view();
    let lifetimes = [("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("", "Until I revoke it")];
    let lifetimes = lifetimes
        .into_iter()
        .map(|(value, label)| {
            let selected = value == form.days;
            view! {
                <option value=value selected=selected>
                    {label}
                </option>
            }
        })
        .collect_view();
    let held = form.documents_only == "on";
    view! {
        <section class="block narrow" aria-labelledby="make">
            <h2 id="make">"Make a token"</h2>
            <form class="form" method="post" action=routes::APP_TOKENS>
                <TextField
                    name="name"
                    label="What it is for"
                    value=form.name
                    problem=problems.of("name")
                    maxlength=80
                    hint="Such as the name of the program. Give each program a token of its own."
                />
                <fieldset class="field scopes">
                    <legend>"What it may do"</legend>
                    <FormProblem message=problems.of("scopes")/>
                    {rows}
                    <p class="small quiet">
                        "With settings, it reads who is on the team. Who that is, is decided in person: no token invites, removes or changes anybody."
                    </p>
                </fieldset>
                <div class="field">
                    <label for="days">"How long it works"</label>
                    <select id="days" name="days">
                        {lifetimes}
                    </select>
                </div>
                <Checkbox
                    name="documents_only"
                    label="Trusted documents only"
                    checked=held
                    hint="It then runs only documents that you have added before, by their hash: whoever steals it can ask nothing else."
                />
                <div class="acts">
                    <button class="button primary">"Make the token"</button>
                </div>
            </form>
        </section>
    }
}

fn area(name: &'static str, label: &'static str, is_writable: bool, level: TokenLevel) -> impl IntoView {
    let levels =
        [(TokenLevel::None, "Nothing"), (TokenLevel::Read, "Read"), (TokenLevel::Write, "Read and change")];
    let options = levels
        .into_iter()
        .filter(|(level, _)| is_writable || *level != TokenLevel::Write)
        .map(|(value, label)| {
            let selected = value == level;
            view! {
                <option value=value.as_form_value() selected=selected>
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="scope">
            <label for=name>{label}</label>
            <select id=name name=name>
                {options}
            </select>
        </div>
    }
}
