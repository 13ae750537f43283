//! Whatever two teams do, in whatever order and by whatever right: what is kept is what happened (rules I1, I5, M1,
//! M8, A2, T1b).

mod acts;
mod model;
mod state;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use postern::jobs;
use serde_json::Value;
use uuid::Uuid;

use self::{
    acts::{Act, Draw},
    model::{Member, Org},
};
use crate::{
    harness::{Browser, Dice, TestApp, both_databases, proof, rounds},
    world::World,
};

/// Runs, unless `TEST_ROUNDS` says otherwise.
const RUNS: u32 = 2;
/// Acts in each of them.
const STEPS: u32 = 400;
/// In all, less than a session lasts.
const DAYS_BETWEEN: [i64; 4] = [1, 2, 4, 7];

/// Two orgs as they should be, and those who work in them.
struct Books {
    orgs: [Org; 2],
    browsers: [Vec<Browser>; 2],
    dice: Dice,
    next_id: u128,
}

impl Books {
    /// Two orgs of an owner, an admin and a member each.
    async fn open(app: &TestApp, seed: u64) -> Self {
        World::found_orgs(app).await;
        let (mut orgs, mut browsers) = (Vec::new(), Vec::new());
        for slug in ["alder", "birch"] {
            app.database.execute(&colleagues(app, slug)).await;
            let mut there = Vec::new();
            for name in ["owner", "admin", "member"] {
                there.push(app.member(&format!("{name}@{slug}.test")).await);
            }
            let people = app.team_graphql(&there[0], "{ team { people { members { id role } } } }").await;
            let people = people["data"]["team"]["people"]["members"].as_array().unwrap();
            let role = |role: &Value| {
                ["owner", "admin", "member"]
                    .into_iter()
                    .find(|word| role.as_str().unwrap().eq_ignore_ascii_case(word))
            };
            let member = |one: &Value| Member {
                id: one["id"].as_str().unwrap().to_owned(),
                role: role(&one["role"]).unwrap(),
            };
            orgs.push(Org::new(slug, people.iter().map(member).collect()));
            browsers.push(there);
        }
        let next_id = 0x0190_0000_0000_7000_b000_0000_0000_0000;
        Self {
            orgs: orgs.try_into().unwrap(),
            browsers: browsers.try_into().unwrap(),
            dice: Dice::new(seed),
            next_id,
        }
    }

    /// One of either team does something; gives what it was and how it was answered.
    async fn step(&mut self, app: &TestApp) -> String {
        let at = usize::try_from(self.dice.below(2)).unwrap();
        let who = usize::try_from(self.dice.below(3)).unwrap();
        let (own, other) = (&self.orgs[at], &self.orgs[1 - at]);
        let role = own.members[who].role;
        let today = app.now().date_naive();
        let mut draw = Draw { dice: &mut self.dice, own, other, role, today, next_id: &mut self.next_id };
        let Act { document, expected, effect } = acts::draw(&mut draw);
        let answer = app.team_graphql(&self.browsers[at][who], &document).await;
        let told = format!("{role} of {}: {document}", own.slug);
        assert_eq!(outcome(&answer), expected, "{told}: {answer}");
        if expected == "done" {
            let field = answer["data"].as_object().unwrap().values().next().unwrap();
            effect(&mut self.orgs[at], field["id"].as_str().unwrap_or_default());
        }
        format!("{told}: {expected}")
    }

    /// Days pass; what has become overdue is counted, or not yet.
    async fn days_pass(&mut self, app: &TestApp) {
        let days = *self.dice.pick(&DAYS_BETWEEN);
        app.clock.advance(TimeDelta::days(days));
        if self.dice.chance(60) {
            // The mails are not what this is about, and setting their documents takes its time.
            app.database.execute("DELETE FROM outbox").await;
            jobs::enqueue_recurring(&app.app).await.unwrap();
            app.work().await;
        }
        for (org, browsers) in self.orgs.iter().zip(&self.browsers) {
            for (member, browser) in org.members.iter().zip(browsers) {
                let viewer = app.team_graphql(browser, "{ team { viewer { role } } }").await;
                let role = viewer["data"]["team"]["viewer"]["role"].as_str().unwrap_or_default();
                assert!(role.eq_ignore_ascii_case(member.role), "{viewer}");
            }
        }
    }

    /// Everything that is stored, of both orgs, is what the model has.
    async fn assert_kept(&self, app: &TestApp, told: &str) {
        let stored = state::stored(app).await;
        let expected = self.orgs.iter().flat_map(|org| state::expected(org, &stored)).collect();
        let missing: Vec<_> = stored
            .symmetric_difference(&expected)
            .map(|line| {
                if stored.contains(line) {
                    format!("there is    {line}")
                } else {
                    format!("there is no {line}")
                }
            })
            .collect();
        assert!(missing.is_empty(), "after {told}\n{}", missing.join("\n"));
    }

