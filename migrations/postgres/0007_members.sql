-- The people of a team: who is invited, who was seen when, and a person's change of address.
-- The same file for both databases, as 0001_schema.sql is.

-- When the person was last at work in this org, to the hour; empty for somebody who never was.
ALTER TABLE members ADD COLUMN last_seen_at TIMESTAMPTZ;

-- An address that is asked to join. Its token is an HMAC over the nonce, as a magic link's is, so nothing
-- usable is at rest. One that is open and has not expired takes a place of the plan.
CREATE TABLE invitations (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    email TEXT NOT NULL,
    email_norm TEXT NOT NULL,
    -- An owner is made by an owner, of somebody who is a member.
    role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    invited_by UUID NOT NULL,
    nonce BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    accepted_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, invited_by) REFERENCES members (org_id, id)
);
-- An address has one open invitation of an org.
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email_norm)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_by_time ON invitations (expires_at);

-- A new address of a person, until it is proven by the link that was mailed to it.
CREATE TABLE email_changes (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    email TEXT NOT NULL,
    email_norm TEXT NOT NULL,
    nonce BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    browser TEXT NOT NULL,
    ip_short TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX email_changes_of_person ON email_changes (person_id) WHERE used_at IS NULL;
CREATE INDEX email_changes_by_time ON email_changes (created_at);
