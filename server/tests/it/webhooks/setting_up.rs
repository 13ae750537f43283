//! Setting webhooks up: to where they may lead, who may, and what they are signed with.

use serde_json::json;

use super::{Mood, Told, add, pass};
use crate::{
    gateway::{EVERYTHING, Program, code},
    harness::both_databases,
    world::World,
};

const SAVE: &str = "mutation S($url: String!, $events: [TeamWebhookEvent!]!, $id: ID) { teamSaveWebhook(id: $id, input: { url: $url, events: $events }) { id problems { field code } } }";

both_databases! {
    /// An address within, or none at all, is refused; so is a webhook that is told of nothing.
    async fn a_webhook_leads_to_the_public_internet(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        for url in ["", "nonsense", "http://example.org/", "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/", "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://2130706433/", "https://user:pw@example.org/", "file:///etc/passwd"] {
            let page = program.send(&json!({ "query": SAVE, "variables": { "url": url, "events": ["INVOICE_PAID"] } })).await;
            let answer: serde_json::Value = serde_json::from_str(&page.body).unwrap();
            assert_eq!(answer["data"]["teamSaveWebhook"]["problems"], json!([{ "field": "url", "code": "NO_TARGET" }]), "{url}: {answer}");
        }
        for events in [json!([]), json!(["TEST"])] {
            let page = program.send(&json!({ "query": SAVE, "variables": { "url": "https://example.org", "events": events } })).await;
            assert!(page.body.contains("NO_EVENT"), "{}", page.body);
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM webhook_endpoints").await, 0);
        add(&mut program, "https://example.org/hook", "[INVOICE_PAID]").await;
    }

    /// An address that was allowed once is looked at again before anything is sent there.
    async fn a_rule_that_came_later_holds(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        told.pay(told.world.a1.open, "1.00").await;
        app.restart_with(&[]).await;
        app.work().await;
        told.program = Program::with_token(&app, &told.program.token);
        assert!(told.receiver.received().is_empty());
        assert_eq!(told.log().await[0]["attempts"][0]["answer"], "no https address");
    }

    /// What goes out must be no more than whoever sets it up may see.
    async fn whoever_sets_one_up_may_see_what_it_tells(app: TestApp) {
        World::found_orgs(&app).await;
        let owner = app.member("owner@alder.test").await;
        let documents = ["{ team { webhooks { id } } }", "{ team { webhookDeliveries(webhookId: \"x\") { nodes { eventId } } } }", "mutation { teamRemoveWebhook(id: \"x\") }", "mutation { teamTestWebhook(id: \"x\") }"];
        let needed = ["SETTINGS_WRITE", "CLIENTS_READ", "INVOICES_READ", "PAYMENTS_READ"];
        for left_out in needed {
            let scopes: Vec<&str> = needed.into_iter().filter(|scope| *scope != left_out).collect();
            let mut program = Program::of(&app, &owner, &scopes).await;
            for document in documents {
                assert_eq!(code(&program.graphql(document).await), "FORBIDDEN", "without {left_out}: {document}");
            }
        }
        let mut program = Program::of(&app, &owner, &needed).await;
        for document in documents {
            assert!(program.graphql(document).await.get("errors").is_none(), "{document}");
        }
    }

    /// A trial arrives; the log has body and answer; what was delivered is sent again by hand, under the same id.
    async fn a_trial_arrives_and_can_be_sent_again(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        let id = told.id.clone();
        let event = told.program.graphql(&format!("mutation {{ teamTestWebhook(id: \"{id}\") }}")).await["data"]["teamTestWebhook"].as_str().unwrap().to_owned();
        app.work().await;
        let received = told.receiver.taken();
        assert_eq!((received.len(), received[0].kind().as_str(), &received[0].id), (1, "webhook.test", &event));
        let log = told.log().await;
        assert_eq!((&log[0]["state"], &log[0]["payload"], &log[0]["attempts"][0]["answer"]), (&"DELIVERED".into(), &received[0].text.as_str().into(), &"thank you".into()));
        let again = told.program.graphql(&format!("mutation {{ teamSendWebhookAgain(id: \"{id}\", eventId: \"{event}\") }}")).await;
        assert_eq!(again["data"]["teamSendWebhookAgain"], 1, "{again}");
        app.work().await;
        let received = told.receiver.taken();
        assert_eq!((received.len(), &received[1].id, &received[1].text), (2, &event, &received[0].text));
        let mut other = Program::of_owner(&app, "birch", &EVERYTHING).await;
        for document in [format!("mutation {{ teamSendWebhookAgain(id: \"{id}\", eventId: \"{event}\") }}"), format!("mutation {{ teamSendWebhookAgain(id: \"{id}\") }}")] {
            assert_eq!(other.graphql(&document).await["data"]["teamSendWebhookAgain"], 0);
        }
        for document in [format!("mutation {{ done: teamRemoveWebhook(id: \"{id}\") }}"), format!("mutation {{ done: teamEnableWebhook(id: \"{id}\", enabled: false) }}")] {
            assert_eq!(other.graphql(&document).await["data"]["done"], false, "{document}");
        }
        assert_eq!(other.graphql(&format!("mutation {{ teamTestWebhook(id: \"{id}\") }}")).await["data"]["teamTestWebhook"], serde_json::Value::Null);
        let foreign = other.graphql(&format!("{{ team {{ webhookDeliveries(webhookId: \"{id}\") {{ nodes {{ eventId }} }} }} }}")).await;
        assert_eq!(foreign["data"]["team"], json!({ "webhookDeliveries": { "nodes": [] } }));
    }

    /// A month later nothing of it is kept.
    async fn what_was_sent_is_forgotten_after_a_month(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        told.receiver.feel(Mood::Status(500));
        told.pay(told.world.a1.open, "1.00").await;
        pass(&app, 80).await;
        told.receiver.feel(Mood::Well);
        app.clock.advance(chrono::TimeDelta::days(31));
        postern::jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        for table in ["webhook_attempts", "webhook_deliveries", "webhook_events"] {
            assert_eq!(app.database.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
    }
}
