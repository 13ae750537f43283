-- What was paid is looked at again as well, ever more rarely: it can be given back or disputed, and a webhook can be lost.
-- The same file for both databases.
DROP INDEX checkouts_to_check;
CREATE INDEX checkouts_to_check ON checkouts (check_at) WHERE state IN ('asked', 'open', 'processing', 'paid');
