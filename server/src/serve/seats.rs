//! Every connection there is, bounded: when all seats are taken, those who have been idle for longest give theirs to who
//! comes. So nobody is kept out by connections that say nothing, or a byte a second.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};

use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;

/// How many give up their seats at once: to look for them is not done for each who comes.
const AT_ONCE: usize = 32;
/// Stands for a connection that is in the middle of a request.
const IN_USE: u64 = u64::MAX;

/// All seats.
#[derive(Debug)]
pub(super) struct Seats {
    began: Instant,
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: HashMap<u64, Arc<Seat>>,
}

/// What is known of one connection.
#[derive(Debug)]
struct Seat {
    /// In microseconds since the beginning, or [`IN_USE`].
    idle_since: AtomicU64,
    wanted: Notify,
}

/// A connection's seat, until it is dropped.
#[derive(Debug)]
pub(super) struct Seated {
    id: u64,
    seat: Arc<Seat>,
    seats: Arc<Seats>,
}

impl Seats {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), most, taken: Mutex::default() })
    }

    /// A seat; `None` where all are taken by requests that are under way.
    pub(super) fn take(self: &Arc<Self>) -> Option<Seated> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.seats.len() >= self.most {
            taken.free(AT_ONCE.min(self.most.div_ceil(2)));
        }
        if taken.seats.len() >= self.most {
            return None;
        }
        let id = taken.next;
        taken.next += 1;
        let seat = Arc::new(Seat { idle_since: AtomicU64::new(self.now()), wanted: Notify::new() });
        taken.seats.insert(id, Arc::clone(&seat));
        Some(Seated { id, seat, seats: Arc::clone(self) })
    }

    /// Frees some seats, where there are idle ones.
    pub(super) fn free(&self) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).free(AT_ONCE);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(IN_USE - 1)
    }
}

impl Taken {
    /// Takes seats from those who have been idle for longest.
    fn free(&mut self, count: usize) {
        let mut idle: Vec<(u64, u64)> = self
            .seats
            .iter()
            .map(|(id, seat)| (seat.idle_since.load(Ordering::Relaxed), *id))
            .filter(|(since, _)| *since != IN_USE)
            .collect();
        if idle.len() > count {
            idle.select_nth_unstable(count);
            idle.truncate(count);
        }
        for (_, id) in idle {
            if let Some(seat) = self.seats.remove(&id) {
                seat.wanted.notify_one();
            }
        }
    }
}

impl Seated {
    /// Comes when the seat was given to somebody else.
    pub(super) async fn wanted(&self) {
        self.seat.wanted.notified().await;
    }

    /// A request is under way until this is dropped.
    pub(super) fn in_use(&self) -> InUse {
        self.seat.idle_since.store(IN_USE, Ordering::Relaxed);
        InUse { seat: Arc::clone(&self.seat), seats: Arc::clone(&self.seats) }
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner).seats.remove(&self.id);
    }
}

/// A request that is under way.
#[derive(Debug)]
pub(super) struct InUse {
    seat: Arc<Seat>,
    seats: Arc<Seats>,
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.seat.idle_since.store(self.seats.now(), Ordering::Relaxed);
    }
}

/// An answer whose connection is in use until all of it was handed on.
pub(super) struct Answer<B> {
    body: B,
    _in_use: InUse,
}

impl<B> Answer<B> {
    pub(super) const fn new(body: B, in_use: InUse) -> Self {
        Self { body, _in_use: in_use }
    }
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_wanted(seated: &Seated) -> bool {
        !seated.seats.taken.lock().unwrap().seats.contains_key(&seated.id)
    }

    #[test]
    fn who_has_been_idle_for_longest_makes_room_and_who_is_in_use_never_does() {
        let seats = Seats::new(3);
        let [first, second, third] = [(); 3].map(|()| seats.take().unwrap());
        let busy = [first.in_use(), second.in_use()];
        let fourth = seats.take().expect("the third makes room");
        assert!(is_wanted(&third) && !is_wanted(&first) && !is_wanted(&second));
        let all = [busy, [fourth.in_use(), fourth.in_use()]];
        assert!(seats.take().is_none(), "all are in use");
        drop(all);
        let fifth = seats.take().expect("idle again");
        assert!(!is_wanted(&fifth));
        drop((first, second, third, fourth, fifth));
        assert!(seats.taken.lock().unwrap().seats.is_empty(), "and nothing is left");
    }
}
