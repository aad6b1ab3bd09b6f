-- Grain: one row a sealing run after the run %(after)s, in their order.
-- Source: eventlog_sealrun. Reader: the sealer and the verifier.
SELECT run_id, from_xid, upto_xid, event_count, head, sealed_at
FROM eventlog_sealrun
WHERE run_id > %(after)s
ORDER BY run_id
