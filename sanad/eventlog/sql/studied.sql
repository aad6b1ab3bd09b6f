-- Grain: one event as the Lab may see it, a row each. Source: eventlog_event, with the reader's own
-- eyes. Reader: the Lab's snapshots. People, visits and requests are pseudonyms under the key that the
-- transaction states in sanad.study_key: the same in every snapshot of an installation, and without
-- the key nobody's. A payload is left out but for the service, the entity and the outcome.
CREATE FUNCTION eventlog_pseudonym(id uuid) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT ('x' || encode(substr(sha256(
        decode(current_setting('sanad.study_key'), 'hex') || uuid_send(id)), 1, 8), 'hex')
    )::bit(64)::bigint
$$;
CREATE VIEW eventlog_studied WITH (security_invoker = true) AS
SELECT e.occurred_at, e.kind, coalesce(e.centre_id, 0) AS centre, coalesce(e.seq, 0) AS seq,
       coalesce(eventlog_pseudonym(e.case_id), 0) AS request,
       coalesce(eventlog_pseudonym(e.visit_id), 0) AS visit,
       coalesce(eventlog_pseudonym(e.actor_id), 0) AS resource,
       coalesce(e.payload ->> 'service', '') AS service,
       coalesce((e.payload ->> 'entity')::int, 0) AS entity,
       coalesce(e.payload ->> 'outcome', '') AS outcome
FROM eventlog_event e;
