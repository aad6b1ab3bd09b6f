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
