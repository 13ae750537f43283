//! Serving: connections in, a worker beside them, and an end that finishes what is under way.

mod seats;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::{
    error::{Error, Result},
    http, jobs,
    state::App,
};
use seats::{Answer, Seated, Seats};

/// How long a browser may take to send its request's head, and how long it may stay without sending any.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer may lie there unread.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests and jobs under way have when the process ends …
const DRAIN_TIMEOUT: Duration = Duration::from_secs(9);
/// … and then the database's connections: ten seconds in all.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(900);
/// How many may come in one moment. The system's own usual bound, 128, makes everybody else wait for a second.
const BACKLOG: u32 = 4096;
/// Connections at once, if there are descriptors for so many. One that has begun to speak takes some 20 KiB.
const MOST_CONNECTIONS: usize = 4_000;
/// Descriptors for all else: the database's connections, mail, Stripe, webhooks.
const OTHER_DESCRIPTORS: u64 = 256;

/// Opens the address to listen on.
///
/// # Errors
/// [`Error::Unavailable`] when it is taken or not ours.
#[expect(clippy::unused_async, reason = "a socket belongs to a runtime")]
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let listen = |socket: TcpSocket| {
        // After a restart, connections of before may still be about to end.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    socket
        .and_then(listen)
        .map_err(|error| Error::Unavailable(format!("LISTEN: cannot listen on {address}: {error}").into()))
}

/// Lets the process have as many descriptors as the operator allows it: what one usually begins with is few, for
/// the sake of programs of long ago. Gives how many.
#[must_use = "how many there are"]
pub fn raise_descriptor_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let now = if raised.is_ok() { limit.maximum } else { limit.current };
    now.unwrap_or(u64::MAX)
}

/// Serves until the process is told to end (SIGTERM or Ctrl-C), and ten seconds longer at most.
///
/// # Errors
/// When the signals cannot be listened to.
pub async fn serve(app: App, listener: TcpListener) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(jobs::work(app.clone(), stopped));
    let asked = end_asked()?;
    let changes = app.clone();
    let end = async move {
        asked.await;
        tracing::info!("ending");
        // Pages that wait for a change would wait on: they are let go before the rest is waited for. The worker
        // finishes what it has in hand meanwhile.
        changes.changes.end();
        let _ = stop.send(true);
    };
    let guests = accept(&listener, http::router(app.clone()), end).await;
    // Nobody is to wait in front of a door that does not open any more.
    drop(listener);
    let deadline = guests.leave().await;
    if timeout_at(deadline, worker).await.is_err() {
        tracing::warn!("a job was still under way when time was up: it is done again later");
    }
    let _ = timeout(CLOSE_TIMEOUT, app.store.close()).await;
    Ok(())
}

/// Answers every connection until `end` comes; requests under way are finished.
pub async fn accept_until(listener: &TcpListener, router: Router, end: impl Future<Output = ()>) {
    accept(listener, router, end).await.leave().await;
}

/// Whoever is here when nobody is let in any more.
struct Guests {
    under_way: GracefulShutdown,
    ending: watch::Sender<bool>,
}

impl Guests {
    /// Requests under way are finished, and everybody goes. Gives until when whatever else is under way has time.
    async fn leave(self) -> Instant {
        let deadline = Instant::now() + DRAIN_TIMEOUT;
        let _ = self.ending.send(true);
        if timeout_at(deadline, self.under_way.shutdown()).await.is_err() {
            tracing::warn!("requests were still under way when time was up");
        }
        deadline
    }
}

async fn accept(listener: &TcpListener, router: Router, end: impl Future<Output = ()>) -> Guests {
    let seats = Seats::new(most_connections(raise_descriptor_limit()));
    let (ending, ended) = watch::channel(false);
    let guests = Guests { under_way: GracefulShutdown::new(), ending };
    let mut end = std::pin::pin!(end);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                // Where all seats are in use, who comes is sent away at once.
                Ok((stream, peer)) => if let Some(seated) = seats.take() {
                    let visitor = Visitor { stream, peer, seated };
                    tokio::spawn(visitor.answer(router.clone(), guests.under_way.watcher(), ended.clone()));
                },
                // Out of file descriptors, perhaps: those in use will be given back.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    seats.free();
                    sleep(Duration::from_millis(50)).await;
                }
            },
            () = &mut end => return guests,
        }
    }
}

fn most_connections(descriptors: u64) -> usize {
    let most = descriptors.saturating_sub(OTHER_DESCRIPTORS).max(descriptors / 2);
    usize::try_from(most).map_or(MOST_CONNECTIONS, |most| most.clamp(1, MOST_CONNECTIONS))
}

/// Somebody who has come.
struct Visitor {
    stream: TcpStream,
    peer: SocketAddr,
    seated: Seated,
}

impl Visitor {
    async fn answer(self, router: Router, watcher: Watcher, mut ended: watch::Receiver<bool>) {
        let Self { stream, peer, seated } = self;
        // Nothing is set aside for somebody who says nothing.
        let speaks = tokio::select! {
            // What has come before the end is answered.
            biased;
            readable = timeout(HEADER_TIMEOUT, stream.readable()) => readable.is_ok(),
            () = seated.wanted() => false,
            _ = ended.wait_for(|ended| *ended) => false,
        };
        if !speaks {
            return;
        }
        // Answers are written in one go; waiting for more costs 40 ms.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(READ_TIMEOUT));
        let seated = Arc::new(seated);
        let service = {
            let seated = Arc::clone(&seated);
            service_fn(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                let (router, in_use) = (router.clone(), seated.in_use());
                async move {
                    let response = router.oneshot(request).await?;
                    Ok::<_, std::convert::Infallible>(response.map(|body| Answer::new(body, in_use)))
                }
            })
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        tokio::select! {
            ended = watcher.watch(connection) => if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            },
            () = seated.wanted() => tracing::debug!("a connection made room for another"),
        }
    }
}

/// Comes when the process is asked to end.
fn end_asked() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::bug)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::bug)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_left_for_the_rest() {
        for (descriptors, connections) in
            [(0, 1), (256, 128), (1024, 768), (20_000, MOST_CONNECTIONS), (u64::MAX, MOST_CONNECTIONS)]
        {
            assert_eq!(most_connections(descriptors), connections, "{descriptors}");
        }
    }
}
