-- A member who looks at the portal as a contact sees it. The same file for both databases.
CREATE TABLE portal_previews (
    org_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_id UUID NOT NULL,
    member_id UUID NOT NULL,
    -- It ends with the session that it was begun in.
    team_session_id UUID NOT NULL REFERENCES team_sessions (id) ON DELETE CASCADE,
    token_hash BYTEA NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id, contact_id) REFERENCES contacts (org_id, client_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES members (org_id, id)
);
CREATE INDEX portal_previews_of_session ON portal_previews (team_session_id);
CREATE INDEX portal_previews_by_time ON portal_previews (expires_at);
