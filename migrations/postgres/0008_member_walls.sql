-- The walls around invitations and changes of address: a team sees its own org's invitations, and nobody
-- but the system sees who is about to change their address.

GRANT SELECT, INSERT, UPDATE, DELETE ON invitations, email_changes TO postern_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['invitations', 'email_changes']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY system_all ON %I USING ((SELECT app_audience()) = ''system'') '
            'WITH CHECK ((SELECT app_audience()) = ''system'')', name);
    END LOOP;
END
$$;

CREATE POLICY team_all ON invitations
    USING ((SELECT app_audience()) = 'team' AND org_id = (SELECT app_org()))
    WITH CHECK ((SELECT app_audience()) = 'team' AND org_id = (SELECT app_org()));

-- A team writes mail and reads none.
DROP POLICY IF EXISTS team_enqueue ON outbox;
CREATE POLICY team_enqueue ON outbox FOR INSERT WITH CHECK ((SELECT app_audience()) = 'team');
