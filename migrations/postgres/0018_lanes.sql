-- Jobs that ask Stripe are done by a worker of their own, and each worker finds what is due for it. The same file for
-- both databases.
DROP INDEX jobs_due;
CREATE INDEX jobs_due_of_payments ON jobs (run_at)
    WHERE kind IN ('stripe_event', 'review_checkouts', 'close_checkouts');
CREATE INDEX jobs_due_of_desk ON jobs (run_at)
    WHERE kind NOT IN ('stripe_event', 'review_checkouts', 'close_checkouts');
