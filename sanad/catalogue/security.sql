-- Grain: grants of the catalogue. Source: this file. Reader: sanad.db.security.
-- No row belongs to a centre, so every role reads all of it; the ministry publishes.
COMMENT ON TABLE catalogue_source IS 'rls-exempt: public reference data, no centre or person in it';
COMMENT ON TABLE catalogue_entity IS 'rls-exempt: public reference data, no centre or person in it';
COMMENT ON TABLE catalogue_service IS 'rls-exempt: public reference data, no centre or person in it';
COMMENT ON TABLE catalogue_servicedefinition IS 'rls-exempt: public reference data, no centre or person in it';
COMMENT ON TABLE catalogue_withdrawal IS 'rls-exempt: public reference data, no centre or person in it';
COMMENT ON TABLE catalogue_pricelist IS 'rls-exempt: public reference data, no centre or person in it';
COMMENT ON TABLE catalogue_feeline IS 'rls-exempt: public reference data, no centre or person in it';

GRANT SELECT ON catalogue_source, catalogue_entity, catalogue_service,
    catalogue_servicedefinition, catalogue_withdrawal, catalogue_pricelist, catalogue_feeline
    TO app_centre, app_national, app_entity, app_public, app_system;

-- Publishing a list adds lines and closes the old ones; withdrawing opens and closes a span.
GRANT INSERT ON catalogue_pricelist, catalogue_feeline, catalogue_withdrawal TO app_national;
GRANT UPDATE (valid) ON catalogue_feeline TO app_national;
GRANT UPDATE (valid, restored_at, restored_by) ON catalogue_withdrawal TO app_national;
GRANT USAGE ON SEQUENCE catalogue_pricelist_id_seq, catalogue_feeline_id_seq,
    catalogue_withdrawal_id_seq TO app_national;
-- The frame of a page names the seat's entity, also on an error page, which has no scope.
GRANT SELECT ON catalogue_entity, catalogue_service TO app_login;

SELECT db_watch_reference('catalogue_source', 'catalogue_entity', 'catalogue_service',
    'catalogue_servicedefinition', 'catalogue_withdrawal', 'catalogue_pricelist',
    'catalogue_feeline');
