-- What programs come with: tokens, the keys of requests that may be sent twice, and the documents that an org trusts.
-- The same file for both databases.

CREATE TABLE api_tokens (
    org_id UUID NOT NULL REFERENCES orgs (id),
    id UUID NOT NULL,
    -- Who made it. It can do no more than this member, and nothing once they are no member any more.
    member_id UUID NOT NULL,
    name TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    -- Its last characters, by which people tell it from others.
    hint TEXT NOT NULL,
    -- Such as `clients:read invoices:write`.
    scopes TEXT NOT NULL,
    -- It runs documents alone that the org has trusted.
    documents_only BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    -- From where, without the last part.
    last_used_from TEXT NOT NULL,
    -- Requests that were handed out to the processes that serve, in the minute that began at this second of the epoch.
    window_start BIGINT NOT NULL,
    window_taken BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES members (org_id, id)
);
CREATE INDEX api_tokens_live ON api_tokens (org_id, id) WHERE revoked_at IS NULL;

-- A request that was sent with an idempotency key, and what was answered: to be answered again for a day.
CREATE TABLE idempotency_keys (
    org_id UUID NOT NULL,
    token_id UUID NOT NULL,
    -- SHA-256 of the key, and of the request that came with it.
    key_hash BYTEA NOT NULL,
    request_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- Until then somebody is at it.
    claimed_until TIMESTAMPTZ NOT NULL,
    -- NULL while somebody is at it, or has died over it.
    answer TEXT,
    PRIMARY KEY (org_id, token_id, key_hash),
    FOREIGN KEY (org_id, token_id) REFERENCES api_tokens (org_id, id)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- Documents that are run by their hash.
CREATE TABLE trusted_documents (
    org_id UUID NOT NULL REFERENCES orgs (id),
    -- SHA-256 of the text.
    sha256 BYTEA NOT NULL,
    -- The operation's name, for people.
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, sha256)
);
CREATE INDEX trusted_documents_by_name ON trusted_documents (org_id, name, sha256);
