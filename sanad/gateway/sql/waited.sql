-- Grain: one row, how many requests waited for an outage's end: those taken since then and those
-- still waiting. Source: gateway_delivery. Reader: sanad.gateway.outages.watch, as the system.
SELECT (SELECT count(*) FROM gateway_delivery
        WHERE entity_id = %(entity)s AND state = 'pending' AND made_at <= %(ended_at)s)
     + (SELECT count(*) FROM gateway_delivery
        WHERE entity_id = %(entity)s AND acknowledged_at >= %(ended_at)s
          AND made_at <= %(ended_at)s) AS requests
