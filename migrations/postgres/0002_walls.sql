-- The walls that PostgreSQL builds: row-level security, forced, under a role that owns nothing.
--
-- A transaction says for whom it works by settings that end with it:
--   app.audience    portal | team | system; without it no row is visible at all
--   app.org_id, app.client_id, app.contact_id
-- The settings are read in sub-selects, so that they are evaluated once a statement, not once a row.

DO $$
BEGIN
    CREATE ROLE postern_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- roles belong to the cluster; another database of it was first
END
$$;

-- Whoever migrates may drop to the role; a serving role of its own is granted it by the operator.
DO $$
BEGIN
    EXECUTE format('GRANT postern_app TO %I', current_user);
EXCEPTION WHEN unique_violation THEN
    NULL;
END
$$;

GRANT USAGE ON SCHEMA public TO postern_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    orgs, brand_assets, persons, members, clients, client_balances, contacts, invoices, invoice_lines,
    invoice_taxes, share_links, invoice_views, login_requests, login_throttles, magic_links,
    portal_sessions, team_sessions, jobs, outbox TO postern_app;
-- A serving role that owns nothing sees at start whether the schema is the one it knows.
GRANT SELECT ON _sqlx_migrations TO postern_app;
-- The log is append-only for everyone (rule A2); payments are corrected by a reversal.
GRANT SELECT, INSERT ON activity, payments TO postern_app;

CREATE FUNCTION app_audience() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('app.audience', true) $$;
CREATE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.org_id', true), '')::uuid $$;
CREATE FUNCTION app_client() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.client_id', true), '')::uuid $$;
CREATE FUNCTION app_contact() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.contact_id', true), '')::uuid $$;

-- Every table: forced, and open to the system's own work (login, jobs, mail).
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'orgs', 'brand_assets', 'persons', 'members', 'clients', 'client_balances', 'contacts', 'invoices',
        'invoice_lines', 'invoice_taxes', 'payments', 'share_links', 'invoice_views', 'login_requests',
        'login_throttles', 'magic_links', 'portal_sessions', 'team_sessions', 'activity', 'jobs', 'outbox']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY system_all ON %I USING ((SELECT app_audience()) = ''system'') '
            'WITH CHECK ((SELECT app_audience()) = ''system'')', name);
    END LOOP;
END
$$;

-- A client of the org sees its own side of the house, and of that no draft.
CREATE POLICY portal_read ON orgs FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND id = (SELECT app_org()));
CREATE POLICY portal_read ON brand_assets FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()));
CREATE POLICY portal_read ON clients FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND id = (SELECT app_client()));
CREATE POLICY portal_read ON invoices FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND status <> 'draft');

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['client_balances', 'contacts', 'payments']
    LOOP
        EXECUTE format(
            'CREATE POLICY portal_read ON %I FOR SELECT USING ((SELECT app_audience()) = ''portal'' '
            'AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()))', name);
    END LOOP;
    -- The parts of an invoice are visible where the invoice itself is.
    FOREACH name IN ARRAY ARRAY['invoice_lines', 'invoice_taxes']
    LOOP
        EXECUTE format(
            'CREATE POLICY portal_read ON %1$I FOR SELECT USING ((SELECT app_audience()) = ''portal'' '
            'AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()) '
            'AND EXISTS (SELECT 1 FROM invoices i WHERE i.org_id = %1$I.org_id '
            'AND i.client_id = %1$I.client_id AND i.id = %1$I.invoice_id))', name);
    END LOOP;
END
$$;

CREATE POLICY portal_views ON invoice_views
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()))
    WITH CHECK ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()));
CREATE POLICY portal_sessions_read ON portal_sessions FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND contact_id = (SELECT app_contact()));
CREATE POLICY portal_sessions_end ON portal_sessions FOR UPDATE
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND contact_id = (SELECT app_contact()))
    WITH CHECK ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND contact_id = (SELECT app_contact()));
CREATE POLICY portal_activity_read ON activity FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND client_visible);
CREATE POLICY portal_activity_write ON activity FOR INSERT
    WITH CHECK ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND contact_id = (SELECT app_contact()));
