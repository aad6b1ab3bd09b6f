-- Grain: one service on one day, with its owner, its definition and its fee lines of that day.
-- Source: the tables of the catalogue. Reader: queries.service,
-- by code; service_by_id, by key; services_of, by entity.
SELECT s.id, s.code, s.kind, s.name_ar, s.name_en, s.official_name_ar, s.provenance,
       e.number AS entity_number, e.code AS entity_code, e.name_ar AS entity_ar,
       e.name_en AS entity_en,
       d.id AS definition_id, lower(d.valid) AS definition_from, d.family, d.description, d.form,
       d.documents, d.procedure, d.government_fee, d.provenance AS definition_provenance,
       (SELECT lower(w.valid) FROM catalogue_withdrawal w
        WHERE w.service_id = s.id AND w.valid @> %(on)s) AS withdrawn_from,
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', f.id, 'stage', f.stage, 'baisa', f.baisa, 'unit', f.unit,
                   'price_list', p.code) ORDER BY f.source_line)
        FROM catalogue_feeline f JOIN catalogue_pricelist p ON p.id = f.price_list_id
        WHERE f.service_id = s.id AND f.valid @> %(on)s) AS fee_lines
FROM catalogue_service s
JOIN catalogue_entity e ON e.number = s.entity_id
JOIN catalogue_servicedefinition d ON d.service_id = s.id AND d.valid @> %(on)s
WHERE s.code = %(code)s OR s.id = %(id)s::bigint OR s.entity_id = %(entity)s::int
ORDER BY s.name_sort, s.id
