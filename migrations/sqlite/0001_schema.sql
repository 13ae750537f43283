-- The data model. This file is the same, byte for byte, for SQLite and PostgreSQL (a test compares
-- them); what the two do differently to guard it stands in 0002_walls.sql.
--
-- Every row of a tenant carries org_id, and client_id where it belongs to one client; keys and
-- foreign keys start with them, so a row cannot even point at another tenant's row.
-- Amounts are integers of the currency's minor unit. Times are UTC, bound by the application.

CREATE TABLE orgs (
    id UUID NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    plan TEXT NOT NULL CHECK (plan IN ('free', 'studio', 'agency')),
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    accent TEXT NOT NULL,
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    payment_instructions TEXT NOT NULL,
    invoice_prefix TEXT NOT NULL,
    next_invoice_number BIGINT NOT NULL CHECK (next_invoice_number > 0),
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE brand_assets (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('logo')),
    content_type TEXT NOT NULL CHECK (content_type IN ('image/png', 'image/jpeg', 'image/webp')),
    width BIGINT NOT NULL CHECK (width BETWEEN 1 AND 4096),
    height BIGINT NOT NULL CHECK (height BETWEEN 1 AND 4096),
    sha256 TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, kind)
);

-- A person may be a member of several orgs, so persons belong to none.
CREATE TABLE persons (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_norm TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE members (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, person_id)
);

CREATE TABLE clients (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- NULL: the org's own.
    locale TEXT,
    address TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    archived_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, id)
);

-- What home shows, maintained in the transaction that changes it, never summed over invoices on
-- read. overdue_* count the open invoices due before overdue_before; a read adds the days since.
CREATE TABLE client_balances (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    currency TEXT NOT NULL,
    outstanding_minor BIGINT NOT NULL,
    open_count BIGINT NOT NULL CHECK (open_count >= 0),
    overdue_minor BIGINT NOT NULL,
    overdue_count BIGINT NOT NULL CHECK (overdue_count >= 0),
    overdue_before DATE NOT NULL,
    PRIMARY KEY (org_id, client_id, currency),
    FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id)
);
CREATE INDEX client_balances_to_roll ON client_balances (overdue_before) WHERE open_count > 0;

CREATE TABLE contacts (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_norm TEXT NOT NULL,
    portal_access BOOLEAN NOT NULL,
    last_login_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    archived_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, client_id, id),
    UNIQUE (org_id, client_id, email_norm),
    FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id)
);
CREATE INDEX contacts_by_email ON contacts (email_norm);

-- Paid, partially paid and overdue are derived: settlement by the database itself from status,
-- total and what was paid; overdue from due_on and the org's calendar day when asked.
CREATE TABLE invoices (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'sent', 'void')),
    -- Taken when sent; NULL in a draft.
    number TEXT,
    title TEXT NOT NULL,
    reference TEXT NOT NULL,
    notes TEXT NOT NULL,
    currency TEXT NOT NULL,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    subtotal_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL CHECK (total_minor = subtotal_minor + tax_minor),
    -- Sum of this invoice's payments, reversals and refunds included.
    paid_minor BIGINT NOT NULL,
    last_paid_on DATE,
    settlement TEXT NOT NULL GENERATED ALWAYS AS (
        CASE WHEN status <> 'sent' THEN status WHEN paid_minor < total_minor THEN 'open' ELSE 'paid' END
    ) STORED,
    -- Lower-cased number, title, reference and amount, for the search box.
    search_text TEXT NOT NULL,
    -- Counts changes, so that a stale edit is noticed.
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    voided_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, client_id, id),
    UNIQUE (org_id, number),
    UNIQUE (org_id, client_id, id, currency),
    FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id),
    CHECK ((number IS NULL) = (status = 'draft')),
    CHECK ((sent_at IS NULL) = (status = 'draft')),
    CHECK ((voided_at IS NULL) = (status <> 'void'))
);
-- One index for each list that a page shows, in the order in which it shows it.
CREATE INDEX invoices_all ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE status <> 'draft';
CREATE INDEX invoices_open ON invoices (org_id, client_id, due_on, id) WHERE settlement = 'open';
CREATE INDEX invoices_settled ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE settlement IN ('paid', 'void');
CREATE INDEX invoices_paid ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE settlement = 'paid';
CREATE INDEX invoices_void ON invoices (org_id, client_id, issued_on DESC, id DESC) WHERE settlement = 'void';
-- What one currency's balance is made of, by due day.
CREATE INDEX invoices_open_by_currency ON invoices (org_id, client_id, currency, due_on, total_minor, paid_minor)
    WHERE settlement = 'open';

CREATE TABLE invoice_lines (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position BIGINT NOT NULL,
    description TEXT NOT NULL,
    -- Thousandths of the unit.
    quantity_milli BIGINT NOT NULL,
    unit TEXT NOT NULL,
    unit_price_minor BIGINT NOT NULL,
    -- Millionths.
    tax_rate_ppm BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    PRIMARY KEY (org_id, client_id, invoice_id, position),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id)
);

CREATE TABLE invoice_taxes (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    rate_ppm BIGINT NOT NULL,
    label TEXT NOT NULL,
    base_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    PRIMARY KEY (org_id, client_id, invoice_id, rate_ppm),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id)
);

