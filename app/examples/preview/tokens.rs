//! The page of tokens for programs, and the data on it.

use leptos::prelude::*;
use postern_app::{
    api::team::{Token, TokenForm, TokenLevel, TokenScopes},
    pages::team::TokensPage,
    problem::Problems,
    render::render,
};

use super::team::{frame, wrong};

fn time(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap_or_default()
}

pub(crate) fn tokens() -> Vec<Token> {
    let shop = Token {
        id: "t1".to_owned(),
        name: "Web shop".to_owned(),
        hint: "aZ09".to_owned(),
        scopes: TokenScopes {
            clients: TokenLevel::Write,
            invoices: TokenLevel::Write,
            payments: TokenLevel::Read,
            ..TokenScopes::default()
        },
        documents_only: true,
        made_by: "Mara Juniper".to_owned(),
        is_live: true,
        created_at: time("2026-01-12T09:30:00Z"),
        expires_at: Some(time("2026-06-12T22:00:00Z")),
        last_used_at: Some(time("2026-03-01T07:12:00Z")),
        last_used_from: "203.0.113.x".to_owned(),
    };
    let book = Token {
        id: "t2".to_owned(),
        name: "Bookkeeping of Featherstonehaugh-Cholmondeley & Daughters, monthly export".to_owned(),
        scopes: TokenScopes { payments: TokenLevel::Read, ..TokenScopes::default() },
        documents_only: false,
        expires_at: None,
        last_used_at: None,
        last_used_from: String::new(),
        ..shop.clone()
    };
    let old = Token {
        id: "t3".to_owned(),
        name: "محاسبة".to_owned(),
        is_live: false,
        expires_at: Some(time("2026-02-01T00:00:00Z")),
        ..book.clone()
    };
    vec![shop, book, old]
}

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let page = |tokens, form, problems, made: Option<&str>| {
        let made = made.map(str::to_owned);
        let endpoint = "https://pay.example.org/graphql".to_owned();
        render(move || view! { <TokensPage frame=frame() tokens form problems made endpoint/> })
    };
    let typed = TokenForm {
        name: "Web shop".to_owned(),
        days: String::new(),
        documents_only: "on".to_owned(),
        clients: TokenLevel::Write,
        ..TokenForm::default()
    };
    let token = "pst_0000000000000000000000000000000000000000000000000";
    vec![
        ("team-tokens", page(tokens(), TokenForm::default(), Problems::default(), None)),
        ("team-tokens-none", page(vec![], TokenForm::default(), Problems::default(), None)),
        ("team-tokens-made", page(tokens(), TokenForm::default(), Problems::default(), Some(token))),
        ("team-tokens-wrong", page(vec![], typed, wrong(&["name", "scopes"]), None)),
    ]
}
