-- Grain: one row a centre and sealing run, in the order in which they were chained.
-- Source: eventlog_seal. Reader: the verifier.
SELECT run_id, centre_id, event_count, digest, head
FROM eventlog_seal
ORDER BY run_id, centre_id
