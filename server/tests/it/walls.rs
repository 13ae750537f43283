//! Each wall holds alone (rules I2, I3, I3a, A2).

use postern::store::testing::Walls;
use sqlx::PgConnection;

use crate::{
    catalog::{TABLES, expect_held, texts},
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
        assert_eq!(app.database.texts("SELECT kind || ' ' || subject FROM alerts").await, ["tenant_mismatch postern::store::row::InvoiceRow"]);
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
        let named = "SELECT COUNT(*) FROM activity WHERE kind = 'security.tenant_mismatch' AND detail LIKE '%Row'";
        assert!(app.database.number(named).await >= 1, "the log says what it was");
    }

    /// The same two walls at a share link, where a row of another tenant has got to the invoice past all keys.
    async fn the_walls_stand_at_a_share_link(app: TestApp) {
        let world = World::fill(&app).await;
        let (own, other) = (&world.a1, &world.b1);
        let without_keys = match app.database.kind {
            Kind::Sqlite => "PRAGMA foreign_keys = OFF",
            Kind::Postgres => "ALTER TABLE invoice_lines DISABLE ROW LEVEL SECURITY; SET session_replication_role = replica",
        };
        let uuid = |id| app.database.uuid(id);
        app.database
            .execute(&format!(
                "{without_keys}; INSERT INTO invoice_lines \
                 (org_id, client_id, invoice_id, position, description, quantity_milli, unit, unit_price_minor, tax_rate_ppm, net_minor) \
                 VALUES ({}, {}, {}, 9, '{} line', 1, '', 1, 0, 0)",
                uuid(other.org), uuid(other.id), uuid(own.open), other.canary()
            ))
            .await;
        let page = async |walls: Walls| app.with_walls(walls).browser().get(&own.share_path()).await;
        let mismatches = "SELECT COUNT(*) FROM activity WHERE kind = 'security.tenant_mismatch' AND actor_kind = 'guest' AND detail LIKE '%LineRow'";

        let whole = page(Walls::default()).await;
        assert!(whole.status == 200 && whole.body.contains(&own.canary()), "{}", whole.body);
        assert!(!whole.body.contains(&other.canary()), "{}", whole.body);
        assert_eq!(app.database.number(mismatches).await, 0);
        let held_back = page(Walls { without_predicate: true, ..Walls::default() }).await;
        assert!(held_back.status == 500 && !held_back.body.contains(&other.canary()), "{}", held_back.body);
        assert_eq!(app.database.number(mismatches).await, 1);
        let open = page(Walls { without_predicate: true, without_recheck: true, without_guards: false }).await;
        assert!(open.status == 200 && open.body.contains(&other.canary()), "{}", open.body);
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

/// On PostgreSQL every table is behind forced row-level security, nothing leads around it, and the role owns nothing and
/// has no powers, of its own or another's (I3).
#[tokio::test]
async fn every_table_is_behind_forced_row_level_security() {
    // A view reads as its owner does, and so does a function that says so; neither is there.
    const AROUND: &str = "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname !~ '^(pg_|information_schema)' AND (c.relkind NOT IN ('r', 'p', 'i', 'I') OR n.nspname <> 'public') UNION ALL \
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
        WHERE n.nspname !~ '^(pg_|information_schema)' AND p.prosecdef";
    const OWNED: &str = "SELECT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_shdepend d WHERE d.deptype = 'o' \
        AND d.refclassid = 'pg_authid'::regclass AND d.refobjid = 'postern_app'::regrole \
        AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE()))";
    const POWERS: &str = "SELECT 'a power' FROM pg_roles WHERE rolname = 'postern_app' \
        AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication) UNION ALL \
        SELECT 'member of ' || roleid::regrole::text FROM pg_auth_members WHERE member = 'postern_app'::regrole UNION ALL \
        SELECT 'makes what it wants' WHERE has_schema_privilege('postern_app', 'public', 'CREATE')";
    let unforced = format!(
        "SELECT relname::text FROM pg_class WHERE oid IN ({TABLES}) AND NOT (relrowsecurity AND relforcerowsecurity)"
    );
    // Row-level security has no say in these.
    let past = format!(
        "SELECT relname::text || ' may be emptied' FROM pg_class WHERE oid IN ({TABLES}) \
         AND has_table_privilege('postern_app', oid, 'TRUNCATE, REFERENCES, TRIGGER')"
    );
    let rule = async |connection: &mut PgConnection| {
        let mut found = vec![];
        for sql in [&unforced, &past, AROUND, OWNED, POWERS] {
            found.extend(texts(connection, sql).await);
        }
        found
    };
    let breaches: [(&str, &[&str]); 13] = [
        ("ALTER TABLE clients NO FORCE ROW LEVEL SECURITY", &["clients"]),
        ("ALTER TABLE clients DISABLE ROW LEVEL SECURITY", &["clients"]),
        ("CREATE TABLE things (org_id UUID NOT NULL) PARTITION BY HASH (org_id)", &["things"]),
        ("GRANT TRUNCATE ON clients TO postern_app", &["clients may be emptied"]),
        ("CREATE VIEW all_clients AS SELECT * FROM clients", &["all_clients"]),
        ("CREATE MATERIALIZED VIEW all_clients AS SELECT * FROM clients", &["all_clients"]),
        ("CREATE SCHEMA side; CREATE TABLE side.clients (id UUID NOT NULL)", &["side.clients"]),
        (
            "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
            &["peek()"],
        ),
        ("ALTER FUNCTION app_org() OWNER TO postern_app", &["function app_org()"]),
        ("CREATE TYPE mood AS ENUM ('good'); ALTER TYPE mood OWNER TO postern_app", &["type mood"]),
        ("GRANT pg_read_all_data TO postern_app", &["member of pg_read_all_data"]),
        ("ALTER ROLE postern_app BYPASSRLS", &["a power"]),
        ("GRANT CREATE ON SCHEMA public TO postern_app", &["makes what it wants"]),
    ];
    expect_held(rule, &breaches).await;
}

/// Without an audience the role sees no row of any table (I3).
#[tokio::test]
async fn without_an_audience_no_row_is_visible() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    World::fill(&app).await;
    let tables =
        app.database.texts(&format!("SELECT relname::text FROM pg_class WHERE oid IN ({TABLES})")).await;
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
