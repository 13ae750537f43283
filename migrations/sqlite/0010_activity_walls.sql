-- SQLite has no row-level security to let the team at the new tables by. What the two databases write in their
-- own ways is here as well: a generated column, and the figures of what is there already.

-- What a row of the log is about follows from its kind: from its first word, but for a few. SQLite computes it for its
-- indexes; PostgreSQL stores it.
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
END) VIRTUAL;
CREATE INDEX activity_by_topic ON activity (org_id, topic, id);
CREATE INDEX activity_by_client_and_topic ON activity (org_id, client_id, topic, id) WHERE client_id IS NOT NULL;
CREATE INDEX activity_by_member_and_topic ON activity (org_id, member_id, topic, id) WHERE member_id IS NOT NULL;

-- SQLite knows nothing of how rows are spread until it has counted them, and would then read a client's rows
-- out of the whole log. So it is told what a log looks like; ANALYZE replaces it by what is there.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('activity', 'sqlite_autoindex_activity_1', '1000000 1000000 1'),
    ('activity', 'activity_of_client', '600000 600000 600 1'),
    ('activity', 'activity_by_client', '950000 950000 950 1'),
    ('activity', 'activity_by_member', '200000 200000 50000 1'),
    ('activity', 'activity_by_contact', '900000 900000 450 1'),
    ('activity', 'activity_by_client_and_member', '150000 150000 150 50 1'),
    ('activity', 'activity_by_topic', '1000000 1000000 150000 1'),
    ('activity', 'activity_by_client_and_topic', '950000 950000 950 200 1'),
    ('activity', 'activity_by_member_and_topic', '200000 200000 50000 10000 1'),
    ('activity', 'activity_of_views', '300000 300000 1');
ANALYZE sqlite_schema;

-- What is overdue is left to the first roll, which a read does not have to wait for.

INSERT INTO org_balances (org_id, currency, outstanding_minor, open_count, overdue_minor, overdue_count, overdue_before)
SELECT org_id, currency, SUM(outstanding_minor), SUM(open_count), 0, 0, '0001-01-01'
FROM client_balances GROUP BY org_id, currency;

INSERT INTO org_paid_months (org_id, currency, month, paid_minor, payment_count)
SELECT org_id, currency, substr(received_on, 1, 7) || '-01', SUM(amount_minor),
    SUM(CASE kind WHEN 'payment' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END)
FROM payments GROUP BY org_id, currency, substr(received_on, 1, 7);
