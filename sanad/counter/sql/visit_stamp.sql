-- Grain: one row, a text that changes with what the client's screen shows of a visit. Source: the
-- visit, its cases with their quotes and open payments; a handful of rows, by index. Reader: the
-- client's screen, every other second.
SELECT md5(concat_ws('|', v.person_id, v.ended_at, (
    SELECT string_agg(concat_ws(':', c.id, c.status, c.updated_at, (
        SELECT string_agg(concat_ws(':', q.id, q.agreed_at), ',' ORDER BY q.id)
        FROM till_quote q WHERE q.case_id = c.id AND q.replaced_at IS NULL), (
        SELECT string_agg(concat_ws(':', p.payment_id, p.registered_at, p.settled_at), ','
                          ORDER BY p.payment_id)
        FROM till_pending p JOIN till_payment t ON t.id = p.payment_id
        WHERE t.case_id = c.id)), ';' ORDER BY c.id)
    FROM cases_case c WHERE c.visit_id = v.id)))
FROM cases_visit v WHERE v.id = %s