-- Money received, and what takes it back: refunds, disputes and reversals have negative amounts.
CREATE TABLE payments (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'reversal', 'dispute')),
    method TEXT NOT NULL CHECK (method IN ('card', 'bank_transfer', 'cash', 'other')),
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    received_on DATE NOT NULL,
    reference TEXT NOT NULL,
    reverses_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, client_id, id),
    CHECK ((kind = 'payment') = (amount_minor > 0)),
    CHECK ((kind = 'payment') = (reverses_id IS NULL)),
    -- A payment is in its invoice's currency.
    FOREIGN KEY (org_id, client_id, invoice_id, currency) REFERENCES invoices (org_id, client_id, id, currency),
    FOREIGN KEY (org_id, client_id, reverses_id) REFERENCES payments (org_id, client_id, id)
);
CREATE INDEX payments_newest ON payments (org_id, client_id, received_on DESC, id DESC);
CREATE INDEX payments_of_invoice ON payments (org_id, client_id, invoice_id, received_on DESC, id DESC);

-- The public link to one invoice: its token is an HMAC over the nonce, so nothing usable is at rest.
CREATE TABLE share_links (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    nonce BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id)
);
CREATE UNIQUE INDEX share_links_live ON share_links (org_id, client_id, invoice_id) WHERE revoked_at IS NULL;

-- One row for each viewer of an invoice; the same viewer within one hour is one view.
CREATE TABLE invoice_views (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    viewer TEXT NOT NULL,
    views BIGINT NOT NULL,
    first_viewed_at TIMESTAMPTZ NOT NULL,
    last_viewed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, client_id, invoice_id, viewer),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id)
);

-- A request for a magic link as it was typed, before anybody has looked whether the address is
-- known. The short code belongs to the request: it is worth something only in the browser whose
-- pending cookie hashes to pending_hash.
CREATE TABLE login_requests (
    id UUID NOT NULL PRIMARY KEY,
    email_norm TEXT NOT NULL,
    -- NULL: asked on the page without a brand, so for every org.
    org_slug TEXT,
    pending_hash BYTEA,
    next_path TEXT,
    browser TEXT NOT NULL,
    ip_short TEXT NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- NULL: not looked at yet.
    outcome TEXT CHECK (outcome IN ('mailed', 'nobody', 'over_limit')),
    code_tries BIGINT NOT NULL,
    code_used_at TIMESTAMPTZ
);
CREATE INDEX login_requests_by_pending ON login_requests (pending_hash, expires_at);
CREATE INDEX login_requests_by_email ON login_requests (email_norm, requested_at) WHERE outcome IN ('mailed', 'nobody');
CREATE INDEX login_requests_by_time ON login_requests (requested_at);

-- One row an address; locking it makes two workers count one after the other.
CREATE TABLE login_throttles (
    email_norm TEXT NOT NULL PRIMARY KEY,
    last_request_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX login_throttles_by_time ON login_throttles (last_request_at);

CREATE TABLE magic_links (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_id UUID NOT NULL,
    request_id UUID NOT NULL REFERENCES login_requests (id),
    -- The token is an HMAC over the nonce; only its SHA-256 is stored.
    nonce BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    -- The link works only while this is still the contact's address.
    email_norm TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    -- Closed unused, because the contact logged in by another one.
    closed_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, contact_id) REFERENCES contacts (org_id, client_id, id)
);
CREATE INDEX magic_links_of_contact ON magic_links (org_id, client_id, contact_id) WHERE used_at IS NULL AND closed_at IS NULL;
CREATE INDEX magic_links_of_request ON magic_links (request_id);

CREATE TABLE portal_sessions (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_id UUID NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    browser TEXT NOT NULL,
    ip_short TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, contact_id) REFERENCES contacts (org_id, client_id, id)
);
CREATE INDEX portal_sessions_live ON portal_sessions (org_id, client_id, contact_id, id) WHERE ended_at IS NULL;

CREATE TABLE team_sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    -- The org that the session is looking at.
    org_id UUID NOT NULL REFERENCES orgs (id),
    token_hash BYTEA NOT NULL UNIQUE,
    browser TEXT NOT NULL,
    ip_short TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE INDEX team_sessions_live ON team_sessions (person_id, id) WHERE ended_at IS NULL;

-- The org's append-only audit log. Rows with client_visible are the client's own access log.
CREATE TABLE activity (
    org_id UUID NOT NULL REFERENCES orgs (id),
    -- UUID version 7: the order of the ids is the order of the rows.
    id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('contact', 'member', 'guest', 'system')),
    actor_name TEXT NOT NULL,
    client_visible BOOLEAN NOT NULL,
    client_id UUID,
    contact_id UUID,
    member_id UUID,
    invoice_id UUID,
    -- A word more where the kind alone does not tell, such as why a request was refused.
    detail TEXT NOT NULL,
    browser TEXT NOT NULL,
    ip_short TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id),
    FOREIGN KEY (org_id, client_id, contact_id) REFERENCES contacts (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, invoice_id) REFERENCES invoices (org_id, client_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES members (org_id, id),
    CHECK (client_id IS NOT NULL OR (contact_id IS NULL AND invoice_id IS NULL AND NOT client_visible))
);
CREATE INDEX activity_of_client ON activity (org_id, client_id, id DESC) WHERE client_visible;

-- Work to be done soon, claimed by one UPDATE … RETURNING; each job once, on whichever machine.
CREATE TABLE jobs (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- A job with a key is enqueued once while it is not done.
    dedupe_key TEXT UNIQUE,
    payload TEXT NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT
);
CREATE INDEX jobs_due ON jobs (run_at);

-- Mail to be sent, written in the transaction that causes it. What is secret in a mail is not
-- here: the payload names the links, and the text is made when it is sent.
CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    sent_at TIMESTAMPTZ,
    failed_at TIMESTAMPTZ
);
CREATE INDEX outbox_due ON outbox (run_at) WHERE sent_at IS NULL AND failed_at IS NULL;
