//! The double on a port of its own, until it is dropped.

use std::{io, net::SocketAddr, ops::Deref};

use axum::{Router, body::Body, response::Response};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tower::ServiceExt as _;

use crate::{Handle, Options, api::DropConnection};

/// A double that listens. It stops when it is dropped; its [`Handle`]s can still be asked then.
#[derive(Debug)]
pub struct StripeDouble {
    handle: Handle,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl StripeDouble {
    /// Starts to listen, and to send webhooks.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let handle = Handle::new(options);
        handle.set_public_url_if_none(&format!("http://{address}"));
        let (router, webhooks) = (handle.router(), handle.send_webhooks());
        let task = tokio::spawn(async move {
            tokio::select! {
                () = accept(listener, router) => {}
                () = webhooks => {}
            }
        });
        Ok(Self { handle, address, task })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its API is: `http://127.0.0.1:…`, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What changes it and asks it, to be cloned and given on.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Waits until it ends, which it does by itself only where it cannot listen any more.
    pub async fn wait(mut self) {
        let _ = (&mut self.task).await;
    }
}

impl Deref for StripeDouble {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for StripeDouble {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Takes connections in; they end with it.
async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve(stream, router.clone()))),
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request));
    // A connection that breaks is the caller's matter, or was asked for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(router: Router, request: Request<Incoming>) -> io::Result<Response> {
    let Ok(response) = router.oneshot(request.map(Body::new)).await;
    if response.extensions().get::<DropConnection>().is_some() {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    Ok(response)
}
