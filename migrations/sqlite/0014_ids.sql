-- An id names one invoice, or one payment, of an org, whichever client it belongs to: that is how the team's side
-- finds them, and callers make the ids themselves. The same file for both databases.
DROP INDEX invoices_by_id;
CREATE UNIQUE INDEX invoices_by_id ON invoices (org_id, id);
DROP INDEX payments_by_id;
CREATE UNIQUE INDEX payments_by_id ON payments (org_id, id);
