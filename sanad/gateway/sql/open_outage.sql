-- Grain: one row where the outage is new, none where it is known. Source: gateway_outage.
-- Reader: sanad.gateway.outages.watch. Several workers may find the same outage at once, or one
-- that another has already seen end: the first row stands.
INSERT INTO gateway_outage (entity_id, started_at, found_by, note_ar, note_en, deliveries)
SELECT %(entity)s, %(started_at)s, 'line', '', '', 0
WHERE NOT EXISTS (SELECT FROM gateway_outage WHERE entity_id = %(entity)s AND found_by = 'line'
                  AND ended_at >= %(started_at)s)
ON CONFLICT (entity_id, found_by) WHERE ended_at IS NULL DO NOTHING
RETURNING id
