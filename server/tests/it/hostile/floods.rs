//! A flood of requests for links to one address (rule L3).

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::{
    harness::{Browser, TestApp, both_databases, proof},
    world::World,
};

const REQUESTS: usize = 1_000;
const NETWORKS: usize = 100;
/// In ten minutes.
const MOST_MAILS: usize = 5;
const VICTIM: &str = "a1@clients.test";

/// One request from one of a hundred networks.
async fn ask(app: &TestApp, number: usize) -> u16 {
    let mut browser: Browser = app.browser();
    let network = number % NETWORKS;
    browser.headers.insert("x-forwarded-for", format!("198.51.{network}.7").parse().unwrap());
    browser.get("/portal/login").await;
    browser.post("/portal/login", &[("email", VICTIM)]).await.status
}

both_databases! {
    /// A thousand requests from a hundred networks, to two nodes on one database, of which one is started anew in the
    /// middle: five mails, and the link that was sent before leads in.
    async fn a_thousand_requests_from_a_hundred_networks_are_five_mails(app: TestApp) {
        let mut here = app;
        // What one network may do must not be what stops it.
        here.restart_with(&[("LOGIN_REQUESTS_PER_MINUTE", "20")]).await;
        let world = World::fill(&here).await;
        let there = here.second_node().await;
        let mut victim = here.browser();
        let before = here.ask(&mut victim, VICTIM).await;
        let mut statuses = BTreeSet::new();
        for number in 0..REQUESTS {
            if number == REQUESTS / 2 {
                here.restart_with(&[("LOGIN_REQUESTS_PER_MINUTE", "20")]).await;
            }
            let node = if number % 2 == 0 { &here } else { &there };
            statuses.insert(ask(node, number).await);
            // Over nine minutes, and some of it is answered while more comes in, by both at once.
            here.clock.advance(TimeDelta::milliseconds(540));
            if number % 100 == 99 {
                let (one, two) = tokio::join!(postern::jobs::work_until_idle(&here.app), postern::jobs::work_until_idle(&there.app));
                one.unwrap();
                two.unwrap();
            }
        }
        assert_eq!(statuses, BTreeSet::from([303]), "the same answer for all, and none stopped by its network");
        let written = here.database.number("SELECT COUNT(*) FROM login_requests").await;
        assert_eq!(written, i64::try_from(REQUESTS + 1).unwrap());
        assert_eq!(here.smtp.count_to(VICTIM), MOST_MAILS);
        assert_eq!(here.smtp.mails().len(), MOST_MAILS, "and none to anybody else");
        // Others get theirs meanwhile, from the same networks.
        let mut other = here.browser();
        other.headers.insert("x-forwarded-for", "198.51.7.7".parse().unwrap());
        here.ask(&mut other, "a2@clients.test").await;
        // The first link is nine minutes old, and is the victim's own way in, in the browser that asked.
        let cookies = victim.cookies;
        let mut victim = here.browser();
        victim.cookies = cookies;
        let page = victim.get(&before.links()[0]).await;
        assert!(page.status == 200 && page.body.contains("data-at-once"), "{}", page.body);
        assert_eq!(victim.post(&before.links()[0], &[]).await.status, 303);
        assert!(victim.get("/portal").await.body.contains(&world.a1.canary()));
        // The window moves on, and the address gets mails again.
        here.clock.advance(TimeDelta::minutes(10));
        here.ask(&mut here.browser(), VICTIM).await;
        assert_eq!(here.smtp.count_to(VICTIM), MOST_MAILS + 1);
        proof(
            &format!("A flood of requests for one address ({:?}), two nodes, a restart between", here.database.kind),
            &format!("{REQUESTS} requests from {NETWORKS} networks in nine minutes: {MOST_MAILS} mails; the link of before leads in"),
        );
    }
}
