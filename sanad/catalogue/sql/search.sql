-- Grain: one service that is offered on the day. Source: catalogue_search, see sql/guards.sql.
-- Reader: queries.search.
SELECT * FROM catalogue_search(%(readings)s::text[], %(on)s, %(limit)s)
