//! Somebody asks for a link (rule L2): it is written down and nothing is looked up, so the answer
//! and the time it takes cannot depend on whether the address is known.

use std::time::Duration;

use super::{Address, safe_next};
use crate::{
    auth::pending::Pending,
    error::Result,
    store::{
        Origin, Store,
        system::{JobKind, NewLoginRequest},
    },
};

/// What came with the form.
#[derive(Debug)]
pub struct LinkRequest<'a> {
    /// Whose link.
    pub address: &'a Address,
    /// On which org's page; `None` on the page without a brand.
    pub org_slug: Option<&'a str>,
    /// The browser that asks, if it takes cookies.
    pub pending: Option<&'a Pending>,
    /// The page that was wanted.
    pub next: Option<&'a str>,
    /// From where.
    pub origin: &'a Origin,
}

/// Writes the request down, with the job that will answer it.
pub async fn request_link(store: &Store, link_ttl: Duration, request: LinkRequest<'_>) -> Result<()> {
    let mut tx = store.system().begin().await?;
    let id = tx
        .add_login_request(&NewLoginRequest {
            email_norm: request.address.as_str(),
            org_slug: request.org_slug,
            pending_hash: request.pending.map(Pending::hash),
            next_path: request.next.and_then(safe_next),
            origin: request.origin,
            expires_at: tx.now() + link_ttl,
        })
        .await?;
    tx.enqueue(JobKind::LoginRequest, None, &id.to_string()).await?;
    tx.commit().await
}
