-- Grain: one row a constraint or index that may be taken off a table for a bulk load, in the order
-- in which they are made again: keys before what leans on them, foreign keys last.
-- Source: pg_catalog. Reader: sanad.db.bare, as the server's administrator.
-- CHECKs stay: a row that breaks one is refused while it is written.
WITH wanted AS (
    SELECT c.oid FROM pg_class c WHERE c.relname = ANY (%(tables)s) AND c.relnamespace = 'public'::regnamespace
)
SELECT CASE con.contype WHEN 'f' THEN 3 ELSE 1 END                        AS step,
       con.conrelid::regclass::text                                       AS on_table,
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', con.conrelid::regclass, con.conname) AS take_off,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', con.conrelid::regclass, con.conname,
              pg_get_constraintdef(con.oid))                              AS put_back,
       format('ALTER TABLE %%s VALIDATE CONSTRAINT %%I', con.conrelid::regclass, con.conname)
                                                                          AS check_it
FROM pg_constraint con
WHERE con.conparentid = 0
  AND ((con.contype = 'f' AND (con.conrelid IN (SELECT oid FROM wanted)
                               OR con.confrelid IN (SELECT oid FROM wanted)))
       OR (con.contype IN ('p', 'u', 'x') AND con.conrelid IN (SELECT oid FROM wanted)))
UNION ALL
SELECT 2, i.indrelid::regclass::text, format('DROP INDEX %%s', i.indexrelid::regclass),
       -- Of a partitioned table it says ON ONLY, which would leave the partitions without.
       replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '), NULL
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
WHERE i.indrelid IN (SELECT oid FROM wanted) AND NOT x.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid
                  AND con.contype IN ('p', 'u', 'x'))
ORDER BY 1, 2, 3
