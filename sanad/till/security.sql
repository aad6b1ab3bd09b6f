-- Money belongs to a centre. Transfers, receipts and closes are never changed by whoever serves,
-- except that a receipt counts its prints and may be voided.
DO $$
DECLARE
    found text;
BEGIN
    FOREACH found IN ARRAY ARRAY['till_quote', 'till_quoteline', 'till_drawer', 'till_dayclose',
        'till_payment', 'till_ownprice', 'till_transfer', 'till_receiptseries', 'till_receipt',
        'till_cashmove', 'till_settlement', 'till_settledtransfer', 'till_statementfile',
        'till_statementline', 'till_pending', 'till_refund']
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
GRANT UPDATE (state, settled_at, card_reference) ON till_payment TO app_centre;
GRANT UPDATE (registered_at, provider_reference, doubted_at, doubt, withdrawn_at, tries, next_ask_at,
    outcome, settled_at, settled_by, note) ON till_pending TO app_centre;
GRANT UPDATE (state, decided_at, decided_by, note, drawer_id, reference, given_at, tries, next_ask_at)
    ON till_refund TO app_centre;
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

COMMENT ON TABLE till_provider IS 'rls-exempt: address and public key of the payment provider';
GRANT SELECT ON till_provider TO app_centre, app_national, app_system;
GRANT INSERT, UPDATE ON till_provider TO app_national;

-- An entity may know whether the fee that it stated was paid, and nothing else of the till.
CREATE OR REPLACE FUNCTION till_fee_paid_at(request_case uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT max(p.settled_at) FROM till_payment p
    JOIN till_quote q ON q.id = p.quote_id AND q.stage = 'government'
    JOIN cases_case c ON c.id = p.case_id
    WHERE p.case_id = request_case AND p.state = 'confirmed' AND c.entity_id = scope_entity()
$$;
GRANT SELECT (id, case_id, quote_id, state, settled_at) ON till_payment TO lookup;
GRANT SELECT (id, stage) ON till_quote TO lookup;
CREATE POLICY lookup_reads ON till_payment FOR SELECT TO lookup USING (true);
CREATE POLICY lookup_reads ON till_quote FOR SELECT TO lookup USING (true);
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION till_fee_paid_at(uuid) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION till_fee_paid_at(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION till_fee_paid_at(uuid) TO app_entity;
