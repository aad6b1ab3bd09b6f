-- Grain: one posting of government money that is not handed over yet. Source: transfers and cases
-- that were submitted; what can still be given back is not owed yet. Reader: settlement.statement.
SELECT t.id AS transfer, c.id AS case_id, c.code, c.entity_id, t.at, r.number AS receipt,
       CASE WHEN t.credit = 'held_for_entity' THEN t.baisa ELSE -t.baisa END AS baisa
FROM till_transfer t
JOIN cases_case c ON c.id = t.case_id
LEFT JOIN till_receipt r ON r.payment_id = t.payment_id
LEFT JOIN till_settledtransfer s ON s.transfer_id = t.id
WHERE t.centre_id = %(centre)s AND s.transfer_id IS NULL
  AND (t.credit = 'held_for_entity' OR t.debit = 'held_for_entity')
  AND c.submitted_at IS NOT NULL AND t.at < %(before)s
  AND (%(entity)s::int IS NULL OR c.entity_id = %(entity)s::int)
ORDER BY t.at, t.id
