//! Serving over TCP: requests under way are finished, the rest is told to go (rule O5).

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, routing::get};
use postern::serve;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

async fn connect(listener: &TcpListener) -> TcpStream {
    TcpStream::connect(listener.local_addr().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_request_under_way_is_finished_when_the_process_ends() {
    let listener = serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let mut visitor = connect(&listener).await;
    let (arrived, seen) = oneshot::channel::<()>();
    let (finish, finished) = oneshot::channel::<()>();
    let parts = Arc::new(Mutex::new(Some((arrived, finished))));
    let slow = get(move || {
        let (arrived, finished) = parts.lock().unwrap().take().unwrap();
        async move {
            arrived.send(()).unwrap();
            finished.await.unwrap();
            "done"
        }
    });
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        let end = async move { ended.await.unwrap() };
        serve::accept_until(&listener, Router::new().route("/", slow), end).await;
    });
    visitor.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    seen.await.unwrap();
    end.send(()).unwrap();
    tokio::task::yield_now().await;
    assert!(!server.is_finished());
    finish.send(()).unwrap();
    let mut answer = String::new();
    visitor.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_address_that_is_taken_is_told() {
    let listener = serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let error = serve::bind(listener.local_addr().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("LISTEN"), "{error}");
}
