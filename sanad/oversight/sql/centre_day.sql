-- Grain: one row a centre with events in [start, end), one business day. Source: the event log.
-- Readers: queries.today (one centre) and actions.refill_day (every centre: `centre` is NULL).
WITH day AS MATERIALIZED (
    SELECT * FROM eventlog_event
    WHERE occurred_at >= %(start)s AND occurred_at < %(end)s AND centre_id IS NOT NULL
      AND (%(centre)s::int IS NULL OR centre_id = %(centre)s::int)
), last_of_ticket AS (
    SELECT DISTINCT ON (payload->>'ticket') centre_id, kind
    FROM day WHERE payload->>'ticket' IS NOT NULL
    ORDER BY payload->>'ticket', occurred_at DESC, recorded_at DESC, id DESC
), waiting AS (
    SELECT centre_id, count(*) AS tickets FROM last_of_ticket
    WHERE kind IN ('ticket.issued', 'ticket.returned') GROUP BY 1
)
SELECT d.centre_id                                                       AS centre,
       count(*) FILTER (WHERE kind = 'ticket.issued')                    AS tickets,
       count(*) FILTER (WHERE kind = 'visit.started' AND payload->>'ticket' IS NOT NULL) AS tickets_started,
       coalesce(sum((payload->>'wait_seconds')::bigint)
                FILTER (WHERE kind = 'visit.started'), 0)::bigint        AS wait_seconds_total,
       coalesce(max(w.tickets), 0)                                       AS waiting,
       count(*) FILTER (WHERE kind = 'visit.started')                    AS visits,
       count(*) FILTER (WHERE kind = 'visit.ended')                      AS visits_ended,
       count(*) FILTER (WHERE kind = 'case.opened')                      AS cases_opened,
       count(*) FILTER (WHERE kind = 'case.submitted')                   AS cases_submitted,
       count(*) FILTER (WHERE kind = 'case.returned')                    AS cases_returned,
       count(*) FILTER (WHERE kind = 'case.decided')                     AS cases_decided,
       coalesce(sum((payload->>'baisa')::bigint) FILTER (
           WHERE kind = 'payment.confirmed' AND payload->>'means' = 'cash'), 0)::bigint
                                                                         AS taken_cash_baisa,
       coalesce(sum((payload->>'baisa')::bigint) FILTER (
           WHERE kind = 'payment.confirmed' AND payload->>'means' = 'card'), 0)::bigint
                                                                         AS taken_card_baisa,
       coalesce(sum((payload->>'baisa')::bigint) FILTER (
           WHERE kind = 'payment.refunded' AND payload->>'means' = 'cash'), 0)::bigint
                                                                         AS refunded_cash_baisa,
       coalesce(sum((payload->>'baisa')::bigint) FILTER (
           WHERE kind = 'payment.refunded' AND payload->>'means' = 'card'), 0)::bigint
                                                                         AS refunded_card_baisa
FROM day d LEFT JOIN waiting w ON w.centre_id = d.centre_id
GROUP BY 1
ORDER BY 1
