-- What keeps floods small. The same file for both databases.

-- Whether this is the same request once more, for a mail to another mailbox: it is not counted as a request (rule L3).
ALTER TABLE login_requests ADD COLUMN is_copy BOOLEAN NOT NULL DEFAULT FALSE;
-- Of a flood the first request that was too much is written into the log, and no other.
CREATE INDEX login_requests_over_limit ON login_requests (email_norm, requested_at) WHERE outcome = 'over_limit';

-- How often an invoice was opened within the hour (rule V2).
CREATE INDEX invoice_views_newest ON invoice_views (org_id, client_id, invoice_id, last_viewed_at);
