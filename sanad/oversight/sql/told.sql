-- Grain: one event that tells a case's service, its submissions or what was agreed to, of every
-- case that `counted` names. Source: `counted`, and for cases opened before its first day the
-- event log by the case's index. Readers: of_case.sql, paid.sql, entity_day.sql.
WITH older AS (
    SELECT DISTINCT case_id FROM counted
    WHERE kind IN ('case.submitted', 'case.returned', 'case.decided', 'payment.confirmed',
                   'payment.refunded', 'delivery.acknowledged', 'delivery.delayed')
    EXCEPT SELECT case_id FROM counted WHERE kind = 'case.opened'
)
SELECT case_id, seq, kind, occurred_at, service, is_first, centre_baisa, government_baisa, vat_baisa
FROM counted WHERE kind IN ('case.opened', 'case.submitted', 'quote.agreed')
UNION ALL
SELECT e.case_id, e.seq, e.kind, e.occurred_at, e.payload->>'service',
       NOT (e.payload->>'resend')::boolean,
       (e.payload->>'centre_baisa')::bigint, coalesce((e.payload->>'government_baisa')::bigint, 0),
       (e.payload->>'vat_baisa')::bigint
FROM older o JOIN eventlog_event e ON e.case_id = o.case_id
WHERE e.occurred_at < %(start)s AND e.kind IN ('case.opened', 'case.submitted', 'quote.agreed')
