-- Where centres are and when they are open is published; whoever works there is not.
COMMENT ON TABLE centres_governorate IS 'rls-exempt: published geography';
COMMENT ON TABLE centres_wilayat IS 'rls-exempt: published geography';
COMMENT ON TABLE centres_village IS 'rls-exempt: published geography';
COMMENT ON TABLE centres_centre IS 'rls-exempt: the registry of centres is published';
COMMENT ON TABLE centres_openingspan IS 'rls-exempt: opening hours are published';
COMMENT ON TABLE centres_holiday IS 'rls-exempt: holidays are published';
COMMENT ON TABLE centres_servicepoint IS 'rls-exempt: numbers of counters are published';
GRANT SELECT ON centres_governorate, centres_wilayat, centres_village, centres_centre,
    centres_openingspan, centres_holiday, centres_servicepoint
    TO app_login, app_centre, app_national, app_entity, app_public, app_system, lookup;
GRANT INSERT, UPDATE ON centres_centre TO app_national;
GRANT INSERT, UPDATE, DELETE ON centres_holiday TO app_national;
SELECT db_watch_reference('centres_governorate', 'centres_wilayat', 'centres_village',
    'centres_centre', 'centres_openingspan', 'centres_holiday', 'centres_servicepoint');
