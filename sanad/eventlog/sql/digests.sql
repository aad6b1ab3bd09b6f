-- Grain: one row a centre with events of transactions in [from_xid, upto_xid).
-- Source: eventlog_rowdigest. Reader: the sealer, and the verifier which expects the same bytes.
SELECT centre_id, count(*) AS event_count,
       sha256(string_agg(digest, ''::bytea ORDER BY id)) AS digest
FROM (
    SELECT id, centre_id, digest FROM eventlog_rowdigest
    WHERE xid >= %(from_xid)s::bigint AND xid < %(upto_xid)s::bigint
    OFFSET 0  -- so that several workers digest, and one sorts
) AS rows
GROUP BY centre_id
ORDER BY centre_id
