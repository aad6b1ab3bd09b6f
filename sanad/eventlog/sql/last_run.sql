-- Grain: one row, the last sealing run (zeros before the first) and the transaction below which
-- every other has ended. Source: eventlog_sealrun, the server's snapshot. Reader: the sealer.
SELECT coalesce(r.run_id, 0)                                         AS run_id,
       coalesce(r.upto_xid, 0)                                       AS upto_xid,
       r.head                                                        AS head,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint         AS now_xid
FROM (SELECT) AS always
LEFT JOIN (SELECT * FROM eventlog_sealrun ORDER BY run_id DESC LIMIT 1) AS r ON true
