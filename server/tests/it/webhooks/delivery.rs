//! All events arrive, in order per invoice, however the receiver misbehaves for a while.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::{Mood, Received, Receiver, Told, add, pass};
use crate::harness::both_databases;

fn kinds(received: &[Received]) -> Vec<String> {
    received.iter().map(Received::kind).collect()
}

both_databases! {
    /// The receiver is down, slow, redirecting, and answers 500 for a while. Each event arrives at least once, under an id
    /// that stays, in the order of its invoice, and signed.
    async fn every_event_arrives_whatever_the_receiver_does(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        let (a1, a2) = (told.world.a1.clone(), told.world.a2.clone());
        told.receiver.down().await;
        told.pay(a1.open, "1.00").await;
        let mut reader = app.browser();
        reader.headers.insert("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".parse().unwrap());
        assert_eq!(reader.get(&a1.share_path()).await.status, 200);
        told.void(a2.open).await;
        app.work().await;
        told.receiver.up().await;
        for mood in [Mood::Slow, Mood::Redirecting, Mood::Status(500), Mood::Status(429)] {
            told.receiver.feel(mood);
            app.clock.advance(TimeDelta::hours(3));
            told.pay(a1.open, "1.00").await;
            app.work().await;
            app.clock.advance(TimeDelta::minutes(10));
            app.work().await;
        }
        assert!(told.receiver.taken().is_empty() && !told.receiver.received().is_empty());
        told.receiver.feel(Mood::Well);
        told.pay(a1.open, "114.00").await;
        pass(&app, 72).await;

        let taken = told.receiver.taken();
        let about = |invoice: uuid::Uuid| -> Vec<Received> {
            taken.iter().filter(|received| received.invoice() == invoice.to_string()).cloned().collect()
        };
        assert_eq!(kinds(&about(a2.open)), ["invoice.voided"]);
        let received = "payment.received";
        assert_eq!(kinds(&about(a1.open)), [received, "invoice.viewed", received, received, received, received, received, "invoice.paid"]);
        let paid: Vec<i64> = about(a1.open).iter().map(|received| received.body()["data"]["invoice"]["paidMinor"].as_i64().unwrap()).collect();
        assert_eq!(paid, [100, 100, 200, 300, 400, 500, 11_900, 11_900], "each as it stood then");
        let ids: BTreeSet<&str> = taken.iter().map(|received| received.id.as_str()).collect();
        assert_eq!(ids.len(), taken.len(), "each once");
        // Whatever came under one id is the same, byte for byte.
        let mut bodies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for received in told.receiver.received() {
            assert!(told.is_signed(&received), "{received:?}");
            assert_eq!(received.body()["id"], received.id.as_str());
            bodies.entry(received.id).or_default().insert(received.text);
        }
        assert!(bodies.values().all(|bodies| bodies.len() == 1), "{bodies:?}");
    }

    /// What is about one invoice waits for what came before it, and for nothing of another.
    async fn an_event_waits_for_those_before_it_and_for_no_other(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        let (a1, a2) = (told.world.a1.clone(), told.world.a2.clone());
        told.receiver.feel(Mood::NotThis(a1.open));
        told.pay(a1.open, "1.00").await;
        told.pay(a1.open, "2.00").await;
        told.pay(a2.open, "3.00").await;
        app.work().await;
        pass(&app, 1).await;
        assert_eq!(told.receiver.taken().len(), 1, "the other invoice's has arrived");
        let tried: BTreeSet<String> = told.receiver.received().into_iter().filter(|received| !received.taken).map(|received| received.id).collect();
        assert_eq!(tried.len(), 1, "the second payment was not tried before the first was taken");
        told.receiver.feel(Mood::Well);
        pass(&app, 6).await;
        let amounts: Vec<i64> = told.receiver.taken().iter().map(|received| received.body()["data"]["payment"]["amountMinor"].as_i64().unwrap()).collect();
        assert_eq!(amounts, [300, 100, 200]);
    }

    /// The tries are spread over three days, and then it is given up.
    async fn it_is_tried_for_three_days(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        told.receiver.feel(Mood::Status(503));
        told.pay(told.world.a1.open, "1.00").await;
        app.work().await;
        let begun = app.now();
        pass(&app, 100).await;
        let tries = told.receiver.received();
        assert_eq!(tries.len(), 10);
        let last = tries.last().unwrap().timestamp - begun.timestamp();
        assert!((71 * 3600..73 * 3600).contains(&last), "{last}");
        let log = told.log().await;
        assert_eq!((&log[0]["state"], &log[0]["nextAt"], log[0]["attempts"].as_array().unwrap().len()), (&"FAILED".into(), &serde_json::Value::Null, 10));
        assert_eq!((&log[0]["attempts"][0]["status"], &log[0]["attempts"][0]["answer"]), (&503.into(), &"no".into()));
    }

    /// Two processes deliver side by side: each event once.
    async fn two_processes_deliver_each_event_once(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        let second = app.second_node().await;
        for _ in 0..20 {
            told.pay(told.world.a1.open, "1.00").await;
            told.pay(told.world.a2.open, "1.00").await;
        }
        let (here, there) = tokio::join!(postern::jobs::work_until_idle(&app.app), postern::jobs::work_until_idle(&second.app));
        here.unwrap();
        there.unwrap();
        app.work().await;
        let taken = told.receiver.taken();
        let ids: BTreeSet<&str> = taken.iter().map(|received| received.id.as_str()).collect();
        assert_eq!((taken.len(), ids.len()), (40, 40));
        for invoice in [told.world.a1.open, told.world.a2.open] {
            let order: Vec<&str> = taken.iter().filter(|received| received.invoice() == invoice.to_string()).map(|received| received.id.as_str()).collect();
            assert!(order.is_sorted() && order.len() == 20, "{order:?}");
        }
    }

    /// What is sent, and what nobody wants: a webhook is told of what it has asked for, of its own org.
    async fn a_webhook_is_told_of_what_it_asked_for(app: TestApp) {
        let mut app = app;
        let mut told = Told::start(&mut app).await;
        let mut other = crate::gateway::Program::of_owner(&app, "birch", &crate::gateway::EVERYTHING).await;
        let elsewhere = Receiver::start().await;
        add(&mut other, &elsewhere.url(), "[INVOICE_PAID]").await;
        let paid_only = Receiver::start().await;
        add(&mut told.program, &paid_only.url(), "[INVOICE_PAID]").await;
        told.pay(told.world.a1.open, "119.00").await;
        app.work().await;
        assert_eq!(kinds(&told.receiver.taken()), ["payment.received", "invoice.paid"]);
        assert_eq!(kinds(&paid_only.taken()), ["invoice.paid"]);
        assert!(elsewhere.received().is_empty());
        let body = paid_only.taken()[0].body();
        let invoice = &body["data"]["invoice"];
        assert_eq!((&invoice["status"], &invoice["dueMinor"], &invoice["currency"]), (&"paid".into(), &0.into(), &"EUR".into()), "{body}");
        assert_eq!(body["data"]["org"]["slug"], "alder");
        assert_eq!(body["timestamp"], "2026-03-01T12:00:00.000000Z");
    }
}
