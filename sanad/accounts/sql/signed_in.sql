-- Grain: one live seat of whoever holds a session that has not run out. Source: sessions, accounts,
-- assignments. Reader: queries.signed_in, before a scope exists.
SELECT s.session_data, a.id, a.password, p.id, p.role, p.centre_id, p.entity_id
FROM accounts_session s
JOIN accounts_account a ON a.id = s.account_id AND a.is_active
JOIN accounts_assignment p ON p.account_id = a.id AND p.ended_at IS NULL
WHERE s.session_key = %s AND s.expire_date > %s
ORDER BY p.started_at, p.id
