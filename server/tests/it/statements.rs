//! What a page costs the database: a constant number of statements, each served by an index.

use std::fmt::Write as _;

use postern::store::{
    portal::planned_statements,
    system, team,
    testing::{POSTGRES_SESSION, statements},
};
use sqlx::{AssertSqlSafe, Row as _};

use crate::{
    harness::{Browser, Kind, TestApp},
    world::World,
};

/// Many more invoices for a client: `count` open ones and as many paid ones.
pub async fn many_invoices(app: &TestApp, world: &World, count: u32) {
    let client = &world.a1;
    let uuid = |id| app.database.uuid(id);
    let (org, id) = (uuid(client.org), uuid(client.id));
    let mut sql = String::new();
    for n in 0..count * 2 {
        let invoice = uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + u128::from(n)));
        let paid = if n % 2 == 0 { 0 } else { 100 };
        let day = n % 28 + 1;
        sql.push_str("INSERT INTO invoices (org_id, client_id, id, status, number, title, reference, notes, currency, issued_on, due_on, subtotal_minor, tax_minor, total_minor, paid_minor, search_text, version, created_at, sent_at) VALUES ");
        writeln!(sql, "({org}, {id}, {invoice}, 'sent', 'N-{n}', '', '', '', 'EUR', '2025-06-{day:02}', '2025-07-{day:02}', 100, 0, 100, {paid}, 'n-{n}', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00');").unwrap();
    }
    app.database.execute(&sql).await;
    if app.database.kind == Kind::Postgres {
        app.database.execute("ANALYZE").await;
    }
}

/// A log of some length: a few thousand rows of many clients, by whom and about what as it comes.
async fn a_long_log(app: &TestApp, world: &World) {
    let uuid = |id| app.database.uuid(id);
    let id = |what: u128, n: u128| {
        uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_a000_0000_0000_0000 + (what << 32) + n))
    };
    let org = uuid(world.a1.org);
    let mut sql = String::new();
    for n in 0..40 {
        let (client, contact, person, member) = (id(1, n), id(2, n), id(3, n), id(4, n));
        writeln!(
            sql,
            "INSERT INTO clients (org_id, id, name, currency, address, tax_id, created_at) VALUES ({org}, {client}, 'n', 'EUR', '', '', '2026-01-01 00:00:00+00:00');
             INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) VALUES ({org}, {client}, {contact}, 'n', 'n', 'n', FALSE, '2026-01-01 00:00:00+00:00');
             INSERT INTO persons (id, email, email_norm, name, created_at) VALUES ({person}, 'n', 'n{n}', 'n', '2026-01-01 00:00:00+00:00');
             INSERT INTO members (org_id, id, person_id, role, created_at) VALUES ({org}, {member}, {person}, 'member', '2026-01-01 00:00:00+00:00');"
        )
        .unwrap();
    }
    let kinds = [
        "portal.signed_in",
        "portal.invoice_viewed",
        "payment.recorded",
        "client.changed",
        "org.changed",
        "portal.link_refused",
    ];
    for n in 0..6_000_u128 {
        let client = n * 7 % 40;
        let kind = kinds[usize::try_from(n % 6).unwrap()];
        let (contact, member) = if n % 2 == 0 {
            (id(2, client), "NULL".to_owned())
        } else {
            ("NULL".to_owned(), id(4, n * 11 % 40))
        };
        writeln!(
            sql,
            "INSERT INTO activity (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, member_id, detail, browser, ip_short) \
             VALUES ({org}, {}, '2026-01-01 00:00:00+00:00', '{kind}', 'member', '', FALSE, {}, {contact}, {member}, '', '', '');",
            id(5, n), id(1, client)
        )
        .unwrap();
    }
    app.database.execute(&sql).await;
    if app.database.kind == Kind::Postgres {
        app.database.execute("ANALYZE").await;
    }
}

