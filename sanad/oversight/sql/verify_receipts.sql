-- Grain: one row, how many receipts were counted and a line for each that is wrong.
-- Source: receipts, their series and payments, as the system. Reader: verify.checks.
WITH by_centre AS (
    SELECT s.centre_id, s.last_number, count(r.id) AS receipts, max(r.number) AS highest
    FROM till_receiptseries s LEFT JOIN till_receipt r ON r.centre_id = s.centre_id
    GROUP BY s.centre_id
), found AS (
    SELECT format('centre %s: %s receipts up to number %s, and the series stands at %s',
                  centre_id, receipts, coalesce(highest, 0), last_number) AS line
    FROM by_centre WHERE receipts <> last_number OR coalesce(highest, 0) <> last_number
    UNION ALL
    SELECT format('centre %s: a receipt without a series', r.centre_id)
    FROM till_receipt r
    WHERE NOT EXISTS (SELECT FROM till_receiptseries s WHERE s.centre_id = r.centre_id)
    UNION ALL
    SELECT format('payment %s is %s and has no receipt', p.id, p.state)
    FROM till_payment p LEFT JOIN till_receipt r ON r.payment_id = p.id
    WHERE p.state IN ('confirmed', 'refunded') AND r.id IS NULL
    UNION ALL
    SELECT format('receipt %s of centre %s is %svoid and its payment is %s', r.number, r.centre_id,
                  CASE WHEN r.voided_at IS NULL THEN 'not ' ELSE '' END, p.state)
    FROM till_receipt r JOIN till_payment p ON p.id = r.payment_id
    WHERE (r.voided_at IS NOT NULL) <> (p.state = 'refunded')
)
SELECT (SELECT count(*) FROM till_receipt)                    AS checked,
       coalesce((SELECT array_agg(line ORDER BY line) FROM found), '{}') AS findings
