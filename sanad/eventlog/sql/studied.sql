-- Grain: one event as the Lab may see it, a row each. Source: eventlog_event, with the reader's own
-- eyes. Reader: the Lab's snapshots. People, visits, requests and tickets are pseudonyms under the key
-- that the transaction states in sanad.study_key: the same in every snapshot of an installation, and
-- without the key nobody's. Of a payload only the service, the entity, the outcome, the ticket and the
-- centre's charge in an agreed quote are there.
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
       coalesce(e.payload ->> 'outcome', '') AS outcome,
       coalesce(eventlog_pseudonym((e.payload ->> 'ticket')::uuid), 0) AS ticket,
       coalesce((e.payload ->> 'centre_baisa')::bigint, 0) AS charge_baisa
FROM eventlog_event e;
