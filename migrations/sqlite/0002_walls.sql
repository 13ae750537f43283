-- The walls that SQLite can build itself: the log is append-only for everyone (rule A2), and what
-- was paid is corrected by a reversal, never by deletion.

CREATE TRIGGER activity_is_never_changed BEFORE UPDATE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;

CREATE TRIGGER activity_is_never_deleted BEFORE DELETE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;

CREATE TRIGGER payments_are_never_changed BEFORE UPDATE ON payments
BEGIN
    SELECT RAISE(ABORT, 'payments are corrected by a reversal');
END;

CREATE TRIGGER payments_are_never_deleted BEFORE DELETE ON payments
BEGIN
    SELECT RAISE(ABORT, 'payments are corrected by a reversal');
END;
