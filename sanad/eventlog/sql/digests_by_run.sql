-- Grain: one row a range of transactions and centre with events in it. The ranges lie between the
-- neighbours of %(bounds)s, ascending; slot 1 begins at the first bound, slot 0 lies below it.
-- Source: eventlog_event, in one pass. Reader: the verifier; digests.sql makes the same bytes.
SELECT width_bucket(e.xid, %(bounds)s::bigint[])                   AS slot,
       coalesce(e.centre_id, 0)                                    AS centre_id,
       count(*)                                                    AS event_count,
       sha256(string_agg(eventlog_row_digest(e), ''::bytea ORDER BY e.id)) AS digest
FROM eventlog_event e
GROUP BY 1, 2
ORDER BY 1, 2
