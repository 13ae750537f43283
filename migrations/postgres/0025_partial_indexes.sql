-- Of two indexes that serve a statement equally well as far as it can tell, SQLite takes the newer one. An index of some
-- rows alone is read to its end in a moment where one of all rows is walked through, so it has to be the newer one: each
-- is made again, after those of all rows. The same file for both databases.
DROP INDEX invoices_all;
CREATE INDEX invoices_all ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE status <> 'draft';
DROP INDEX invoices_open;
CREATE INDEX invoices_open ON invoices (org_id, client_id, due_on, id) WHERE settlement = 'open';
DROP INDEX invoices_settled;
CREATE INDEX invoices_settled ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE settlement IN ('paid', 'void');
DROP INDEX invoices_paid;
CREATE INDEX invoices_paid ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE settlement = 'paid';
DROP INDEX invoices_void;
CREATE INDEX invoices_void ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE settlement = 'void';
DROP INDEX invoices_open_by_currency;
CREATE INDEX invoices_open_by_currency ON invoices (org_id, client_id, currency, due_on, total_minor, paid_minor)
    WHERE settlement = 'open';
DROP INDEX invoices_drafts_of_org;
CREATE INDEX invoices_drafts_of_org ON invoices (org_id, issued_on DESC, id DESC) WHERE settlement = 'draft';
DROP INDEX invoices_open_of_org;
CREATE INDEX invoices_open_of_org ON invoices (org_id, due_on, id) WHERE settlement = 'open';
DROP INDEX invoices_paid_of_org;
CREATE INDEX invoices_paid_of_org ON invoices (org_id, issued_on DESC, id DESC) WHERE settlement = 'paid';
DROP INDEX invoices_void_of_org;
CREATE INDEX invoices_void_of_org ON invoices (org_id, issued_on DESC, id DESC) WHERE settlement = 'void';
DROP INDEX invoices_open_of_org_by_currency;
CREATE INDEX invoices_open_of_org_by_currency ON invoices (org_id, currency, due_on, total_minor, paid_minor)
    WHERE settlement = 'open';
DROP INDEX invoices_for_statement;
CREATE INDEX invoices_for_statement ON invoices (org_id, client_id, currency, issued_on, voided_at, total_minor)
    WHERE status <> 'draft';
