-- Money belongs to a centre. Transfers, receipts and closes are never changed by whoever serves,
-- except that a receipt counts its prints and may be voided.
DO $$
DECLARE
    found text;
BEGIN
    FOREACH found IN ARRAY ARRAY['till_quote', 'till_quoteline', 'till_drawer', 'till_dayclose',
        'till_payment', 'till_ownprice', 'till_transfer', 'till_receiptseries', 'till_receipt',
        'till_cashmove', 'till_settlement', 'till_settledtransfer', 'till_statementfile',
        'till_statementline']
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
GRANT UPDATE (counted_at, counted_baisa, expected_baisa, variance_reason, pieces) ON till_drawer TO app_centre;
GRANT UPDATE (state, settled_at) ON till_payment TO app_centre;
GRANT UPDATE (valid) ON till_ownprice TO app_centre;
GRANT UPDATE (last_number) ON till_receiptseries TO app_centre;
GRANT UPDATE (printed, voided_at) ON till_receipt TO app_centre;
GRANT UPDATE (explained, explained_at, explained_by) ON till_statementline TO app_centre;

-- A receipt's QR proves that it is genuine without us; only whether it was voided is asked here.
CREATE OR REPLACE FUNCTION till_is_void(centre int, receipt_number int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (SELECT FROM till_receipt r WHERE r.centre_id = centre
                   AND r.number = receipt_number AND r.voided_at IS NOT NULL)
$$;
GRANT SELECT ON till_receipt TO lookup;
CREATE POLICY lookup_reads ON till_receipt FOR SELECT TO lookup USING (true);
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION till_is_void(int, int) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION till_is_void(int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION till_is_void(int, int) TO app_public;
