-- Grain: one price of a centre's own, and one posting by it. Source: till_ownprice, the case, and
-- the official list. Reader: PostgreSQL, before each change of a price and each insert into
-- till_transfer that names one.
-- A price is closed once and never edited. No two hold at once for a centre and service. A line of
-- a quote and a posting repeat the price's amount as their cap, so nobody charges above what the
-- centre itself states.
ALTER TABLE till_ownprice ADD CONSTRAINT own_prices_do_not_overlap
    EXCLUDE USING gist (centre_id WITH =, service_id WITH =, valid WITH &&);
ALTER TABLE till_ownprice ADD CONSTRAINT own_price_dated CHECK (NOT lower_inf(valid));
ALTER TABLE till_ownprice ADD CONSTRAINT own_price_cap UNIQUE (id, baisa);
ALTER TABLE till_quoteline ADD CONSTRAINT quote_line_own_cap_fk
    FOREIGN KEY (own_price_id, cap_baisa) REFERENCES till_ownprice (id, baisa);
ALTER TABLE till_transfer ADD CONSTRAINT transfer_own_cap_fk
    FOREIGN KEY (own_price_id, cap_baisa) REFERENCES till_ownprice (id, baisa);

-- A price that is replaced on its own day becomes empty: it holds on no day.
CREATE FUNCTION till_only_close_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND upper_inf(OLD.valid)
        AND (isempty(NEW.valid)
             OR (NOT upper_inf(NEW.valid) AND lower(NEW.valid) = lower(OLD.valid)))
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a price is closed at a date and never edited or deleted'
        USING ERRCODE = 'restrict_violation', HINT = 'Set a new price.';
END
$$;
CREATE TRIGGER own_price_only_closes BEFORE UPDATE OR DELETE ON till_ownprice
    FOR EACH ROW EXECUTE FUNCTION till_only_close_price();

-- An own price charges for the request, once, and only where the official list has no price for
-- the service at all: it can never stand in for a cap.
CREATE FUNCTION till_require_own_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := (NEW.at AT TIME ZONE 'Asia/Muscat')::date;
BEGIN
    IF NEW.stage <> 'submit' OR NEW.units <> 1 OR NOT EXISTS (
        SELECT FROM cases_case c
        JOIN till_ownprice p ON p.service_id = c.service_id AND p.centre_id = c.centre_id
        WHERE c.id = NEW.case_id AND c.centre_id = NEW.centre_id
          AND p.id = NEW.own_price_id AND p.valid @> day
          AND NOT EXISTS (SELECT FROM catalogue_feeline f
                          WHERE f.service_id = c.service_id AND f.valid @> day)
    ) THEN
        RAISE EXCEPTION 'the price is not this centre''s own for this case and day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_own_price';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER transfer_own_price BEFORE INSERT ON till_transfer
    FOR EACH ROW WHEN (NEW.own_price_id IS NOT NULL)
    EXECUTE FUNCTION till_require_own_price();
