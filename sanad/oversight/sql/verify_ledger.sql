-- Grain: one row, how many things were checked and a line for each that is wrong.
-- Source: payments, transfers, drawers, quotes, as the system. Reader: verify.checks.
WITH by_payment AS (
    SELECT p.id, p.centre_id, p.state, p.baisa,
           coalesce(sum(t.baisa) FILTER (WHERE t.kind IN ('centre_charge', 'vat', 'government')), 0)
                                                                       AS came_in,
           coalesce(sum(t.baisa) FILTER (WHERE t.credit = 'in_doubt'), 0)
         - coalesce(sum(t.baisa) FILTER (WHERE t.debit = 'in_doubt'), 0) AS doubted,
           coalesce(sum(t.baisa) FILTER (WHERE t.kind = 'refund'), 0)  AS went_back,
           bool_or(t.centre_id <> p.centre_id)                         AS elsewhere
    FROM till_payment p LEFT JOIN till_transfer t ON t.payment_id = p.id
    GROUP BY p.id
), by_drawer AS (
    SELECT d.id, d.centre_id, d.counted_at, d.counted_baisa, d.expected_baisa,
           coalesce(sum(t.baisa) FILTER (WHERE t.debit = 'drawer'), 0)
         - coalesce(sum(t.baisa) FILTER (WHERE t.credit = 'drawer'), 0) AS balance,
           coalesce(sum(CASE WHEN t.debit = 'drawer' THEN t.baisa ELSE -t.baisa END)
                    FILTER (WHERE t.kind = 'variance'), 0)              AS variance
    FROM till_drawer d LEFT JOIN till_transfer t ON t.drawer_id = d.id
    GROUP BY d.id
), found AS (
    SELECT format('payment %s at centre %s: its transfers bring in %s of %s baisa',
                  id, centre_id, came_in, baisa) AS line
    FROM by_payment WHERE state IN ('confirmed', 'refunded') AND came_in <> baisa
    UNION ALL
    SELECT format('payment %s at centre %s: %s of %s baisa were given back',
                  id, centre_id, went_back, CASE state WHEN 'refunded' THEN baisa ELSE 0 END)
    FROM by_payment WHERE went_back <> CASE state WHEN 'refunded' THEN baisa ELSE 0 END
    UNION ALL
    SELECT format('payment %s is %s and moved %s baisa', id, state, came_in)
    FROM by_payment WHERE state NOT IN ('confirmed', 'refunded') AND came_in <> 0
    UNION ALL
    SELECT format('payment %s is %s of %s baisa, and %s are in doubt', id, state, baisa, doubted)
    FROM by_payment WHERE doubted <> CASE state WHEN 'in_doubt' THEN baisa ELSE 0 END
    UNION ALL
    SELECT format('payment %s at centre %s: a transfer stands in another centre', id, centre_id)
    FROM by_payment WHERE elsewhere
    UNION ALL
    SELECT format('payment %s: %s baisa, and its quote says %s', p.id, p.baisa,
                  q.centre_baisa + coalesce(q.government_baisa, 0) + q.vat_baisa)
    FROM till_payment p JOIN till_quote q ON q.id = p.quote_id
    WHERE p.baisa <> q.centre_baisa + coalesce(q.government_baisa, 0) + q.vat_baisa
    UNION ALL
    SELECT format('transfer %s of centre %s moves money by itself: %s', id, centre_id, kind)
    FROM till_transfer t
    WHERE payment_id IS NULL AND kind NOT IN ('float', 'variance', 'to_safe')
      AND NOT EXISTS (SELECT FROM till_cashmove m WHERE m.transfer_id = t.id
                      AND m.baisa = t.baisa AND m.kind = t.kind)
      AND NOT EXISTS (SELECT FROM till_settlement s WHERE s.transfer_id = t.id
                      AND s.baisa = t.baisa AND t.kind = 'settlement')
    UNION ALL
    SELECT format('settlement %s of centre %s: handed over %s, its lines come to %s',
                  s.id, s.centre_id, s.baisa, held.baisa)
    FROM till_settlement s
    LEFT JOIN LATERAL (
        SELECT sum(CASE WHEN t.credit = 'held_for_entity' THEN t.baisa ELSE -t.baisa END) AS baisa
        FROM till_settledtransfer l JOIN till_transfer t ON t.id = l.transfer_id
        WHERE l.settlement_id = s.id
    ) held ON true
    WHERE held.baisa IS DISTINCT FROM s.baisa
    UNION ALL
    -- What the triggers hold at each posting, for postings that were loaded without them.
    SELECT format('transfer %s of centre %s is not the published charge of its request: %s baisa',
                  t.id, t.centre_id, t.baisa)
    FROM till_transfer t
    LEFT JOIN cases_case c ON c.id = t.case_id
    LEFT JOIN catalogue_feeline f ON f.id = t.fee_line_id
    LEFT JOIN till_ownprice p ON p.id = t.own_price_id
    LEFT JOIN till_payment m ON m.id = t.payment_id
    WHERE t.kind = 'centre_charge'
      AND NOT coalesce(c.centre_id = t.centre_id AND t.baisa <= t.cap_baisa * t.units AND CASE
          WHEN f.id IS NOT NULL
          THEN f.service_id = c.service_id AND f.stage = t.stage AND f.baisa = t.cap_baisa
               AND f.valid @> (coalesce(m.made_at, t.at) AT TIME ZONE 'Asia/Muscat')::date
          ELSE p.service_id = c.service_id AND p.centre_id = t.centre_id
               AND p.baisa = t.cap_baisa
               AND p.valid @> (coalesce(m.made_at, t.at) AT TIME ZONE 'Asia/Muscat')::date
          END, false)
    UNION ALL
    SELECT format('drawer %s of centre %s was counted and still holds %s baisa',
                  id, centre_id, balance)
    FROM by_drawer WHERE counted_at IS NOT NULL AND balance <> 0
    UNION ALL
    SELECT format('drawer %s of centre %s: counted %s, expected %s, posted as variance %s',
                  id, centre_id, counted_baisa, expected_baisa, variance)
    FROM by_drawer WHERE counted_at IS NOT NULL AND counted_baisa - expected_baisa <> variance
)
SELECT (SELECT count(*) FROM till_payment) + (SELECT count(*) FROM till_transfer)
     + (SELECT count(*) FROM till_drawer)                     AS checked,
       coalesce((SELECT array_agg(line ORDER BY line) FROM found), '{}') AS findings
