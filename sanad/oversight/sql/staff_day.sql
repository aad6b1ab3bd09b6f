-- Grain: one row a centre, person and business day on which the person did something counted.
-- A visit counts for whoever ended it; one that ends on a later day, or whose timing was marked
-- wrong, has no seconds and is not among the timed.
-- Source: `counted` and `paid`. Reader: actions.refill_days (oversight_staffdayfact).
WITH sat AS (
    SELECT visit_id, day, min(occurred_at) AS since
    FROM counted WHERE kind = 'visit.started' GROUP BY 1, 2
), mistimed AS (
    SELECT DISTINCT visit_id FROM counted WHERE kind = 'visit.timing_marked_wrong'
), done AS (
    SELECT e.centre_id, e.actor_id, e.day, e.kind, e.is_first,
           extract(epoch FROM e.occurred_at - s.since)::bigint AS seconds,
           0::bigint AS baisa, 0::bigint AS earned_baisa
    FROM counted e
    LEFT JOIN sat s ON e.kind = 'visit.ended' AND s.visit_id = e.visit_id AND s.day = e.day
      AND NOT EXISTS (SELECT FROM mistimed m WHERE m.visit_id = e.visit_id)
    WHERE e.kind IN ('visit.ended', 'case.opened', 'case.submitted') AND e.actor_id IS NOT NULL
    UNION ALL
    SELECT centre_id, actor_id, day, 'paid', NULL, NULL, baisa, earned_baisa
    FROM paid WHERE actor_id IS NOT NULL
)
SELECT centre_id, actor_id AS account_id, day AS business_date,
       count(*) FILTER (WHERE kind = 'visit.ended')  AS visits_served,
       coalesce(sum(seconds), 0)::bigint             AS counter_seconds_total,
       count(seconds)                                AS visits_timed,
       count(*) FILTER (WHERE kind = 'case.opened')  AS cases_opened,
       count(*) FILTER (WHERE is_first)              AS transactions,
       sum(baisa)::bigint                            AS taken_baisa,
       sum(earned_baisa)::bigint                     AS earned_baisa
FROM done GROUP BY 1, 2, 3
