//! Each wall holds alone (rules I2, I3, I3a, A2).

use postern::store::testing::Walls;

use crate::{
    harness::{Kind, TestApp, both_databases},
    world::{Client, World},
};

const EVERYTHING: &str = "{ portal {
    balances { outstandingMinor } invoices(first: 100) { nodes { id title } }
    payments(first: 100) { nodes { id reference } } accessLog(first: 100) { nodes { id contactName } } sessions { id }
} }";

both_databases! {
    /// A row of another tenant is held back, with an alert and a row in the log (I2).
    async fn without_the_predicate_the_recheck_lets_nothing_out(app: TestApp) {
        let world = World::fill(&app).await;
        if app.database.kind == Kind::Postgres {
            // Row-level security would keep the foreign rows from ever getting there.
            app.database.execute("ALTER TABLE invoices DISABLE ROW LEVEL SECURITY").await;
        }
        let own = app.signed_in("a1@clients.test").await;
        let open = app.with_walls(Walls { without_predicate: true, ..Walls::default() });
        let mut browser = open.browser();
        browser.cookies = own.cookies.clone();
        let answer = browser.graphql("{ portal { invoices(first: 100) { nodes { id title } } } }").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
        for other in world.others(&world.a1) {
            assert!(!answer.to_string().contains(&other.canary()));
        }
        let rows = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'security.tenant_mismatch'").await;
        assert_eq!(rows, 1);
        assert_eq!(browser.get("/portal/invoices").await.status, 500);
    }

    /// Without predicate and re-check, SQLite shows foreign rows, which proves that the test build
    /// takes the walls down; PostgreSQL still shows none, and no draft (I3).
    async fn without_predicate_and_recheck_row_level_security_stands(app: TestApp) {
        let world = World::fill(&app).await;
        let own = app.signed_in("a1@clients.test").await;
        let open = app.with_walls(Walls { without_predicate: true, without_recheck: true, without_guards: false });
        let mut browser = open.browser();
        browser.cookies = own.cookies.clone();
        let others: Vec<&Client> = world.others(&world.a1).collect();
        let mut answers = browser.graphql(EVERYTHING).await.to_string();
        for other in &others {
            for id in other.visible() {
                let document = format!("{{ portal {{ invoice(id: \"{id}\") {{ title lines {{ description }} taxes {{ label }} payments {{ reference }} billTo }} }} }}");
                answers.push_str(&browser.graphql(&document).await.to_string());
            }
        }
        let leaked = others.iter().any(|other| answers.contains(&other.canary()));
        assert_eq!(leaked, app.database.kind == Kind::Sqlite, "{answers}");
        assert!(answers.contains(&world.a1.canary()), "one's own is there: {answers}");
        assert!(!answers.contains(&world.a1.draft.to_string()));
    }

    /// The same two walls on the team's side.
    async fn the_walls_stand_on_the_teams_side(app: TestApp) {
        let world = World::fill(&app).await;
        let own = app.member("owner@alder.test").await;
        for org in ["alder", "birch"] {
            let canary = if org == "alder" { world.a1.canary() } else { world.b1.canary() };
            let invite = format!("mutation {{ teamInviteMember(email: \"{canary}@x.test\", role: MEMBER) {{ id }} }}");
            app.team_graphql(&app.member(&format!("owner@{org}.test")).await, &invite).await;
        }
        let people = "{ team { people { members { email } invitations { email } } } }";
        let client = format!("{{ team {{ client(id: \"{}\") {{ name contacts {{ name }} }} }} }}", world.a1.id);
        let documents = ["{ team { clients(first: 100) { nodes { name } } } }", &client, people];
        let answers = async |walls: Walls| {
            let open = app.with_walls(walls);
            let mut all = String::new();
            for document in documents {
                all.push_str(&open.team_graphql(&own, document).await.to_string());
            }
            all
        };
        let foreign = |answer: &str| answer.contains(&world.b1.canary()) || answer.contains(&world.b2.canary());
        let of_the_people = |answer: &str| answer.contains("CANARY-b1@x.test") || answer.contains("owner@birch.test");
        let all_down = answers(Walls { without_predicate: true, without_recheck: true, without_guards: false }).await;
        assert_eq!(foreign(&all_down), app.database.kind == Kind::Sqlite, "{all_down}");
        assert!(all_down.contains(&world.a1.canary()), "one's own is there: {all_down}");
        assert_eq!(of_the_people(&all_down), app.database.kind == Kind::Sqlite, "{all_down}");
        assert!(all_down.contains("CANARY-a1@x.test") && all_down.contains("owner@alder.test"), "{all_down}");
        if app.database.kind == Kind::Postgres {
            app.database.execute("ALTER TABLE clients DISABLE ROW LEVEL SECURITY").await;
        }
        let recheck = answers(Walls { without_predicate: true, ..Walls::default() }).await;
        assert!(!foreign(&recheck) && !of_the_people(&recheck) && recheck.contains("INTERNAL"), "{recheck}");
        let rows = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'security.tenant_mismatch'").await;
        assert!(rows >= 1);
    }

    /// A row cannot even point at another tenant's row; with everything else the same it points at one's own (I3a).
    async fn a_foreign_key_carries_the_tenant(app: TestApp) {
        let world = World::fill(&app).await;
        let uuid = |id| app.database.uuid(id);
        let (a1, b1) = (&world.a1, &world.b1);
        let (org, client) = (uuid(a1.org), uuid(a1.id));
        let (at, hash) = ("'2026-01-01 00:00:00+00:00'", app.database.bytes(&[9; 32]));
        let payment = |invoice, currency| {
            let id = uuid(uuid::Uuid::now_v7());
            format!("INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, received_on, reference, created_at) VALUES ({org}, {client}, {id}, {}, 'payment', 'cash', '{currency}', 1, '2026-01-01', '', {at})", uuid(invoice))
        };
        let line = |invoice| format!("INSERT INTO invoice_lines (org_id, client_id, invoice_id, position, description, quantity_milli, unit, unit_price_minor, tax_rate_ppm, net_minor) VALUES ({org}, {client}, {}, 9, '', 1, '', 1, 0, 0)", uuid(invoice));
        let contact = |of| {
            let id = uuid(uuid::Uuid::now_v7());
            format!("INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) VALUES ({org}, {}, {id}, '', '', 'x', TRUE, {at})", uuid(of))
        };
        let session = |of| {
            let id = uuid(uuid::Uuid::now_v7());
            format!("INSERT INTO portal_sessions (org_id, client_id, id, contact_id, token_hash, browser, ip_short, created_at, expires_at) VALUES ({org}, {client}, {id}, {}, {hash}, '', '', {at}, {at})", uuid(of))
        };
        for (foreign, own) in [
            (payment(b1.open, "EUR"), payment(a1.open, "EUR")),
            (line(b1.open), line(a1.draft)),
            (contact(b1.id), contact(a1.id)),
            (session(b1.contact), session(a1.contact)),
            // Nor is a payment in another currency than its invoice's.
            (payment(a1.open, "USD"), payment(a1.open, "EUR")),
        ] {
            assert!(app.database.try_execute(&foreign).await.is_err(), "{foreign}");
            app.database.execute(&own).await;
        }
    }

    /// The log is append-only, for the application's role on PostgreSQL and for everybody on SQLite (A2).
    async fn the_log_is_append_only(app: TestApp) {
        World::fill(&app).await;
        app.signed_in("a1@clients.test").await;
        let role = if app.database.kind == Kind::Postgres { "SET ROLE postern_app; SET app.audience = 'system'; " } else { "" };
        for sql in ["UPDATE activity SET kind = 'x'", "DELETE FROM activity", "UPDATE payments SET amount_minor = 1", "DELETE FROM payments"] {
            assert!(app.database.try_execute(&format!("{role}{sql}")).await.is_err(), "{sql}");
        }
    }
}

