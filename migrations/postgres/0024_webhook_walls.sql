-- The walls around webhooks: a team sees its own org's. Whoever causes an event writes it down and reads none.

GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints, webhook_events, webhook_deliveries, webhook_attempts TO postern_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['webhook_endpoints', 'webhook_events', 'webhook_deliveries', 'webhook_attempts']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY system_all ON %I USING ((SELECT app_audience()) = ''system'') '
            'WITH CHECK ((SELECT app_audience()) = ''system'')', name);
        EXECUTE format(
            'CREATE POLICY team_all ON %I USING ((SELECT app_audience()) = ''team'' '
            'AND org_id = (SELECT app_org())) '
            'WITH CHECK ((SELECT app_audience()) = ''team'' AND org_id = (SELECT app_org()))', name);
    END LOOP;
END
$$;

CREATE POLICY payer_tells ON webhook_events FOR INSERT
    WITH CHECK ((SELECT app_audience()) IN ('portal', 'guest') AND org_id = (SELECT app_org())
        AND client_id = (SELECT app_client()));
