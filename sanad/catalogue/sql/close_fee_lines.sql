-- Grain: one open fee line. Source: catalogue_feeline. Reader: actions.publish_price_list.
-- Closes every line that is open and began before the day on which a new list takes force.
UPDATE catalogue_feeline
SET valid = daterange(lower(valid), %(on)s)
WHERE upper_inf(valid) AND lower(valid) < %(on)s
