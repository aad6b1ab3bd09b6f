-- Grain: one open definition. Source: catalogue_servicedefinition. Reader: load.load_catalogue.
-- Closes the open definition of a service on the day on which the next one takes force.
UPDATE catalogue_servicedefinition
SET valid = daterange(lower(valid), %(on)s)
WHERE service_id = %(service)s AND upper_inf(valid) AND lower(valid) < %(on)s
