-- Online payment: the org's own Stripe account, what payers have begun there, and what Stripe told us.
-- The same file for both databases.

-- An org has one account at a time. One that was disconnected stays: what was begun on it may still be paid.
CREATE TABLE stripe_accounts (
    org_id UUID NOT NULL REFERENCES orgs (id),
    -- Stripe's id, acct_…; an account belongs to one org, which is how an event finds its org.
    account_id TEXT NOT NULL UNIQUE,
    charges_enabled BOOLEAN NOT NULL,
    details_submitted BOOLEAN NOT NULL,
    -- What Stripe still wants, a line each, in its own words; may be empty.
    wants TEXT NOT NULL,
    connected_at TIMESTAMPTZ NOT NULL,
    -- When Stripe last told.
    checked_at TIMESTAMPTZ NOT NULL,
    disconnected_at TIMESTAMPTZ,
    ended_by TEXT CHECK (ended_by IN ('owner', 'stripe')),
    PRIMARY KEY (org_id, account_id),
    CHECK ((disconnected_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX stripe_accounts_live ON stripe_accounts (org_id) WHERE disconnected_at IS NULL;

-- A Checkout Session as we know it. The row is written before Stripe is asked, and its id makes the idempotency key,
-- so a request that is made again after a crash makes nothing twice.
CREATE TABLE checkouts (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id TEXT NOT NULL,
    -- Who began it; NULL: whoever followed the share link.
    contact_id UUID,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    -- asked: Stripe is asked, or its answer was lost. open: it can be paid. processing: a bank is at it.
    -- paid, failed, expired, refused: nothing more comes of it, but for refunds and disputes.
    state TEXT NOT NULL CHECK (state IN ('asked', 'open', 'processing', 'paid', 'failed', 'expired', 'refused')),
    session_id TEXT UNIQUE,
    url TEXT,
    -- What Stripe was asked (JSON), so that it can be asked again in the same words.
    request TEXT NOT NULL,
    payment_intent_id TEXT UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- Since when it is in this state.
    since TIMESTAMPTZ NOT NULL,
    -- When Stripe is asked about it next, whether or not it tells by itself.
    check_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, client_id, id),
    UNIQUE (org_id, client_id, id, currency),
    FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id),
    FOREIGN KEY (org_id, account_id) REFERENCES stripe_accounts (org_id, account_id),
    FOREIGN KEY (org_id, client_id, contact_id) REFERENCES contacts (org_id, client_id, id)
);
CREATE UNIQUE INDEX checkouts_by_id ON checkouts (id);
CREATE INDEX checkouts_to_check ON checkouts (check_at) WHERE state IN ('asked', 'open', 'processing');

-- What of it is for which invoice.
CREATE TABLE checkout_invoices (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    checkout_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    -- The checkout is asked, open or processing.
    is_live BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, client_id, checkout_id, invoice_id),
    FOREIGN KEY (org_id, client_id, checkout_id, currency) REFERENCES checkouts (org_id, client_id, id, currency),
    FOREIGN KEY (org_id, client_id, invoice_id, currency) REFERENCES invoices (org_id, client_id, id, currency)
);
-- However many tabs, contacts and links: an invoice is payable in one place (rule M4).
CREATE UNIQUE INDEX checkout_invoices_live ON checkout_invoices (org_id, client_id, invoice_id) WHERE is_live;
CREATE INDEX checkout_invoices_of_invoice ON checkout_invoices (org_id, client_id, invoice_id, checkout_id DESC);

-- Whether a part of it can be paid online (rule M6a).
ALTER TABLE invoices ADD COLUMN allows_part BOOLEAN NOT NULL DEFAULT FALSE;

-- What Stripe told, as it came; a row for each event, however often it comes.
CREATE TABLE stripe_events (
    -- Stripe's id, evt_….
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    -- NULL: not looked at yet.
    outcome TEXT,
    handled_at TIMESTAMPTZ
);
CREATE INDEX stripe_events_by_time ON stripe_events (received_at);

-- What the operator has to look at. The same thing again on the same day is counted, not written anew.
CREATE TABLE alerts (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What it is about, such as an event's id.
    subject TEXT NOT NULL,
    day DATE NOT NULL,
    times BIGINT NOT NULL,
    org_id UUID REFERENCES orgs (id),
    detail TEXT NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    UNIQUE (kind, subject, day)
);
CREATE INDEX alerts_by_time ON alerts (last_at);
