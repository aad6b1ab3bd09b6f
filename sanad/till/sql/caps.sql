-- Grain: one posting to a centre's earnings. Source: the case, and the official list's fee line.
-- Reader: PostgreSQL, before each insert into till_transfer that names a fee line.
-- The CHECK holds a posting below the cap it carries, and the foreign key holds that cap to its
-- fee line; here the line is held to the case: its own service, the stage charged, one unit
-- unless the charge is by the page, and in force on the posting's business day.
CREATE FUNCTION till_require_published_charge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cases_case c
        JOIN catalogue_feeline f ON f.service_id = c.service_id
        WHERE c.id = NEW.case_id AND c.centre_id = NEW.centre_id
          AND f.id = NEW.fee_line_id AND f.stage = NEW.stage
          AND (f.unit <> 'request' OR NEW.units = 1)
          AND f.valid @> (NEW.at AT TIME ZONE 'Asia/Muscat')::date
    ) THEN
        RAISE EXCEPTION 'the fee line is not the published charge of this case and stage'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_published_charge';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER transfer_published_charge BEFORE INSERT ON till_transfer
    FOR EACH ROW WHEN (NEW.fee_line_id IS NOT NULL)
    EXECUTE FUNCTION till_require_published_charge();
