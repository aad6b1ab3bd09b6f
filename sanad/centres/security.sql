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

-- What an owner says the centre costs: the centre's own and the ministry's to read, never changed.
ALTER TABLE centres_statedcosts ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_statedcosts FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON centres_statedcosts TO app_centre;
GRANT SELECT ON centres_statedcosts TO app_national;
CREATE POLICY centre_own ON centres_statedcosts TO app_centre
    USING (centre_id = ANY ((SELECT scope_centres())::int[]))
    WITH CHECK (centre_id = ANY ((SELECT scope_centres())::int[]));
CREATE POLICY national_reads ON centres_statedcosts FOR SELECT TO app_national USING (true);

-- What centres like one's own earned and did in a whole month: quartiles, and never of fewer than
-- five others. Like one's own are those of the same governorate with as many counters (three stand
-- for more): every centre is in one group and no caller chooses it, so no two answers differ by one
-- centre alone. Amounts are told to ten rials and counts to five.
GRANT SELECT (centre_id, business_date, earned_baisa, transactions) ON oversight_dayfact TO lookup;
CREATE POLICY lookup_likens ON oversight_dayfact FOR SELECT TO lookup USING (true);
CREATE OR REPLACE FUNCTION centres_alike(own int, month date)
RETURNS TABLE (others int, earned bigint[], transactions bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH sized AS (
        SELECT c.id, w.governorate_id AS governorate, c.closed_on,
               least((SELECT count(*) FROM centres_servicepoint p WHERE p.centre_id = c.id), 3) AS size
        FROM centres_centre c JOIN centres_village v ON v.id = c.village_id
        JOIN centres_wilayat w ON w.code = v.wilayat_id
    ), alike AS (
        SELECT o.id, sum(f.earned_baisa) AS earned, sum(f.transactions) AS transactions
        FROM sized me JOIN sized o USING (governorate, size)
        JOIN oversight_dayfact f ON f.centre_id = o.id
         AND f.business_date >= date_trunc('month', month)
         AND f.business_date < date_trunc('month', month) + interval '1 month'
        WHERE me.id = own AND own = ANY ((SELECT scope_centres())::int[]) AND o.id <> own
          AND o.closed_on IS NULL
        GROUP BY o.id
    ), told AS (
        SELECT count(*)::int AS others,
               percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY earned::float8) AS e,
               percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY alike.transactions::float8) AS t
        FROM alike
    )
    SELECT CASE WHEN told.others >= 5 THEN told.others END,
           CASE WHEN told.others >= 5
                THEN (SELECT array_agg(round(x / 10000)::bigint * 10000 ORDER BY x) FROM unnest(e) x) END,
           CASE WHEN told.others >= 5
                THEN (SELECT array_agg(round(x / 5)::bigint * 5 ORDER BY x) FROM unnest(t) x) END
    FROM told
$$;
GRANT CREATE ON SCHEMA public TO lookup;
ALTER FUNCTION centres_alike(int, date) OWNER TO lookup;
REVOKE CREATE ON SCHEMA public FROM lookup;
REVOKE ALL ON FUNCTION centres_alike(int, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION centres_alike(int, date) TO app_centre;
