-- What a statement's opening balance is summed from, in the order of the index. The same file for both
-- databases.
CREATE INDEX invoices_for_statement ON invoices (org_id, client_id, currency, issued_on, voided_at, total_minor)
    WHERE status <> 'draft';
CREATE INDEX payments_for_statement ON payments (org_id, client_id, currency, received_on, amount_minor);
