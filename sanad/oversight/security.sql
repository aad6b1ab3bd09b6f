-- Day facts: a centre sees its own, the ministry all; only background work refills them.
ALTER TABLE oversight_dayfact ENABLE ROW LEVEL SECURITY;
ALTER TABLE oversight_dayfact FORCE ROW LEVEL SECURITY;
GRANT SELECT ON oversight_dayfact TO app_centre, app_national;
GRANT SELECT, INSERT, DELETE ON oversight_dayfact TO app_system;
CREATE POLICY centre_reads ON oversight_dayfact FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON oversight_dayfact FOR SELECT TO app_national USING (true);
CREATE POLICY system_all ON oversight_dayfact TO app_system USING (true) WITH CHECK (true);
-- Verification replays the log against the tickets; cases, money and the log open themselves to
-- background work in the security.sql of their own rooms.
GRANT SELECT (id, centre_id, "group", number, status) ON counter_ticket TO app_system;
CREATE POLICY system_verifies ON counter_ticket FOR SELECT TO app_system USING (true);
