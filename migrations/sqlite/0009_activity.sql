-- What the overview, the list of payments and the activity page are read by. The same file for both
-- databases; the figures of what is there already are counted in 0010_activity_walls.sql.

-- What the whole org is owed, kept as client_balances is, and in the same transactions. overdue_* count
-- the open invoices due before overdue_before; a read adds the days since.
CREATE TABLE org_balances (
    org_id UUID NOT NULL REFERENCES orgs (id),
    currency TEXT NOT NULL,
    outstanding_minor BIGINT NOT NULL,
    open_count BIGINT NOT NULL CHECK (open_count >= 0),
    overdue_minor BIGINT NOT NULL,
    overdue_count BIGINT NOT NULL CHECK (overdue_count >= 0),
    overdue_before DATE NOT NULL,
    PRIMARY KEY (org_id, currency)
);
CREATE INDEX org_balances_to_roll ON org_balances (overdue_before) WHERE open_count > 0;
-- What has become overdue since, over all clients, by due day.
CREATE INDEX invoices_open_of_org_by_currency ON invoices (org_id, currency, due_on, total_minor, paid_minor)
    WHERE settlement = 'open';

-- What came and what went back in each calendar month, by the day on which it did.
CREATE TABLE org_paid_months (
    org_id UUID NOT NULL REFERENCES orgs (id),
    currency TEXT NOT NULL,
    -- The first day of the month.
    month DATE NOT NULL,
    paid_minor BIGINT NOT NULL,
    -- Payments, less those that were taken back as mistakes.
    payment_count BIGINT NOT NULL,
    PRIMARY KEY (org_id, currency, month)
);

CREATE INDEX payments_of_org ON payments (org_id, received_on DESC, id DESC);

-- The log by what it can be filtered by, newest last: the ids are in the order of time, so that days are
-- bounds of an id. The whole log and its days are read by the primary key.
CREATE INDEX activity_by_client ON activity (org_id, client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX activity_by_member ON activity (org_id, member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX activity_by_contact ON activity (org_id, contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_by_client_and_member ON activity (org_id, client_id, member_id, id) WHERE member_id IS NOT NULL;
-- Who has opened an invoice, whoever it was.
CREATE INDEX activity_of_views ON activity (org_id, id) WHERE kind IN ('portal.invoice_viewed', 'invoice.viewed_by_link', 'share.viewed');
