-- Grain: one row a centre, business day and hour of Muscat with tickets or visits. A wait counts in
-- the hour in which it ended. Source: `counted`.
-- Reader: actions.refill_days (oversight_hourdayfact).
SELECT centre_id, day AS business_date,
       extract(hour FROM occurred_at AT TIME ZONE 'Asia/Muscat')::smallint AS hour,
       count(*) FILTER (WHERE kind = 'ticket.issued')  AS tickets,
       count(*) FILTER (WHERE kind = 'visit.started')  AS visits,
       count(*) FILTER (WHERE has_ticket)              AS tickets_started,
       coalesce(sum(wait_seconds), 0)::bigint          AS wait_seconds_total
FROM counted WHERE kind IN ('ticket.issued', 'visit.started')
GROUP BY 1, 2, 3
