-- A centre sees a person through its personcentre row, made when it registers them or looks them
-- up by an exact key inside an open visit (cases/security.sql). The ministry sees no names.
ALTER TABLE beneficiaries_personcentre ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_personcentre FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON beneficiaries_personcentre TO app_centre, lookup;
-- A person who is known already becomes visible by the look-up alone; a centre may only add itself
-- to somebody it is entering, who has no number yet.
CREATE OR REPLACE FUNCTION beneficiaries_is_known(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (SELECT FROM beneficiaries_identity i WHERE i.person_id = person)
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION beneficiaries_is_known(uuid) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION beneficiaries_is_known(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION beneficiaries_is_known(uuid) TO app_centre;
CREATE POLICY centre_reads ON beneficiaries_personcentre FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY centre_registers ON beneficiaries_personcentre FOR INSERT TO app_centre
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[])
                AND NOT beneficiaries_is_known(person_id));
CREATE POLICY lookup_all ON beneficiaries_personcentre TO lookup USING (true) WITH CHECK (true);

ALTER TABLE beneficiaries_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_person FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON beneficiaries_person TO app_centre;
GRANT SELECT ON beneficiaries_person TO lookup;
CREATE POLICY centre_sees_own ON beneficiaries_person FOR SELECT TO app_centre USING (
    EXISTS (SELECT FROM beneficiaries_personcentre pc WHERE pc.person_id = beneficiaries_person.id));
CREATE POLICY centre_corrects_own ON beneficiaries_person FOR UPDATE TO app_centre USING (
    EXISTS (SELECT FROM beneficiaries_personcentre pc WHERE pc.person_id = beneficiaries_person.id));
CREATE POLICY centre_registers ON beneficiaries_person FOR INSERT TO app_centre WITH CHECK (true);
CREATE POLICY lookup_reads ON beneficiaries_person FOR SELECT TO lookup USING (true);

ALTER TABLE beneficiaries_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_identity FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON beneficiaries_identity TO app_centre;
GRANT SELECT ON beneficiaries_identity TO lookup;
CREATE POLICY centre_sees_own ON beneficiaries_identity FOR SELECT TO app_centre USING (
    EXISTS (SELECT FROM beneficiaries_personcentre pc
            WHERE pc.person_id = beneficiaries_identity.person_id));
CREATE POLICY centre_registers ON beneficiaries_identity FOR INSERT TO app_centre WITH CHECK (
    EXISTS (SELECT FROM beneficiaries_personcentre pc
            WHERE pc.person_id = beneficiaries_identity.person_id));
CREATE POLICY lookup_reads ON beneficiaries_identity FOR SELECT TO lookup USING (true);

COMMENT ON TABLE beneficiaries_company IS 'rls-exempt: commercial registrations are public';
GRANT SELECT, INSERT ON beneficiaries_company TO app_centre;
GRANT SELECT ON beneficiaries_company TO app_national, app_entity, lookup;

ALTER TABLE beneficiaries_mandate ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_mandate FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON beneficiaries_mandate TO app_centre;
CREATE POLICY centre_own ON beneficiaries_mandate TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_notice FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON beneficiaries_notice TO app_centre;
CREATE POLICY centre_own ON beneficiaries_notice TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_reveal ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_reveal FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON beneficiaries_reveal TO app_centre;
CREATE POLICY centre_own ON beneficiaries_reveal TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_feedback FORCE ROW LEVEL SECURITY;
GRANT SELECT ON beneficiaries_feedback TO app_centre, app_national;
GRANT SELECT, INSERT ON beneficiaries_feedback TO lookup;
CREATE POLICY centre_reads ON beneficiaries_feedback FOR SELECT TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON beneficiaries_feedback FOR SELECT TO app_national USING (true);
CREATE POLICY lookup_all ON beneficiaries_feedback TO lookup USING (true) WITH CHECK (true);
