-- Grain: one row, how many rows were replayed and a line for each that differs from the log.
-- Source: the event log beside cases, payments and tickets, as the system. Reader: verify.checks.
WITH of_case AS (
    SELECT case_id, seq, kind, payload,
           bool_or(kind = 'case.submitted') OVER (PARTITION BY case_id ORDER BY seq) AS was_sent
    FROM eventlog_event WHERE case_id IS NOT NULL
), replayed_case AS (
    SELECT case_id, max(seq) AS last_seq, count(*) AS events,
           (array_agg(status ORDER BY seq DESC) FILTER (WHERE status IS NOT NULL))[1] AS status
    FROM (
        SELECT case_id, seq, CASE
            WHEN kind IN ('case.opened', 'case.reopened', 'case.person_corrected') THEN 'draft'
            WHEN kind = 'case.completed' THEN 'ready'
            -- A charge for sending again is paid while the case lies returned.
            WHEN kind = 'payment.confirmed' AND NOT was_sent THEN 'paid'
            WHEN kind = 'case.submitted' THEN 'queued'
            WHEN kind = 'delivery.acknowledged' THEN 'sent'
            WHEN kind = 'case.returned' THEN 'returned'
            WHEN kind = 'case.decided' THEN payload->>'outcome'
            WHEN kind = 'case.delivered' THEN 'delivered'
            WHEN kind = 'case.cancelled' THEN 'cancelled'
        END AS status
        FROM of_case
    ) AS steps
    GROUP BY case_id
), replayed_payment AS (
    SELECT (payload->>'payment')::uuid AS id,
           max(payload->>'means')      AS means,
           max((payload->>'baisa')::bigint) AS baisa,
           CASE WHEN bool_or(kind = 'payment.refunded')  THEN 'refunded'
                WHEN bool_or(kind = 'payment.confirmed') THEN 'confirmed'
                WHEN bool_or(kind = 'payment.failed')    THEN 'failed'
                WHEN bool_or(kind = 'payment.doubted')   THEN 'in_doubt'
                ELSE 'initiated' END   AS state,
           count(*) FILTER (WHERE kind = 'payment.confirmed') AS confirmed
    FROM eventlog_event WHERE kind IN ('payment.initiated', 'payment.doubted', 'payment.failed',
                                       'payment.confirmed', 'payment.refunded')
    GROUP BY 1
), replayed_ticket AS (
    SELECT DISTINCT ON (payload->>'ticket') (payload->>'ticket')::uuid AS id, CASE kind
            WHEN 'ticket.issued'   THEN 'waiting'
            WHEN 'ticket.called'   THEN 'called'
            WHEN 'ticket.recalled' THEN 'called'
            WHEN 'ticket.held'     THEN 'held'
            WHEN 'ticket.returned' THEN 'waiting'
            WHEN 'ticket.no_show'  THEN 'no_show'
            WHEN 'ticket.left'     THEN 'left'
            WHEN 'ticket.transferred'
                THEN CASE payload->>'to' WHEN 'centre' THEN 'transferred' ELSE 'waiting' END
            WHEN 'visit.started'   THEN 'serving'
            WHEN 'visit.ended'     THEN 'done'
        END AS status
    FROM eventlog_event WHERE payload->>'ticket' IS NOT NULL
      -- These say something of a ticket and leave it where it is.
      AND kind NOT IN ('ticket.priority_confirmed', 'ticket.priority_withdrawn')
    ORDER BY payload->>'ticket', occurred_at DESC, recorded_at DESC, id DESC
), found AS (
    SELECT format('case %s of centre %s is %s, and the log says %s', c.code, c.centre_id, c.status,
                  coalesce(r.status, 'nothing')) AS line
    FROM cases_case c LEFT JOIN replayed_case r ON r.case_id = c.id
    WHERE r.status IS DISTINCT FROM c.status
    UNION ALL
    SELECT format('case %s of centre %s has %s events up to number %s, and %s are counted', c.code,
                  c.centre_id, r.events, r.last_seq, c.last_seq)
    FROM cases_case c JOIN replayed_case r ON r.case_id = c.id
    WHERE r.events <> c.last_seq OR r.last_seq <> c.last_seq
    UNION ALL
    SELECT format('the log has a case %s that is not there', r.case_id)
    FROM replayed_case r LEFT JOIN cases_case c ON c.id = r.case_id WHERE c.id IS NULL
    UNION ALL
    SELECT format('payment %s is %s of %s baisa by %s, and the log says %s of %s by %s',
                  coalesce(p.id, r.id), coalesce(p.state, 'not there'), p.baisa, p.means,
                  coalesce(r.state, 'nothing'), r.baisa, r.means)
    FROM till_payment p
    FULL JOIN replayed_payment r ON r.id = p.id
    WHERE (p.state, p.baisa, p.means) IS DISTINCT FROM (r.state, r.baisa, r.means)
       OR r.confirmed <> CASE WHEN r.state IN ('confirmed', 'refunded') THEN 1 ELSE 0 END
    UNION ALL
    SELECT format('ticket %s-%s of centre %s is %s, and the log says %s', t."group", t.number,
                  t.centre_id, coalesce(t.status, 'not there'), coalesce(r.status, 'nothing'))
    FROM counter_ticket t FULL JOIN replayed_ticket r ON r.id = t.id
    WHERE r.status IS DISTINCT FROM t.status
)
SELECT (SELECT count(*) FROM cases_case) + (SELECT count(*) FROM till_payment)
     + (SELECT count(*) FROM counter_ticket)                  AS checked,
       coalesce((SELECT array_agg(line ORDER BY line) FROM found), '{}') AS findings
