-- Grain: one row a centre and business day with counted events. Source: `counted`, `of_case` and
-- `paid`. Readers: queries.today (one centre) and actions.refill_days (oversight_dayfact).
WITH moved AS (
    SELECT centre_id, day, sum(earned_baisa) AS earned_baisa,
           sum(government_baisa) AS government_baisa, sum(vat_baisa) AS vat_baisa
    FROM paid GROUP BY 1, 2
), decided AS (
    SELECT d.centre_id, d.day, count(*) AS timed,
           sum(extract(epoch FROM d.occurred_at - c.submitted_at)::bigint) AS seconds
    FROM counted d JOIN of_case c ON c.case_id = d.case_id AND c.submitted_at <= d.occurred_at
    WHERE d.kind = 'case.decided' GROUP BY 1, 2
), counts AS (
    SELECT centre_id, day,
        count(*) FILTER (WHERE kind = 'ticket.issued')                     AS tickets,
        count(*) FILTER (WHERE has_ticket)                                 AS tickets_started,
        coalesce(sum(wait_seconds), 0)                                     AS wait_seconds_total,
        count(*) FILTER (WHERE kind = 'visit.started')                     AS visits,
        count(*) FILTER (WHERE kind = 'case.opened')                       AS cases_opened,
        count(*) FILTER (WHERE is_first)                                   AS transactions,
        count(*) FILTER (WHERE kind = 'case.submitted')                    AS cases_submitted,
        count(*) FILTER (WHERE kind = 'case.returned')                     AS cases_returned,
        count(*) FILTER (WHERE kind = 'case.decided')                      AS cases_decided,
        count(*) FILTER (WHERE outcome = 'approved')                       AS cases_approved,
        count(*) FILTER (WHERE outcome = 'rejected')                       AS cases_rejected,
        count(face)                                                        AS ratings,
        count(*) FILTER (WHERE face = 3)                                   AS ratings_happy,
        coalesce(sum(face), 0)                                             AS ratings_sum,
        count(*) FILTER (WHERE kind = 'notice.sent')                       AS notices,
        count(*) FILTER (WHERE kind = 'payment.confirmed' AND means = 'cash') AS payments_cash,
        count(*) FILTER (WHERE kind = 'payment.confirmed' AND means = 'card') AS payments_card,
        coalesce(sum(baisa) FILTER (WHERE kind = 'payment.confirmed' AND means = 'cash'), 0)
                                                                           AS taken_cash_baisa,
        coalesce(sum(baisa) FILTER (WHERE kind = 'payment.confirmed' AND means = 'card'), 0)
                                                                           AS taken_card_baisa,
        coalesce(sum(baisa) FILTER (WHERE kind = 'payment.refunded' AND means = 'cash'), 0)
                                                                           AS refunded_cash_baisa,
        coalesce(sum(baisa) FILTER (WHERE kind = 'payment.refunded' AND means = 'card'), 0)
                                                                           AS refunded_card_baisa,
        count(*) FILTER (WHERE kind = 'payment.confirmed' AND means = 'link') AS payments_link,
        coalesce(sum(baisa) FILTER (WHERE kind = 'payment.confirmed' AND means = 'link'), 0)
                                                                           AS taken_link_baisa,
        coalesce(sum(baisa) FILTER (WHERE kind = 'payment.refunded' AND means = 'link'), 0)
                                                                           AS refunded_link_baisa
    FROM counted GROUP BY 1, 2
)
SELECT n.centre_id, n.day AS business_date, n.tickets, n.tickets_started,
       n.wait_seconds_total::bigint AS wait_seconds_total, n.visits, n.cases_opened,
       n.transactions, n.cases_submitted, n.cases_returned, n.cases_decided, n.cases_approved,
       n.cases_rejected, coalesce(d.timed, 0) AS decisions_timed,
       coalesce(d.seconds, 0)::bigint AS decision_seconds_total,
       n.ratings, n.ratings_happy, n.ratings_sum, n.notices, n.payments_cash, n.payments_card,
       n.taken_cash_baisa::bigint AS taken_cash_baisa,
       n.taken_card_baisa::bigint AS taken_card_baisa,
       n.refunded_cash_baisa::bigint AS refunded_cash_baisa,
       n.refunded_card_baisa::bigint AS refunded_card_baisa,
       n.payments_link,
       n.taken_link_baisa::bigint AS taken_link_baisa,
       n.refunded_link_baisa::bigint AS refunded_link_baisa,
       coalesce(m.earned_baisa, 0)::bigint AS earned_baisa,
       coalesce(m.government_baisa, 0)::bigint AS government_baisa,
       coalesce(m.vat_baisa, 0)::bigint AS vat_baisa
FROM counts n
LEFT JOIN moved m ON m.centre_id = n.centre_id AND m.day = n.day
LEFT JOIN decided d ON d.centre_id = n.centre_id AND d.day = n.day
