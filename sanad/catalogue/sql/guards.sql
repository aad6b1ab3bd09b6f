-- Grain: constraints, a trigger and an index over the tables of the catalogue.
-- Source: this file. Reader: the first migration of catalogue, as owner.

-- One fee for a service and stage on any day, one definition, one withdrawal.
ALTER TABLE catalogue_feeline ADD CONSTRAINT catalogue_fee_lines_do_not_overlap
    EXCLUDE USING gist (service_id WITH =, stage WITH =, valid WITH &&);
ALTER TABLE catalogue_servicedefinition ADD CONSTRAINT catalogue_definitions_do_not_overlap
    EXCLUDE USING gist (service_id WITH =, valid WITH &&);
ALTER TABLE catalogue_withdrawal ADD CONSTRAINT catalogue_withdrawals_do_not_overlap
    EXCLUDE USING gist (service_id WITH =, valid WITH &&);
ALTER TABLE catalogue_feeline ADD CONSTRAINT catalogue_fee_line_dated
    CHECK (NOT isempty(valid) AND NOT lower_inf(valid));
ALTER TABLE catalogue_servicedefinition ADD CONSTRAINT catalogue_definition_dated
    CHECK (NOT isempty(valid) AND NOT lower_inf(valid));

-- A dated row is closed once and otherwise never changed, whoever asks.
CREATE FUNCTION catalogue_only_close() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF TG_OP = 'UPDATE'
        AND upper_inf(OLD.valid) AND NOT upper_inf(NEW.valid)
        AND lower(NEW.valid) = lower(OLD.valid)
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are closed at a date and never edited or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new row from a later date.';
END
$$;
CREATE TRIGGER catalogue_fee_lines_only_close BEFORE UPDATE OR DELETE ON catalogue_feeline
    FOR EACH ROW EXECUTE FUNCTION catalogue_only_close();
CREATE TRIGGER catalogue_definitions_only_close
    BEFORE UPDATE OR DELETE ON catalogue_servicedefinition
    FOR EACH ROW EXECUTE FUNCTION catalogue_only_close();

-- Without fastupdate no search reads a list of pending entries after a load.
CREATE INDEX catalogue_service_search ON catalogue_service USING gin (fold_all gin_trgm_ops)
    WITH (fastupdate = off);

-- Services like the words, best first. `readings` are the folded words, as typed and as they read
-- under the other keyboard layout. A word counts when a stretch of the service's names, owner or
-- keywords shares 0.3 of its trigrams, which lets two wrong letters pass; the rank adds how much
-- of the whole name was typed, so that "renew licence" comes before "renew licence - payment".
CREATE FUNCTION catalogue_search(readings text[], on_day date, most int)
RETURNS TABLE (code text, name_ar text, name_en text, entity_number int, entity_code text,
               entity_ar text, entity_en text, score real)
LANGUAGE sql STABLE
SET pg_trgm.word_similarity_threshold = 0.3
-- The planner thinks comparing trigrams costs as little as comparing numbers, and would compare
-- every name of so small a table: 10 ms instead of 1.
SET enable_seqscan = off
AS
$$
SELECT s.code, s.name_ar, s.name_en, e.number, e.code, e.name_ar, e.name_en,
       max(greatest(similarity(r.words, s.fold_ar), similarity(r.words, s.fold_en))
           + word_similarity(r.words, s.fold_all)) AS score
FROM unnest(readings) AS r(words)
JOIN catalogue_service s ON s.fold_all %> r.words
JOIN catalogue_entity e ON e.number = s.entity_id
WHERE NOT EXISTS (SELECT FROM catalogue_withdrawal w
                  WHERE w.service_id = s.id AND w.valid @> on_day)
GROUP BY s.id, e.number
ORDER BY score DESC, s.id
LIMIT most
$$;
