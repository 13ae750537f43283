//! What makes a page look like its org: a stylesheet made of one colour, and the logo. Both are
//! addressed by what they hold, so browsers keep them for a year.

use app::brand::Accent;
use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    error::{Error, Result},
    state::App,
};

const FOR_EVER: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));

/// The stylesheet of a colour, `/brand/theme/1f5f4a.css`.
pub(super) async fn theme(Path(file): Path<String>) -> Result<Response> {
    let hex = file.strip_suffix(".css").filter(|hex| hex.len() == 6).ok_or(Error::NotFound)?;
    let accent: Accent = format!("#{hex}").parse().map_err(|_| Error::NotFound)?;
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    Ok(([content_type, FOR_EVER], accent.theme_css()).into_response())
}

/// An org's logo.
pub(super) async fn logo(
    State(app): State<App>,
    Path((org, sha256)): Path<(String, String)>,
) -> Result<Response> {
    let logo = app.store.system().logo(&org, &sha256).await?.ok_or(Error::NotFound)?;
    let content_type = HeaderValue::from_str(&logo.content_type).map_err(Error::bug)?;
    Ok(([(header::CONTENT_TYPE, content_type), FOR_EVER], logo.bytes).into_response())
}
