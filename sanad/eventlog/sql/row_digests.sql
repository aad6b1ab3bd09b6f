-- Grain: one row an event, with the digest that is sealed. Every column counts; objects follow in
-- their order. Source: this file. Reader: the migrations of eventlog; digests.sql and
-- digests_by_run.sql read the view, which costs half of what a function a row does.
CREATE VIEW eventlog_rowdigest WITH (security_invoker = true) AS
SELECT e.id, coalesce(e.centre_id, 0) AS centre_id, e.xid,
       sha256(convert_to(concat_ws(E'\x1f',
           e.id, e.kind, extract(epoch FROM e.occurred_at), extract(epoch FROM e.recorded_at),
           coalesce(e.centre_id::text, '-'), coalesce(e.actor_id::text, '-'),
           coalesce(e.visit_id::text, '-'), coalesce(e.case_id::text, '-'),
           coalesce(e.seq::text, '-'), e.payload::text,
           coalesce((SELECT string_agg(concat_ws(E'\x1e', o.object_type, o.object_id, o.qualifier),
                                       E'\x1d' ORDER BY o.object_type, o.object_id, o.qualifier)
                     FROM eventlog_eventobject o WHERE o.event_id = e.id), '-')), 'UTF8')) AS digest
FROM eventlog_event e;
DROP FUNCTION eventlog_row_digest(eventlog_event)
