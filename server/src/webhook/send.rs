//! How a message leaves: one POST, no redirects, no proxy, a limit on time and on what is read of the answer. A name is
//! looked up by us, and addresses that are not public are left out before anything is connected to: so a name that
//! leads elsewhere the second time it is looked up gains nothing.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Bytes,
    http::{Request, StatusCode, header},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::TokioExecutor,
};
use tower::Service;

use super::{Reach, SigningSecret, Target, is_public, signature};

/// What is kept of an answer, in characters …
const KEPT: usize = 1_000;
/// … and what is read of it, in bytes.
const MOST_READ: usize = 16 * 1024;

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    client: Client<HttpsConnector<HttpConnector<Lookup>>, Full<Bytes>>,
    reach: Reach,
    /// How long a receiver may take, from the lookup to the last byte.
    time_limit: Duration,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The status that came back; none where nothing did.
    pub status: Option<StatusCode>,
    /// The beginning of the body that came back, or why nothing did.
    pub answer: String,
}

impl Sent {
    /// Whether the receiver has taken it.
    #[must_use]
    pub fn was_taken(&self) -> bool {
        self.status.is_some_and(|status| status.is_success())
    }

    fn nothing(why: impl Into<String>) -> Self {
        Self { status: None, answer: why.into() }
    }
}

impl Sender {
    /// As far as the operator lets messages go, and as long as it lets a receiver take.
    #[must_use]
    pub fn new(reach: Reach, time_limit: Duration) -> Self {
        let mut http = HttpConnector::new_with_resolver(Lookup { reach });
        http.enforce_http(false);
        http.set_connect_timeout(Some(Duration::from_secs(5)));
        let https = HttpsConnectorBuilder::new().with_webpki_roots();
        let https = match reach {
            Reach::Public => https.https_only(),
            Reach::Anywhere => https.https_or_http(),
        };
        let https = https.enable_http1().wrap_connector(http);
        // Each message looks its address up again.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https);
        Self { client, reach, time_limit }
    }

    /// Sends a message, and says what came of it.
    pub async fn send(
        &self,
        url: &str,
        secret: SigningSecret,
        (id, timestamp): (&str, i64),
        body: String,
    ) -> Sent {
        // The rules may have changed since the address was taken down.
        let target = match Target::parse(url, self.reach) {
            Ok(target) => target,
            Err(problem) => return Sent::nothing(problem.to_string()),
        };
        let signature = signature(secret, id, timestamp, &body);
        let request = Request::post(target.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("Postern-Webhooks/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(Full::new(Bytes::from(body)));
        let request = match request {
            Ok(request) => request,
            Err(error) => return Sent::nothing(error.to_string()),
        };
        match tokio::time::timeout(self.time_limit, self.exchange(request)).await {
            Ok(sent) => sent,
            Err(_) => Sent::nothing(format!("no answer within {} seconds", self.time_limit.as_secs())),
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Sent {
        let response = match self.client.request(request).await {
            Ok(response) => response,
            Err(error) => return Sent::nothing(causes(&error)),
        };
        let status = response.status();
        let body = Limited::new(response.into_body(), MOST_READ).collect().await;
        let text =
            body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()).unwrap_or_default();
        let answer = text.chars().filter(|c| !c.is_control() || *c == '\n').take(KEPT).collect();
        Sent { status: Some(status), answer }
    }
}

/// The innermost cause says what was the matter.
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Looks names up, and leaves out what is not public.
#[derive(Debug, Clone, Copy)]
struct Lookup {
    reach: Reach,
}

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.reach;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| reach == Reach::Anywhere || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::other("the name leads to no public address"));
            }
            Ok(allowed.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_within_is_not_connected_to() {
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = Lookup { reach: Reach::Public }.call(name()).await;
        assert_eq!(refused.map(|_| ()).unwrap_err().to_string(), "the name leads to no public address");
        let mut allowed = Lookup { reach: Reach::Anywhere }.call(name()).await.unwrap();
        assert!(allowed.all(|address| address.ip().is_loopback()));
    }
}
