-- What the list of clients reads for each of them, in the index itself: among very many clients, those of one page are
-- spread over the whole table. The same file for both databases.
CREATE INDEX contacts_counted ON contacts (org_id, client_id, portal_access) WHERE archived_at IS NULL;
CREATE INDEX client_balances_listed ON client_balances
    (org_id, client_id, currency, outstanding_minor, open_count, overdue_minor, overdue_before) WHERE open_count > 0;
