-- Grain: one role; docs/database.md says who may what. Source: this file.
-- Reader: sanad.db.provision, as the server's administrator; safe to run again, and what was
-- changed by hand is put right.
SELECT pg_advisory_xact_lock(hashtext('sanad roles'));  -- roles are the server's: one at a time
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('owner',        'LOGIN NOBYPASSRLS'),     -- owns the tables, never serves
            ('loader',       'LOGIN BYPASSRLS'),       -- bulk load at set-up only: COPY needs it
            ('app_login',    'LOGIN NOINHERIT NOBYPASSRLS'), -- serves; sees nothing by itself
            ('app_centre',   'NOLOGIN NOBYPASSRLS'),
            ('app_national', 'NOLOGIN NOBYPASSRLS'),
            ('app_entity',   'NOLOGIN NOBYPASSRLS'),
            ('app_public',   'NOLOGIN NOBYPASSRLS'),
            ('app_system',   'NOLOGIN NOBYPASSRLS'),   -- sealing, facts, delivering
            ('lookup',       'NOLOGIN NOBYPASSRLS')    -- owns the SECURITY DEFINER look-ups
        ) AS r(name, options)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I', wanted.name);
        END IF;
        EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION %s',
                       wanted.name, wanted.options);
    END LOOP;
END
$$;
GRANT app_centre, app_national, app_entity, app_public, app_system TO app_login;
GRANT lookup TO owner;
