-- The walls around previews: a team begins them in its own org, and nobody but the system reads them.

GRANT SELECT, INSERT, UPDATE, DELETE ON portal_previews TO postern_app;

ALTER TABLE portal_previews ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal_previews FORCE ROW LEVEL SECURITY;
CREATE POLICY system_all ON portal_previews
    USING ((SELECT app_audience()) = 'system') WITH CHECK ((SELECT app_audience()) = 'system');
CREATE POLICY team_begin ON portal_previews FOR INSERT
    WITH CHECK ((SELECT app_audience()) = 'team' AND org_id = (SELECT app_org()));
