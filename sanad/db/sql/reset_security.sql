-- Grain: every policy and grant of our roles in the schema public. Source: the catalogue of
-- PostgreSQL. Reader: sanad.db.security, which then grants anew from the rooms' security.sql.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', found.policyname, found.tablename);
    END LOOP;
END
$$;
REVOKE ALL ON ALL TABLES IN SCHEMA public
    FROM PUBLIC, loader, app_login, app_centre, app_national, app_entity, app_public, app_system, lookup;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public
    FROM PUBLIC, loader, app_login, app_centre, app_national, app_entity, app_public, app_system, lookup;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO loader, app_login, app_centre, app_national, app_entity, app_public, app_system, lookup;
GRANT ALL ON ALL TABLES IN SCHEMA public TO loader;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO loader;
