-- Grain: one row an entity, service and business day on which something went there or came back.
-- Source: `counted`, `told` and `of_case`; seconds run from the first submission to the decision,
-- and from the submission last before it to the acknowledgement.
-- Reader: actions.refill_days (oversight_entitydayfact).
WITH taken AS (
    SELECT a.case_id, a.seq,
           extract(epoch FROM a.occurred_at - max(s.occurred_at))::bigint AS seconds
    FROM counted a
    JOIN told s ON s.case_id = a.case_id AND s.kind = 'case.submitted' AND s.seq < a.seq
    WHERE a.kind = 'delivery.acknowledged'
    GROUP BY a.case_id, a.seq, a.occurred_at
), done AS (
    SELECT e.entity, coalesce(e.service, c.service, '') AS service, e.day, e.kind, e.is_first,
           e.outcome, t.seconds AS taken_seconds,
           CASE WHEN e.kind = 'case.decided' AND c.submitted_at <= e.occurred_at
                THEN extract(epoch FROM e.occurred_at - c.submitted_at)::bigint END AS seconds
    FROM counted e
    LEFT JOIN of_case c ON c.case_id = e.case_id
    LEFT JOIN taken t ON t.case_id = e.case_id AND t.seq = e.seq
    WHERE e.entity IS NOT NULL
)
SELECT entity AS entity_id, day AS business_date, service,
       count(*) FILTER (WHERE is_first)                        AS transactions,
       count(*) FILTER (WHERE kind = 'case.submitted')         AS cases_submitted,
       count(*) FILTER (WHERE kind = 'case.returned')          AS cases_returned,
       count(*) FILTER (WHERE outcome = 'approved')            AS cases_approved,
       count(*) FILTER (WHERE outcome = 'rejected')            AS cases_rejected,
       count(seconds)                                          AS decisions_timed,
       coalesce(sum(seconds), 0)::bigint                       AS decision_seconds_total,
       count(*) FILTER (WHERE kind = 'delivery.acknowledged')  AS acknowledged,
       coalesce(sum(taken_seconds), 0)::bigint                 AS acknowledged_seconds_total,
       count(*) FILTER (WHERE kind = 'delivery.delayed')       AS delayed
FROM done GROUP BY 1, 2, 3
