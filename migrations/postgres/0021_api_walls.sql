-- The walls around what programs come with: a team sees its own org's.

GRANT SELECT, INSERT, UPDATE, DELETE ON api_tokens, idempotency_keys, trusted_documents TO postern_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['api_tokens', 'idempotency_keys', 'trusted_documents']
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
