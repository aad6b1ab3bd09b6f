-- Grain: one terminal reference that the till and the bank's files do not say alike.
-- Source: card payments with a reference, lines of card files. Reader: matching.unmatched.
-- `side` is the one that has it alone, or `amount` where both have it and differ.
WITH paid AS (
    -- Requests paid together share a slip: its reference, and after a dash the place of each.
    SELECT split_part(p.card_reference, '-', 1) AS reference, sum(p.baisa)::bigint AS baisa,
           min(p.settled_at) AS at, min(c.code) AS code, (array_agg(p.case_id ORDER BY c.code))[1]
               AS case_id
    FROM till_payment p JOIN cases_case c ON c.id = p.case_id
    WHERE p.centre_id = %(centre)s AND p.means = 'card' AND p.state = 'confirmed'
      AND p.card_reference <> '' AND p.baisa > 0
    GROUP BY 1
), filed AS (
    SELECT l.id, l.reference, l.baisa, l."on", l.explained
    FROM till_statementline l JOIN till_statementfile f ON f.id = l.file_id
    WHERE l.centre_id = %(centre)s AND f.kind = 'card'
), reach AS (
    -- A payment is missed by the bank only once a file has come that reaches its day.
    SELECT max("on") AS last FROM filed
)
SELECT CASE WHEN filed.id IS NULL THEN 'till' WHEN paid.reference IS NULL THEN 'file'
            ELSE 'amount' END AS side,
       coalesce(paid.reference, filed.reference) AS reference,
       paid.baisa AS till_baisa, filed.baisa AS file_baisa, filed.id AS line,
       coalesce(paid.code, '') AS code, paid.case_id,
       coalesce(filed."on", (paid.at AT TIME ZONE 'Asia/Muscat')::date) AS "on", '' AS state
FROM paid FULL JOIN filed ON filed.reference = paid.reference
WHERE coalesce(filed.explained, '') = ''
  AND (filed.id IS NULL OR paid.reference IS NULL OR filed.baisa <> paid.baisa)
  AND (filed.id IS NOT NULL
       OR (paid.at AT TIME ZONE 'Asia/Muscat')::date <= (SELECT last FROM reach))
ORDER BY "on", reference
