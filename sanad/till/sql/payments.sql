-- Grain: one payment that is made or changes its state, one quote that is replaced, one posting to
-- a centre's earnings. Source: till_payment, till_pending, till_refund, the case, the lists.
-- Reader: PostgreSQL, before each of these writes.
-- A payment begins and goes on only as the table FOLLOWS of till/rules.py says.
CREATE FUNCTION till_require_payment_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Only a history that is loaded whole has payments that came to their end before.
        IF NEW.state NOT IN ('initiated', 'confirmed', 'in_doubt') AND current_user = 'app_centre'
        THEN
            RAISE EXCEPTION 'a payment does not begin as %', NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_step';
        END IF;
        -- The case's row is what two payments at once meet at.
        PERFORM FROM cases_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT FROM till_payment WHERE case_id = NEW.case_id AND id <> NEW.id
                   AND state IN ('initiated', 'in_doubt')) THEN
            RAISE EXCEPTION 'another payment of this request is not settled'
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'payment_one_open_per_case';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.card_reference <> OLD.card_reference AND OLD.card_reference <> '')
        OR (NEW.card_reference <> OLD.card_reference AND OLD.state <> 'in_doubt') THEN
        RAISE EXCEPTION 'a terminal reference is written once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_reference_written_once';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('initiated', 'confirmed'), ('initiated', 'failed'),
        ('initiated', 'in_doubt'), ('in_doubt', 'confirmed'), ('in_doubt', 'failed'),
        ('confirmed', 'refunded'))
    THEN
        RAISE EXCEPTION 'a payment does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_step';
    END IF;
    IF NEW.state = 'refunded' AND NOT EXISTS (
        SELECT FROM till_refund r WHERE r.payment_id = NEW.id AND r.state = 'approved')
    THEN
        RAISE EXCEPTION 'nobody approved that this payment is given back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_refund_approved';
    END IF;
    IF OLD.state IN ('initiated', 'in_doubt') AND NEW.state IN ('confirmed', 'failed') THEN
        SELECT p.outcome INTO said FROM till_pending p
            WHERE p.payment_id = NEW.id AND p.means = NEW.means;
        IF said IS DISTINCT FROM NEW.state::text THEN
            RAISE EXCEPTION 'who settled this payment is not written down'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_settled_by_somebody';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payment_step BEFORE INSERT OR UPDATE ON till_payment
    FOR EACH ROW EXECUTE FUNCTION till_require_payment_step();

-- A settled account of what happened is not told anew, and a decided refund not decided again.
CREATE FUNCTION till_require_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this was decided and stays as it is'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_once';
END
$$;
CREATE TRIGGER pending_settled_once BEFORE UPDATE ON till_pending
    FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION till_require_undecided();
CREATE TRIGGER refund_decided_once BEFORE UPDATE OF state, decided_at, decided_by ON till_refund
    FOR EACH ROW WHEN (OLD.state <> 'pending') EXECUTE FUNCTION till_require_undecided();

-- While a payment is open its quote stands, and the request stays as it was agreed to.
CREATE FUNCTION till_require_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM till_payment WHERE quote_id = OLD.id
               AND state IN ('initiated', 'in_doubt')) THEN
        RAISE EXCEPTION 'a payment of this quote is not settled'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_stands_while_paid';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER quote_stands_while_paid BEFORE UPDATE OF replaced_at ON till_quote
    FOR EACH ROW WHEN (NEW.replaced_at IS NOT NULL AND OLD.replaced_at IS NULL)
    EXECUTE FUNCTION till_require_nothing_open();

CREATE FUNCTION till_require_case_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'ready' AND EXISTS (SELECT FROM till_payment WHERE case_id = OLD.id
            AND state IN ('initiated', 'in_doubt'))
        OR OLD.status = 'paid' AND EXISTS (SELECT FROM till_refund WHERE case_id = OLD.id
            AND (state = 'pending' OR state = 'approved' AND given_at IS NULL))
    THEN
        RAISE EXCEPTION 'money of this request is under way'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_stands_while_paid';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER case_stands_while_paid BEFORE UPDATE OF status ON cases_case
    FOR EACH ROW WHEN (OLD.status = 'ready' AND NEW.status NOT IN ('ready', 'paid'))
    EXECUTE FUNCTION till_require_case_free();
CREATE TRIGGER case_stays_while_given_back BEFORE UPDATE OF status ON cases_case
    FOR EACH ROW WHEN (OLD.status = 'paid' AND NEW.status = 'queued')
    EXECUTE FUNCTION till_require_case_free();

-- The price is the one of the day the payment was made, also where it was settled days later.
CREATE OR REPLACE FUNCTION till_require_published_charge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cases_case c
        JOIN catalogue_feeline f ON f.service_id = c.service_id
        WHERE c.id = NEW.case_id AND c.centre_id = NEW.centre_id
          AND f.id = NEW.fee_line_id AND f.stage = NEW.stage
          AND (f.unit <> 'request' OR NEW.units = 1)
          AND f.valid @> (coalesce((SELECT p.made_at FROM till_payment p
                                    WHERE p.id = NEW.payment_id), NEW.at)
                          AT TIME ZONE 'Asia/Muscat')::date
    ) THEN
        RAISE EXCEPTION 'the fee line is not the published charge of this case and stage'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_published_charge';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION till_require_own_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := (coalesce((SELECT p.made_at FROM till_payment p WHERE p.id = NEW.payment_id),
                          NEW.at) AT TIME ZONE 'Asia/Muscat')::date;
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
