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
-- A merge gives a number to another person and seals it for them.
GRANT SELECT, INSERT, UPDATE (person_id, sealed) ON beneficiaries_identity TO app_centre;
GRANT SELECT ON beneficiaries_identity TO lookup;
CREATE POLICY centre_sees_own ON beneficiaries_identity FOR SELECT TO app_centre USING (
    EXISTS (SELECT FROM beneficiaries_personcentre pc
            WHERE pc.person_id = beneficiaries_identity.person_id));
CREATE POLICY centre_registers ON beneficiaries_identity FOR INSERT TO app_centre WITH CHECK (
    EXISTS (SELECT FROM beneficiaries_personcentre pc
            WHERE pc.person_id = beneficiaries_identity.person_id));
CREATE POLICY centre_merges ON beneficiaries_identity FOR UPDATE TO app_centre
    USING (EXISTS (SELECT FROM beneficiaries_personcentre pc
                   WHERE pc.person_id = beneficiaries_identity.person_id))
    WITH CHECK (EXISTS (SELECT FROM beneficiaries_personcentre pc
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

-- Asked for, kept, merged, told apart: each belongs to the centre where it was done. What a person
-- does by a link goes through the functions below, never through a table.

ALTER TABLE beneficiaries_mandaterequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_mandaterequest FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON beneficiaries_mandaterequest TO app_centre;
CREATE POLICY centre_own ON beneficiaries_mandaterequest TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_personpage ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_personpage FORCE ROW LEVEL SECURITY;
GRANT SELECT ON beneficiaries_personpage TO app_centre;
CREATE POLICY centre_own ON beneficiaries_personpage TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_documentconsent ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_documentconsent FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (withdrawn_at, person_id) ON beneficiaries_documentconsent TO app_centre;
CREATE POLICY centre_own ON beneficiaries_documentconsent TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_helddocument ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_helddocument FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (person_id, expires_on) ON beneficiaries_helddocument TO app_centre;
CREATE POLICY centre_own ON beneficiaries_helddocument TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_personmerge ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_personmerge FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (undone_at, undone_by) ON beneficiaries_personmerge TO app_centre;
CREATE POLICY centre_own ON beneficiaries_personmerge TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

ALTER TABLE beneficiaries_personapart ENABLE ROW LEVEL SECURITY;
ALTER TABLE beneficiaries_personapart FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON beneficiaries_personapart TO app_centre;
CREATE POLICY centre_own ON beneficiaries_personapart TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));

GRANT SELECT, UPDATE (answered_at, answer, mandate_id) ON beneficiaries_mandaterequest TO lookup;
GRANT SELECT, INSERT, UPDATE (revoked_at, case_id) ON beneficiaries_mandate TO lookup;
GRANT SELECT, INSERT ON beneficiaries_personpage, beneficiaries_notice TO lookup;
GRANT SELECT, UPDATE (withdrawn_at) ON beneficiaries_documentconsent TO lookup;
GRANT SELECT ON beneficiaries_helddocument, beneficiaries_reveal, beneficiaries_personmerge TO lookup;
GRANT SELECT (id, name_ar, name_en, is_active) ON accounts_account TO lookup;
GRANT SELECT (account_id, centre_id, ended_at) ON accounts_assignment TO lookup;
GRANT SELECT (occurred_at, kind, centre_id, actor_id, payload) ON eventlog_event TO lookup;
GRANT INSERT (queue_name, task_name, args) ON procrastinate_jobs TO lookup;
GRANT SELECT (id) ON procrastinate_jobs TO lookup;
GRANT INSERT ON procrastinate_events TO lookup;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq TO lookup;
CREATE POLICY lookup_all ON beneficiaries_mandaterequest TO lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup_all ON beneficiaries_mandate TO lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup_all ON beneficiaries_personpage TO lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup_all ON beneficiaries_notice TO lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup_all ON beneficiaries_documentconsent TO lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup_reads ON beneficiaries_helddocument FOR SELECT TO lookup USING (true);
CREATE POLICY lookup_reads ON beneficiaries_reveal FOR SELECT TO lookup USING (true);
CREATE POLICY lookup_reads ON beneficiaries_personmerge FOR SELECT TO lookup USING (true);
CREATE POLICY lookup_reads ON accounts_account FOR SELECT TO lookup USING (true);
CREATE POLICY lookup_reads ON accounts_assignment FOR SELECT TO lookup USING (true);
CREATE POLICY lookup_reads ON eventlog_event FOR SELECT TO lookup USING (true);