#[tokio::test]
async fn portal_home_costs_three_statements_whatever_the_number_of_invoices() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if kind == Kind::Postgres && !Kind::postgres_is_there() {
            continue;
        }
        let app = TestApp::start(kind).await;
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let few = statements_of_home(&mut browser).await;
        many_invoices(&app, &world, 500).await;
        let many = statements_of_home(&mut browser).await;
        assert_eq!((few, many), (3, 3), "{kind:?}");
    }
}

async fn statements_of_home(browser: &mut Browser) -> u64 {
    let before = statements();
    assert_eq!(browser.get("/portal").await.status, 200);
    statements() - before
}

/// Which index of some rows is meant for which condition.
const OF_SOME_ROWS: [(&str, &str); 5] = [
    ("settlement = 'open'", "open"),
    ("settlement = 'paid'", "paid"),
    ("settlement = 'void'", "void"),
    ("settlement = 'draft'", "drafts"),
    ("settlement IN ('paid', 'void')", "settled"),
];

/// Pages list invoices of one state in the order of that state's index. What programs may ask for besides, another order
/// or one number, is served by indexes of all rows.
fn is_in_its_own_order(statement: &str) -> bool {
    let Some(list) = statement.strip_prefix("team invoices ") else { return true };
    let own = [
        "draft by issue descending",
        "open by due day ascending",
        "paid by issue descending",
        "void by issue descending",
    ];
    own.iter().any(|own| list.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest == " search"))
}

/// SQLite names the index that it searches; a scan of a whole table or a sort of its own would show.
#[tokio::test]
async fn every_statement_of_a_page_is_served_by_an_index_on_sqlite() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    many_invoices(&app, &world, 500).await;
    a_long_log(&app, &world).await;
    let mut connection = app.database.sqlite().await;
    let planned = planned_statements().into_iter().chain(team::planned_statements());
    for (name, sql) in planned.chain(system::planned_statements()) {
        let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
        // The rows of a part that was itself read by an index may be gone through.
        let parts: Vec<String> = plan
            .iter()
            .filter_map(|step| step.strip_prefix("CO-ROUTINE ").map(|part| format!("SCAN {part}")))
            .collect();
        // An index of all rows would serve as well, by walking through all of them.
        for (condition, index) in OF_SOME_ROWS {
            let is_used = plan.iter().any(|step| step.contains(&format!("INDEX invoices_{index}")));
            assert!(
                !is_in_its_own_order(&name) || !sql.contains(condition) || is_used,
                "{name} is not served by invoices_{index}: {plan:#?}"
            );
        }
        for index in indexes_of_work(&name) {
            let is_used = plan.iter().any(|step| step.contains(index));
            assert!(is_used, "{name} is not served by {index}: {plan:#?}");
        }
        for step in &plan {
            let scans = step.starts_with("SCAN ") && !step.contains("CONSTANT ROW") && !parts.contains(step);
            assert!(!scans, "{name}: {plan:#?}");
            if let Some(index) = activity_index(&name) {
                let of_the_log = step.starts_with("SEARCH a ");
                assert!(!of_the_log || step.contains(index), "{name} is not served by {index}: {plan:#?}");
            }
            let small = [
                "balances",
                "org figures",
                "sessions",
                "invoice lines",
                "invoice taxes",
                "client contacts",
                "team invoice lines",
                "team invoice taxes",
                "team invoice payments",
                "payments of invoice",
                "activity views",
            ]
            .contains(&name.as_str());
            assert!(small || !step.contains("TEMP B-TREE"), "{name} sorts: {plan:#?}");
        }
    }
}

/// The index that is meant for a filter of the team's log.
fn activity_index(statement: &str) -> Option<&'static str> {
    let filter = statement.strip_prefix("activity ")?;
    let filter = filter.trim_end_matches(" forward").trim_end_matches(" backward");
    Some(match filter {
        "client" => "activity_by_client ",
        "member" => "activity_by_member ",
        "client member" => "activity_by_client_and_member ",
        "topic" => "activity_by_topic ",
        "client topic" => "activity_by_client_and_topic ",
        "member topic" => "activity_by_member_and_topic ",
        "views" => "activity_of_views ",
        "contact" | "contact topic" | "client contact" => "activity_by_contact ",
        // Where three are given, any two of them leave few rows.
        "client member topic" | "client contact topic" => "activity_by_",
        _ => return None,
    })
}

