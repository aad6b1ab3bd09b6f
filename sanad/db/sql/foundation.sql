-- Grain: extensions and the functions that policies and searches stand on.
-- Source: this file. Reader: the first migration of db, as owner of the database.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE OR REPLACE FUNCTION scope_centres() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('sanad.centres', true), ''), '{}')::int[] $$;

CREATE OR REPLACE FUNCTION scope_entity() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('sanad.entity', true), '')::int $$;

CREATE OR REPLACE FUNCTION scope_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('sanad.person', true), '')::uuid $$;

CREATE OR REPLACE FUNCTION scope_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('sanad.account', true), '')::uuid $$;
