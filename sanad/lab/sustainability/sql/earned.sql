-- Grain: one row a group of one centre's income in a span of time: the whole (`part` 'total'), a
-- service, a person, or an hour of Muscat's clock. A refund counts below zero, when it was given.
-- Source: postings to and from `earned`; the rest says whose they are. Cash belongs to whoever holds
-- the drawer it came into, other money to whoever served the visit. What is held for entities, and
-- VAT, are other accounts and are not here. Reader: sanad.lab.sustainability.ledger.
WITH mine AS (
    SELECT s.code AS service, c.entity_id AS entity, coalesce(d.account_id, v.account_id) AS account,
           extract(hour FROM t.at AT TIME ZONE 'Asia/Muscat')::int AS hour, t.fee_line_id IS NOT NULL
               OR r.fee_line_id IS NOT NULL AS listed,
           CASE WHEN t.credit = 'earned' THEN t.baisa ELSE -t.baisa END AS baisa,
           CASE WHEN t.credit = 'earned' THEN 1 ELSE -1 END AS charges
    FROM till_transfer t
    LEFT JOIN till_transfer r ON r.id = t.reverses_id
    LEFT JOIN till_payment p ON p.id = t.payment_id
    LEFT JOIN till_drawer d ON d.id = p.drawer_id
    LEFT JOIN cases_case c ON c.id = t.case_id
    LEFT JOIN cases_visit v ON v.id = c.visit_id
    LEFT JOIN catalogue_service s ON s.id = c.service_id
    WHERE t.centre_id = %(centre)s AND t.at >= %(since)s AND t.at < %(before)s
      AND 'earned' IN (t.debit, t.credit)
)
SELECT CASE WHEN grouping(service) = 0 THEN 'service' WHEN grouping(account) = 0 THEN 'account'
            WHEN grouping(hour) = 0 THEN 'hour' ELSE 'total' END AS part,
       service, entity, listed, account, hour, coalesce(sum(baisa), 0)::bigint AS baisa,
       coalesce(sum(charges), 0)::int AS charges
FROM mine
GROUP BY GROUPING SETS ((service, entity, listed), (account), (hour), ())
ORDER BY 1, 7 DESC, 2, 5, 6
