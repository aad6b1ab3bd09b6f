-- Grain: one row a centre with events of transactions in [from_xid, upto_xid).
-- Source: eventlog_event. Reader: the sealer, and the verifier which expects the same bytes.
SELECT coalesce(centre_id, 0)                                      AS centre_id,
       count(*)                                                    AS event_count,
       sha256(string_agg(eventlog_row_digest(e), ''::bytea ORDER BY e.id)) AS digest
FROM eventlog_event e
WHERE e.xid >= %(from_xid)s::bigint AND e.xid < %(upto_xid)s::bigint
GROUP BY 1
ORDER BY 1
