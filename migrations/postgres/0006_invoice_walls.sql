-- What whoever follows a share link may reach: one invoice with its parts, and nothing else (rule V1).
--   app.audience = guest; app.org_id, app.client_id, app.invoice_id

CREATE FUNCTION app_invoice() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.invoice_id', true), '')::uuid $$;

GRANT SELECT, INSERT ON invoice_mails TO postern_app;
ALTER TABLE invoice_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoice_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON invoice_mails USING ((SELECT app_audience()) = 'system')
    WITH CHECK ((SELECT app_audience()) = 'system');
CREATE POLICY team_all ON invoice_mails USING ((SELECT app_audience()) = 'team' AND org_id = (SELECT app_org()))
    WITH CHECK ((SELECT app_audience()) = 'team' AND org_id = (SELECT app_org()));

-- The team's mails go into the outbox in the transaction that causes them. It reads nothing there.
DROP POLICY IF EXISTS team_enqueue ON outbox;
CREATE POLICY team_enqueue ON outbox FOR INSERT WITH CHECK ((SELECT app_audience()) = 'team');

CREATE POLICY guest_read ON orgs FOR SELECT
    USING ((SELECT app_audience()) = 'guest' AND id = (SELECT app_org()));
CREATE POLICY guest_read ON brand_assets FOR SELECT
    USING ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()));
CREATE POLICY guest_read ON invoices FOR SELECT
    USING ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND id = (SELECT app_invoice()) AND status <> 'draft');

-- The link stands on paper, whoever prints it.
CREATE POLICY portal_read ON share_links FOR SELECT
    USING ((SELECT app_audience()) = 'portal' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()));
CREATE POLICY guest_read ON share_links FOR SELECT
    USING ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND invoice_id = (SELECT app_invoice()));

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['invoice_lines', 'invoice_taxes', 'payments']
    LOOP
        EXECUTE format(
            'CREATE POLICY guest_read ON %I FOR SELECT USING ((SELECT app_audience()) = ''guest'' '
            'AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()) '
            'AND invoice_id = (SELECT app_invoice()))', name);
    END LOOP;
END
$$;

CREATE POLICY guest_views ON invoice_views
    USING ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND invoice_id = (SELECT app_invoice()))
    WITH CHECK ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND invoice_id = (SELECT app_invoice()));
CREATE POLICY guest_activity_write ON activity FOR INSERT
    WITH CHECK ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND invoice_id = (SELECT app_invoice()) AND actor_kind = 'guest');
