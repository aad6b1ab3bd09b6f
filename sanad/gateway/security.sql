-- A centre sees what it sent; an entity what was sent to it; nobody else sees a body.
ALTER TABLE gateway_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_delivery FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON gateway_delivery TO app_centre;
GRANT SELECT ON gateway_delivery TO app_entity;
GRANT SELECT (id, case_id, centre_id, entity_id, state, made_at, next_try_at, tries,
    acknowledged_at) ON gateway_delivery TO app_system, app_national;
CREATE POLICY centre_own ON gateway_delivery TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY entity_reads ON gateway_delivery FOR SELECT TO app_entity
    USING (entity_id = (SELECT scope_entity()));
CREATE POLICY system_reads ON gateway_delivery FOR SELECT TO app_system USING (true);
CREATE POLICY national_reads ON gateway_delivery FOR SELECT TO app_national USING (true);

ALTER TABLE gateway_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_attempt FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON gateway_attempt TO app_centre;
GRANT SELECT (id, delivery_id, centre_id, number, at, milliseconds, status, outcome, response_id,
    request_id, body_sha256) ON gateway_attempt TO app_national;
CREATE POLICY centre_own ON gateway_attempt TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON gateway_attempt FOR SELECT TO app_national USING (true);

ALTER TABLE gateway_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_answer FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (applied_at) ON gateway_answer TO app_centre;
GRANT SELECT, INSERT ON gateway_answer TO app_entity;
GRANT SELECT (id, centre_id, received_at, applied_at) ON gateway_answer TO app_system;
CREATE POLICY centre_reads ON gateway_answer FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY centre_applies ON gateway_answer FOR UPDATE TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY entity_own ON gateway_answer TO app_entity
    USING (entity_id = (SELECT scope_entity())) WITH CHECK (entity_id = (SELECT scope_entity()));
CREATE POLICY system_reads ON gateway_answer FOR SELECT TO app_system USING (true);

COMMENT ON TABLE gateway_entityendpoint IS 'rls-exempt: addresses and public keys of entities';
GRANT SELECT ON gateway_entityendpoint TO app_centre, app_entity, app_national, app_system;
GRANT INSERT, UPDATE ON gateway_entityendpoint TO app_national;

-- Whether a portal is up is public. What the line saw is written by background work alone, so that
-- no centre can invent an outage; an entity announces its own.
ALTER TABLE gateway_outage ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_outage FORCE ROW LEVEL SECURITY;
GRANT SELECT ON gateway_outage TO app_centre, app_national, app_public;
GRANT SELECT, INSERT, DELETE, UPDATE (ended_at) ON gateway_outage TO app_entity;
GRANT SELECT, INSERT, UPDATE (ended_at, deliveries) ON gateway_outage TO app_system;
CREATE POLICY everybody_reads ON gateway_outage FOR SELECT
    TO app_centre, app_national, app_public, app_system USING (true);
CREATE POLICY line_adds ON gateway_outage FOR INSERT TO app_system WITH CHECK (found_by = 'line');
CREATE POLICY line_ends ON gateway_outage FOR UPDATE TO app_system USING (found_by = 'line');
CREATE POLICY entity_reads ON gateway_outage FOR SELECT TO app_entity
    USING (entity_id = (SELECT scope_entity()));
CREATE POLICY entity_adds ON gateway_outage FOR INSERT TO app_entity
    WITH CHECK (entity_id = (SELECT scope_entity()) AND found_by = 'entity');
CREATE POLICY entity_ends ON gateway_outage FOR UPDATE TO app_entity
    USING (entity_id = (SELECT scope_entity()) AND found_by = 'entity');
CREATE POLICY entity_withdraws ON gateway_outage FOR DELETE TO app_entity
    USING (entity_id = (SELECT scope_entity()) AND found_by = 'entity');
-- The watch over the portals reads every try, by identifiers and status only.
GRANT SELECT (id, delivery_id, at, status, outcome) ON gateway_attempt TO app_system;
CREATE POLICY system_reads ON gateway_attempt FOR SELECT TO app_system USING (true);

-- How each portal does now, over every centre's requests: counts and a time by entity, and no row.
GRANT SELECT (entity_id) ON gateway_entityendpoint TO lookup;
GRANT SELECT (entity_id, state, made_at, acknowledged_at) ON gateway_delivery TO lookup;
CREATE POLICY lookup_reads ON gateway_delivery FOR SELECT TO lookup USING (true);
CREATE OR REPLACE FUNCTION gateway_portals(since timestamptz, until timestamptz)
RETURNS TABLE (entity_id int, waiting int, taken int, seconds_median int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH waiting AS (
        SELECT d.entity_id, count(*) AS requests FROM gateway_delivery d
        WHERE d.state = 'pending' AND d.made_at <= until GROUP BY 1
    )
    SELECT e.entity_id, coalesce(w.requests, 0)::int, t.requests::int, t.seconds::int
    FROM gateway_entityendpoint e
    LEFT JOIN waiting w ON w.entity_id = e.entity_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS requests, percentile_cont(0.5) WITHIN GROUP (
                   ORDER BY extract(epoch FROM d.acknowledged_at - d.made_at)) AS seconds
        FROM gateway_delivery d
        WHERE d.entity_id = e.entity_id AND d.acknowledged_at > since AND d.acknowledged_at <= until
    ) t
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION gateway_portals(timestamptz, timestamptz) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION gateway_portals(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway_portals(timestamptz, timestamptz)
    TO app_centre, app_national, app_entity, app_public, app_system;
