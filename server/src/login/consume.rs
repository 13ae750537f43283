//! A link or a code becomes a session (rules L4, L5a, L6).

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    auth::{
        pending::Pending,
        secret::{Purpose, Secrets},
        token::{Code, LinkNonce, Token},
    },
    error::Result,
    store::{
        ActivityKind, Origin, Store,
        system::{FoundLink, MailedLink, SystemTx},
    },
};

/// A code may be tried this often.
const MOST_TRIES: i64 = 5;

/// A session that has just begun.
pub struct SignedIn {
    /// The session's token, for the cookie. It is fresh: nothing that the browser held before is
    /// worth anything for this session.
    pub token: Token,
    /// The page that was wanted.
    pub next: Option<String>,
}

/// One of several clients that a code leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The org's name.
    pub org_name: String,
    /// The client's name.
    pub client_name: String,
    /// The token of that client's link.
    pub link_token: String,
}

/// What a code has led to.
pub enum CodeOutcome {
    /// In, at once.
    SignedIn(SignedIn),
    /// The address is a contact of several clients: which one?
    Choose(Vec<Choice>),
    /// Wrong, expired, used, or tried too often: the same answer for all.
    Refused,
}

/// What the page behind a link shows. Looks only: a GET never consumes (rule L5).
pub async fn find_link(store: &Store, token: &str) -> Result<Option<FoundLink>> {
    match Token::parse(token) {
        Some(token) => store.system().find_link(&token.hash()).await,
        None => Ok(None),
    }
}

/// Consumes a link. `None`: it is used, expired, unknown or mistyped, or the contact may no longer
/// come in.
pub async fn consume_link(
    store: &Store,
    session_ttl: Duration,
    token: &str,
    origin: &Origin,
) -> Result<Option<SignedIn>> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut tx = store.system().begin().await?;
    let signed_in = sign_in(&mut tx, session_ttl, &token.hash(), origin).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Tries a code in the browser that asked.
pub async fn consume_code(
    store: &Store,
    secrets: &Secrets,
    session_ttl: Duration,
    pending: &Pending,
    code: &Code,
    origin: &Origin,
) -> Result<CodeOutcome> {
    let mut tx = store.system().begin().await?;
    let open = tx.try_code(&pending.hash(), MOST_TRIES).await?;
    let meant = open.into_iter().rfind(|request| code.belongs_to(secrets, request.id));
    let outcome = match meant {
        Some(request) => {
            tx.use_code(request.id).await?;
            let links = tx.links_of_request(request.id).await?;
            match links.as_slice() {
                [only] => match sign_in(&mut tx, session_ttl, &only.token_hash, origin).await? {
                    Some(signed_in) => CodeOutcome::SignedIn(signed_in),
                    None => CodeOutcome::Refused,
                },
                several => choose(secrets, several),
            }
        }
        None => CodeOutcome::Refused,
    };
    // Committed whatever came of it: a try counts.
    tx.commit().await?;
    Ok(outcome)
}

fn choose(secrets: &Secrets, links: &[MailedLink]) -> CodeOutcome {
    let choices: Vec<Choice> = links
        .iter()
        .filter_map(|link| {
            let token = LinkNonce::from_stored(&link.nonce)?.token_for(
                secrets,
                Purpose::MagicLink,
                &link.token_hash,
            )?;
            Some(Choice {
                org_name: link.org_name.clone(),
                client_name: link.client_name.clone(),
                link_token: token.to_text(),
            })
        })
        .collect();
    if choices.is_empty() { CodeOutcome::Refused } else { CodeOutcome::Choose(choices) }
}

async fn sign_in(
    tx: &mut SystemTx,
    session_ttl: Duration,
    token_hash: &[u8],
    origin: &Origin,
) -> Result<Option<SignedIn>> {
    let Some(link) = tx.consume_link(token_hash).await? else { return Ok(None) };
    // A link of somebody who may not come in any more is used up all the same.
    if !tx.admit_contact(&link).await? {
        return Ok(None);
    }
    tx.close_links(&link).await?;
    let token = Token::random();
    let lifetime = TimeDelta::from_std(session_ttl).unwrap_or(TimeDelta::days(7));
    tx.add_session(&link, &token.hash(), lifetime, origin).await?;
    tx.log(ActivityKind::SignedIn, (link.org_id, link.client_id, link.contact_id), "", origin).await?;
    let next = tx.next_path(link.request_id).await?;
    Ok(Some(SignedIn { token, next }))
}
