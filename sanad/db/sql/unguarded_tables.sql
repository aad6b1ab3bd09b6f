-- Grain: one row a table that neither forces row-level security nor says why it need not.
-- Source: pg_class. Reader: sanad.db.security and the tests.
SELECT c.relname AS "table"
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind IN ('r', 'p')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
  AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'rls-exempt: %'
ORDER BY 1
