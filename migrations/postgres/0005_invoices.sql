-- Writing invoices: drafts as they are typed, what a sent one keeps for good, and the mails about it.
-- The same file for both databases, as 0001_schema.sql is.

-- What a new invoice begins with.
ALTER TABLE orgs ADD COLUMN tax_name TEXT NOT NULL DEFAULT 'VAT';
ALTER TABLE orgs ADD COLUMN default_tax_ppm BIGINT NOT NULL DEFAULT 0 CHECK (default_tax_ppm BETWEEN 0 AND 1000000);
ALTER TABLE orgs ADD COLUMN payment_days BIGINT NOT NULL DEFAULT 14 CHECK (payment_days BETWEEN 0 AND 365);

-- A draft as it is typed (JSON), so that what is not finished is not lost; NULL once it is sent.
ALTER TABLE invoices ADD COLUMN typed TEXT;
-- Millionths of the sum of the lines, taken off each rate's part of it; subtotal_minor is what is left.
ALTER TABLE invoices ADD COLUMN discount_ppm BIGINT NOT NULL DEFAULT 0;
ALTER TABLE invoices ADD COLUMN discount_minor BIGINT NOT NULL DEFAULT 0;
-- The two parties as they were when it was sent (rule M8): neither a move nor a new name changes what was sent.
ALTER TABLE invoices ADD COLUMN client_name TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN client_address TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN client_tax_id TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN org_name TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN org_address TEXT NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN org_tax_id TEXT NOT NULL DEFAULT '';
UPDATE invoices SET
    client_name = (SELECT c.name FROM clients c WHERE c.org_id = invoices.org_id AND c.id = invoices.client_id),
    client_address = (SELECT c.address FROM clients c WHERE c.org_id = invoices.org_id AND c.id = invoices.client_id),
    client_tax_id = (SELECT c.tax_id FROM clients c WHERE c.org_id = invoices.org_id AND c.id = invoices.client_id),
    org_name = (SELECT o.name FROM orgs o WHERE o.id = invoices.org_id),
    org_address = (SELECT o.address FROM orgs o WHERE o.id = invoices.org_id),
    org_tax_id = (SELECT o.tax_id FROM orgs o WHERE o.id = invoices.org_id)
    WHERE status <> 'draft';

-- A mail about an invoice to one contact. The outbox names it; its text is made when it is sent.
CREATE TABLE invoice_mails (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'reminder')),
    -- The org's own words; may be empty.
    message TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, contact_id) REFERENCES contacts (org_id, client_id, id)
);
CREATE INDEX invoice_mails_of_invoice ON invoice_mails (org_id, client_id, invoice_id, id DESC);
CREATE INDEX invoice_mails_by_id ON invoice_mails (id);
