-- Day facts: a centre sees its own, an entity its own, the ministry all; only background work
-- refills them, and the bulk load at set-up.
DO $$
DECLARE
    facts text;
BEGIN
    FOREACH facts IN ARRAY ARRAY['dayfact', 'servicedayfact', 'entitydayfact', 'staffdayfact',
                                 'hourdayfact']
    LOOP
        facts := 'oversight_' || facts;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', facts);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', facts);
        EXECUTE format('GRANT SELECT ON %I TO app_national', facts);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO app_system', facts);
        EXECUTE format('CREATE POLICY national_reads ON %I FOR SELECT TO app_national USING (true)',
                       facts);
        EXECUTE format('CREATE POLICY system_all ON %I TO app_system USING (true) WITH CHECK (true)',
                       facts);
    END LOOP;
    FOREACH facts IN ARRAY ARRAY['dayfact', 'servicedayfact', 'staffdayfact', 'hourdayfact']
    LOOP
        facts := 'oversight_' || facts;
        EXECUTE format('GRANT SELECT ON %I TO app_centre', facts);
        EXECUTE format('CREATE POLICY centre_reads ON %I FOR SELECT TO app_centre'
                       ' USING (centre_id = ANY ((SELECT scope_centres())::int[]))', facts);
    END LOOP;
END
$$;
GRANT SELECT ON oversight_entitydayfact TO app_entity;
CREATE POLICY entity_reads ON oversight_entitydayfact FOR SELECT TO app_entity
    USING (entity_id = (SELECT scope_entity()));
-- Verification replays the log against the tickets; cases, money and the log open themselves to
-- background work in the security.sql of their own rooms.
GRANT SELECT (id, centre_id, "group", number, status) ON counter_ticket TO app_system;
CREATE POLICY system_verifies ON counter_ticket FOR SELECT TO app_system USING (true);

-- What the public dashboard shows: sums by wilayat and service, and by wilayat alone (`service` is
-- NULL there), never a centre's. A count from 1 to 4 is told as NULL.
GRANT SELECT (centre_id, business_date, service, cases_opened, transactions)
    ON oversight_servicedayfact TO lookup;
CREATE POLICY lookup_reads ON oversight_servicedayfact FOR SELECT TO lookup USING (true);
CREATE OR REPLACE FUNCTION oversight_published(first date, last date)
RETURNS TABLE (wilayat int, service text, transactions int, centres int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT v.wilayat_id::int, f.service::text,
           CASE WHEN sum(f.transactions) NOT BETWEEN 1 AND 4 THEN sum(f.transactions)::int END,
           (count(DISTINCT f.centre_id) FILTER (WHERE f.transactions > 0))::int
    FROM oversight_servicedayfact f
    JOIN centres_centre c ON c.id = f.centre_id
    JOIN centres_village v ON v.id = c.village_id
    WHERE f.business_date BETWEEN first AND last AND (f.cases_opened > 0 OR f.transactions > 0)
    GROUP BY GROUPING SETS ((v.wilayat_id, f.service), (v.wilayat_id))
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION oversight_published(date, date) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION oversight_published(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION oversight_published(date, date) TO app_public;
