//! What the log says of a webhook: at which host it is, and nothing by which anybody could post there.

use serde_json::Value;
use uuid::Uuid;

use super::{Mood, Told, add};
use crate::{
    gateway::{EVERYTHING, Program},
    harness::{TestApp, both_databases},
    members::joined,
    world::World,
};

const WHOLE: &str = "https://hooks.example.org:8443/services/SECRET-path?token=SECRET-query";
const SHOWN: &str = "https://hooks.example.org:8443";

/// Everything that the log says to a member and to a program that may read it.
async fn read(app: &TestApp) -> String {
    let mut owner = app.member("owner@alder.test").await;
    let mut member = joined(app, &mut owner, "reader@alder.test", "member").await;
    let mut all = String::new();
    for path in
        ["/app/activity", "/app/activity.csv", "/app/export/activity.csv", "/app/export/activity.ndjson"]
    {
        let page = member.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        assert!(page.body.contains(SHOWN), "{path}: {}", page.body);
        all.push_str(&page.body);
    }
    let document = "{ team { activity(first: 100) { nodes { kind detail } } } }";
    let mut program = Program::of(app, &owner, &["ACTIVITY_READ"]).await;
    for answer in [app.team_graphql(&member, document).await, program.graphql(document).await] {
        assert!(answer.to_string().contains(SHOWN), "{answer}");
        all.push_str(&answer.to_string());
    }
    all
}

async fn kept(app: &TestApp) -> Vec<String> {
    app.database
        .texts("SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'org.webhook_%' ORDER BY id")
        .await
}

both_databases! {
    /// Added, changed, switched off and on, and removed, by hand.
    async fn the_log_says_at_which_host_and_no_more(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let id = add(&mut program, WHOLE, "[INVOICE_PAID]").await;
        let change = format!("mutation {{ done: teamSaveWebhook(id: \"{id}\", input: {{ url: \"{WHOLE}&more\", events: [INVOICE_SENT] }}) {{ id }} }}");
        let [off, on] = [false, true].map(|on| format!("mutation {{ done: teamEnableWebhook(id: \"{id}\", enabled: {on}) }}"));
        let gone = format!("mutation {{ done: teamRemoveWebhook(id: \"{id}\") }}");
        for document in [change, off, on, gone] {
            let answer = program.graphql(&document).await;
            assert!(answer["data"]["done"] == true || answer["data"]["done"]["id"].is_string(), "{answer}");
        }
        let kinds = ["added", "changed", "disabled", "enabled", "removed"];
        assert_eq!(kept(&app).await, kinds.map(|kind| format!("org.webhook_{kind} {SHOWN}")));
        assert!(!read(&app).await.contains("SECRET"));
    }

    /// Switched off by itself.
    async fn so_does_a_row_of_nobodys(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        told.receiver.feel(Mood::Status(410));
        told.pay(told.world.a1.open, "1.00").await;
        app.work().await;
        let host = format!("http://127.0.0.1:{}", told.receiver.port);
        assert_eq!(kept(&app).await, ["added", "disabled"].map(|kind| format!("org.webhook_{kind} {host}")));
    }

    /// The log is append-only, so what an earlier version wrote there stays; it is shown no more.
    async fn what_was_written_before_is_shown_no_more(app: TestApp) {
        World::found_orgs(&app).await;
        let org = "(SELECT id FROM orgs WHERE slug = 'alder')";
        for (n, kind) in ["added", "changed", "enabled", "disabled", "removed"].into_iter().enumerate() {
            let id = app.database.uuid(Uuid::from_u128((1_772_000_000_000 << 80) | 0x7000_8000_0000_0000_0000 | n as u128));
            app.database.execute(&format!(
                "INSERT INTO activity (org_id, id, at, kind, actor_kind, actor_name, client_visible, detail, browser, ip_short) \
                 VALUES ({org}, {id}, '2026-02-25 06:13:20+00:00', 'org.webhook_{kind}', 'system', '', FALSE, '{WHOLE}', '', '')"
            )).await;
        }
        let said = read(&app).await;
        assert!(!said.contains("SECRET"), "{said}");
        assert!(kept(&app).await.iter().all(|row| row.contains("SECRET")), "nothing rewrites the log");
        let document = "{ team { overview { lately { kind detail } } } }";
        let answer: Value = app.team_graphql(&app.member("owner@alder.test").await, document).await;
        assert!(answer["errors"].is_null() && !answer.to_string().contains("SECRET"), "{answer}");
    }
}
