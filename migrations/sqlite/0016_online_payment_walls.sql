-- SQLite has no row-level security to let payers at the new tables by. What the two databases write in their own ways
-- is here as well: payments get more kinds, and SQLite cannot change a CHECK but by making the table anew.

CREATE TABLE payments_new (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    -- dispute_won and refund_failed give back what a dispute or a refund took.
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'reversal', 'dispute', 'dispute_won', 'refund_failed')),
    method TEXT NOT NULL CHECK (method IN ('card', 'bank_transfer', 'cash', 'other')),
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    received_on DATE NOT NULL,
    reference TEXT NOT NULL,
    reverses_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    -- Stripe's id of what this row tells of; NULL where it was written down by hand.
    stripe_id TEXT,
    -- Money that nobody waited for any more; NULL where it was.
    flag TEXT CHECK (flag IN ('more_than_due', 'void')),
    PRIMARY KEY (org_id, client_id, id),
    CHECK ((kind IN ('payment', 'dispute_won', 'refund_failed')) = (amount_minor > 0)),
    CHECK ((kind = 'payment') = (reverses_id IS NULL)),
    -- A payment is in its invoice's currency.
    FOREIGN KEY (org_id, client_id, invoice_id, currency) REFERENCES invoices (org_id, client_id, id, currency),
    FOREIGN KEY (org_id, client_id, reverses_id) REFERENCES payments_new (org_id, client_id, id)
);
INSERT INTO payments_new (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, received_on, reference,
    reverses_id, created_at)
SELECT org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, received_on, reference, reverses_id, created_at
FROM payments ORDER BY org_id, client_id, id;
DROP TABLE payments;
ALTER TABLE payments_new RENAME TO payments;

CREATE INDEX payments_newest ON payments (org_id, client_id, received_on DESC, id DESC);
CREATE INDEX payments_of_invoice ON payments (org_id, client_id, invoice_id, received_on DESC, id DESC);
CREATE UNIQUE INDEX payments_by_id ON payments (org_id, id);
CREATE UNIQUE INDEX payments_reversed_once ON payments (org_id, client_id, reverses_id) WHERE kind = 'reversal';
CREATE INDEX payments_of_org ON payments (org_id, received_on DESC, id DESC);
CREATE INDEX payments_for_statement ON payments (org_id, client_id, currency, received_on, amount_minor);
-- What Stripe tells is written down once, however often it tells it (rule M3).
CREATE UNIQUE INDEX payments_by_stripe_id ON payments (org_id, client_id, invoice_id, kind, stripe_id) WHERE stripe_id IS NOT NULL;

CREATE TRIGGER payments_are_never_changed BEFORE UPDATE ON payments
BEGIN
    SELECT RAISE(ABORT, 'payments are corrected by a reversal');
END;

CREATE TRIGGER payments_are_never_deleted BEFORE DELETE ON payments
BEGIN
    SELECT RAISE(ABORT, 'payments are corrected by a reversal');
END;
