-- What the frameworks keep: sessions, sign-in, migrations, jobs. No centre's rows are in here.
DO $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT * FROM (VALUES
        ('db_reference',        'the version of what is published'),
        ('django_migrations',       'names of applied migrations'),
        ('django_content_type',     'names of tables'),
        ('auth_permission',         'kept empty of use: rights come from roles and scopes'),
        ('auth_group',              'kept empty of use: rights come from roles and scopes'),
        ('auth_group_permissions',  'kept empty of use: rights come from roles and scopes'),
        ('account_emailaddress',    'sign-in happens before a scope exists'),
        ('account_emailconfirmation', 'sign-in happens before a scope exists'),
        ('mfa_authenticator',       'sign-in happens before a scope exists'),
        ('procrastinate_jobs',      'identifiers of work to do, no personal data'),
        ('procrastinate_events',    'what happened to jobs, no personal data'),
        ('procrastinate_workers',   'which workers are alive'),
        ('procrastinate_periodic_defers', 'when periodic work was last asked for')
    ) AS k(name, reason)
    LOOP
        IF to_regclass(kept.name) IS NOT NULL THEN
            EXECUTE format('COMMENT ON TABLE %I IS %L', kept.name, 'rls-exempt: ' || kept.reason);
        END IF;
    END LOOP;
END
$$;
GRANT SELECT ON django_migrations, django_content_type TO app_login;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_emailaddress,
    account_emailconfirmation, mfa_authenticator TO app_login;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events,
    procrastinate_workers, procrastinate_periodic_defers TO app_login, app_system;
GRANT SELECT, INSERT ON procrastinate_jobs, procrastinate_events TO app_centre, app_entity;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq
    TO app_login, app_system, app_centre, app_entity;
GRANT USAGE ON SEQUENCE procrastinate_periodic_defers_id_seq TO app_login, app_system;
GRANT SELECT ON db_reference
    TO app_login, app_centre, app_national, app_entity, app_public, app_system;
