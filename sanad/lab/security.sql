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

-- Initiatives and portfolios are the ministry's and its analysts'; a version, a move and what was
-- published are written once.
ALTER TABLE lab_initiative ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_initiative FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON lab_initiative TO app_national;
GRANT UPDATE (facts, stage, version, changed_at) ON lab_initiative TO app_national;
CREATE POLICY national_all ON lab_initiative TO app_national USING (true) WITH CHECK (true);

ALTER TABLE lab_initiativeversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_initiativeversion FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON lab_initiativeversion TO app_national;
CREATE POLICY national_all ON lab_initiativeversion TO app_national USING (true) WITH CHECK (true);

ALTER TABLE lab_portfolio ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_portfolio FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON lab_portfolio TO app_national;
GRANT UPDATE (stop_asked, state, ended_at, adopted_at, adopted_by, starts) ON lab_portfolio
    TO app_national;
GRANT SELECT ON lab_portfolio TO app_system;
GRANT UPDATE (state, done, parts, seen_at, ended_at, result, refusal, code_version)
    ON lab_portfolio TO app_system;
CREATE POLICY national_all ON lab_portfolio TO app_national USING (true) WITH CHECK (true);
CREATE POLICY system_reads ON lab_portfolio FOR SELECT TO app_system USING (true);
-- What is over stays as it is.
CREATE POLICY system_runs ON lab_portfolio FOR UPDATE TO app_system
    USING (state IN ('waiting', 'running')) WITH CHECK (true);

ALTER TABLE lab_roadmapmove ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_roadmapmove FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON lab_roadmapmove TO app_national;
CREATE POLICY national_all ON lab_roadmapmove TO app_national USING (true) WITH CHECK (true);

-- Everybody reads what is published.
ALTER TABLE lab_publishedroadmap ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_publishedroadmap FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON lab_publishedroadmap TO app_national;
GRANT SELECT ON lab_publishedroadmap TO app_public;
CREATE POLICY national_all ON lab_publishedroadmap TO app_national USING (true) WITH CHECK (true);
CREATE POLICY public_reads ON lab_publishedroadmap FOR SELECT TO app_public USING (true);
