//! The mail server is away: everything else works, and the mail arrives once it is back, once (rule O3).

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use super::{Scene, postgres_address, through};
use crate::harness::{Asked, Kind, Line, PATIENCE, Process, Proxy, Refusal, both_databases, proof};

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let held = async {
        while !holds().await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(PATIENCE, held).await.is_ok(), "in the end {what}");
}

async fn ask_for_link(process: &Process, email: &str) {
    let answer = process.send(&Asked::form("/portal/login", &[("email", email)])).await.unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Sends the draft of a client with a mail to its contact.
async fn send_invoice(process: &Process, scene: &Scene, client: &crate::world::Client) {
    let document = format!(
        "mutation {{ teamSendInvoice(id: \"{}\", version: 1, input: {{ contactIds: [\"{}\"] }}) {{ id problems {{ code }} }} }}",
        client.draft, client.contact
    );
    let answer = process.send(&Asked::graphql(&scene.token, None, &document)).await.unwrap();
    assert!(answer.status == 200 && answer.body.contains("\"problems\":[]"), "{}", answer.body);
}

async fn is_away_and_comes_back(scene: &Scene, line: Line, client: &crate::world::Client) {
    let proxy = Proxy::to(scene.app.smtp.address()).await;
    let smtp = format!("smtp://{}", proxy.address);
    let process = Process::new(scene.app.database.url(), &[("SMTP_URL", &smtp)]);
    process.serve().await;
    let cookie = process.member("owner@alder.test").await;
    proxy.set(line);
    let before = scene.app.smtp.mails().len();
    let began = Instant::now();
    send_invoice(&process, scene, client).await;
    for email in ["b1@clients.test", "b2@clients.test"] {
        ask_for_link(&process, email).await;
    }
    let waiting = async || {
        let waiting =
            "SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL AND attempts > 0";
        scene.app.database.number(waiting).await
    };
    until("the worker has tried to send", async || waiting().await == 3).await;
    for path in ["/app/invoices", "/app/clients"] {
        assert_eq!(process.send(&Asked::get(path).with_cookie(&cookie)).await.unwrap().status, 200, "{path}");
    }
    assert_eq!(process.send(&Asked::get("/readyz")).await.unwrap().status, 200);
    assert_eq!(scene.app.smtp.mails().len(), before, "nothing was sent");
    assert!(began.elapsed() < Duration::from_secs(10), "nobody waited for it: {:?}", began.elapsed());
    proxy.set(Line::Passes);
    // A conversation that hangs is given up after its time limit; here it is closed before.
    proxy.cut();
    until("all three arrive", async || scene.app.smtp.mails().len() == before + 3 && waiting().await == 0)
        .await;
}

both_databases! {
    /// It refuses, then it hangs: invoices are sent, links are asked for, pages show; when it is back, all arrives.
    async fn a_mail_server_that_is_away_holds_up_mail_alone(app: TestApp) {
        let scene = Scene::of(app).await;
        is_away_and_comes_back(&scene, Line::Refuses, &scene.world.a1).await;
        is_away_and_comes_back(&scene, Line::Hangs, &scene.world.a2).await;
        let arrived = scene.app.smtp.mails().len();
        let ids: std::collections::BTreeSet<String> =
            scene.app.smtp.mails().iter().map(|mail| mail.header("Message-ID")).collect();
        assert_eq!(ids.len(), arrived, "each once");
        proof(
            &format!("A mail server that refuses, then one that hangs, holds up mail alone ({:?})", scene.app.database.kind),
            &format!("{arrived} mails written meanwhile, none sent, pages and writes as ever; each arrives once after its return"),
        );
    }

    /// A recipient whose mail hangs, and one whose mail is refused for now, hold up nobody else's.
    async fn one_bad_recipient_holds_up_nobody(app: TestApp) {
        let scene = Scene::of(app).await;
        let smtp = &scene.app.smtp;
        smtp.refuse("a1@clients.test", Some(Refusal::Silence));
        smtp.refuse("a2@clients.test", Some(Refusal::Line("451 later")));
        let process = scene.process(scene.app.database.url());
        process.serve().await;
        ask_for_link(&process, "a1@clients.test").await;
        ask_for_link(&process, "a2@clients.test").await;
        let tried = "SELECT COUNT(*) FROM outbox WHERE attempts > 0";
        until("both were tried", async || scene.app.database.number(tried).await == 2).await;
        let began = Instant::now();
        ask_for_link(&process, "b1@clients.test").await;
        until("the other org's arrives", async || smtp.count_to("b1@clients.test") == 1).await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        smtp.refuse("a2@clients.test", None);
        until("what was refused for now arrives", async || smtp.count_to("a2@clients.test") == 1).await;
        proof(
            &format!("A recipient whose mail server hangs holds up nobody else's mail ({:?})", scene.app.database.kind),
            &format!(
                "another org's login link arrives {} ms after it was asked for, while the conversation hangs",
                took.as_millis()
            ),
        );
    }
}

/// The database goes away while a mail is on its way, and comes back: the mail is noted as sent, and not sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_on_its_way_while_the_database_is_away_is_sent_once() {
    if !Kind::postgres_is_there() {
        return;
    }
    let scene = Scene::set(Kind::Postgres).await;
    let proxy = Proxy::to(postgres_address()).await;
    let process = scene.process(&through(scene.app.database.url(), &proxy));
    process.serve().await;
    let smtp = &scene.app.smtp;
    smtp.hold(true);
    ask_for_link(&process, "a1@clients.test").await;
    until("the server has it", async || smtp.count_to("a1@clients.test") == 1).await;
    proxy.set(Line::Refuses);
    smtp.hold(false);
    until("that cannot be noted", async || process.log().contains("unavailable")).await;
    sleep(Duration::from_secs(2)).await;
    proxy.set(Line::Passes);
    let database = &scene.app.database;
    let noted = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NOT NULL AND attempts = 1";
    until("it is noted", async || database.number(noted).await == 1).await;
    assert_eq!(smtp.count_to("a1@clients.test"), 1);
    proof(
        "PostgreSQL away between a mail's delivery and the note of it: the mail is sent once",
        "1 mail, noted as sent at its first attempt once PostgreSQL was back",
    );
}
