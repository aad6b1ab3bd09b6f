-- The log is append-only: nobody who serves may change, remove or truncate a row of it.
ALTER TABLE eventlog_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE eventlog_event FORCE ROW LEVEL SECURITY;
-- recorded_at and xid are the database's own: nobody who serves may state when a row was written.
GRANT INSERT (id, kind, occurred_at, centre_id, actor_id, visit_id, case_id, seq, payload)
    ON eventlog_event TO app_centre, app_national, app_entity, app_public, app_system;
GRANT SELECT ON eventlog_event TO app_centre, app_national, app_entity, app_system;
CREATE POLICY centre_reads ON eventlog_event FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY centre_adds ON eventlog_event FOR INSERT TO app_centre
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON eventlog_event FOR SELECT TO app_national USING (true);
CREATE POLICY national_adds ON eventlog_event FOR INSERT TO app_national WITH CHECK (true);
CREATE POLICY entity_reads ON eventlog_event FOR SELECT TO app_entity
    USING ((payload->>'entity')::int = (SELECT scope_entity()));
CREATE POLICY entity_adds ON eventlog_event FOR INSERT TO app_entity
    WITH CHECK ((payload->>'entity')::int = (SELECT scope_entity()));
CREATE POLICY public_adds ON eventlog_event FOR INSERT TO app_public
    WITH CHECK (actor_id IS NULL AND kind IN ('feedback.given', 'mandate.granted',
        'mandate.refused', 'mandate.revoked', 'documents.consent_withdrawn'));
CREATE POLICY system_reads ON eventlog_event FOR SELECT TO app_system USING (true);
CREATE POLICY system_adds ON eventlog_event FOR INSERT TO app_system WITH CHECK (true);
-- Whether something lies in the default partition is asked of that partition by itself.
GRANT SELECT ON eventlog_event_default TO app_system;
CREATE POLICY system_reads ON eventlog_event_default FOR SELECT TO app_system USING (true);

ALTER TABLE eventlog_eventobject ENABLE ROW LEVEL SECURITY;
ALTER TABLE eventlog_eventobject FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON eventlog_eventobject TO app_centre, app_national, app_system;
CREATE POLICY centre_reads ON eventlog_eventobject FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY centre_adds ON eventlog_eventobject FOR INSERT TO app_centre
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_all ON eventlog_eventobject TO app_national USING (true) WITH CHECK (true);
CREATE POLICY system_all ON eventlog_eventobject TO app_system USING (true) WITH CHECK (true);

ALTER TABLE eventlog_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE eventlog_seal FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON eventlog_seal TO app_system;
GRANT SELECT ON eventlog_seal TO app_national, app_centre;
CREATE POLICY system_all ON eventlog_seal TO app_system USING (true) WITH CHECK (true);
CREATE POLICY national_reads ON eventlog_seal FOR SELECT TO app_national USING (true);
CREATE POLICY centre_reads ON eventlog_seal FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));

COMMENT ON TABLE eventlog_sealrun IS 'rls-exempt: national digests, no centre''s rows';
GRANT SELECT, INSERT ON eventlog_sealrun TO app_system;
GRANT SELECT ON eventlog_sealrun TO app_national, app_centre;
GRANT EXECUTE ON FUNCTION eventlog_ensure_months(date, date) TO app_system, loader;
GRANT SELECT ON eventlog_rowdigest TO app_system;
GRANT SELECT ON eventlog_studied TO app_national;
REVOKE ALL ON FUNCTION eventlog_pseudonym(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION eventlog_pseudonym(uuid) TO app_national;
