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


-- What a centre chose about its line, and whose turn its operators owe.
DO $$
DECLARE
    own text;
BEGIN
    FOREACH own IN ARRAY ARRAY['linesetting', 'callturn', 'shiftnote']
    LOOP
        own := 'counter_' || own;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', own);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', own);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO app_centre', own);
        EXECUTE format('CREATE POLICY centre_own ON %I TO app_centre'
                       ' USING (centre_id = ANY ((SELECT scope_centres())::int[]))'
                       ' WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]))', own);
    END LOOP;
END
$$;

-- An offer is seen by both centres. The one that made it may take it back while it is open; only
-- the other may answer it. It names a ticket and a visit of the centre that makes it.
ALTER TABLE counter_transferoffer ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter_transferoffer FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (state, decided_at, decided_by, accepted_ticket_id)
    ON counter_transferoffer TO app_centre;
CREATE POLICY both_read ON counter_transferoffer FOR SELECT TO app_centre
    USING (from_centre_id = ANY ((SELECT scope_centres())::int[])
           OR to_centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY first_makes ON counter_transferoffer FOR INSERT TO app_centre
    WITH CHECK (from_centre_id = ANY ((SELECT scope_centres())::int[]) AND state = 'offered'
                AND EXISTS (SELECT FROM counter_ticket t
                            WHERE t.id = counter_transferoffer.ticket_id
                              AND t.centre_id = counter_transferoffer.from_centre_id)
                AND (visit_id IS NULL OR EXISTS (
                    SELECT FROM cases_visit v
                    WHERE v.id = counter_transferoffer.visit_id
                      AND v.centre_id = counter_transferoffer.from_centre_id)));
CREATE POLICY first_ends ON counter_transferoffer FOR UPDATE TO app_centre
    USING (state = 'offered' AND from_centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (state IN ('withdrawn', 'expired')
                AND from_centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY other_answers ON counter_transferoffer FOR UPDATE TO app_centre
    USING (state = 'offered' AND to_centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (state IN ('accepted', 'declined')
                AND to_centre_id = ANY ((SELECT scope_centres())::int[]));
GRANT SELECT (id, ticket_id, from_centre_id, state, made_at, decided_at)
    ON counter_transferoffer TO app_system;
CREATE POLICY system_reads ON counter_transferoffer FOR SELECT TO app_system USING (true);
GRANT SELECT (business_date, hold_reason) ON counter_ticket TO app_system;

-- Accepting an offer lets the other centre see who sat in the visit that the offer ended; nothing
-- but an accepted offer to a centre in scope does.
GRANT SELECT (id, ticket_id, to_centre_id, state, visit_id, accepted_ticket_id)
    ON counter_transferoffer TO lookup;
CREATE POLICY lookup_reads ON counter_transferoffer FOR SELECT TO lookup USING (true);
CREATE OR REPLACE FUNCTION counter_see_person_of_offer(offer uuid, at timestamptz)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH seen AS (
        INSERT INTO beneficiaries_personcentre (centre_id, person_id, since)
        SELECT o.to_centre_id, v.person_id, at
        FROM counter_transferoffer o JOIN cases_visit v ON v.id = o.visit_id
        WHERE o.id = offer AND o.state = 'accepted' AND o.to_centre_id = ANY (scope_centres())
          AND v.person_id IS NOT NULL
        ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT EXISTS (SELECT FROM seen)
$$;

-- Whoever holds the code of a ticket follows it: its number and day, where it is called, how many
-- are ahead by the order of the line, and which ticket another centre gave in its place.
GRANT SELECT (id, centre_id, business_date, "group", number, status, rank_at, point)
    ON counter_ticket TO lookup;
CREATE POLICY lookup_reads ON counter_ticket FOR SELECT TO lookup USING (true);
GRANT SELECT ON counter_linesetting TO lookup;
CREATE POLICY lookup_reads ON counter_linesetting FOR SELECT TO lookup USING (true);
DROP FUNCTION IF EXISTS counter_follow(uuid);  -- it did not know the day
CREATE OR REPLACE FUNCTION counter_follow(asked uuid, today date)
RETURNS TABLE (centre_id int, business_date date, "group" text, number int, status text, point int,
               ahead int, moved_to uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT t.centre_id, t.business_date, t."group"::text, t.number, t.status::text, t.point::int,
           (SELECT count(*)::int FROM counter_ticket o
            WHERE o.centre_id = t.centre_id AND o.status = 'waiting'
              AND o.business_date >= CASE WHEN s.keeps_overnight THEN today - 7 ELSE today END
              AND (o.rank_at, o.id) < (t.rank_at, t.id)),
           (SELECT x.accepted_ticket_id FROM counter_transferoffer x
            WHERE x.ticket_id = t.id AND x.state = 'accepted' AND t.status = 'transferred')
    FROM counter_ticket t LEFT JOIN counter_linesetting s ON s.centre_id = t.centre_id
    WHERE t.id = asked
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION counter_follow(uuid, date) OWNER TO lookup;
ALTER FUNCTION counter_see_person_of_offer(uuid, timestamptz) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION counter_follow(uuid, date) FROM PUBLIC;
REVOKE ALL ON FUNCTION counter_see_person_of_offer(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION counter_follow(uuid, date) TO app_public;
GRANT EXECUTE ON FUNCTION counter_see_person_of_offer(uuid, timestamptz) TO app_centre;

-- Whoever called with a key finds their own answer again; a day later background work removes it.
ALTER TABLE counter_oncekey ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter_oncekey FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (answer) ON counter_oncekey TO app_centre;
GRANT SELECT (id, at), DELETE ON counter_oncekey TO app_system;
CREATE POLICY centre_own ON counter_oncekey TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY system_forgets ON counter_oncekey TO app_system USING (true);

-- The client's screen: the counter writes it; whoever holds its link learns whose counter it is, and
-- what follows is read with the eyes of that counter.
ALTER TABLE counter_clientscreen ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter_clientscreen FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON counter_clientscreen TO app_centre;
CREATE POLICY centre_own ON counter_clientscreen TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[])
                AND (only_visit_id IS NULL OR EXISTS (
                    SELECT FROM cases_visit v
                    WHERE v.id = counter_clientscreen.only_visit_id
                      AND v.centre_id = counter_clientscreen.centre_id)));
GRANT SELECT (account_id, centre_id, token_hash, ends_at) ON counter_clientscreen TO lookup;
CREATE POLICY lookup_reads ON counter_clientscreen FOR SELECT TO lookup USING (true);
CREATE OR REPLACE FUNCTION counter_of_client_screen(token bytea, at timestamptz)
RETURNS TABLE (account_id uuid, centre_id int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT s.account_id, s.centre_id FROM counter_clientscreen s
    WHERE s.token_hash = token AND s.ends_at > at
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION counter_of_client_screen(bytea, timestamptz) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION counter_of_client_screen(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION counter_of_client_screen(bytea, timestamptz) TO app_public;
