-- Money belongs to a centre. Transfers, receipts and closes are never changed by whoever serves,
-- except that a receipt counts its prints and may be voided.
DO $$
DECLARE
    found text;
BEGIN
    FOREACH found IN ARRAY ARRAY['till_quote', 'till_quoteline', 'till_drawer', 'till_dayclose',
        'till_payment', 'till_transfer', 'till_receiptseries', 'till_receipt']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', found);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', found);
        EXECUTE format('CREATE POLICY centre_own ON %I TO app_centre
            USING (centre_id = ANY ((SELECT scope_centres())::int[]))
            WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]))', found);
        EXECUTE format('CREATE POLICY national_reads ON %I FOR SELECT TO app_national
            USING (true)', found);
        EXECUTE format('CREATE POLICY system_reads ON %I FOR SELECT TO app_system USING (true)', found);
        EXECUTE format('GRANT SELECT ON %I TO app_centre, app_national, app_system', found);
        EXECUTE format('GRANT INSERT ON %I TO app_centre', found);
    END LOOP;
END
$$;
GRANT UPDATE (agreed_at, replaced_at) ON till_quote TO app_centre;
GRANT UPDATE (counted_at, counted_baisa, expected_baisa, variance_reason) ON till_drawer TO app_centre;
GRANT UPDATE (state, settled_at) ON till_payment TO app_centre;
GRANT UPDATE (last_number) ON till_receiptseries TO app_centre;
GRANT UPDATE (printed, voided_at) ON till_receipt TO app_centre;
