//! Deliveries under way at once: one that hangs keeps one of its org's two places, and none of another org's.

use std::time::Duration;

use chrono::TimeDelta;
use postern::{jobs, store::system::Lane};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{ALL_EVENTS, Mood, PATIENT, Receiver, Told, add, pay};
use crate::{
    gateway::{EVERYTHING, Program},
    harness::{PATIENCE, TestApp, both_databases},
};

/// How many deliveries have been begun that have not ended.
const BEGUN: &str = "SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting' AND attempts > 0";

/// A worker that delivers.
fn worker(app: &TestApp) -> JoinHandle<postern::error::Result<bool>> {
    let app = app.app.clone();
    tokio::spawn(async move { jobs::work_until_idle_in(Lane::Webhooks, &app).await })
}

/// Waits until so many have been delivered, and that is written down.
async fn delivered(app: &TestApp, count: i64) {
    let done = async {
        while app.database.number("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered'").await
            < count
        {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, done).await.unwrap_or_else(|_| panic!("{count} are never delivered"));
}

/// An org whose sixteen endpoints hang, each with something due.
async fn hanging(app: &mut TestApp) -> Told {
    let mut told = Told::start_with(app, &PATIENT).await;
    told.receiver.feel(Mood::Slow);
    for _ in 1..16 {
        add(&mut told.program, &told.receiver.url(), ALL_EVENTS).await;
    }
    told.pay(told.world.a1.open, "1.00").await;
    told
}

both_databases! {
    /// Sixteen endpoints of one org hang, and were due first: another org's messages go out meanwhile. What a worker had in
    /// hand that is gone is sent again by the next.
    async fn an_org_whose_endpoints_hang_holds_up_no_other(app: TestApp) {
        let mut app = app;
        let told = hanging(&mut app).await;
        app.clock.advance(TimeDelta::minutes(1));
        let mut other = Program::of_owner(&app, "birch", &EVERYTHING).await;
        let elsewhere = Receiver::start().await;
        add(&mut other, &elsewhere.url(), ALL_EVENTS).await;
        for _ in 0..3 {
            pay(&mut other, told.world.b1.open, "1.00").await;
        }

        let worker = worker(&app);
        told.receiver.has_received(2).await;
        delivered(&app, 3).await;
        assert_eq!(told.receiver.received().len(), 2, "two of one org are under way, and no more");
        // Written down while it happens: what has come since goes out as well.
        pay(&mut other, told.world.b2.open, "1.00").await;
        delivered(&app, 4).await;
        assert_eq!(told.receiver.received().len(), 2);
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());

        assert_eq!(app.database.number(BEGUN).await, 2);
        told.receiver.feel(Mood::Well);
        app.clock.advance(TimeDelta::minutes(3));
        app.work().await;
        assert_eq!((told.receiver.taken().len(), elsewhere.taken().len()), (16, 4));
        assert_eq!(app.database.number(BEGUN).await, 0);
    }

    /// One message hangs: by the org's other place, one after the other goes out meanwhile.
    async fn a_message_that_hangs_leaves_its_org_the_other_place(app: TestApp) {
        let mut app = app;
        let mut told = Told::start_with(&mut app, &PATIENT).await;
        let hanging = Receiver::start().await;
        hanging.feel(Mood::Slow);
        add(&mut told.program, &hanging.url(), "[INVOICE_VOIDED]").await;
        told.void(told.world.a2.open).await;
        for _ in 0..12 {
            told.pay(told.world.a1.open, "1.00").await;
        }
        let worker = worker(&app);
        hanging.has_received(1).await;
        told.receiver.has_received(13).await;
        assert!(!worker.is_finished(), "one is under way still");
        hanging.release();
        assert!(timeout(PATIENCE, worker).await.expect("it ends").unwrap().unwrap());
        assert_eq!(app.database.number(BEGUN).await, 0);
    }

    /// Told to stop, a worker waits for what is under way and takes nothing else up.
    async fn whoever_is_told_to_stop_takes_nothing_else_up(app: TestApp) {
        let mut app = app;
        let told = hanging(&mut app).await;
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(jobs::work(app.app.clone(), stopped));
        told.receiver.has_received(2).await;
        stop.send(true).unwrap();
        told.receiver.release();
        timeout(PATIENCE, worker).await.expect("it ends").unwrap();
        assert_eq!(told.receiver.received().len(), 2);
        let untouched = "SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting' AND attempts = 0";
        assert_eq!(app.database.number(untouched).await, 14);
    }
}
