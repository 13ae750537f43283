//! A body on its way in. As long as the visitor is waited for, the request gives its place to others; what has
//! arrived may take so much memory of all together, and the rest has to come before long. Otherwise a few who send
//! a byte a second would keep everybody out.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep, sleep},
};

use crate::{
    error::{Error, Result},
    line::{Line, Place},
};

/// How long a body may take: the longest, 4 MiB, at a megabit a second.
const LONGEST: Duration = Duration::from_secs(30);
/// And how long while many are on their way, or much has arrived already.
const LONGEST_IN_A_CROWD: Duration = Duration::from_secs(3);
/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Bodies that are waited for at once.
const MOST: usize = 1024;
/// What of all bodies together may be in memory, in KiB.
const ROOM: usize = 32 * 1024;

/// All bodies that are on their way. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Bodies {
    awaited: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self { awaited: Arc::new(Semaphore::new(MOST)), room: Arc::new(Semaphore::new(ROOM)) }
    }
}

impl Bodies {
    fn is_crowded(&self) -> bool {
        self.awaited.available_permits() < MOST / 2 || self.room.available_permits() < ROOM / 2
    }
}

/// What a request holds as long as it is worked on.
#[derive(Debug, Default)]
pub(super) struct Ticket {
    place: Mutex<Option<Place>>,
    room: Mutex<Option<OwnedSemaphorePermit>>,
    failure: OnceLock<Failure>,
}

/// Why a body did not come in, whatever the handler made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// There was no room for it, or no place any more.
    Busy,
    /// It took too long.
    TooSlow,
}

impl Ticket {
    pub(super) fn new(place: Place) -> Self {
        Self { place: Mutex::new(Some(place)), ..Self::default() }
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        self.failure.get().copied()
    }

    fn has_place(&self) -> bool {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn set_place(&self, place: Option<Place>) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }
}

type Entering = Pin<Box<dyn Future<Output = Result<Place>> + Send>>;

enum Stage {
    /// It is coming in.
    Coming,
    /// It is there, and waits in line again.
    Entering(Entering),
    /// Nothing comes any more.
    Over,
}

/// The body as the handler reads it.
pub(super) struct Arriving {
    body: Body,
    ticket: Arc<Ticket>,
    bodies: Bodies,
    line: Line,
    stage: Stage,
    /// The last of it, which is handed out when the request has a place.
    last: Option<Frame<Bytes>>,
    bytes: usize,
    wait: Option<Wait>,
}

/// Since when the visitor is waited for.
struct Wait {
    began: Instant,
    look: Pin<Box<Sleep>>,
    _awaited: OwnedSemaphorePermit,
}

impl Arriving {
    pub(super) fn new(body: Body, ticket: Arc<Ticket>, bodies: Bodies, line: Line) -> Self {
        Self { body, ticket, bodies, line, stage: Stage::Coming, last: None, bytes: 0, wait: None }
    }

    /// Room in memory for a frame, as long as the request is worked on.
    fn make_room(&mut self, frame: &Frame<Bytes>) -> Result<(), Failure> {
        let before = self.bytes.div_ceil(1024);
        self.bytes += frame.data_ref().map_or(0, Bytes::len);
        let more = u32::try_from(self.bytes.div_ceil(1024) - before).map_err(|_| Failure::Busy)?;
        let more = Arc::clone(&self.bodies.room).try_acquire_many_owned(more).map_err(|_| Failure::Busy)?;
        let mut room = self.ticket.room.lock().unwrap_or_else(PoisonError::into_inner);
        match room.as_mut() {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }

    /// Nothing is there: others go on meanwhile.
    fn wait(&mut self, cx: &mut Context<'_>) -> Result<(), Failure> {
        self.ticket.set_place(None);
        if self.wait.is_none() {
            let awaited = Arc::clone(&self.bodies.awaited).try_acquire_owned().map_err(|_| Failure::Busy)?;
            let look = Box::pin(sleep(LOOK));
            self.wait = Some(Wait { began: Instant::now(), look, _awaited: awaited });
        }
        let Some(wait) = &mut self.wait else { return Ok(()) };
        while wait.look.as_mut().poll(cx).is_ready() {
            let waited = wait.began.elapsed();
            if waited >= LONGEST || (waited >= LONGEST_IN_A_CROWD && self.bodies.is_crowded()) {
                return Err(Failure::TooSlow);
            }
            wait.look.as_mut().reset(Instant::now() + LOOK);
        }
        Ok(())
    }

    /// All of it is there.
    fn arrived(&mut self) {
        self.wait = None;
        let line = self.line.clone();
        self.stage = Stage::Entering(Box::pin(async move { line.enter().await }));
    }

    fn fail(&mut self, failure: Failure) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        (self.stage, self.wait) = (Stage::Over, None);
        let _ = self.ticket.failure.set(failure);
        Poll::Ready(Some(Err(axum::Error::new(Error::Busy))))
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        loop {
            match &mut this.stage {
                Stage::Over => return Poll::Ready(None),
                Stage::Entering(_) if this.ticket.has_place() => {
                    this.stage = Stage::Over;
                    return Poll::Ready(this.last.take().map(Ok));
                }
                Stage::Entering(entering) => match ready!(entering.as_mut().poll(cx)) {
                    Ok(place) => this.ticket.set_place(Some(place)),
                    Err(_) => return this.fail(Failure::Busy),
                },
                Stage::Coming => match Pin::new(&mut this.body).poll_frame(cx) {
                    Poll::Ready(Some(Ok(frame))) => {
                        if let Err(failure) = this.make_room(&frame) {
                            return this.fail(failure);
                        }
                        if !this.body.is_end_stream() {
                            return Poll::Ready(Some(Ok(frame)));
                        }
                        this.last = Some(frame);
                        this.arrived();
                    }
                    Poll::Ready(None) => this.arrived(),
                    Poll::Ready(Some(Err(error))) => {
                        (this.stage, this.wait) = (Stage::Over, None);
                        return Poll::Ready(Some(Err(error)));
                    }
                    Poll::Pending => {
                        return match this.wait(cx) {
                            Ok(()) => Poll::Pending,
                            Err(failure) => this.fail(failure),
                        };
                    }
                },
            }
        }
    }
}
