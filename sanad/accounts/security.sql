-- Signing in happens before a scope exists, so the login role reads accounts; everybody else
-- sees the people of their own place.
ALTER TABLE accounts_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_account FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE ON accounts_account TO app_login;
GRANT INSERT ON accounts_account TO app_centre, app_national;
-- Names, and never the hash of a password.
GRANT SELECT (id, username, name_ar, name_en, nationality, is_active, created_at, last_login)
    ON accounts_account TO app_centre, app_national, app_entity;
CREATE POLICY sign_in ON accounts_account TO app_login USING (true) WITH CHECK (true);
CREATE POLICY centre_reads ON accounts_account FOR SELECT TO app_centre USING (
    id = (SELECT scope_account()) OR EXISTS (
        SELECT FROM accounts_assignment a
        WHERE a.account_id = accounts_account.id
          AND a.centre_id = ANY ((SELECT scope_centres())::int[])));
CREATE POLICY centre_invites ON accounts_account FOR INSERT TO app_centre WITH CHECK (true);
CREATE POLICY national_all ON accounts_account TO app_national USING (true) WITH CHECK (true);
CREATE POLICY entity_reads ON accounts_account FOR SELECT TO app_entity
    USING (id = (SELECT scope_account()));

ALTER TABLE accounts_assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_assignment FORCE ROW LEVEL SECURITY;
GRANT SELECT ON accounts_assignment TO app_login, app_entity;
GRANT SELECT, INSERT, UPDATE (ended_at) ON accounts_assignment TO app_centre, app_national;
CREATE POLICY sign_in ON accounts_assignment FOR SELECT TO app_login USING (true);
CREATE POLICY centre_own ON accounts_assignment TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]) AND role = 'operator');
CREATE POLICY national_all ON accounts_assignment TO app_national USING (true) WITH CHECK (true);
CREATE POLICY entity_reads ON accounts_assignment FOR SELECT TO app_entity
    USING (account_id = (SELECT scope_account()));

ALTER TABLE accounts_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_invitation FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE ON accounts_invitation TO app_login;
GRANT SELECT, INSERT ON accounts_invitation TO app_centre, app_national;
CREATE POLICY sign_in ON accounts_invitation TO app_login USING (true) WITH CHECK (true);
-- An invitation opens an account, so a centre may make one for its own operators alone.
CREATE POLICY centre_invites ON accounts_invitation FOR INSERT TO app_centre WITH CHECK (
    EXISTS (SELECT FROM accounts_assignment a
            WHERE a.account_id = accounts_invitation.account_id AND a.role = 'operator'
              AND a.centre_id = ANY ((SELECT scope_centres())::int[])));
CREATE POLICY centre_reads ON accounts_invitation FOR SELECT TO app_centre USING (
    EXISTS (SELECT FROM accounts_assignment a
            WHERE a.account_id = accounts_invitation.account_id
              AND a.centre_id = ANY ((SELECT scope_centres())::int[])));
CREATE POLICY national_all ON accounts_invitation TO app_national USING (true) WITH CHECK (true);
-- Accepting an invitation is done by somebody who is not signed in yet.
GRANT SELECT, UPDATE (password) ON accounts_account TO app_system;
GRANT SELECT, UPDATE (accepted_at) ON accounts_invitation TO app_system;
GRANT SELECT ON accounts_assignment TO app_system;
CREATE POLICY system_accepts ON accounts_account TO app_system USING (true) WITH CHECK (true);
CREATE POLICY system_accepts ON accounts_invitation TO app_system USING (true) WITH CHECK (true);
CREATE POLICY system_reads ON accounts_assignment FOR SELECT TO app_system USING (true);

-- A session's key is as good as a password: only signing in reads it. Whoever removes a person
-- ends that person's sessions, and sees of them whose they are.
ALTER TABLE accounts_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_session FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_session TO app_login;
GRANT SELECT (account_id), DELETE ON accounts_session TO app_centre, app_national;
CREATE POLICY sign_in ON accounts_session TO app_login USING (true) WITH CHECK (true);
CREATE POLICY centre_ends ON accounts_session TO app_centre USING (
    EXISTS (SELECT FROM accounts_assignment a
            WHERE a.account_id = accounts_session.account_id
              AND a.centre_id = ANY ((SELECT scope_centres())::int[])));
CREATE POLICY national_ends ON accounts_session TO app_national USING (true);

COMMENT ON TABLE accounts_cache IS 'rls-exempt: counters of failed sign-ins, before a scope exists';
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_cache TO app_login;
