-- Grain: one row, the version of everything that is published: services, fees, centres, hours.
-- Source: the triggers below, at each change. Reader: sanad.db.reference, with every scope.
CREATE TABLE db_reference (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO db_reference DEFAULT VALUES;

-- A version is never used twice: what is rolled back leaves no name that later data could bear.
CREATE FUNCTION db_reference_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE db_reference SET version = gen_random_uuid();
    RETURN NULL;
END
$$;

CREATE FUNCTION db_watch_reference(VARIADIC tables text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    FOREACH found IN ARRAY tables LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER reference_changed
            AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION db_reference_changed()', found);
    END LOOP;
END
$$;
