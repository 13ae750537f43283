//! The measure of the benchmarks: an axum handler that gives back bytes it has in memory, in the
//! same process set-up as the application. `bare FILE`, listening on `LISTEN`.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a program of one purpose for benchmarks"
)]

use axum::{Router, body::Bytes, response::Html, routing::get};
use postern::serve;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    let file = std::env::args().nth(1).expect("the file to serve");
    let listen = std::env::var("LISTEN").expect("LISTEN");
    let bytes = Bytes::from(std::fs::read(file).expect("the file can be read"));
    let router = Router::new().route("/", get(move || std::future::ready(Html(bytes.clone()))));
    let listener = serve::bind(listen.parse().expect("an address")).await.expect("the address is free");
    serve::accept_until(&listener, router, std::future::pending()).await;
}
