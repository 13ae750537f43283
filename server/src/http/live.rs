//! A page that is open learns that what it shows has changed (rule M3a), by server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>). All it is told is that: it loads itself again,
//! by its own actor, as everything else is read.

use std::{convert::Infallible, time::Duration};

use app::api::portal::{OPEN_AT_HOME, SETTLED_AT_HOME};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream;
use serde::Deserialize;
use tokio::{sync::watch, time::timeout};

use super::{team::visit::Member, visit::Visitor};
use crate::{
    auth::session::{Admission, PortalVisit},
    clock::calendar_day,
    error::{Error, Result},
    id::InvoiceId,
    line::Place,
    state::App,
    store::row::state_tag,
};

/// How it stood when the page was made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    tag: String,
}

/// How often it is looked whether another machine has changed something.
const LOOK: Duration = Duration::from_secs(3);
/// After this a browser asks anew, and whoever may not see it any more is told so.
const LONGEST: u32 = 200;

/// Whose page it is, and by what they were let in. They are let in anew at each look: what has ended, ends this as well
/// (rules S2, V1).
enum Reader {
    Contact(HeaderMap, Shown),
    Guest(String),
    Member(HeaderMap, InvoiceId),
}

/// What of the portal is open.
#[derive(Debug, Clone, Copy)]
enum Shown {
    Home,
    Invoice(InvoiceId),
}

impl Reader {
    /// How it stands; `None` where there is no such thing, or they are not let in any more.
    async fn tag(&self, app: &App) -> Result<Option<String>> {
        Ok(match self {
            Self::Contact(headers, shown) => match app.admit(headers).await? {
                Some(Admission::Open(visit)) => shown.tag(app, &visit).await?,
                _ => None,
            },
            Self::Guest(token) => {
                let Some(visit) = app.admit_guest(token).await? else { return Ok(None) };
                app.store.for_guest(&visit.actor).invoice().await?.map(|row| row.state_tag())
            }
            Self::Member(headers, id) => {
                let Some(visit) = app.admit_member(headers).await? else { return Ok(None) };
                app.store.for_team(&visit.actor).invoice(*id).await?.map(|row| {
                    state_tag(&row.settlement, row.paid_minor, row.processing_since, row.failed_at)
                })
            }
        })
    }
}

impl Shown {
    async fn tag(self, app: &App, visit: &PortalVisit) -> Result<Option<String>> {
        let scope = app.store.for_actor(&visit.actor);
        match self {
            Self::Home => {
                let today = calendar_day(app.clock.now(), visit.time_zone);
                let (open, settled) = (i64::from(OPEN_AT_HOME), i64::from(SETTLED_AT_HOME));
                Ok(Some(scope.overview(today, open, settled).await?.state_tag()))
            }
            Self::Invoice(id) => Ok(scope.invoice(id).await?.map(|row| row.state_tag())),
        }
    }
}

/// `GET /portal/invoices/{id}/live`
pub(super) async fn of_contact(
    State(app): State<App>,
    _: Visitor,
    Path(id): Path<String>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
) -> Response {
    match id.parse() {
        Ok(id) => follow(app, Reader::Contact(headers, Shown::Invoice(id)), seen).await,
        Err(_) => Error::NotFound.into_response(),
    }
}

/// `GET /portal/live`: home, which shows several invoices at once.
pub(super) async fn of_home(
    State(app): State<App>,
    _: Visitor,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
) -> Response {
    follow(app, Reader::Contact(headers, Shown::Home), seen).await
}

/// `GET /i/{token}/live`
pub(super) async fn of_guest(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(seen): Query<Seen>,
) -> Response {
    follow(app, Reader::Guest(token), seen).await
}

/// `GET /app/invoices/{id}/live`
pub(super) async fn of_member(
    State(app): State<App>,
    _: Member,
    Path(id): Path<String>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
) -> Response {
    match id.parse() {
        Ok(id) => follow(app, Reader::Member(headers, id), seen).await,
        Err(_) => Error::NotFound.into_response(),
    }
}

async fn follow(app: App, reader: Reader, seen: Seen) -> Response {
    match reader.tag(&app).await {
        Ok(Some(_)) => {}
        Ok(None) => return Error::NotFound.into_response(),
        Err(error) => return error.into_response(),
    }
    let place = match app.overload.stay() {
        Ok(place) => place,
        Err(error) => return error.into_response(),
    };
    let changes = app.changes.listen();
    let watch = Watch { app, reader, tag: seen.tag, changes, looks: 0, _place: place };
    let events = stream::unfold(Some(watch), |watch| async { watch?.next().await });
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response();
    let content_type = HeaderValue::from_static("text/event-stream; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

struct Watch {
    app: App,
    reader: Reader,
    tag: String,
    changes: watch::Receiver<u64>,
    looks: u32,
    _place: Place,
}

type Told = std::result::Result<Event, Infallible>;

impl Watch {
    /// The next event, and whether there is one after it.
    async fn next(mut self) -> Option<(Told, Option<Self>)> {
        while self.looks < LONGEST && !self.app.changes.are_over() {
            self.looks += 1;
            if self.looks == 1 {
                // Something at once, so that the browser knows that it is heard.
                return Some((Ok(Event::default().comment("here")), Some(self)));
            }
            match self.reader.tag(&self.app).await {
                Ok(Some(now)) if now == self.tag => {}
                // Without data a browser would keep the event to itself.
                Ok(Some(_)) => return Some((Ok(Event::default().event("changed").data("now")), None)),
                // It is not there any more, or cannot be read now: the browser asks anew, and sees.
                Ok(None) | Err(_) => return None,
            }
            let _ = timeout(LOOK, self.changes.changed()).await;
        }
        None
    }
}
