//! The process is told to end while everything is under way: it finishes what can be finished, and is gone within ten
//! seconds.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::{Answer, PATIENCE, Process, name};
use crate::{
    harness::{both_databases, proof},
    world::World,
};

/// What is promised.
const MOST: Duration = Duration::from_secs(10);

/// A request that is under way: all but its last byte is sent.
async fn under_way(process: &Process) -> TcpStream {
    let mut stream = process.connect().await.unwrap();
    let head = process.head("POST", "/portal/login")
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 21\r\n\r\nemail=a1@clients.tes";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// A page that waits for news.
async fn live(process: &Process, path: &str) -> TcpStream {
    let mut stream = process.connect().await.unwrap();
    let head = process.head("GET", &format!("{path}/live")) + "\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    stream
}

/// A connection that was of use, and may be again.
async fn idle(process: &Process) -> TcpStream {
    let mut stream = process.connect().await.unwrap();
    stream.write_all((process.head("GET", "/healthz") + "\r\n").as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    assert!(stream.read(&mut answer).await.unwrap() > 0);
    stream
}

both_databases! {
    /// What is idle is let go at once, and what is under way is finished: that takes no ten seconds.
    async fn an_end_waits_for_what_is_under_way_and_for_nothing_else(app: TestApp) {
        let world = World::fill(&app).await;
        let process = Process::start(&app).await;
        // It is read long before the end: those who come after it are answered.
        let mut request = under_way(&process).await;
        let mut idles = vec![];
        for _ in 0..20 {
            idles.push(idle(&process).await);
            idles.push(process.connect().await.unwrap());
            idles.push(live(&process, &world.a1.share_path()).await);
        }
        process.terminate();
        for mut stream in idles {
            let mut rest = vec![];
            timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("it is closed").unwrap();
        }
        assert!(process.connect().await.is_err(), "and nobody is let in any more");
        let finishing = Instant::now();
        request.write_all(b"t").await.unwrap();
        let answer = Answer::read(&mut request).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(process.ended().await.success());
        assert!(finishing.elapsed() < Duration::from_secs(5), "nothing else is waited for");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM login_requests").await, 1, "it was done");
    }

    /// Heads and bodies that drip, and a mail server that does not answer, are waited for as long as was promised and
    /// no longer. The mail is not lost.
    async fn an_end_takes_ten_seconds_at_most(app: TestApp) {
        World::fill(&app).await;
        let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", deaf.local_addr().unwrap());
        let process = Process::start_with(&app, &[("SMTP_URL", &url)], None).await;
        assert_eq!(process.post("/portal/login", "email=a1%40clients.test").await.unwrap().status, 303);
        let (mail, _) = timeout(PATIENCE, deaf.accept()).await.expect("the worker has a mail in hand").unwrap();
        let mut drips = vec![];
        for number in 0..40 {
            let mut stream = if number % 2 == 0 { under_way(&process).await } else { process.connect().await.unwrap() };
            if number % 2 == 1 {
                stream.write_all(process.head("GET", "/portal/login").as_bytes()).await.unwrap();
            }
            drips.push(stream);
        }
        process.terminate();
        let began = Instant::now();
        let status = process.ended().await;
        let took = began.elapsed();
        assert!(status.success() && took < MOST + Duration::from_millis(500), "{status} after {took:?}");
        drop((drips, mail));

        let unsent = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL";
        assert_eq!(app.database.number(unsent).await, 1);
        // What a worker held that is gone is left alone for a while; here nobody waits for it.
        app.database.execute("UPDATE outbox SET run_at = '2026-01-01 00:00:00+00:00'").await;
        let again = Process::start(&app).await;
        let sent = async {
            while app.database.number(unsent).await > 0 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, sent).await.expect("it is sent by the next");
        assert_eq!(app.smtp.mails().len(), 1, "once");
        drop(again);
        proof(
            &format!("An end in the middle of it all, on {}", name(app.database.kind)),
            &format!(
                "20 bodies and 20 heads that do not come to an end, a mail server that does not answer: gone {:.1} s after SIGTERM, and the mail \
                 was sent by the next process, once",
                took.as_secs_f64()
            ),
        );
    }
}
