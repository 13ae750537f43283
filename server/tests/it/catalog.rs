//! What PostgreSQL says of its own schema: each wall of rows is whole, and no key reaches past its tenant (rules I3,
//! I3a). The lists of exceptions are compared by equality: each has its reason, and a new one has to be written down.
//!
//! Each rule is broken in turn, to see that it would be found.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::harness::{Kind, TestApp};

/// The tables, without the one that says how far they are.
pub const TABLES: &str = "SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace \
    AND c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'";
/// Those whose rows say which tenant they are of.
const TENANT_TABLES: &str = "SELECT a.attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
    WHERE a.attname = 'org_id' AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')";

/// The first column of what a statement answers, in order.
pub async fn texts(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await.unwrap();
    let mut texts: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    texts.sort();
    texts
}

/// What is there and not written down, and what is written down and not there.
fn differences(there: &[String], written: &[String]) -> Vec<String> {
    let (there, written): (BTreeSet<&String>, BTreeSet<&String>) =
        (there.iter().collect(), written.iter().collect());
    let more = there.difference(&written).map(|one| (*one).clone());
    let less = written.difference(&there).map(|one| format!("not there: {one}"));
    more.chain(less).collect()
}

/// What a statement lists but what is written down here with its reason.
async fn but(connection: &mut PgConnection, sql: &str, written: &[(&str, &str)]) -> Vec<String> {
    let written: Vec<String> = written.iter().map(|(what, _)| (*what).to_owned()).collect();
    differences(&texts(connection, sql).await, &written)
}

