-- From where whoever was led to the page last has pressed `Pay`, as far as the log keeps it; contact_id says who.
ALTER TABLE checkouts ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE checkouts ADD COLUMN ip_short TEXT NOT NULL DEFAULT '';
