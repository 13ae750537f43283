//! The org's log as the team reads it: filters, pages, days, the file (rules A1, A2).

use std::fmt::Write as _;

use serde_json::Value;
use uuid::Uuid;

use crate::{
    harness::{Browser, TestApp, both_databases},
    world::World,
};

/// Kind, client, contact, member: a row of the log as the test knows it.
#[derive(Debug, Clone, Copy)]
struct Row {
    id: Uuid,
    kind: &'static str,
    topic: &'static str,
    client: Option<Uuid>,
    contact: Option<Uuid>,
    member: Option<Uuid>,
}

const KINDS: [(&str, &str); 8] = [
    ("portal.signed_in", "SIGN_INS"),
    ("portal.invoice_viewed", "INVOICES"),
    ("portal.paid", "PAYMENTS"),
    ("invoice.sent", "INVOICES"),
    ("contact.added", "CLIENTS"),
    ("member.invited", "SETTINGS"),
    ("portal.link_refused", "SECURITY"),
    ("piano.tuned", "NONE"),
];

fn member_of_alder() -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | 0xa << 32 | 0xf2)
}

/// Rows of every kind and every mixture, a minute each, the newest last; and some of the other org.
async fn fill(app: &TestApp, world: &World, count: usize) -> Vec<Row> {
    let mut rows = vec![];
    let mut sql = String::new();
    for n in 0..count {
        let (kind, topic) = KINDS[n % KINDS.len()];
        let client = match n % 3 {
            0 => None,
            1 => Some(&world.a1),
            _ => Some(&world.a2),
        };
        let contact = client.filter(|_| n % 5 < 3).map(|client| client.contact);
        let member = (n % 4 < 2).then(member_of_alder);
        let id = Uuid::from_u128(
            ((1_770_000_000_000 + n as u128 * 60_000) << 80) | 0x7000_8000_0000_0000_0000 | n as u128,
        );
        rows.push(Row { id, kind, topic, client: client.map(|client| client.id), contact, member });
        insert(app, &mut sql, world.a1.org, rows.last().unwrap());
    }
    let foreign = Row {
        id: Uuid::from_u128(0x0200_0000_0000_7000_8000_0000_0000_0001),
        kind: "invoice.sent",
        topic: "INVOICES",
        client: Some(world.b1.id),
        contact: Some(world.b1.contact),
        member: None,
    };
    insert(app, &mut sql, world.b1.org, &foreign);
    app.database.execute(&sql).await;
    rows
}

fn insert(app: &TestApp, sql: &mut String, org: Uuid, row: &Row) {
    let uuid = |id: Option<Uuid>| id.map_or("NULL".to_owned(), |id| app.database.uuid(id));
    let actor = if row.member.is_some() { "member" } else { "contact" };
    writeln!(
        sql,
        "INSERT INTO activity (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, member_id, detail, browser, ip_short) \
         VALUES ({}, {}, '2026-02-02 09:00:00+00:00', '{}', '{actor}', 'Somebody called so', FALSE, {}, {}, {}, 'a, \"b\"', 'Firefox', '127.0.0.x');",
        app.database.uuid(org), app.database.uuid(row.id), row.kind, uuid(row.client), uuid(row.contact), uuid(row.member)
    )
    .unwrap();
}

