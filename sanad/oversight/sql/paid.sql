-- Grain: one payment or refund, parted by whose money it is; a refund is below zero. The parts are
-- those of the last quote before it that the person agreed to and that makes the same sum.
-- Source: `counted` and `told`. Readers: centre_day.sql, service_day.sql, staff_day.sql.
SELECT DISTINCT ON (p.case_id, p.seq) p.day, p.centre_id, p.actor_id, p.case_id,
       s.sign * p.baisa                           AS baisa,
       s.sign * coalesce(q.centre_baisa, 0)       AS earned_baisa,
       s.sign * coalesce(q.government_baisa, 0)   AS government_baisa,
       s.sign * coalesce(q.vat_baisa, 0)          AS vat_baisa
FROM counted p
CROSS JOIN LATERAL (SELECT CASE p.kind WHEN 'payment.refunded' THEN -1 ELSE 1 END AS sign) s
LEFT JOIN told q ON q.case_id = p.case_id AND q.kind = 'quote.agreed' AND q.seq < p.seq
                AND q.centre_baisa + q.government_baisa + q.vat_baisa = p.baisa
WHERE p.kind IN ('payment.confirmed', 'payment.refunded')
ORDER BY p.case_id, p.seq, q.seq DESC NULLS LAST
