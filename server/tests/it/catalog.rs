//! What PostgreSQL says of its own schema: each wall of rows is whole, and no key reaches past its tenant (rules I3,
//! I3a). The lists of exceptions are compared by equality: each has its reason, and a new one has to be written down.

use crate::harness::{Kind, TestApp};

async fn answers(sql: &str) -> Vec<String> {
    let app = TestApp::start(Kind::Postgres).await;
    app.database.texts(sql).await
}

const TENANT_TABLES: &str = "SELECT a.attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
    WHERE a.attname = 'org_id' AND a.attnotnull AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'";

#[tokio::test]
async fn every_policy_bounds_what_is_read_and_what_is_written() {
    if !Kind::postgres_is_there() {
        return;
    }
    let open = answers(
        "SELECT tablename::text || ' ' || policyname::text FROM pg_policies WHERE schemaname = 'public' \
         AND (cmd <> 'INSERT' AND qual IS NULL OR cmd IN ('ALL', 'INSERT', 'UPDATE') AND with_check IS NULL) ORDER BY 1",
    );
    assert_eq!(open.await, Vec::<String>::new());
    let without = answers(
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
         AND c.relname <> '_sqlx_migrations' AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)",
    );
    assert_eq!(without.await, Vec::<String>::new());
}

#[tokio::test]
async fn every_policy_of_a_tenant_names_the_tenant() {
    if !Kind::postgres_is_there() {
        return;
    }
    let sql = format!(
        "SELECT tablename::text || ' ' || policyname::text FROM pg_policies \
         WHERE schemaname = 'public' AND policyname <> 'system_all' \
         AND (schemaname || '.' || tablename)::regclass IN ({TENANT_TABLES}) \
         AND (COALESCE(qual, with_check) NOT LIKE '%app_org()%' OR COALESCE(with_check, qual) NOT LIKE '%app_org()%') ORDER BY 1"
    );
    assert_eq!(answers(&sql).await, Vec::<String>::new());
}

#[tokio::test]
async fn unique_keys_of_a_tenants_rows_begin_with_the_tenant() {
    if !Kind::postgres_is_there() {
        return;
    }
    let sql = format!(
        "SELECT c.relname::text || '(' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(at, n) \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.at) || ')' FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         WHERE i.indisunique AND c.oid IN ({TENANT_TABLES}) \
         AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0]) <> 'org_id' ORDER BY 1"
    );
    // A secret's hash is what finds its tenant, and so is what Stripe names a thing by; a session is a person's, who may
    // go from org to org with it.
    let exempt = [
        "api_tokens(token_hash)",
        "checkouts(id)",
        "checkouts(payment_intent_id)",
        "checkouts(session_id)",
        "invitations(token_hash)",
        "magic_links(token_hash)",
        "portal_previews(token_hash)",
        "portal_sessions(token_hash)",
        "share_links(token_hash)",
        "stripe_accounts(account_id)",
        "team_sessions(id)",
        "team_sessions(token_hash)",
    ];
    assert_eq!(answers(&sql).await, exempt);
}

#[tokio::test]
async fn foreign_keys_of_a_tenants_rows_carry_the_tenant() {
    if !Kind::postgres_is_there() {
        return;
    }
    // Between two tables of clients' rows it is the client's as well.
    let sql = format!(
        "WITH keys AS (SELECT c.conname, c.conrelid, c.confrelid, \
             (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(at, n) \
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.at) AS own, \
             (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(at, n) \
              JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.at) AS theirs \
             FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid IN ({TENANT_TABLES})) \
         SELECT conrelid::regclass::text || '(' || array_to_string(own, ', ') || ') ' || confrelid::regclass::text FROM keys \
         WHERE confrelid <> 'orgs'::regclass AND (own[1] <> 'org_id' OR theirs[1] <> 'org_id' OR \
             EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = conrelid AND a.attname = 'client_id') AND \
             EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = confrelid AND a.attname = 'client_id') AND own[2] <> 'client_id') \
         ORDER BY 1"
    );
    // Persons, their sessions and what strangers ask for are nobody's tenant's.
    let exempt = [
        "magic_links(request_id) login_requests",
        "members(person_id) persons",
        "portal_previews(team_session_id) team_sessions",
        "team_sessions(person_id) persons",
    ];
    assert_eq!(answers(&sql).await, exempt);
}
