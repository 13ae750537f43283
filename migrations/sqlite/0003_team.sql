-- The team's side: accounts, what members are told by mail, and what their lists are ordered by.
-- The same file for both databases, as 0001_schema.sql is.

-- Somebody who has left. The row stays, because the log and the invitations point at it.
ALTER TABLE members ADD COLUMN removed_at TIMESTAMPTZ;
CREATE INDEX members_of_person ON members (person_id, org_id) WHERE removed_at IS NULL;

-- Counts changes, so that a stale edit is noticed.
ALTER TABLE orgs ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Lower-cased name and tax id: what a client is found by, and the order in which clients are listed.
ALTER TABLE clients ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE clients SET search_text = lower(name);
-- Counts changes, so that a stale edit is noticed.
ALTER TABLE clients ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE contacts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX clients_by_name ON clients (org_id, search_text, id) WHERE archived_at IS NULL;
CREATE INDEX clients_archived ON clients (org_id, search_text, id) WHERE archived_at IS NOT NULL;

-- What is mailed to a person of the team to prove an address: a token that works once. Its token is an
-- HMAC over the nonce, as a magic link's is, so nothing usable is at rest.
CREATE TABLE team_tokens (
    id UUID NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_up', 'password_reset')),
    email TEXT NOT NULL,
    email_norm TEXT NOT NULL,
    -- What a sign-up will become: names and the hash of the password. Empty for the others.
    person_name TEXT NOT NULL,
    org_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    locale TEXT NOT NULL,
    nonce BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    browser TEXT NOT NULL,
    ip_short TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX team_tokens_by_email ON team_tokens (email_norm, purpose, created_at);
CREATE INDEX team_tokens_by_time ON team_tokens (created_at);

-- What may be tried only so often within a time: passwords of one account, mails to one address. The key
-- is a hash. For passwords it is that of the account, or of the account with a browser that has signed in
-- to it before: so a stranger who uses up an account's attempts locks out strangers alone.
CREATE TABLE attempts (
    key BYTEA NOT NULL PRIMARY KEY,
    made BIGINT NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX attempts_by_time ON attempts (ends_at);

-- One index for each list of the team's, over all clients, in the order in which it is shown.
CREATE INDEX invoices_of_org ON invoices (org_id, issued_on DESC, id DESC);
CREATE INDEX invoices_drafts_of_org ON invoices (org_id, issued_on DESC, id DESC) WHERE settlement = 'draft';
CREATE INDEX invoices_open_of_org ON invoices (org_id, due_on, id) WHERE settlement = 'open';
CREATE INDEX invoices_paid_of_org ON invoices (org_id, issued_on DESC, id DESC) WHERE settlement = 'paid';
CREATE INDEX invoices_void_of_org ON invoices (org_id, issued_on DESC, id DESC) WHERE settlement = 'void';
-- An invoice and a payment are found by their id alone, within the org.
CREATE INDEX invoices_by_id ON invoices (org_id, id);
CREATE INDEX payments_by_id ON payments (org_id, id);
-- A payment is taken back once.
CREATE UNIQUE INDEX payments_reversed_once ON payments (org_id, client_id, reverses_id) WHERE kind = 'reversal';