fn ids(answer: &Value) -> Vec<String> {
    let nodes = answer["data"]["team"]["activity"]["nodes"].as_array();
    nodes
        .unwrap_or_else(|| panic!("{answer}"))
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn ask(app: &TestApp, browser: &Browser, arguments: &str) -> Value {
    let document = format!(
        "{{ team {{ activity({arguments}) {{ nodes {{ id kind }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    );
    app.team_graphql(browser, &document).await
}

both_databases! {
    /// Each filter, and each of their combinations, shows the rows that fit and no others, newest first.
    async fn filters_combine(app: TestApp) {
        let world = World::fill(&app).await;
        let rows = fill(&app, &world, 90).await;
        let owner = app.member("owner@alder.test").await;
        let clients = [None, Some(world.a1.id), Some(world.b1.id)];
        let people = [None, Some(("memberId", member_of_alder())), Some(("contactId", world.a1.contact)), Some(("contactId", world.b1.contact))];
        let topics = [None, Some("SIGN_INS"), Some("INVOICES"), Some("PAYMENTS"), Some("CLIENTS"), Some("SETTINGS"), Some("SECURITY")];
        let mut found = 0;
        for client in clients {
            for person in people {
                for topic in topics {
                    let mut filter = String::new();
                    if let Some(client) = client { write!(filter, "clientId: \"{client}\" ").unwrap(); }
                    if let Some((key, id)) = person { write!(filter, "{key}: \"{id}\" ").unwrap(); }
                    if let Some(topic) = topic { write!(filter, "topic: {topic} ").unwrap(); }
                    // What signing in has written is newer than all of it.
                    let shown = ids(&ask(&app, &owner, &format!("filter: {{ {filter} to: \"2026-02-03\" }}, first: 100")).await);
                    let fits: Vec<String> = rows.iter().rev()
                        .filter(|row| client.is_none_or(|client| row.client == Some(client)))
                        .filter(|row| person.is_none_or(|(key, id)| if key == "memberId" { row.member == Some(id) } else { row.contact == Some(id) }))
                        .filter(|row| topic.is_none_or(|topic| row.topic == topic))
                        .map(|row| row.id.to_string()).collect();
                    assert_eq!(shown, fits, "{filter}");
                    found += usize::from(!fits.is_empty());
                }
            }
        }
        assert!(found > 20, "the filters have found something: {found}");
        for nonsense in ["clientId: \"x\"", "memberId: \"\"", "contactId: \"'; DROP TABLE activity; --\""] {
            assert!(ids(&ask(&app, &owner, &format!("filter: {{ {nonsense} }}")).await).is_empty(), "{nonsense}");
        }
    }

    /// Pages by cursor meet each row once, forward and back, with a filter as without.
    async fn pages_of_the_log_meet_each_row_once(app: TestApp) {
        let world = World::fill(&app).await;
        let rows = fill(&app, &world, 50).await;
        let owner = app.member("owner@alder.test").await;
        for filter in ["to: \"2026-02-03\"".to_owned(), format!("to: \"2026-02-03\" clientId: \"{}\"", world.a1.id)] {
            let (mut seen, mut arguments) = (vec![], String::new());
            let last = loop {
                let answer = ask(&app, &owner, &format!("filter: {{ {filter} }}, first: 7{arguments}")).await;
                seen.extend(ids(&answer));
                let info = answer["data"]["team"]["activity"]["pageInfo"].clone();
                if info["hasNextPage"] == false { break info; }
                arguments = format!(", after: {}", info["endCursor"]);
            };
            let fits: Vec<String> = rows.iter().rev().filter(|row| !filter.contains("client") || row.client == Some(world.a1.id)).map(|row| row.id.to_string()).collect();
            assert_eq!(seen, fits);
            let back = ids(&ask(&app, &owner, &format!("filter: {{ {filter} }}, last: 7, before: {}", last["startCursor"])).await);
            let place = fits.len() - fits.len() % 7 - if fits.len().is_multiple_of(7) { 7 } else { 0 };
            assert_eq!(back, fits[place - 7..place]);
        }
    }

    /// A day is the org's: it begins and ends at midnight in its own time zone (P5).
    async fn a_day_of_the_log_is_the_orgs_own(app: TestApp) {
        let world = World::fill(&app).await;
        let mut sql = String::new();
        // Berlin: 31 January ends at 23:00 UTC.
        for (n, at) in ["2026-01-30T22:59:59.999Z", "2026-01-30T23:00:00Z", "2026-01-31T22:59:59.999Z", "2026-01-31T23:00:00Z"].into_iter().enumerate() {
            let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
            let id = Uuid::from_u128((u128::try_from(at.timestamp_millis()).unwrap() << 80) | 0x7000_8000_0000_0000_0000 | n as u128);
            insert(&app, &mut sql, world.a1.org, &Row { id, kind: "org.changed", topic: "SETTINGS", client: None, contact: None, member: None });
        }
        app.database.execute(&sql).await;
        let owner = app.member("owner@alder.test").await;
        for (days, count) in [
            ("from: \"2026-01-31\" to: \"2026-01-31\"", 2),
            ("to: \"2026-01-30\"", 1),
            ("from: \"2026-01-31\" topic: SETTINGS", 3),
            ("from: \"2026-02-02\" to: \"2026-02-01\"", 0),
            ("from: \"0001-01-01\" to: \"9999-12-31\" topic: SETTINGS", 4),
            ("from: \"-99999-01-01\" to: \"+99999-12-31\" topic: SETTINGS", 4),
        ] {
            assert_eq!(ids(&ask(&app, &owner, &format!("filter: {{ {days} }}")).await).len(), count, "{days}");
        }
    }

    /// The page says in words who did what, to members of every role; every kind has words, and one that is not
    /// known yet its own name.
    async fn the_page_says_who_did_what(app: TestApp) {
        let world = World::fill(&app).await;
        app.database.execute("UPDATE members SET role = 'member'").await;
        let mut owner = app.member("owner@alder.test").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        contact.get(&format!("/portal/invoices/{}", world.a1.open)).await;
        owner.post(&format!("/app/clients/{}/archive", world.a2.id), &[]).await;
        let mut sql = String::new();
        let unknown = Row { id: Uuid::from_u128(u128::MAX >> 8), kind: "piano.tuned", topic: "NONE", client: None, contact: None, member: None };
        insert(&app, &mut sql, world.a1.org, &unknown);
        app.database.execute(&sql).await;
        let page = owner.get("/app/activity").await;
        assert_eq!(page.status, 200);
        for words in ["CANARY-a1 contact", "opened", "CANARY-a1-0", "CANARY-a2 client", "archived", "You", "piano tuned", "127.0.0.x", "Today"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(page.body.contains(&format!("/app/invoices/{}", world.a1.open)));
        let one = owner.get(&format!("/app/activity?client={}&topic=invoices", world.a1.id)).await.body;
        assert!(one.contains("opened") && !one.contains("piano tuned") && one.contains("CANARY-a1 client"), "{one}");
        assert!(one.contains(&format!("/app/activity.csv?topic=invoices&amp;client={}", world.a1.id)), "{one}");
    }

    /// A kind that has words is about something that one can filter by.
    async fn every_kind_with_words_has_a_topic(app: TestApp) {
        let world = World::fill(&app).await;
        let owner = app.member("owner@alder.test").await;
        let mut sql = String::new();
        let kinds: Vec<&'static str> = app::activity::kinds().collect();
        for (n, kind) in kinds.iter().enumerate() {
            let id = Uuid::from_u128((1_770_000_000_000_u128 << 80) | 0x7000_8000_0000_0000_0000 | n as u128);
            insert(&app, &mut sql, world.a1.org, &Row { id, kind, topic: "", client: None, contact: None, member: None });
        }
        app.database.execute(&sql).await;
        let mut found = 0;
        for topic in ["SIGN_INS", "INVOICES", "PAYMENTS", "CLIENTS", "SETTINGS", "SECURITY"] {
            found += ids(&ask(&app, &owner, &format!("filter: {{ topic: {topic} to: \"2026-02-03\" }}, first: 100")).await).len();
        }
        assert_eq!(found, kinds.len());
    }

    /// A client is found by a part of its name; where that fits several, one is asked.
    async fn a_client_is_chosen_by_its_name(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let one = owner.get("/app/activity?topic=invoices&client=canary-A1").await;
        assert_eq!(one.header("location"), format!("/app/activity?topic=invoices&client={}", world.a1.id));
        let several = owner.get("/app/activity?client=canary").await.body;
        assert!(several.contains("Which client?") && several.contains(&format!("client={}", world.a2.id)), "{several}");
        assert!(!several.contains(&world.b1.canary()));
        let none = owner.get("/app/activity?client=%3Cscript%3E").await;
        assert!(none.status == 200 && none.body.contains("No such client") && !none.body.contains("<script>"), "{}", none.body);
        assert_eq!(owner.get("/app/activity.csv?client=canary").await.header("location"), "/app/activity?client=canary");
    }

    /// A day that is none is told at its field; a broken cursor is refused; the rest is ignored.
    async fn a_wrong_day_is_told(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for (query, field) in [("from=2026-02-30", "from"), ("to=yesterday", "to"), ("from=2026-02-02&to=2026-02-01", "to")] {
            let page = owner.get(&format!("/app/activity?{query}")).await;
            assert!(page.status == 422 && page.body.contains(&format!("id=\"{field}-problem\"")), "{query}: {}", page.body);
            assert_eq!(owner.get(&format!("/app/activity.csv?{query}")).await.status, 303, "{query}");
        }
        assert_eq!(owner.get("/app/activity?after=nonsense").await.status, 400);
        let ignored = owner.get("/app/activity?topic=pianos&person=nobody&utm_source=mail&from=&to=").await;
        assert!(ignored.status == 200 && ignored.body.contains("signed in"), "{}", ignored.body);
    }

    /// The file has every row that fits, in the words of the page, and nothing that a spreadsheet would run.
    async fn the_file_has_every_row_that_fits(app: TestApp) {
        let world = World::fill(&app).await;
        let rows = fill(&app, &world, 250).await;
        app.database.execute("UPDATE clients SET name = '=cmd|calc'").await;
        let mut owner = app.member("owner@alder.test").await;
        let file = owner.get("/app/activity.csv?to=2026-02-03").await;
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"activity-2026-03-01.csv\"");
        assert_eq!(file.header("cache-control"), "no-store");
        assert!(file.header("content-type").starts_with("text/csv; charset=utf-8"));
        let mut reader = csv::ReaderBuilder::new().from_reader(file.body.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["Time", "What", "Kind"]);
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let kinds: Vec<&str> = records.iter().map(|record| record.get(2).unwrap()).collect();
        assert_eq!(kinds, rows.iter().rev().map(|row| row.kind).collect::<Vec<_>>());
        assert!(records.iter().all(|record| record.get(7) == Some("a, \"b\"") && !record.iter().any(|field| field.starts_with('='))));
        assert!(records.iter().any(|record| record.get(4) == Some("'=cmd|calc")));
        assert!(file.body.starts_with("Time,What") && file.body.contains("2026-02-02T10:00:00+01:00,"));
        let some = owner.get(&format!("/app/activity.csv?topic=invoices&client={}", world.a1.id)).await.body;
        let fits = rows.iter().filter(|row| row.topic == "INVOICES" && row.client == Some(world.a1.id)).count();
        assert_eq!(some.lines().count(), fits + 1);
    }
}