/// On PostgreSQL every table is behind forced row-level security, and the role owns nothing (I3).
#[tokio::test]
async fn every_table_is_behind_forced_row_level_security() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    let unforced = app
        .database
        .texts(
            "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
             AND c.relname <> '_sqlx_migrations' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
        )
        .await;
    assert_eq!(unforced, Vec::<String>::new());
    let owned = app
        .database
        .number("SELECT COUNT(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'postern_app'")
        .await;
    assert_eq!(owned, 0);
    let powers = app
        .database
        .number("SELECT COUNT(*) FROM pg_roles WHERE rolname = 'postern_app' AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb)")
        .await;
    assert_eq!(powers, 0);
}

/// Without an audience the role sees no row of any table (I3).
#[tokio::test]
async fn without_an_audience_no_row_is_visible() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    World::fill(&app).await;
    let tables = app
        .database
        .texts("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_sqlx_migrations'")
        .await;
    assert!(tables.len() > 15);
    let mut connection = app.database.postgres().await;
    sqlx::raw_sql("SET ROLE postern_app").execute(&mut connection).await.unwrap();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
        assert_eq!(count, 0, "{table}");
    }
}

/// What a row of the log is about is derived in the same words in both databases.
#[test]
fn both_databases_derive_the_topic_in_the_same_words() {
    let words = |database: &str| {
        let file = format!("{}/../migrations/{database}/0010_activity_walls.sql", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).unwrap();
        let (_, derived) = text.split_once("ADD COLUMN topic").unwrap();
        derived.split_once("END)").unwrap().0.to_owned()
    };
    assert_eq!(words("sqlite"), words("postgres"));
}

/// The two databases have the same migrations, and the schema is the same text.
#[test]
fn the_migrations_of_both_databases_are_in_step() {
    let names = |database: &str| {
        let folder = format!("{}/../migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    // What differs between the two is in files that say so by their name.
    for name in names("sqlite").iter().filter(|name| !name.contains("walls")) {
        let text = |database: &str| {
            let folder = format!("{}/../migrations/{database}", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
        };
        assert_eq!(text("sqlite"), text("postgres"), "{name}");
    }
}
