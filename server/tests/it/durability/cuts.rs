//! Connections to PostgreSQL are cut at any moment, also between a commit and the word of it. Whoever was not told
//! sends the same again, with the same key, and it is done once.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::Scene;
use crate::harness::{Asked, Dice, Kind, PATIENCE, Process, Proxy, proof, rounds};

/// How many times all is cut.
const CUTS: u32 = 30;

/// Adds clients under keys of its own until told to stop, each until it is acknowledged.
async fn add(process: Process, token: String, writer: usize, wanted: u32) -> (Vec<String>, u32) {
    let (mut names, mut again) = (vec![], 0);
    for number in 0..wanted {
        let name = format!("Writer {writer} No. {number}");
        let document = format!(
            "mutation {{ teamSaveClient(input: {{ name: \"{name}\", currency: \"EUR\" }}) {{ id problems {{ code }} }} }}"
        );
        let request = Asked::graphql(&token, Some(&name), &document);
        let added = async {
            loop {
                let answer = process.send(&request).await.unwrap();
                let said: Value = serde_json::from_str(&answer.body).unwrap();
                if answer.status == 200 && said["errors"].is_null() {
                    assert!(said["data"]["teamSaveClient"]["id"].is_string(), "{said}");
                    return;
                }
                let code = &said["errors"][0]["extensions"]["code"];
                assert_eq!(code, "UNAVAILABLE", "{} {said} {}", answer.status, process.faults());
                again += 1;
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(3 * PATIENCE, added).await.expect("it is done in the end");
        names.push(name);
    }
    (names, again)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_off_and_is_sent_again_is_done_once() {
    if !Kind::postgres_is_there() {
        return;
    }
    let scene = Scene::set(Kind::Postgres).await;
    let database = &scene.app.database;
    let proxy = Proxy::to(super::postgres_address()).await;
    let process = scene.process(&super::through(database.url(), &proxy));
    process.serve().await;
    let before = database.number("SELECT COUNT(*) FROM clients").await;
    let cuts = rounds().unwrap_or(CUTS);
    let writers: Vec<_> = (0..4)
        .map(|writer| tokio::spawn(add(process.clone(), scene.token.clone(), writer, cuts * 2)))
        .collect();
    let mut dice = Dice::new(41);
    let mut done = 0;
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        if done < cuts {
            sleep(Duration::from_millis(dice.below(30))).await;
            proxy.cut();
            done += 1;
        } else {
            sleep(Duration::from_millis(50)).await;
        }
        // Who was cut off with the key in hand keeps it for a minute; here nobody waits for that.
        database
            .execute("UPDATE idempotency_keys SET claimed_until = created_at WHERE answer IS NULL AND claimed_until > created_at")
            .await;
    }
    let (mut names, mut again) = (BTreeSet::new(), 0);
    for writer in writers {
        let (added, repeated) = writer.await.unwrap();
        names.extend(added);
        again += repeated;
    }
    let there = database.texts("SELECT name FROM clients WHERE name LIKE 'Writer %' ORDER BY name").await;
    assert_eq!(there.len(), names.len(), "each once");
    assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), names);
    assert_eq!(
        database.number("SELECT COUNT(*) FROM clients").await,
        before + i64::try_from(names.len()).unwrap()
    );
    assert!(again > 0, "nobody was cut off");
    proof(
        "Connections to PostgreSQL cut under load: a request that is sent again with its key is done once",
        &format!("{done} cuts, {} writes, {again} sent again, each there once", names.len()),
    );
}
