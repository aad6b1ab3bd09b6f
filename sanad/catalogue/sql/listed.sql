-- Grain: one service of the catalogue with its owner, and whether it is offered on the day: it is
-- defined then and not withdrawn. Source: the tables of the catalogue. Reader: queries.listed.
SELECT s.code, s.name_ar, s.name_en, e.number AS entity_number, e.code AS entity_code,
       e.name_ar AS entity_ar, e.name_en AS entity_en,
       EXISTS (SELECT FROM catalogue_servicedefinition d
               WHERE d.service_id = s.id AND d.valid @> %(on)s)
       AND NOT EXISTS (SELECT FROM catalogue_withdrawal w
                       WHERE w.service_id = s.id AND w.valid @> %(on)s) AS is_offered
FROM catalogue_service s JOIN catalogue_entity e ON e.number = s.entity_id
ORDER BY s.name_sort, s.id
