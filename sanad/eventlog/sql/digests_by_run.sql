-- Grain: one row a range of transactions and centre with events in it. The ranges lie between the
-- neighbours of %(bounds)s, ascending; slot 1 begins at the first bound, slot 0 lies below it.
-- Source: eventlog_rowdigest, in one pass. Reader: the verifier; digests.sql makes the same bytes.
SELECT slot, centre_id, count(*) AS event_count,
       sha256(string_agg(digest, ''::bytea ORDER BY id)) AS digest
FROM (
    SELECT width_bucket(xid, %(bounds)s::bigint[]) AS slot, id, centre_id, digest
    FROM eventlog_rowdigest
    OFFSET 0
) AS rows
GROUP BY slot, centre_id
ORDER BY slot, centre_id
