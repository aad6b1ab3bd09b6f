-- Grain: one row a centre, service and business day on which something was done for the service.
-- Source: `counted`, `of_case` and `paid`. Reader: actions.refill_days (oversight_servicedayfact).
WITH done AS (
    SELECT e.centre_id, e.day, coalesce(e.service, c.service, '') AS service, e.kind, e.is_first,
           e.outcome, 0::bigint AS earned_baisa
    FROM counted e LEFT JOIN of_case c ON c.case_id = e.case_id
    WHERE e.kind IN ('case.opened', 'case.submitted', 'case.returned', 'case.decided')
    UNION ALL
    SELECT p.centre_id, p.day, coalesce(c.service, ''), 'paid', NULL, NULL, p.earned_baisa
    FROM paid p LEFT JOIN of_case c ON c.case_id = p.case_id
)
SELECT centre_id, day AS business_date, service,
       count(*) FILTER (WHERE kind = 'case.opened')    AS cases_opened,
       count(*) FILTER (WHERE is_first)                AS transactions,
       count(*) FILTER (WHERE kind = 'case.returned')  AS cases_returned,
       count(*) FILTER (WHERE outcome = 'approved')    AS cases_approved,
       count(*) FILTER (WHERE outcome = 'rejected')    AS cases_rejected,
       sum(earned_baisa)::bigint                       AS earned_baisa
FROM done GROUP BY 1, 2, 3
