//! A webhook that takes nothing any more is switched off, with a mail.

use super::{Mood, Told, pass};
use crate::harness::both_databases;

both_databases! {
    /// After three days without anything taken it is switched off; switched on again, what was given up can be sent.
    async fn three_days_of_failures_switch_it_off(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        told.receiver.feel(Mood::Status(500));
        told.pay(told.world.a1.open, "1.00").await;
        told.pay(told.world.a2.open, "1.00").await;
        app.work().await;
        pass(&app, 70).await;
        assert_eq!(told.webhook().await["state"], "FAILING");
        pass(&app, 10).await;
        assert_eq!(told.webhook().await["state"], "OFF_FOR_FAILURES");
        let mail = app.smtp.newest_to("owner@alder.test");
        assert!(mail.text.contains("switched off") && mail.text.contains(&told.receiver.url()), "{}", mail.text);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'org.webhook_disabled' AND actor_kind = 'system'").await, 1);
        // Nothing is written down for nobody.
        told.pay(told.world.a1.open, "1.00").await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM webhook_events WHERE invoice_id IS NOT NULL").await, 2);
        told.receiver.feel(Mood::Well);
        let id = told.id.clone();
        let on = told.program.graphql(&format!("mutation {{ teamEnableWebhook(id: \"{id}\", enabled: true) }}")).await;
        assert_eq!(on["data"]["teamEnableWebhook"], true, "{on}");
        let again = told.program.graphql(&format!("mutation {{ teamSendWebhookAgain(id: \"{id}\") }}")).await;
        assert_eq!(again["data"]["teamSendWebhookAgain"], 2, "{again}");
        app.work().await;
        assert_eq!(told.receiver.taken().len(), 2);
        assert_eq!(told.webhook().await["state"], "LIVE");
    }

    /// One that says that it is gone for good is believed at once.
    async fn gone_is_believed_at_once(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        told.receiver.feel(Mood::Status(410));
        told.pay(told.world.a1.open, "1.00").await;
        told.pay(told.world.a1.open, "2.00").await;
        app.work().await;
        assert_eq!(told.webhook().await["state"], "OFF_FOR_GONE");
        assert_eq!(told.receiver.received().len(), 1, "nothing is sent there any more");
        assert!(told.log().await.iter().all(|delivery| delivery["state"] == "FAILED"));
    }

    /// Switched off by hand, nothing waits and nothing is sent; removed, it is not there.
    async fn off_is_off(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        let id = told.id.clone();
        told.receiver.feel(Mood::Status(500));
        told.pay(told.world.a1.open, "1.00").await;
        app.work().await;
        let off = format!("mutation {{ done: teamEnableWebhook(id: \"{id}\", enabled: false) }}");
        assert_eq!(told.program.graphql(&off).await["data"]["done"], true);
        assert_eq!(told.program.graphql(&off).await["data"]["done"], false);
        told.receiver.feel(Mood::Well);
        pass(&app, 72).await;
        assert!(told.receiver.taken().is_empty());
        assert_eq!(app.database.number("SELECT COUNT(*) FROM orgs WHERE has_webhooks").await, 0);
        assert_eq!(told.program.graphql(&format!("mutation {{ done: teamRemoveWebhook(id: \"{id}\") }}")).await["data"]["done"], true);
        assert!(told.webhook().await.is_null());
    }
}
