-- The walls around online payment, and the further kinds of a payment, which the two databases write in their own
-- ways.

ALTER TABLE payments DROP CONSTRAINT payments_kind_check;
ALTER TABLE payments ADD CONSTRAINT payments_kind_check
    CHECK (kind IN ('payment', 'refund', 'reversal', 'dispute', 'dispute_won', 'refund_failed'));
ALTER TABLE payments DROP CONSTRAINT payments_check;
-- dispute_won and refund_failed give back what a dispute or a refund took.
ALTER TABLE payments ADD CONSTRAINT payments_check
    CHECK ((kind IN ('payment', 'dispute_won', 'refund_failed')) = (amount_minor > 0));
-- Stripe's id of what a row tells of; NULL where it was written down by hand.
ALTER TABLE payments ADD COLUMN stripe_id TEXT;
-- Money that nobody waited for any more; NULL where it was.
ALTER TABLE payments ADD COLUMN flag TEXT CHECK (flag IN ('more_than_due', 'void'));
-- What Stripe tells is written down once, however often it tells it (rule M3).
CREATE UNIQUE INDEX payments_by_stripe_id ON payments (org_id, client_id, invoice_id, kind, stripe_id) WHERE stripe_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON stripe_accounts, checkouts, checkout_invoices, stripe_events, alerts TO postern_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['stripe_accounts', 'checkouts', 'checkout_invoices', 'stripe_events', 'alerts']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY system_all ON %I USING ((SELECT app_audience()) = ''system'') '
            'WITH CHECK ((SELECT app_audience()) = ''system'')', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['stripe_accounts', 'checkouts', 'checkout_invoices']
    LOOP
        EXECUTE format(
            'CREATE POLICY team_all ON %I USING ((SELECT app_audience()) = ''team'' '
            'AND org_id = (SELECT app_org())) '
            'WITH CHECK ((SELECT app_audience()) = ''team'' AND org_id = (SELECT app_org()))', name);
    END LOOP;
    -- A contact begins what its client pays, and sees how that stands.
    FOREACH name IN ARRAY ARRAY['checkouts', 'checkout_invoices']
    LOOP
        EXECUTE format(
            'CREATE POLICY portal_all ON %I USING ((SELECT app_audience()) = ''portal'' '
            'AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())) '
            'WITH CHECK ((SELECT app_audience()) = ''portal'' AND org_id = (SELECT app_org()) '
            'AND client_id = (SELECT app_client()))', name);
    END LOOP;
END
$$;

CREATE POLICY portal_read ON stripe_accounts FOR SELECT
    USING ((SELECT app_audience()) IN ('portal', 'guest') AND org_id = (SELECT app_org()));

-- A guest reaches the parts that are for its own invoice, and the checkouts that they are of.
CREATE POLICY guest_all ON checkout_invoices
    USING ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND invoice_id = (SELECT app_invoice()))
    WITH CHECK ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND invoice_id = (SELECT app_invoice()));
CREATE POLICY guest_reach ON checkouts
    USING ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client())
        AND EXISTS (SELECT 1 FROM checkout_invoices c WHERE c.org_id = checkouts.org_id
            AND c.client_id = checkouts.client_id AND c.checkout_id = checkouts.id))
    WITH CHECK ((SELECT app_audience()) = 'guest' AND org_id = (SELECT app_org()) AND client_id = (SELECT app_client()));

-- Whoever changes what is due, or begins a payment, writes down that Stripe is to be told. They read no job.
CREATE POLICY payer_enqueue ON jobs FOR INSERT WITH CHECK ((SELECT app_audience()) IN ('team', 'portal', 'guest'));