-- Whether another centre serves this person too. Nothing more is said of where.
CREATE OR REPLACE FUNCTION beneficiaries_served_elsewhere(of_person uuid)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (SELECT FROM beneficiaries_personcentre pc
                   WHERE pc.person_id = of_person AND NOT pc.centre_id = ANY (scope_centres()))
       AND EXISTS (SELECT FROM beneficiaries_personcentre pc
                   WHERE pc.person_id = of_person AND pc.centre_id = ANY (scope_centres()))
$$;

-- Whose phone is it? How many others in the network have it, and whether one of them, or the
-- person, has the name of somebody who works at the centre.
CREATE OR REPLACE FUNCTION beneficiaries_phone_shared(of_person uuid)
RETURNS TABLE (others bigint, is_staff boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT count(*) FILTER (WHERE p.id <> of_person),
           coalesce(bool_or(p.id <> of_person AND EXISTS (
               SELECT FROM accounts_assignment a JOIN accounts_account c ON c.id = a.account_id
               WHERE a.centre_id = ANY (scope_centres()) AND a.ended_at IS NULL AND c.is_active
                 AND ar_norm(c.name_ar) = ar_norm(p.name_ar))), false)
    FROM beneficiaries_person own JOIN beneficiaries_person p USING (phone)
    WHERE own.id = of_person AND own.phone <> '' AND p.merged_into_id IS NULL
      AND EXISTS (SELECT FROM beneficiaries_personcentre pc
                  WHERE pc.person_id = of_person AND pc.centre_id = ANY (scope_centres()))
$$;

-- What the link to a mandate shows to whoever holds it, answered or not.
CREATE OR REPLACE FUNCTION beneficiaries_asked(token bytea)
RETURNS TABLE (id uuid, person_id uuid, centre_id int, service_id bigint, language text, words text,
               ceiling_baisa bigint, ends_at timestamptz, expires_at timestamptz, answer text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT r.id, r.person_id, r.centre_id, r.service_id, r.language::text, r.text::text,
           r.ceiling_baisa, r.ends_at, r.expires_at, r.answer::text
    FROM beneficiaries_mandaterequest r WHERE r.token_hash = token
$$;

-- The person answers, once: the second of two answers finds the request answered. The outcome:
-- 'agreed', 'refused', 'name' for a typed name that is another one's, null where it is too late.
CREATE OR REPLACE FUNCTION beneficiaries_answer(
    token bytea, agreed boolean, typed_name text, signature bytea, new_mandate uuid, at timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    asked beneficiaries_mandaterequest;
BEGIN
    SELECT * INTO asked FROM beneficiaries_mandaterequest r
    WHERE r.token_hash = token AND r.answered_at IS NULL AND r.expires_at > at
    FOR UPDATE;
    IF asked.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF NOT agreed THEN
        UPDATE beneficiaries_mandaterequest r SET answered_at = at, answer = 'refused'
        WHERE r.id = asked.id;
        RETURN 'refused';
    END IF;
    IF typed_name <> '' AND NOT EXISTS (
        SELECT FROM beneficiaries_person p WHERE p.id = asked.person_id
        AND ar_norm(typed_name) IN (ar_norm(p.name_ar), nullif(ar_norm(p.name_en), ''))) THEN
        RETURN 'name';
    END IF;
    INSERT INTO beneficiaries_mandate (id, person_id, centre_id, service_id, ceiling_baisa, language,
        text_hash, method, signature_sealed, granted_at, expires_at)
    VALUES (new_mandate, asked.person_id, asked.centre_id, asked.service_id, asked.ceiling_baisa,
        asked.language, asked.text_hash, 'own_phone', signature, at, asked.ends_at);
    UPDATE beneficiaries_mandaterequest r
    SET answered_at = at, answer = 'agreed', mandate_id = new_mandate WHERE r.id = asked.id;
    RETURN 'agreed';
END
$$;

-- The person's own page. Each part asks for the link again: a page that expired shows nothing.
CREATE OR REPLACE FUNCTION beneficiaries_page(token bytea, at timestamptz)
RETURNS TABLE (person_id uuid, language text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT p.id, p.language::text, g.expires_at
    FROM beneficiaries_personpage g JOIN beneficiaries_person p ON p.id = g.person_id
    WHERE g.token_hash = token AND g.expires_at > at
$$;

-- Everything about the person includes what was written while they were entered twice.
CREATE OR REPLACE FUNCTION beneficiaries_page_people(token bytea, at timestamptz)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT g.person_id FROM beneficiaries_page(token, at) g
    UNION
    SELECT m.gone_id FROM beneficiaries_page(token, at) g
    JOIN beneficiaries_personmerge m ON m.keep_id = g.person_id AND m.undone_at IS NULL
$$;

-- Who looked at the person's data: at which centre, when, and why where a reason was asked for.
CREATE OR REPLACE FUNCTION beneficiaries_page_looks(token bytea, at timestamptz, most int)
RETURNS TABLE (looked_at timestamptz, centre_id int, name_ar text, name_en text, what text,
               reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT l.looked_at, l.centre_id, c.name_ar::text, c.name_en::text, l.what, l.reason
    FROM beneficiaries_page_people(token, at) one(id)
    CROSS JOIN LATERAL (
        SELECT r.at AS looked_at, r.centre_id, r.account_id, 'number' AS what, r.reason::text
        FROM beneficiaries_reveal r WHERE r.person_id = one.id
        UNION ALL
        SELECT e.occurred_at, e.centre_id, e.actor_id, 'look-up', ''
        FROM eventlog_event e
        WHERE e.kind = 'person.looked_up' AND e.payload ->> 'person' = one.id::text
        UNION ALL
        SELECT m.at, m.centre_id, m.account_id, 'merge', m.reason::text
        FROM beneficiaries_personmerge m WHERE m.keep_id = one.id
    ) l
    LEFT JOIN accounts_account c ON c.id = l.account_id
    ORDER BY l.looked_at DESC LIMIT most
$$;

-- Documents kept by consent, and until when the consent held.
CREATE OR REPLACE FUNCTION beneficiaries_page_documents(token bytea, at timestamptz)
RETURNS TABLE (consent uuid, centre_id int, given_at timestamptz, withdrawn_at timestamptz,
               name_ar text, name_en text, kept_at timestamptz, expires_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT s.id, s.centre_id, s.given_at, s.withdrawn_at, h.name_ar::text, h.name_en::text,
           h.kept_at, h.expires_on
    FROM beneficiaries_page_people(token, at) one(id)
    JOIN beneficiaries_documentconsent s ON s.person_id = one.id
    LEFT JOIN beneficiaries_helddocument h ON h.consent_id = s.id
    ORDER BY s.given_at DESC, h.kept_at
$$;

-- Consent withdrawn by the person; the centre that kept the documents, null where there was none.
CREATE OR REPLACE FUNCTION beneficiaries_page_withdraw(token bytea, consent uuid, at timestamptz)
RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    UPDATE beneficiaries_documentconsent s SET withdrawn_at = at
    WHERE s.id = consent AND s.withdrawn_at IS NULL
      AND s.person_id IN (SELECT beneficiaries_page_people(token, at))
    RETURNING s.centre_id
$$;
DO $$
DECLARE
    lent record;
BEGIN
    GRANT CREATE ON SCHEMA public TO lookup;
    FOR lent IN SELECT * FROM (VALUES
        ('beneficiaries_served_elsewhere(uuid)', 'app_centre'),
        ('beneficiaries_phone_shared(uuid)', 'app_centre'),
        ('beneficiaries_asked(bytea)', 'app_public'),
        ('beneficiaries_answer(bytea, boolean, text, bytea, uuid, timestamptz)', 'app_public'),
        ('beneficiaries_page(bytea, timestamptz)', 'app_public'),
        ('beneficiaries_page_people(bytea, timestamptz)', NULL),
        ('beneficiaries_page_looks(bytea, timestamptz, int)', 'app_public'),
        ('beneficiaries_page_documents(bytea, timestamptz)', 'app_public'),
        ('beneficiaries_page_withdraw(bytea, uuid, timestamptz)', 'app_public')
    ) AS l(function, reader)
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lookup', lent.function);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', lent.function);
        IF lent.reader IS NOT NULL THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', lent.function, lent.reader);
        END IF;
    END LOOP;
    REVOKE CREATE ON SCHEMA public FROM lookup;
END
$$;
