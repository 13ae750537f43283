//! Serving: connections in, a worker beside them, and an end that finishes what is under way.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};
use tower::ServiceExt as _;

use crate::{
    error::{Error, Result},
    http, jobs,
    state::App,
};

/// How long a browser may take to send its request's head.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests under way have when the process ends.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the address to listen on.
///
/// # Errors
/// [`Error::Unavailable`] when it is taken or not ours.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Error::Unavailable(format!("LISTEN: cannot listen on {address}: {error}").into()))
}

/// Serves until the process is told to end (SIGTERM or Ctrl-C).
///
/// # Errors
/// When the signals cannot be listened to.
pub async fn serve(app: App, listener: TcpListener) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(jobs::work(app.clone(), stopped));
    let asked = end_asked()?;
    let changes = app.clone();
    // Pages that wait for a change would wait on: they are let go before the rest is waited for.
    let end = async move {
        asked.await;
        changes.changes.end();
    };
    accept_until(&listener, http::router(app.clone()), end).await;
    tracing::info!("ending");
    let _ = stop.send(true);
    let _ = timeout(DRAIN_TIMEOUT, worker).await;
    app.store.close().await;
    Ok(())
}

/// Answers every connection until `end` comes; requests under way are finished.
pub async fn accept_until(listener: &TcpListener, router: Router, end: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(end);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => answer(&graceful, stream, peer, router.clone()),
                // Out of file descriptors: those in use will be given back.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = &mut end => break,
        }
    }
    if timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when time was up");
    }
}

fn answer(graceful: &GracefulShutdown, stream: TcpStream, peer: SocketAddr, router: Router) {
    // Answers are written in one go; waiting for more costs 40 ms.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
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
