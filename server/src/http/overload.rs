//! More requests than can be answered: so many are worked on at once, so many more wait a short while, and the rest is
//! told to come again. What is accepted is then answered as quickly as ever, and memory does not grow with the flood.
//!
//! A place is held while the handler works: not while a body is on its way (`arriving`), and not while an answer is read
//! or a page waits for news (`live`). Whoever asks for what is slow by design stands in one line more, where that is:
//! passwords, documents, pictures, Stripe. So those who ask for the rest do not wait behind them.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use app::{render::Nonce, routes, text};
use axum::{
    body::{Body, HttpBody as _},
    extract::{MatchedPath, Request},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use super::{
    arriving::{Arriving, Bodies, Ticket},
    envelope::RequestId,
    graphql_http::{Answer, MediaType},
    nonce, notice, security,
};
use crate::{
    error::{Error, Result},
    line::{Line, Place},
    state::App,
};

/// Worked on at once for each connection of the database: a request asks it for a part of its time only.
const PER_CONNECTION: u32 = 4;
/// And so many at least.
const FEWEST: u32 = 32;
/// How many wait for each that is worked on.
const IN_LINE: usize = 4;
/// How long a request waits to be worked on.
const PATIENCE: Duration = Duration::from_secs(1);
/// Pages that are open and wait for news.
const LIVE_PAGES: usize = 1024;
/// Who want to know whether we are ready.
const PROBES: usize = 256;
/// When it is worth trying again, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");
/// How often the log says how many were refused.
const TELL: Duration = Duration::from_secs(10);

/// Who may come in now.
pub struct Overload {
    requests: Line,
    probes: Line,
    live: Line,
    bodies: Bodies,
    refused: Refused,
}

impl Overload {
    /// As many as a database with so many connections can serve.
    #[must_use]
    pub fn new(connections: u32) -> Self {
        let at_once = usize::try_from((connections * PER_CONNECTION).max(FEWEST)).unwrap_or(usize::MAX >> 8);
        Self {
            requests: Line::new(at_once, at_once * IN_LINE, PATIENCE),
            // Whether we are ready is told while we are busy. It is asked once for all who want to know: nobody waits in line
            // for that, and it is no way round the line either.
            probes: Line::new(PROBES, 0, Duration::ZERO),
            live: Line::new(LIVE_PAGES, 0, Duration::ZERO),
            bodies: Bodies::default(),
            refused: Refused::default(),
        }
    }

    /// Lets a request in, at once or after a short while.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(super) async fn admit(&self, request: Request) -> Result<(Arc<Ticket>, Request), (Error, Request)> {
        let line = match request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) {
            // They cost next to nothing.
            Some("/healthz" | "/assets/{name}") => return Ok((Arc::default(), request)),
            Some("/readyz") => &self.probes,
            _ => &self.requests,
        };
        let place = match line.enter().await {
            Ok(place) => place,
            Err(error) => return Err((error, request)),
        };
        let ticket = Arc::new(Ticket::new(place));
        if request.body().is_end_stream() {
            return Ok((ticket, request));
        }
        let arrival = |body| Arriving::new(body, Arc::clone(&ticket), self.bodies.clone(), line.clone());
        let request = request.map(|body| Body::new(arrival(body)));
        Ok((ticket, request))
    }

    /// A place for a page that waits for news.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(super) fn stay(&self) -> Result<Place> {
        self.live.try_enter().ok_or(Error::Busy)
    }

    /// Tells whoever is not let in to come again. It is made once, and nothing is asked of the database.
    pub(super) fn refuse(&self, app: &App, path: &str, request_id: &RequestId) -> Response {
        self.refused.count();
        let nonce = nonce::fresh();
        let is_program = matches!(path, routes::GRAPHQL | routes::PORTAL_GRAPHQL | routes::APP_GRAPHQL)
            || path.starts_with("/export/");
        let mut response = if is_program {
            Answer::new(MediaType::Json, request_id).refuse(&Error::Busy, text::Notice::Busy.text().sentence)
        } else {
            page(notice::home_of(path), &nonce)
        };
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        security::add_headers(response.headers_mut(), &app.config.public_url, &app.policy, &nonce);
        response
    }
}

/// Where the nonce of an answer goes in the page that is made once.
const NONCE: &str = "nonce-of-the-answer";

fn page(home: &'static str, nonce: &Nonce) -> Response {
    static OF_PORTAL: LazyLock<String> =
        LazyLock::new(|| notice::busy(routes::PORTAL, Nonce(NONCE.to_owned())));
    static OF_TEAM: LazyLock<String> = LazyLock::new(|| notice::busy(routes::APP, Nonce(NONCE.to_owned())));
    let page = if home == routes::APP { &OF_TEAM } else { &OF_PORTAL };
    let body = page.replace(NONCE, &nonce.0);
    (StatusCode::SERVICE_UNAVAILABLE, Html(body)).into_response()
}

/// What was refused is not written down line by line: a flood would fill the disk as well.
struct Refused {
    began: Instant,
    count: AtomicU64,
    tell_at: AtomicU64,
}

impl Default for Refused {
    fn default() -> Self {
        Self { began: Instant::now(), count: AtomicU64::new(0), tell_at: AtomicU64::new(0) }
    }
}

impl Refused {
    fn count(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
        let now = self.began.elapsed();
        let tell_at = self.tell_at.load(Ordering::Relaxed);
        if now.as_secs() < tell_at {
            return;
        }
        let next = (now + TELL).as_secs();
        if self.tell_at.compare_exchange(tell_at, next, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let refused = self.count.swap(0, Ordering::Relaxed);
            tracing::warn!(refused, "more requests than can be answered: some were told to come again");
        }
    }
}
