//! A request with an idempotency key is done once, however often it is sent (rule G2).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{EVERYTHING, Program, code};
use crate::{
    harness::{Page, TestApp, both_databases},
    world::World,
};

const ADD: &str =
    "mutation { teamSaveClient(input: { name: \"Ada\", currency: \"EUR\" }) { id problems { code } } }";

async fn send(program: &mut Program, key: &str, query: &str) -> Page {
    program.headers =
        vec![("idempotency-key", key.to_owned()), ("accept", "application/graphql-response+json".to_owned())];
    program.send(&json!({ "query": query })).await
}

async fn clients(app: &TestApp) -> i64 {
    app.database.number("SELECT COUNT(*) FROM clients").await
}

both_databases! {
    /// The same request with the same key is the same answer, and one client.
    async fn the_same_request_is_done_once(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let first = send(&mut program, "order-1", ADD).await;
        assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""), "{}", first.body);
        let again = send(&mut program, "\"order-1\"", ADD).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
        assert_eq!((again.body, clients(&app).await), (first.body, 1));
        assert_eq!(send(&mut program, "order-2", ADD).await.status, 200);
        assert_eq!(clients(&app).await, 2);
        let mut other = Program::of_owner(&app, "birch", &EVERYTHING).await;
        assert_eq!(send(&mut other, "order-1", ADD).await.header("idempotency-replayed"), "", "a key is the token's own");
        assert_eq!(clients(&app).await, 3);
    }

    /// The key of another request is refused; after a day it is forgotten.
    async fn another_request_with_the_key_is_refused(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        send(&mut program, "order-1", ADD).await;
        let other = ADD.replace("Ada", "Bob");
        let refused = send(&mut program, "order-1", &other).await;
        let answer: Value = serde_json::from_str(&refused.body).unwrap();
        assert_eq!((refused.status, code(&answer), clients(&app).await), (422, "INVALID", 1), "{answer}");
        app.clock.advance(TimeDelta::hours(24));
        assert_eq!(send(&mut program, "order-1", &other).await.status, 200);
        assert_eq!(clients(&app).await, 2);
        app.clock.advance(TimeDelta::hours(25));
        postern::jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM idempotency_keys").await, 0);
    }

    /// Of many that come at once, one is done; the others are told to come again, or get its answer.
    async fn of_many_at_once_one_is_done(app: TestApp) {
        World::found_orgs(&app).await;
        let program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let sends = (0..20).map(|_| {
            let mut program = Program { http: program.http.clone(), token: program.token.clone(), headers: vec![] };
            async move { send(&mut program, "order-1", ADD).await }
        });
        let answers = futures_util::future::join_all(sends).await;
        for answer in &answers {
            assert!([200, 409].contains(&answer.status), "{} {}", answer.status, answer.body);
            assert_eq!(answer.status == 409, answer.header("retry-after") == "1");
        }
        let done: Vec<&Page> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert!(!done.is_empty() && done.iter().all(|answer| answer.body == done[0].body));
        assert_eq!(clients(&app).await, 1);
    }

    /// A process that dies after the write and before it kept the answer: sent again, the same client is there.
    async fn what_was_cut_off_is_done_again_and_makes_nothing_twice(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let first = send(&mut program, "order-1", ADD).await;
        app.database.execute("UPDATE idempotency_keys SET answer = NULL").await;
        assert_eq!(send(&mut program, "order-1", ADD).await.status, 409, "somebody may be at it");
        app.clock.advance(TimeDelta::minutes(1));
        let again = send(&mut program, "order-1", ADD).await;
        assert_eq!((again.status, again.body, clients(&app).await), (200, first.body, 1));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'client.added'").await, 1);
    }

    /// The same where a draft was saved: that its version has moved is nobody else's doing. What others have saved stays.
    async fn a_draft_that_was_saved_and_is_sent_again_is_no_other_change(app: TestApp) {
        let world = World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let draft = world.a1.draft;
        let save = |title: &str| {
            format!("mutation {{ teamSaveDraft(id: \"{draft}\", version: 1, input: {{ title: \"{title}\" }}) {{ version problems {{ code }} }} }}")
        };
        let first = send(&mut program, "save-1", &save("March")).await;
        assert!(first.body.contains("\"version\":2"), "{}", first.body);
        app.database.execute("UPDATE idempotency_keys SET answer = NULL").await;
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(send(&mut program, "save-1", &save("March")).await.body, first.body);
        let other = send(&mut program, "save-2", &save("April")).await;
        assert!(other.body.contains("CHANGED"), "{}", other.body);
    }

    /// What was not run is not kept: the key is free for the request that was meant.
    async fn what_was_not_run_is_not_kept(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let wrong = send(&mut program, "order-1", "mutation { teamSaveClient { id } }").await;
        let again = send(&mut program, "order-1", "mutation { teamSaveClient { id } }").await;
        assert_eq!((wrong.status, again.status, again.header("idempotency-replayed")), (400, 400, ""));
        // A query changes nothing and needs no key.
        send(&mut program, "order-2", "{ __typename }").await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM idempotency_keys").await, 1);
        let long = "x".repeat(256);
        for key in ["", "\"\"", long.as_str()] {
            assert_eq!(send(&mut program, key, ADD).await.status, 400, "{key}");
        }
        assert_eq!(clients(&app).await, 0);
    }
}
