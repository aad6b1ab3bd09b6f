-- Grain: one row, who waits at a centre and how many visits ended since `start`.
-- Source: the event log of [start, end). Reader: queries.today.
WITH last_of_ticket AS (
    SELECT DISTINCT ON (payload->>'ticket') kind, payload->>'to' AS sent_to
    FROM eventlog_event
    WHERE centre_id = %(centre)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
      AND payload->>'ticket' IS NOT NULL
      AND kind NOT IN ('ticket.priority_confirmed', 'ticket.priority_withdrawn')
    ORDER BY payload->>'ticket', occurred_at DESC, recorded_at DESC, id DESC
)
SELECT (SELECT count(*) FROM last_of_ticket
        WHERE kind IN ('ticket.issued', 'ticket.returned')
           OR kind = 'ticket.transferred' AND sent_to <> 'centre') AS waiting,
       count(*)                                                   AS served
FROM eventlog_event
WHERE centre_id = %(centre)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
  AND kind = 'visit.ended'