/// The indexes by which a worker finds what it has to do, among everybody's.
fn indexes_of_work(statement: &str) -> &'static [&'static str] {
    match statement {
        "due webhook" => &["webhook_deliveries_due ", "webhook_deliveries_in_order "],
        "requests let through" => &["login_requests_by_email "],
        "requests over the limit" => &["login_requests_over_limit "],
        _ => &[],
    }
}

/// PostgreSQL, with the generic plans that the application runs with.
#[tokio::test]
async fn every_statement_of_a_page_is_served_by_an_index_on_postgres() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    let world = World::fill(&app).await;
    many_invoices(&app, &world, 500).await;
    a_long_log(&app, &world).await;
    let mut connection = app.database.postgres().await;
    let client = &world.a1;
    // Small tables would be read whole, and rightly so; what is tested is whether an index could serve.
    let setup = format!(
        "SET enable_seqscan = off; {POSTGRES_SESSION}; BEGIN; SET LOCAL ROLE postern_app; \
         SET LOCAL app.org_id = '{}'; SET LOCAL app.client_id = '{}'; SET LOCAL app.contact_id = '{}'",
        client.org, client.id, client.contact
    );
    sqlx::raw_sql(AssertSqlSafe(setup)).execute(&mut connection).await.unwrap();
    let portal = planned_statements().into_iter().map(|planned| ("portal", planned));
    let team = team::planned_statements().into_iter().map(|planned| ("team", planned));
    let system = system::planned_statements().into_iter().map(|planned| ("system", planned));
    for (at, (audience, (name, sql))) in portal.chain(team).chain(system).enumerate() {
        let audience = format!("SET LOCAL app.audience = '{audience}'");
        sqlx::raw_sql(AssertSqlSafe(audience)).execute(&mut connection).await.unwrap();
        let highest = (1..=202).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
        let nulls = vec!["NULL"; highest].join(", ");
        // The keys of a table of values are ids, which nothing else in the text says.
        let types: Vec<&str> = (1..=highest)
            .map(
                |n| if n == 2 && (sql.contains("> $2") || sql.contains("< $2")) { "unknown" } else { "uuid" },
            )
            .collect();
        let types = if name.starts_with("keyed") { format!("({})", types.join(", ")) } else { String::new() };
        let prepare = format!("PREPARE planned_{at} {types} AS {sql}; ");
        sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut connection).await.unwrap();
        let rows = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE planned_{at}({nulls})")))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>(0)).collect();
        let text = plan.join("\n");
        assert!(text.contains("Index"), "{name}: {text}");
        assert!(
            !text.contains("Seq Scan on invoices") && !text.contains("Seq Scan on payments"),
            "{name}: {text}"
        );
        assert!(!text.contains("Seq Scan on activity"), "{name}: {text}");
        for index in indexes_of_work(&name) {
            assert!(text.contains(index), "{name} is not served by {index}: {text}");
        }
        // Each filter of the log has an index of its own.
        if let Some(index) = activity_index(&name) {
            assert!(text.contains(index), "{name} is not served by {index}: {text}");
        }
        if name.starts_with("invoices")
            || name == "due webhook"
            || name.starts_with("overview")
            || name.starts_with("payments f")
            || name.starts_with("access")
            // Of the views a fixed number is looked at, and those are sorted.
            || (name.starts_with("activity") && name != "activity views")
            || name.starts_with("clients")
            || name.starts_with("team invoices")
            || name.starts_with("team payments")
        {
            assert!(!text.contains("Sort"), "{name} sorts: {text}");
        }
    }
}
