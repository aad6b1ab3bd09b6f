-- Grain: none. Source: the tables of the catalogue. Reader: load.load_catalogue.
-- Without fresh statistics the search scans every name instead of its index: ten times slower.
ANALYZE catalogue_entity, catalogue_service, catalogue_servicedefinition, catalogue_feeline