/// A rule finds nothing in the schema as it is; and of each of these statements, which break it, what stands beside it.
/// Nothing of them stays.
pub async fn expect_held(rule: impl AsyncFn(&mut PgConnection) -> Vec<String>, breaches: &[(&str, &[&str])]) {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    let mut connection = app.database.postgres().await;
    assert_eq!(rule(&mut connection).await, Vec::<String>::new());
    for (breach, found) in breaches {
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe((*breach).to_owned())).execute(&mut connection).await.unwrap();
        assert_eq!(rule(&mut connection).await, *found, "{breach}");
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
    }
    assert_eq!(rule(&mut connection).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_policy_bounds_what_is_read_and_what_is_written() {
    const OPEN: &str = "SELECT tablename::text || ' ' || policyname::text FROM pg_policies WHERE schemaname = 'public' \
        AND (cmd <> 'INSERT' AND qual IS NULL OR cmd IN ('ALL', 'INSERT', 'UPDATE') AND with_check IS NULL)";
    let without = format!(
        "SELECT c.relname::text FROM pg_class c WHERE c.oid IN ({TABLES}) \
         AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"
    );
    let rule = async |connection: &mut PgConnection| {
        [texts(connection, OPEN).await, texts(connection, &without).await].concat()
    };
    let breaches: [(&str, &[&str]); 3] = [
        ("CREATE POLICY half ON clients USING ((SELECT app_audience()) = 'team')", &["clients half"]),
        ("CREATE POLICY half ON clients FOR SELECT", &["clients half"]),
        ("CREATE TABLE parted (org_id UUID NOT NULL) PARTITION BY HASH (org_id)", &["parted"]),
    ];
    expect_held(rule, &breaches).await;
}

/// What a policy asks, as PostgreSQL writes it, without its casts and the names that it gives to sub-selects.
mod ask {
    pub const NO_SAY: &str = "-";
    pub const SYSTEM: &str = "(app_audience() = 'system')";
    pub const TEAM: &str = "((app_audience() = 'team') AND (org_id = app_org()))";
    pub const TEAM_OF_ORG: &str = "((app_audience() = 'team') AND (id = app_org()))";
    pub const COLLEAGUES: &str = "((app_audience() = 'team') AND (EXISTS ( SELECT 1 FROM members m \
        WHERE ((m.org_id = app_org()) AND (m.person_id = T.id)))))";
    pub const ORG_OF_CLIENT: &str = "((app_audience() = 'portal') AND (id = app_org()))";
    pub const BRAND_OF_CLIENT: &str = "((app_audience() = 'portal') AND (org_id = app_org()))";
    pub const ONESELF: &str =
        "((app_audience() = 'portal') AND (org_id = app_org()) AND (id = app_client()))";
    pub const CLIENT: &str =
        "((app_audience() = 'portal') AND (org_id = app_org()) AND (client_id = app_client()))";
    pub const CONTACT: &str = "((app_audience() = 'portal') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (contact_id = app_contact()))";
    pub const NO_DRAFT: &str = "((app_audience() = 'portal') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (status <> 'draft'))";
    pub const OF_VISIBLE: &str = "((app_audience() = 'portal') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (EXISTS ( SELECT 1 FROM invoices i \
        WHERE ((i.org_id = T.org_id) AND (i.client_id = T.client_id) AND (i.id = T.invoice_id)))))";
    pub const TOLD_TO_CLIENT: &str = "((app_audience() = 'portal') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND client_visible)";
    pub const ORG_OF_GUEST: &str = "((app_audience() = 'guest') AND (id = app_org()))";
    pub const BRAND_OF_GUEST: &str = "((app_audience() = 'guest') AND (org_id = app_org()))";
    pub const CLIENT_OF_GUEST: &str =
        "((app_audience() = 'guest') AND (org_id = app_org()) AND (client_id = app_client()))";
    pub const GUEST: &str = "((app_audience() = 'guest') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (invoice_id = app_invoice()))";
    pub const AS_GUEST: &str = "((app_audience() = 'guest') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (invoice_id = app_invoice()) AND (actor_kind = 'guest'))";
    pub const NO_DRAFT_OF_GUEST: &str = "((app_audience() = 'guest') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (id = app_invoice()) AND (status <> 'draft'))";
    pub const PARTS_OF_GUEST: &str = "((app_audience() = 'guest') AND (org_id = app_org()) AND (client_id = app_client()) \
        AND (EXISTS ( SELECT 1 FROM checkout_invoices c \
        WHERE ((c.org_id = T.org_id) AND (c.client_id = T.client_id) AND (c.checkout_id = T.id)))))";
    pub const ACCOUNT_OF_PAYER: &str =
        "((app_audience() = ANY (ARRAY['portal', 'guest'])) AND (org_id = app_org()))";
    pub const PAYER: &str = "((app_audience() = ANY (ARRAY['portal', 'guest'])) AND (org_id = app_org()) \
        AND (client_id = app_client()))";
    /// They name no tenant: whoever writes such a row down can read none.
    pub const ANY_TEAM: &str = "(app_audience() = 'team')";
    pub const ANYBODY: &str = "(app_audience() = ANY (ARRAY['team', 'portal', 'guest']))";
}

/// The policies besides the two that many tables have: for what, what they ask of a row that is there and of one that
/// is written, and on which tables.
const POLICIES: [(&str, &str, &str, &[&str]); 26] = [
    ("SELECT", ask::TEAM_OF_ORG, ask::NO_SAY, &["orgs"]),
    ("UPDATE", ask::TEAM_OF_ORG, ask::TEAM_OF_ORG, &["orgs"]),
    ("SELECT", ask::COLLEAGUES, ask::NO_SAY, &["persons"]),
    ("INSERT", ask::NO_SAY, ask::TEAM, &["portal_previews"]),
    ("INSERT", ask::NO_SAY, ask::ANY_TEAM, &["outbox"]),
    ("INSERT", ask::NO_SAY, ask::ANYBODY, &["jobs"]),
    ("SELECT", ask::ORG_OF_CLIENT, ask::NO_SAY, &["orgs"]),
    ("SELECT", ask::BRAND_OF_CLIENT, ask::NO_SAY, &["brand_assets"]),
    ("SELECT", ask::ONESELF, ask::NO_SAY, &["clients"]),
    ("SELECT", ask::CLIENT, ask::NO_SAY, &["client_balances", "contacts", "payments", "share_links"]),
    ("ALL", ask::CLIENT, ask::CLIENT, &["checkouts", "checkout_invoices", "invoice_views"]),
    ("SELECT", ask::NO_DRAFT, ask::NO_SAY, &["invoices"]),
    ("SELECT", ask::OF_VISIBLE, ask::NO_SAY, &["invoice_lines", "invoice_taxes"]),
    ("SELECT", ask::CONTACT, ask::NO_SAY, &["portal_sessions"]),
    ("UPDATE", ask::CONTACT, ask::CONTACT, &["portal_sessions"]),
    ("SELECT", ask::TOLD_TO_CLIENT, ask::NO_SAY, &["activity"]),
    ("INSERT", ask::NO_SAY, ask::CONTACT, &["activity"]),
    ("SELECT", ask::ORG_OF_GUEST, ask::NO_SAY, &["orgs"]),
    ("SELECT", ask::BRAND_OF_GUEST, ask::NO_SAY, &["brand_assets"]),
    ("SELECT", ask::GUEST, ask::NO_SAY, &["invoice_lines", "invoice_taxes", "payments", "share_links"]),
    ("SELECT", ask::NO_DRAFT_OF_GUEST, ask::NO_SAY, &["invoices"]),
    ("ALL", ask::GUEST, ask::GUEST, &["checkout_invoices", "invoice_views"]),
    ("ALL", ask::PARTS_OF_GUEST, ask::CLIENT_OF_GUEST, &["checkouts"]),
    ("INSERT", ask::NO_SAY, ask::AS_GUEST, &["activity"]),
    ("SELECT", ask::ACCOUNT_OF_PAYER, ask::NO_SAY, &["stripe_accounts"]),
    ("INSERT", ask::NO_SAY, ask::PAYER, &["webhook_events"]),
];
/// Tables of tenants that no team reaches by the rule for all.
const WITHOUT_TEAM: [(&str, &str); 4] = [
    ("alerts", "the operator looks at them"),
    ("magic_links", "who is about to sign in is nobody yet"),
    ("portal_previews", "a team begins them, and reads none"),
    ("team_sessions", "a person's, who goes from org to org with it"),
];

/// Every policy that there is to be, as a row of [`every_policy_is_one_that_is_written_down`].
async fn policies(connection: &mut PgConnection) -> Vec<String> {
    let name = |of: &str| format!("SELECT relname::text FROM pg_class WHERE oid IN ({of})");
    let (all, of_tenants) =
        (texts(connection, &name(TABLES)).await, texts(connection, &name(TENANT_TABLES)).await);
    let is_teams = |table: &&String| !WITHOUT_TEAM.iter().any(|(without, _)| without == table);
    let mut policies: Vec<String> =
        all.iter().map(|table| format!("{table} ALL {} {}", ask::SYSTEM, ask::SYSTEM)).collect();
    let teams = of_tenants.iter().filter(is_teams);
    policies.extend(teams.map(|table| format!("{table} ALL {} {}", ask::TEAM, ask::TEAM)));
    for (command, using, check, tables) in POLICIES {
        policies.extend(tables.iter().map(|table| format!("{table} {command} {using} {check}")));
    }
    policies
}

#[tokio::test]
async fn every_policy_is_one_that_is_written_down() {
    let short = |expression: &str| {
        format!(
            "COALESCE(REPLACE(REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(pg_get_expr({expression}, p.polrelid), \
             '\\( SELECT (app_[a-z]+\\(\\)) AS app_[a-z]+\\)', '\\1', 'g'), '\\s+', ' ', 'g'), '::text', ''), \
             quote_ident(c.relname) || '.', 'T.'), '-')"
        )
    };
    let (using, check) = (short("p.polqual"), short("p.polwithcheck"));
    // What only some role is bound by, or what others are bound by as well, is neither here nor there: it says so.
    let sql = format!(
        "SELECT c.relname::text || CASE WHEN p.polpermissive THEN ' ' ELSE ' RESTRICTIVE ' END || \
         CASE p.polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END || \
         CASE p.polroles WHEN '{{0}}' THEN ' ' ELSE ' TO ' || p.polroles::regrole[]::text || ' ' END || {using} || ' ' || {check} \
         FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    );
    let rule = async |connection: &mut PgConnection| {
        differences(&texts(connection, &sql).await, &policies(connection).await)
    };
    let breaches: [(&str, &[&str]); 8] = [
        (
            "CREATE POLICY more ON clients FOR SELECT USING ((SELECT app_audience()) = 'team' AND org_id = (SELECT app_org()) OR TRUE)",
            &["clients SELECT (((app_audience() = 'team') AND (org_id = app_org())) OR true) -"],
        ),
        // By name it is the system's.
        (
            "ALTER POLICY system_all ON payments USING (TRUE)",
            &["payments ALL true (app_audience() = 'system')", &gone("payments", ask::SYSTEM)],
        ),
        (
            "ALTER POLICY team_all ON clients WITH CHECK ((SELECT app_audience()) = 'team')",
            &[
                "clients ALL ((app_audience() = 'team') AND (org_id = app_org())) (app_audience() = 'team')",
                &gone("clients", ask::TEAM),
            ],
        ),
        // A contact of one client would see all clients' contacts.
        (
            "ALTER POLICY portal_read ON contacts USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()))",
            &[
                "contacts SELECT ((app_audience() = 'portal') AND (org_id = app_org())) -",
                "not there: contacts SELECT ((app_audience() = 'portal') AND (org_id = app_org()) AND (client_id = app_client())) -",
            ],
        ),
        ("DROP POLICY team_all ON members", &[&gone("members", ask::TEAM)]),
        (
            "CREATE POLICY narrow ON clients AS RESTRICTIVE FOR DELETE TO postern_app USING (FALSE)",
            &["clients RESTRICTIVE DELETE TO {postern_app} false -"],
        ),
        // A new table is the system's and its team's, until something else is written down.
        (
            "CREATE TABLE things (org_id UUID NOT NULL)",
            &[&gone("things", ask::TEAM), &gone("things", ask::SYSTEM)],
        ),
        ("CREATE TABLE things (id UUID NOT NULL)", &[&gone("things", ask::SYSTEM)]),
    ];
    expect_held(rule, &breaches).await;
}

/// How it is told that a policy for everything is not there.
fn gone(table: &str, asks: &str) -> String {
    format!("not there: {table} ALL {asks} {asks}")
}

#[tokio::test]
async fn what_policies_go_by_is_what_the_transaction_says() {
    const FUNCTIONS: &str = "SELECT p.proname::text || ': ' || p.provolatile::text || CASE WHEN p.prosecdef THEN ' DEFINER' ELSE '' END || \
        p.prosrc FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace";
    let rule = async |connection: &mut PgConnection| {
        let written = ["org", "client", "contact", "invoice"].map(|what| {
            format!("app_{what}: s SELECT NULLIF(current_setting('app.{what}_id', true), '')::uuid ")
        });
        let audience = "app_audience: s SELECT current_setting('app.audience', true) ".to_owned();
        differences(&texts(connection, FUNCTIONS).await, &[&written[..], &[audience]].concat())
    };
    let breaches: [(&str, &[&str]); 2] = [
        (
            "CREATE OR REPLACE FUNCTION app_audience() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'system' $$",
            &[
                "app_audience: s SELECT 'system' ",
                "not there: app_audience: s SELECT current_setting('app.audience', true) ",
            ],
        ),
        // It would read as whoever owns the tables.
        (
            "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
            &["peek: v DEFINER SELECT 1 "],
        ),
    ];
    expect_held(rule, &breaches).await;
}

#[tokio::test]
async fn every_row_says_which_tenant_it_is_of() {
    let nobodys = format!(
        "SELECT c.relname::text FROM pg_class c WHERE c.oid IN ({TABLES}) AND c.oid NOT IN ({TENANT_TABLES})"
    );
    let perhaps = format!(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.oid IN ({TENANT_TABLES}) AND a.attname = 'org_id' AND NOT a.attnotnull"
    );
    let rule = async |connection: &mut PgConnection| {
        let nobodys = but(
            connection,
            &nobodys,
            &[
                ("attempts", "at passwords and codes, counted by who tries"),
                ("email_changes", "a person's, who may be in several orgs"),
                ("jobs", "what is to be done; they name rows and hold none"),
                ("login_requests", "strangers ask, and nobody has looked yet whose they are"),
                ("login_throttles", "the same, counted"),
                ("orgs", "the tenants themselves"),
                ("outbox", "mails to be made; they name rows and hold none"),
                ("persons", "members of the teams of several orgs"),
                ("stripe_events", "as they come, before it is known whose"),
                ("team_tokens", "of accounts that are to be, before there is an org"),
            ],
        );
        let nobodys = nobodys.await;
        let perhaps = but(connection, &perhaps, &[("alerts", "some are about the installation as a whole")]);
        [nobodys, perhaps.await].concat()
    };
    let breaches: [(&str, &[&str]); 3] = [
        ("CREATE TABLE things (id UUID NOT NULL)", &["things"]),
        ("CREATE TABLE things (org_id UUID)", &["things"]),
        ("ALTER TABLE team_sessions ALTER COLUMN org_id DROP NOT NULL", &["team_sessions"]),
    ];
    expect_held(rule, &breaches).await;
}

#[tokio::test]
async fn unique_keys_of_a_tenants_rows_begin_with_the_tenant() {
    // What an index begins with may be an expression, which is no column.
    let sql = format!(
        "SELECT c.relname::text || '(' || (SELECT STRING_AGG(pg_get_indexdef(i.indexrelid, k.n, TRUE), ', ' ORDER BY k.n) \
             FROM GENERATE_SERIES(1, i.indnkeyatts::int) k(n)) || ')' FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         WHERE (i.indisunique OR i.indisexclusion) AND c.oid IN ({TENANT_TABLES}) \
         AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0]) IS DISTINCT FROM 'org_id'"
    );
    let rule = async |connection: &mut PgConnection| {
        let finds = "a secret's hash is what finds its tenant";
        let stripe = "and so is what Stripe names a thing by";
        but(
            connection,
            &sql,
            &[
                ("alerts(id)", "the operator's"),
                ("alerts(kind, subject, day)", "the operator's"),
                ("api_tokens(token_hash)", finds),
                ("checkouts(id)", stripe),
                ("checkouts(payment_intent_id)", stripe),
                ("checkouts(session_id)", stripe),
                ("invitations(token_hash)", finds),
                ("magic_links(token_hash)", finds),
                ("portal_previews(token_hash)", finds),
                ("portal_sessions(token_hash)", finds),
                ("share_links(token_hash)", finds),
                ("stripe_accounts(account_id)", stripe),
                ("team_sessions(id)", "a person's, who may go from org to org with it"),
                ("team_sessions(token_hash)", finds),
            ],
        )
        .await
    };
    let breaches: [(&str, &[&str]); 5] = [
        ("CREATE UNIQUE INDEX more ON clients (name)", &["clients(name)"]),
        ("CREATE UNIQUE INDEX more ON clients (lower(name), org_id)", &["clients(lower(name), org_id)"]),
        ("CREATE UNIQUE INDEX more ON alerts (kind)", &["alerts(kind)"]),
        ("ALTER TABLE clients ADD EXCLUDE USING btree (name WITH =)", &["clients(name)"]),
        (
            "ALTER TABLE checkouts DROP CONSTRAINT checkouts_session_id_key",
            &["not there: checkouts(session_id)"],
        ),
    ];
    expect_held(rule, &breaches).await;
}

#[tokio::test]
async fn foreign_keys_of_a_tenants_rows_carry_the_tenant() {
    // Between two tables of clients' rows it is the client's as well.
    let sql = format!(
        "WITH keys AS (SELECT c.conrelid, c.confrelid, \
             (SELECT ARRAY_AGG(a.attname ORDER BY k.n) FROM UNNEST(c.conkey) WITH ORDINALITY k(at, n) \
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.at) AS own, \
             (SELECT ARRAY_AGG(a.attname ORDER BY k.n) FROM UNNEST(c.confkey) WITH ORDINALITY k(at, n) \
              JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.at) AS theirs \
             FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid IN ({TENANT_TABLES})) \
         SELECT conrelid::regclass::text || '(' || ARRAY_TO_STRING(own, ', ') || ') ' || confrelid::regclass::text FROM keys \
         WHERE CASE WHEN confrelid = 'orgs'::regclass THEN own <> '{{org_id}}' OR theirs <> '{{id}}' ELSE \
             own[1] IS DISTINCT FROM 'org_id' OR theirs[1] IS DISTINCT FROM 'org_id' OR \
             EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = conrelid AND a.attname = 'client_id') AND \
             EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = confrelid AND a.attname = 'client_id') AND \
             (own[2] IS DISTINCT FROM 'client_id' OR theirs[2] IS DISTINCT FROM 'client_id') END"
    );
    let rule = async |connection: &mut PgConnection| {
        let nobodys = "persons, their sessions and what strangers ask for are nobody's tenant's";
        but(
            connection,
            &sql,
            &[
                ("magic_links(request_id) login_requests", nobodys),
                ("members(person_id) persons", nobodys),
                ("portal_previews(team_session_id) team_sessions", nobodys),
                ("team_sessions(person_id) persons", nobodys),
            ],
        )
        .await
    };
    let breaches: [(&str, &[&str]); 4] = [
        (
            "ALTER TABLE checkout_invoices ADD CONSTRAINT loose FOREIGN KEY (checkout_id) REFERENCES checkouts (id)",
            &["checkout_invoices(checkout_id) checkouts"],
        ),
        // It names no second column at all.
        (
            "CREATE TABLE things (org_id UUID NOT NULL, client_id UUID NOT NULL, CONSTRAINT whole UNIQUE (org_id)); \
             ALTER TABLE payments ADD CONSTRAINT loose FOREIGN KEY (org_id) REFERENCES things (org_id)",
            &["payments(org_id) things"],
        ),
        // Its own org, and another's client.
        (
            "CREATE TABLE things (org_id UUID NOT NULL, id UUID NOT NULL, client_id UUID NOT NULL, UNIQUE (org_id, id)); \
             ALTER TABLE payments ADD CONSTRAINT loose FOREIGN KEY (org_id, id) REFERENCES things (org_id, id)",
            &["payments(org_id, id) things"],
        ),
        ("ALTER TABLE clients ADD COLUMN parent UUID REFERENCES orgs (id)", &["clients(parent) orgs"]),
    ];
    expect_held(rule, &breaches).await;
}
