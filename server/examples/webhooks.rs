//! How long Stripe waits until a webhook is taken: signed events, each of its own, sent to a server that runs. For
//! `bin/bench`.
//!
//!     webhooks URL SECRET ACCOUNT COUNT AT_ONCE
//!
//! Prints `p50 p99 longest` in milliseconds, and the number of those that were not taken at once.

#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::{
    collections::VecDeque,
    env,
    error::Error,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// One request over a connection that is kept; the status.
async fn send(
    stream: &mut TcpStream,
    host: &str,
    body: &str,
    signature: &str,
) -> Result<u16, Box<dyn Error + Send + Sync>> {
    let head = format!(
        "POST /stripe/webhook HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nStripe-Signature: {signature}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    let mut answer = vec![0; 8 * 1024];
    let mut read = 0;
    while !answer[..read].windows(4).any(|end| end == b"\r\n\r\n") {
        let more = stream.read(&mut answer[read..]).await?;
        if more == 0 {
            return Err("the connection was closed".into());
        }
        read += more;
    }
    let head = String::from_utf8_lossy(&answer[..read]);
    Ok(head.split(' ').nth(1).ok_or("no status")?.parse()?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    #[expect(clippy::disallowed_methods, reason = "a program of its own")]
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("webhooks URL SECRET ACCOUNT COUNT AT_ONCE");
    let (url, secret, account) = (next()?, next()?, next()?);
    let (count, at_once): (usize, usize) = (next()?.parse()?, next()?.parse()?);
    let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let signed_at = i64::try_from(seconds)?;
    let events: VecDeque<(String, String)> = (0..count)
        .map(|n| {
            let body = format!(
                "{{\"id\":\"evt_{signed_at}x{n}\",\"type\":\"payment_intent.created\",\"account\":\"{account}\",\"livemode\":false,\
                 \"data\":{{\"object\":{{\"id\":\"pi_{n}\",\"object\":\"payment_intent\",\"metadata\":{{}}}}}},\"pad\":\"{}\"}}",
                "x".repeat(2_000)
            );
            let signature = stripe_double::sign(body.as_bytes(), &secret, signed_at);
            (body, signature)
        })
        .collect();
    let events = Arc::new(Mutex::new(events));
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let (events, host) = (Arc::clone(&events), host.clone());
        senders.spawn(async move {
            let mut stream = TcpStream::connect(&host).await?;
            stream.set_nodelay(true)?;
            let (mut took, mut refused) = (vec![], 0_usize);
            loop {
                let event = events.lock().map_err(|_| "poisoned")?.pop_front();
                let Some((body, signature)) = event else { break };
                let began = Instant::now();
                let status = send(&mut stream, &host, &body, &signature).await?;
                took.push(began.elapsed());
                refused += usize::from(status != 200);
            }
            Ok::<_, Box<dyn Error + Send + Sync>>((took, refused))
        });
    }
    let (mut took, mut refused): (Vec<Duration>, usize) = (vec![], 0);
    while let Some(sender) = senders.join_next().await {
        let (of_one, not_taken) = sender??;
        took.extend(of_one);
        refused += not_taken;
    }
    took.sort_unstable();
    let at = |percent: usize| {
        took.get((took.len() * percent / 100).min(took.len() - 1)).copied().unwrap_or_default()
    };
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    println!("{:.1} {:.1} {:.1} {refused}", millis(at(50)), millis(at(99)), millis(at(100)));
    Ok(())
}
