-- The team's lists of invoices in every order, over all clients and of one. The same file for both databases.
CREATE INDEX invoices_of_org_by_due ON invoices (org_id, due_on, id);
CREATE INDEX invoices_of_client ON invoices (org_id, client_id, issued_on DESC, id DESC);
CREATE INDEX invoices_of_client_by_due ON invoices (org_id, client_id, due_on, id);
-- A contact is found by its id alone, within the org.
CREATE UNIQUE INDEX contacts_by_id ON contacts (org_id, id);
