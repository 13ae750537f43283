-- Outgoing webhooks: where an org is told, of what, what was sent, and what came back. The same file for both databases.

-- Whether anybody wants to be told: so that nothing is written down for nobody.
ALTER TABLE orgs ADD COLUMN has_webhooks BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE webhook_endpoints (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    url TEXT NOT NULL,
    -- What it is told of, such as `invoice.sent invoice.paid`.
    kinds TEXT NOT NULL,
    -- The secret is an HMAC over the nonce, as a share link's token is, so nothing usable is at rest.
    nonce BYTEA NOT NULL,
    secret_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- Since when nothing was taken; NULL where the last delivery was.
    failing_since TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ,
    -- Why: by hand, after three days of failures, or because the receiver said that it is gone for good.
    disabled_by TEXT CHECK (disabled_by IN ('hand', 'failures', 'gone')),
    removed_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, id),
    CHECK ((disabled_at IS NULL) = (disabled_by IS NULL))
);

-- What happened, as it stood in the moment in which it did.
CREATE TABLE webhook_events (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    -- NULL for a trial, which is about nothing.
    client_id UUID,
    invoice_id UUID,
    payment_id UUID,
    client_name TEXT,
    number TEXT,
    settlement TEXT,
    currency TEXT,
    total_minor BIGINT,
    paid_minor BIGINT,
    issued_on DATE,
    due_on DATE,
    amount_minor BIGINT,
    method TEXT,
    -- The one endpoint that it is for; NULL: all that want it.
    endpoint_id UUID,
    -- When it was handed out to the endpoints.
    handed_out_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES webhook_endpoints (org_id, id)
);
CREATE INDEX webhook_events_waiting ON webhook_events (id) WHERE handed_out_at IS NULL;
CREATE INDEX webhook_events_by_time ON webhook_events (occurred_at);

-- An event on its way to an endpoint.
CREATE TABLE webhook_deliveries (
    org_id UUID NOT NULL,
    endpoint_id UUID NOT NULL,
    event_id UUID NOT NULL,
    -- What it is about, for the order: of one invoice, one after the other.
    invoice_id UUID,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts BIGINT NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    -- When it was delivered or given up.
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, endpoint_id, event_id),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES webhook_endpoints (org_id, id),
    FOREIGN KEY (org_id, event_id) REFERENCES webhook_events (org_id, id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (org_id, endpoint_id, invoice_id, event_id)
    WHERE state = 'waiting';

-- A try, and what came back.
CREATE TABLE webhook_attempts (
    org_id UUID NOT NULL,
    endpoint_id UUID NOT NULL,
    event_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    -- NULL where nothing came back.
    status BIGINT,
    -- The beginning of the body that came back, or why nothing did.
    answer TEXT NOT NULL,
    millis BIGINT NOT NULL,
    PRIMARY KEY (org_id, endpoint_id, event_id, id),
    FOREIGN KEY (org_id, endpoint_id, event_id) REFERENCES webhook_deliveries (org_id, endpoint_id, event_id)
);
