-- Grain: one row a centre (service is NULL) and one row a service (centre_id is NULL) with
-- transactions in [start, end). Source: the event log, by the index eventlog_event_first alone.
-- Reader: quarter.from_events.
WITH grouped AS MATERIALIZED (
    SELECT centre_id, payload->>'service' AS service, count(*) AS transactions
    FROM eventlog_event
    WHERE kind = 'case.submitted' AND (payload->>'resend')::boolean = false
      AND occurred_at >= %(start)s AND occurred_at < %(end)s
    GROUP BY 1, 2
)
SELECT centre_id, NULL AS service, sum(transactions)::bigint AS transactions
FROM grouped GROUP BY 1
UNION ALL
SELECT NULL, service, sum(transactions)::bigint FROM grouped GROUP BY 2
