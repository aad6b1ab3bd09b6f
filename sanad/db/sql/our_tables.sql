-- Grain: one row a table of our own rooms, without partitions. Source: pg_class.
-- Reader: the demonstration's summary.
SELECT c.relname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relname !~ '^(auth|django|account|mfa|procrastinate)_'
ORDER BY 1