    /// What a page would show today is what the model has: an invoice of each org, and the org's figures.
    async fn assert_shown(&mut self, app: &TestApp) {
        let today = app.now().date_naive();
        for (org, browsers) in self.orgs.iter().zip(&self.browsers) {
            if org.invoices.is_empty() {
                continue;
            }
            let invoice = self.dice.pick(&org.invoices);
            let document = format!(
                "{{ team {{ invoice(id: \"{}\") {{ status totalMinor dueMinor paidMinor }}
                    overview {{ figures {{ currency outstandingMinor openCount overdueMinor overdueCount }} }} }} }}",
                invoice.id
            );
            let answer = app.team_graphql(&browsers[2], &document).await;
            let shown = &answer["data"]["team"];
            let (due, paid) = (org.due(invoice), org.paid(&invoice.id));
            let status = match invoice.status {
                "draft" => "DRAFT",
                "void" => "VOID",
                _ if due == 0 => "PAID",
                _ if invoice.due_on.unwrap() < today => "OVERDUE",
                _ if paid > 0 => "PARTIALLY_PAID",
                _ => "OPEN",
            };
            let wanted = serde_json::json!({
                "status": status, "totalMinor": invoice.total(), "dueMinor": due, "paidMinor": paid
            });
            assert_eq!(shown["invoice"], wanted, "{answer}");
            for figures in shown["overview"]["figures"].as_array().unwrap() {
                let [outstanding, open, overdue, count] =
                    ["outstandingMinor", "openCount", "overdueMinor", "overdueCount"]
                        .map(|name| &figures[name]);
                let owed = org.owed(None, figures["currency"].as_str().unwrap(), today);
                assert_eq!(format!("{outstanding} {open} {overdue} {count}"), owed, "{answer}");
            }
        }
    }
}

/// An admin and a member beside the owner, with the owner's password.
fn colleagues(app: &TestApp, slug: &str) -> String {
    let org = format!("(SELECT id FROM orgs WHERE slug = '{slug}')");
    let sql = ["admin", "member"].map(|role| {
        let id = |what: &str| {
            let mut bytes = [1; 16];
            for (byte, letter) in bytes.iter_mut().zip(format!("{what}{slug}{role}").bytes()) {
                *byte = letter;
            }
            app.database.uuid(Uuid::from_bytes(bytes))
        };
        let (person, member) = (id("p"), id("m"));
        format!(
            "INSERT INTO persons (id, email, email_norm, name, password_hash, created_at) \
             SELECT {person}, '{role}@{slug}.test', '{role}@{slug}.test', '{role}', password_hash, created_at FROM persons WHERE email = 'owner@{slug}.test';
             INSERT INTO members (org_id, id, person_id, role, created_at) VALUES ({org}, {member}, {person}, '{role}', '2025-01-01 00:00:00+00:00');"
        )
    });
    sql.concat()
}

/// An answer in a word: `done`, `nothing`, an error's code, or what is wrong with which field.
fn outcome(answer: &Value) -> String {
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let field = answer["data"].as_object().and_then(|data| data.values().next()).unwrap_or(&Value::Null);
    match field {
        Value::Bool(true) => "done".to_owned(),
        Value::Object(saved) if saved.get("id").or(saved.get("version")).is_some_and(|it| !it.is_null()) => {
            "done".to_owned()
        }
        Value::Object(refused) => {
            let problems = refused["problems"].as_array().unwrap().iter();
            let told = problems.map(|told| {
                format!("{} {}", told["field"].as_str().unwrap(), told["code"].as_str().unwrap())
            });
            told.collect::<Vec<_>>().join(", ")
        }
        _ => "nothing".to_owned(),
    }
}

/// One run; gives the kinds of things that have happened.
async fn keep(app: &TestApp, seed: u64) -> BTreeSet<&'static str> {
    let mut books = Books::open(app, seed).await;
    let mut done = 0;
    for step in 0..STEPS {
        if step % 45 == 44 {
            books.days_pass(app).await;
        }
        let told = format!("seed {seed}, step {step}: {}", books.step(app).await);
        done += u32::from(told.ends_with(": done"));
        books.assert_kept(app, &told).await;
        if step % 10 == 9 {
            books.assert_shown(app).await;
        }
    }
    assert!(done > STEPS / 2 && done < STEPS, "most of it, and not all, is done: {done}");
    books.orgs.iter().flat_map(|org| org.log.keys().copied()).collect()
}

both_databases! {
    /// Random acts of two teams, several hundred in each of two runs: every answer is the one that the model
    /// expects, after every single one all that is stored is what the model has, of both orgs and to the last
    /// balance, number, link, mail and row of the log; and what a page shows of it today is, too.
    async fn whatever_two_teams_do_the_books_are_right(app: TestApp) {
        let runs = rounds().unwrap_or(RUNS);
        let mut happened = keep(&app, 1).await;
        for seed in 2..=runs {
            let again = TestApp::start(app.database.kind).await;
            happened.extend(keep(&again, seed.into()).await);
        }
        assert_eq!(happened.len(), 21, "every kind of thing has happened: {happened:?}");
        proof(
            &format!("Random acts of two teams, {:?}: all that is stored and shown is what a model has", app.database.kind),
            &format!("{runs} runs of {STEPS} acts"),
        );
    }
}
