-- Grain: one case for which the till, the line to the entity and the entity's files do not agree.
-- Source: government money held or handed over, deliveries, lines of entity files.
-- Reader: matching.unmatched. `state` is how far the request has come on the line.
WITH held AS (
    SELECT c.id, c.code, c.entity_id, min(t.at) AS at,
           sum(CASE WHEN t.credit = 'held_for_entity' THEN t.baisa ELSE -t.baisa END) AS baisa
    FROM till_transfer t JOIN cases_case c ON c.id = t.case_id
    WHERE t.centre_id = %(centre)s
      AND (t.credit = 'held_for_entity' OR t.debit = 'held_for_entity')
      AND c.entity_id = %(entity)s
    GROUP BY c.id
    HAVING sum(CASE WHEN t.credit = 'held_for_entity' THEN t.baisa ELSE -t.baisa END) <> 0
), filed AS (
    SELECT l.id, l.reference, l.baisa, l."on", l.explained
    FROM till_statementline l JOIN till_statementfile f ON f.id = l.file_id
    WHERE l.centre_id = %(centre)s AND f.kind = 'entity' AND f.entity_id = %(entity)s
), reach AS (
    SELECT max("on") AS last FROM filed
), joined AS (
    SELECT held.id AS case_id, coalesce(held.code, filed.reference) AS reference,
           held.baisa AS till_baisa, filed.baisa AS file_baisa, filed.id AS line,
           coalesce(held.code, '') AS code, filed.explained,
           coalesce(filed."on", (held.at AT TIME ZONE 'Asia/Muscat')::date) AS "on",
           (SELECT d.state FROM gateway_delivery d WHERE d.case_id = held.id
            ORDER BY d.made_at DESC LIMIT 1) AS state
    FROM held FULL JOIN filed ON filed.reference = held.code
)
SELECT CASE WHEN line IS NULL THEN 'till' WHEN case_id IS NULL THEN 'file'
            WHEN till_baisa <> file_baisa THEN 'amount' ELSE 'line' END AS side,
       reference, till_baisa, file_baisa, line, code, case_id, "on", coalesce(state, '') AS state
FROM joined
WHERE coalesce(explained, '') = ''
  AND (line IS NULL OR case_id IS NULL OR till_baisa <> file_baisa
       OR coalesce(state, '') <> 'acknowledged')
  AND (line IS NOT NULL OR "on" <= (SELECT last FROM reach))
ORDER BY "on", reference
