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

-- Whoever holds the code of a ticket follows it: its number, where it is called, how many are ahead.
GRANT SELECT (id, centre_id, business_date, "group", number, status, rank_at, point)
    ON counter_ticket TO lookup;
CREATE POLICY lookup_reads ON counter_ticket FOR SELECT TO lookup USING (true);
CREATE OR REPLACE FUNCTION counter_follow(asked uuid)
RETURNS TABLE (centre_id int, "group" text, number int, status text, point int, ahead int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT t.centre_id, t."group"::text, t.number, t.status::text, t.point::int,
           (SELECT count(*)::int FROM counter_ticket o
            WHERE o.centre_id = t.centre_id AND o.business_date = t.business_date
              AND o.status = 'waiting' AND (o.rank_at, o.id) < (t.rank_at, t.id))
    FROM counter_ticket t WHERE t.id = asked
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION counter_follow(uuid) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION counter_follow(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION counter_follow(uuid) TO app_public;
