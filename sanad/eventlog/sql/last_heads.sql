-- Grain: one row a centre that was ever sealed: the head of its chain.
-- Source: eventlog_seal. Reader: the sealer.
SELECT DISTINCT ON (centre_id) centre_id, head
FROM eventlog_seal
ORDER BY centre_id, run_id DESC
