-- Visits and cases belong to a centre. The ministry reads them without answers; entities read what
-- was sent to them through the gateway; a tracking code opens one case to whoever holds it.
ALTER TABLE cases_visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_visit FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON cases_visit TO app_centre;
GRANT SELECT ON cases_visit TO lookup;
CREATE POLICY centre_own ON cases_visit TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY lookup_reads ON cases_visit FOR SELECT TO lookup USING (true);

ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_case FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON cases_case TO app_centre;
GRANT SELECT (id, code, centre_id, visit_id, service_id, entity_id, status, last_seq, opened_at,
    submitted_at, due_at, decided_at, updated_at) ON cases_case TO app_national;
GRANT SELECT ON cases_case TO lookup, app_system;
CREATE POLICY centre_own ON cases_case TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON cases_case FOR SELECT TO app_national USING (true);
CREATE POLICY lookup_reads ON cases_case FOR SELECT TO lookup USING (true);
CREATE POLICY system_reads ON cases_case FOR SELECT TO app_system USING (true);

ALTER TABLE cases_casedocument ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_casedocument FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON cases_casedocument TO app_centre;
CREATE POLICY centre_own ON cases_casedocument TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE cases_notduplicate ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_notduplicate FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON cases_notduplicate TO app_centre;
CREATE POLICY centre_own ON cases_notduplicate TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

