-- Studies are the ministry's and its analysts'; background work runs them.
ALTER TABLE lab_study ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_study FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON lab_study TO app_national;
GRANT UPDATE (stop_asked, state, ended_at) ON lab_study TO app_national;
GRANT SELECT ON lab_study TO app_system;
GRANT UPDATE (state, done, parts, seen_at, started_at, ended_at, result, refusal, code_version)
    ON lab_study TO app_system;
CREATE POLICY national_all ON lab_study TO app_national USING (true) WITH CHECK (true);
CREATE POLICY system_reads ON lab_study FOR SELECT TO app_system USING (true);
-- What is over stays as it is.
CREATE POLICY system_runs ON lab_study FOR UPDATE TO app_system
    USING (state IN ('waiting', 'running')) WITH CHECK (true);
