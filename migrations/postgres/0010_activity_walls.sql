-- The new tables behind their walls. What the two databases write in their own ways is here as well: a generated
-- column, and the figures of what is there already.

-- What a row of the log is about follows from its kind: from its first word, but for a few. It is a column and not an
-- expression of an index: behind row-level security no index is searched by a function that could tell of rows.
ALTER TABLE activity ADD COLUMN topic TEXT NOT NULL GENERATED ALWAYS AS (CASE
    WHEN kind IN ('portal.link_refused', 'team.sign_in_refused') THEN 'security'
    WHEN kind = 'portal.invoice_viewed' THEN 'invoices'
    WHEN kind = 'portal.paid' THEN 'payments'
    WHEN kind = 'portal.previewed' THEN 'clients'
    ELSE CASE rtrim(kind, 'abcdefghijklmnopqrstuvwxyz_')
        WHEN 'portal.' THEN 'sign_ins' WHEN 'team.' THEN 'sign_ins'
        WHEN 'invoice.' THEN 'invoices' WHEN 'share_link.' THEN 'invoices' WHEN 'share.' THEN 'invoices'
        WHEN 'payment.' THEN 'payments'
        WHEN 'client.' THEN 'clients' WHEN 'clients.' THEN 'clients' WHEN 'contact.' THEN 'clients'
        WHEN 'org.' THEN 'settings' WHEN 'member.' THEN 'settings'
        WHEN 'security.' THEN 'security'
        ELSE 'other'
    END
END) STORED;
CREATE INDEX activity_by_topic ON activity (org_id, topic, id);
CREATE INDEX activity_by_client_and_topic ON activity (org_id, client_id, topic, id) WHERE client_id IS NOT NULL;
CREATE INDEX activity_by_member_and_topic ON activity (org_id, member_id, topic, id) WHERE member_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON org_balances, org_paid_months TO postern_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['org_balances', 'org_paid_months']
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

-- Row-level security is forced on the owner as well: without an audience it would find no row to count. What is
-- overdue is left to the first roll, which a read does not have to wait for.
SELECT set_config('app.audience', 'system', true);

INSERT INTO org_balances (org_id, currency, outstanding_minor, open_count, overdue_minor, overdue_count, overdue_before)
SELECT org_id, currency, CAST(SUM(outstanding_minor) AS BIGINT), CAST(SUM(open_count) AS BIGINT), 0, 0, DATE '0001-01-01'
FROM client_balances GROUP BY org_id, currency;

INSERT INTO org_paid_months (org_id, currency, month, paid_minor, payment_count)
SELECT org_id, currency, CAST(date_trunc('month', received_on) AS DATE), CAST(SUM(amount_minor) AS BIGINT),
    SUM(CASE kind WHEN 'payment' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END)
FROM payments GROUP BY org_id, currency, date_trunc('month', received_on);
