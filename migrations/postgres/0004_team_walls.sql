-- What a member of the team may reach: its own org, whole, and no other. The log and the payments stay
-- append-only by the grants of 0002_walls.sql.

GRANT SELECT, INSERT, UPDATE, DELETE ON team_tokens, attempts TO postern_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['team_tokens', 'attempts']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY system_all ON %I USING ((SELECT app_audience()) = ''system'') '
            'WITH CHECK ((SELECT app_audience()) = ''system'')', name);
    END LOOP;

    FOREACH name IN ARRAY ARRAY[
        'brand_assets', 'members', 'clients', 'client_balances', 'contacts', 'invoices', 'invoice_lines',
        'invoice_taxes', 'payments', 'share_links', 'invoice_views', 'portal_sessions', 'activity']
    LOOP
        EXECUTE format(
            'CREATE POLICY team_all ON %I USING ((SELECT app_audience()) = ''team'' '
            'AND org_id = (SELECT app_org())) '
            'WITH CHECK ((SELECT app_audience()) = ''team'' AND org_id = (SELECT app_org()))', name);
    END LOOP;
END
$$;

-- An org is changed by its members and made by nobody but the system.
CREATE POLICY team_read ON orgs FOR SELECT
    USING ((SELECT app_audience()) = 'team' AND id = (SELECT app_org()));
CREATE POLICY team_change ON orgs FOR UPDATE
    USING ((SELECT app_audience()) = 'team' AND id = (SELECT app_org()))
    WITH CHECK ((SELECT app_audience()) = 'team' AND id = (SELECT app_org()));
-- Colleagues, and nobody else's.
CREATE POLICY team_read ON persons FOR SELECT
    USING ((SELECT app_audience()) = 'team' AND EXISTS (
        SELECT 1 FROM members m WHERE m.org_id = (SELECT app_org()) AND m.person_id = persons.id));
