-- Grain: one event that some figure counts, what its payload says in columns; [start, end), at one
-- centre or at all (`centre` is NULL). Source: the event log, read once.
-- Readers: the queries of facts beside this file, through sanad.oversight.counting.
SELECT kind, occurred_at, (occurred_at AT TIME ZONE 'Asia/Muscat')::date AS day,
       centre_id, actor_id, visit_id, case_id, seq,
       CASE WHEN kind IN ('case.opened', 'case.submitted') THEN payload->>'service' END AS service,
       CASE WHEN kind IN ('case.submitted', 'case.returned', 'case.decided',
                          'delivery.acknowledged', 'delivery.delayed')
            THEN (payload->>'entity')::int END                            AS entity,
       CASE kind WHEN 'case.submitted' THEN NOT (payload->>'resend')::boolean END AS is_first,
       CASE kind WHEN 'case.decided' THEN payload->>'outcome' END         AS outcome,
       CASE kind WHEN 'visit.started' THEN payload ? 'ticket' END         AS has_ticket,
       CASE kind WHEN 'visit.started' THEN (payload->>'wait_seconds')::bigint END AS wait_seconds,
       CASE kind WHEN 'feedback.given' THEN (payload->>'face')::int END   AS face,
       CASE WHEN kind IN ('payment.confirmed', 'payment.refunded') THEN payload->>'means' END
                                                                          AS means,
       CASE WHEN kind IN ('payment.confirmed', 'payment.refunded')
            THEN (payload->>'baisa')::bigint END                          AS baisa,
       CASE kind WHEN 'quote.agreed' THEN (payload->>'centre_baisa')::bigint END AS centre_baisa,
       CASE kind WHEN 'quote.agreed' THEN coalesce((payload->>'government_baisa')::bigint, 0) END
                                                                          AS government_baisa,
       CASE kind WHEN 'quote.agreed' THEN (payload->>'vat_baisa')::bigint END AS vat_baisa
FROM eventlog_event
WHERE occurred_at >= %(start)s AND occurred_at < %(end)s AND centre_id IS NOT NULL
  AND (%(centre)s::int IS NULL OR centre_id = %(centre)s::int)
  AND kind IN ('ticket.issued', 'visit.started', 'visit.ended', 'visit.timing_marked_wrong',
               'case.opened', 'case.submitted', 'case.returned', 'case.decided', 'quote.agreed',
               'payment.confirmed', 'payment.refunded', 'delivery.acknowledged',
               'delivery.delayed', 'notice.sent', 'feedback.given')
