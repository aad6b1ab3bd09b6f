-- Grain: one open withdrawal. Source: catalogue_withdrawal. Reader: actions.restore_service.
UPDATE catalogue_withdrawal
SET valid = daterange(lower(valid), %(on)s), restored_at = %(at)s, restored_by = %(by)s
WHERE service_id = %(service)s AND upper_inf(valid) AND lower(valid) < %(on)s
