//! How many requests a token may make in a minute (rule G1), over all processes together (rule O4).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;

use super::{EVERYTHING, Program, code};
use crate::{harness::both_databases, world::World};

const SIXTY: [(&str, &str); 1] = [("API_REQUESTS_PER_MINUTE", "60")];

both_databases! {
    /// The sixty-first request of a minute waits for the next one; headers say how one stands.
    async fn a_token_has_its_requests_a_minute(app: TestApp) {
        let mut app = app;
        World::found_orgs(&app).await;
        app.restart_with(&SIXTY).await;
        app.clock.advance(TimeDelta::seconds(18));
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let mut other = Program::of_owner(&app, "birch", &EVERYTHING).await;
        let query = json!({ "query": "{ __typename }" });
        for at in 0..60 {
            let page = program.send(&query).await;
            assert_eq!(page.status, 200, "request {at}: {}", page.body);
            assert_eq!(page.header("ratelimit-policy"), "\"token\";q=60;w=60");
            assert_eq!(page.header("ratelimit"), format!("\"token\";r={};t=42", 59 - at));
        }
        let page = program.send(&query).await;
        assert_eq!((page.status, page.header("retry-after"), page.header("ratelimit")), (429, "42", "\"token\";r=0;t=42"));
        assert_eq!(code(&serde_json::from_str(&page.body).unwrap()), "TOO_MANY");
        assert_eq!(other.send(&query).await.status, 200, "another token goes on");
        app.clock.advance(TimeDelta::seconds(42));
        assert_eq!(program.send(&query).await.status, 200, "the next minute has begun");
    }

    /// Most requests write nothing: the minute is handed out in shares.
    async fn a_share_is_taken_at_a_time(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        for _ in 0..45 {
            program.graphql("{ __typename }").await;
        }
        // Six hundred a minute, thirty at a time.
        assert_eq!(app.database.number("SELECT window_taken FROM api_tokens WHERE window_start > 0").await, 60);
    }

    /// Two processes hand out one minute between them, and never more.
    async fn processes_share_the_limit(app: TestApp) {
        let mut app = app;
        World::found_orgs(&app).await;
        app.restart_with(&SIXTY).await;
        let mut here = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let second = app.second_node().await;
        let mut there = Program::with_token(&second, &here.token);
        let query = json!({ "query": "{ __typename }" });
        let mut answered = 0;
        let mut statuses = BTreeSet::new();
        for _ in 0..100 {
            for program in [&mut here, &mut there] {
                let status = program.send(&query).await.status;
                answered += usize::from(status == 200);
                statuses.insert(status);
            }
        }
        assert_eq!((answered, statuses), (60, BTreeSet::from([200, 429])));
    }
}
