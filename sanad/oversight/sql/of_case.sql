-- Grain: one case that `counted` names: its service, and when it was first submitted (NULL before).
-- Source: `told`. Readers: the queries of facts beside this file.
SELECT case_id, min(service)                             AS service,
       min(occurred_at) FILTER (WHERE is_first)          AS submitted_at
FROM told GROUP BY 1
