-- A centre's line is its own; the hall shows numbers only, through the centre's own screen.
ALTER TABLE counter_ticketseries ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter_ticketseries FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON counter_ticketseries TO app_centre;
CREATE POLICY centre_own ON counter_ticketseries TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE counter_ticket ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter_ticket FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON counter_ticket TO app_centre;
GRANT SELECT ON counter_ticket TO app_national;
CREATE POLICY centre_own ON counter_ticket TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON counter_ticket FOR SELECT TO app_national USING (true);
GRANT USAGE ON SEQUENCE counter_ticketseries_id_seq TO app_centre;