-- The network-wide look-up: by an exact key, inside an open visit of a centre in scope. It makes
-- the centre see the person, and finds nobody without the visit.
CREATE OR REPLACE FUNCTION cases_look_up_person(visit uuid, key_kind text, key_index bytea, at timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    found_centre int;
    found_person uuid;
BEGIN
    SELECT v.centre_id INTO found_centre FROM cases_visit v
    WHERE v.id = visit AND v.ended_at IS NULL AND v.centre_id = ANY (scope_centres());
    IF found_centre IS NULL THEN
        RAISE EXCEPTION 'a look-up needs an open visit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT i.person_id INTO found_person FROM beneficiaries_identity i
    WHERE i.kind = key_kind AND i.index = key_index;
    IF found_person IS NOT NULL THEN
        INSERT INTO beneficiaries_personcentre (centre_id, person_id, since)
        VALUES (found_centre, found_person, at) ON CONFLICT DO NOTHING;
    END IF;
    RETURN found_person;
END
$$;

-- What a tracking code shows: no name, no number, nothing that was typed.
CREATE OR REPLACE FUNCTION cases_track(tracking_code text)
RETURNS TABLE (case_id uuid, centre_id int, service_id bigint, entity_id int, status text,
               opened_at timestamptz, submitted_at timestamptz, due_at timestamptz,
               decided_at timestamptz, updated_at timestamptz, reason_ar text, reason_en text,
               rated boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT c.id, c.centre_id, c.service_id, c.entity_id, c.status::text, c.opened_at,
           c.submitted_at, c.due_at, c.decided_at, c.updated_at, c.reason_ar::text,
           c.reason_en::text,
           EXISTS (SELECT FROM beneficiaries_feedback f WHERE f.case_id = c.id)
    FROM cases_case c WHERE c.code = tracking_code
$$;

-- Whoever holds the code of a decided case may rate it, once.
CREATE OR REPLACE FUNCTION cases_rate(tracking_code text, face int, reason text, at timestamptz)
RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    INSERT INTO beneficiaries_feedback (case_id, centre_id, face, reason, at)
    SELECT c.id, c.centre_id, face, left(reason, 200), at FROM cases_case c
    WHERE c.code = tracking_code AND c.status IN ('approved', 'rejected', 'delivered')
    ON CONFLICT (case_id) DO NOTHING
    RETURNING centre_id
$$;

-- "Send me my page": whoever holds a tracking code may have the link sent to the phone of the
-- request's person, and learns nothing here. At most once in ten minutes and five times a day.
CREATE OR REPLACE FUNCTION cases_send_page(
    tracking_code text, page uuid, page_token bytea, notice uuid, words_ar text, words_en text,
    at timestamptz, until timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    found record;
BEGIN
    SELECT c.centre_id, p.id, p.language INTO found
    FROM cases_case c JOIN beneficiaries_person p ON p.id = c.person_id
    WHERE c.code = tracking_code AND p.phone <> '';
    IF found.id IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('page ' || found.id::text));
    IF (SELECT count(*) >= 5 OR coalesce(bool_or(g.made_at > at - interval '10 minutes'), false)
        FROM beneficiaries_personpage g
        WHERE g.person_id = found.id AND g.made_at > at - interval '1 day') THEN
        RETURN;
    END IF;
    INSERT INTO beneficiaries_personpage (id, person_id, centre_id, token_hash, made_at, expires_at)
    VALUES (page, found.id, found.centre_id, page_token, at, until);
    INSERT INTO beneficiaries_notice (id, person_id, centre_id, kind, language, text, opens, made_at)
    VALUES (notice, found.id, found.centre_id, 'page', found.language,
            CASE found.language WHEN 'en' THEN words_en ELSE words_ar END, page, at);
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('notices', 'beneficiaries.send_notice',
            jsonb_build_object('notice', notice, 'centre', found.centre_id));
END
$$;

-- The person's mandates, and whether each may still be revoked: not once the request was sent.
CREATE OR REPLACE FUNCTION cases_page_mandates(token bytea, at timestamptz)
RETURNS TABLE (id uuid, centre_id int, service_id bigint, ceiling_baisa bigint, method text,
               granted_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
               code text, submitted_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT m.id, m.centre_id, m.service_id, m.ceiling_baisa, m.method::text, m.granted_at,
           m.expires_at, m.revoked_at, c.code::text, c.submitted_at
    FROM beneficiaries_page_people(token, at) one(id)
    JOIN beneficiaries_mandate m ON m.person_id = one.id
    LEFT JOIN cases_case c ON c.id = m.case_id
    ORDER BY m.granted_at DESC, m.id
$$;

-- The person revokes; the mandate's centre, null where it is not live or the request was sent.
-- Locked first and asked then: a submission that holds it meanwhile has ended before we look.
CREATE OR REPLACE FUNCTION cases_page_revoke(token bytea, mandate uuid, at timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    found beneficiaries_mandate;
BEGIN
    SELECT * INTO found FROM beneficiaries_mandate m
    WHERE m.id = mandate AND m.person_id IN (SELECT beneficiaries_page_people(token, at))
    FOR UPDATE;
    IF found.id IS NULL OR found.revoked_at IS NOT NULL OR found.expires_at <= at
       OR EXISTS (SELECT FROM cases_case c WHERE c.id = found.case_id AND c.submitted_at IS NOT NULL)
    THEN
        RETURN NULL;
    END IF;
    UPDATE beneficiaries_mandate m SET revoked_at = at, case_id = NULL WHERE m.id = found.id;
    RETURN found.centre_id;
END
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION cases_send_page(text, uuid, bytea, uuid, text, text, timestamptz, timestamptz)
    OWNER TO lookup;
ALTER FUNCTION cases_page_mandates(bytea, timestamptz) OWNER TO lookup;
ALTER FUNCTION cases_page_revoke(bytea, uuid, timestamptz) OWNER TO lookup;
ALTER FUNCTION cases_look_up_person(uuid, text, bytea, timestamptz) OWNER TO lookup;
ALTER FUNCTION cases_track(text) OWNER TO lookup;
ALTER FUNCTION cases_rate(text, int, text, timestamptz) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION cases_send_page(text, uuid, bytea, uuid, text, text, timestamptz, timestamptz)
    FROM PUBLIC;
REVOKE ALL ON FUNCTION cases_page_mandates(bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION cases_page_revoke(bytea, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    cases_send_page(text, uuid, bytea, uuid, text, text, timestamptz, timestamptz),
    cases_page_mandates(bytea, timestamptz), cases_page_revoke(bytea, uuid, timestamptz)
    TO app_public;
REVOKE ALL ON FUNCTION cases_look_up_person(uuid, text, bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION cases_track(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION cases_rate(text, int, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_look_up_person(uuid, text, bytea, timestamptz) TO app_centre;
GRANT EXECUTE ON FUNCTION cases_track(text) TO app_public, app_centre;
GRANT EXECUTE ON FUNCTION cases_rate(text, int, text, timestamptz) TO app_public;
