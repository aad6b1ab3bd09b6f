-- Grain: one row. What one centre took for entities and for the tax authority in a span of time,
-- less what was refunded, and when its first posting of income in the span was.
-- Source: the ledger. Settlements to an entity do not lessen what was taken for it.
-- Reader: sanad.lab.sustainability.ledger.
SELECT coalesce(sum(CASE WHEN credit = 'held_for_entity' THEN baisa
                         WHEN debit = 'held_for_entity' AND kind = 'refund' THEN -baisa END), 0)::bigint
           AS held_baisa,
       coalesce(sum(CASE WHEN credit = 'vat_due' THEN baisa
                         WHEN debit = 'vat_due' AND kind = 'refund' THEN -baisa END), 0)::bigint
           AS vat_baisa,
       min(at) FILTER (WHERE credit = 'earned') AS first
FROM till_transfer
WHERE centre_id = %(centre)s AND at >= %(since)s AND at < %(before)s
