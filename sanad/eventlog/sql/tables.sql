-- Grain: the tables of the event log. Source: this file. Reader: the first migration of eventlog.
--
-- Size: 800,000 transactions a quarter x about 10 events = 8 million rows; 36 million a year.
-- A row is about 150 bytes with its payload, its three indexes about 100 more: 2 GB a quarter.
CREATE TABLE eventlog_event (
    id          uuid        NOT NULL,
    kind        text        NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    centre_id   int,
    actor_id    uuid,
    visit_id    uuid,
    case_id     uuid,
    seq         int         CHECK (seq > 0),
    payload     jsonb       NOT NULL DEFAULT '{}',
    -- The transaction that wrote the row: the sealer takes those that have surely ended.
    xid         bigint      NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    PRIMARY KEY (occurred_at, id),
    CHECK ((case_id IS NULL) = (seq IS NULL))
) PARTITION BY RANGE (occurred_at);

CREATE INDEX eventlog_event_centre ON eventlog_event (centre_id, occurred_at);
CREATE INDEX eventlog_event_case ON eventlog_event (case_id, seq) WHERE case_id IS NOT NULL;
CREATE INDEX eventlog_event_xid ON eventlog_event USING brin (xid);

CREATE TABLE eventlog_event_default PARTITION OF eventlog_event DEFAULT;
ALTER TABLE eventlog_event_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE eventlog_event_default FORCE ROW LEVEL SECURITY;

-- Further objects of an event, OCEL 2.0 in shape: (type, id, qualifier). Few events have any.
CREATE TABLE eventlog_eventobject (
    occurred_at timestamptz NOT NULL,
    event_id    uuid        NOT NULL,
    centre_id   int,
    object_type text        NOT NULL,
    object_id   text        NOT NULL,
    qualifier   text        NOT NULL,
    PRIMARY KEY (event_id, object_type, object_id, qualifier)
);
CREATE INDEX eventlog_eventobject_object ON eventlog_eventobject (object_type, object_id);

-- One row a centre and sealing run: about 13 runs an hour only where something happened.
CREATE TABLE eventlog_seal (
    run_id      bigint      NOT NULL,
    centre_id   int         NOT NULL,  -- 0 for events of no centre
    from_xid    bigint        NOT NULL,  -- inclusive
    upto_xid    bigint        NOT NULL,  -- exclusive
    event_count int         NOT NULL CHECK (event_count > 0),
    digest      bytea       NOT NULL,
    head        bytea       NOT NULL,
    sealed_at   timestamptz NOT NULL,
    PRIMARY KEY (centre_id, run_id)
);
-- One row a sealing run; its head is what the outside anchor repeats.
CREATE TABLE eventlog_sealrun (
    run_id      bigint      PRIMARY KEY,
    from_xid    bigint        NOT NULL,
    upto_xid    bigint        NOT NULL,
    event_count int         NOT NULL,
    head        bytea       NOT NULL,
    sealed_at   timestamptz NOT NULL
);

-- Months of `first` to `last`, where they are missing. Runs as its owner: serving roles may ask
-- for months, and may make no other table.
CREATE FUNCTION eventlog_ensure_months(first date, last date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    month date := date_trunc('month', first);
    name  text;
    made  int := 0;
BEGIN
    IF last > first + interval '20 years' THEN
        RAISE EXCEPTION 'months beyond twenty years are refused';
    END IF;
    WHILE month <= last LOOP
        name := 'eventlog_event_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF eventlog_event FOR VALUES FROM (%L) TO (%L)',
                name, month::timestamp AT TIME ZONE 'UTC',
                (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
            made := made + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION eventlog_ensure_months(date, date) FROM PUBLIC;

-- The bytes of an event that are sealed. Every column counts; objects follow in their order.
CREATE FUNCTION eventlog_row_digest(e eventlog_event) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(concat_ws(E'\x1f',
        e.id, e.kind, extract(epoch FROM e.occurred_at), extract(epoch FROM e.recorded_at),
        coalesce(e.centre_id::text, '-'), coalesce(e.actor_id::text, '-'),
        coalesce(e.visit_id::text, '-'), coalesce(e.case_id::text, '-'),
        coalesce(e.seq::text, '-'), e.payload::text,
        coalesce((SELECT string_agg(concat_ws(E'\x1e', o.object_type, o.object_id, o.qualifier),
                                    E'\x1d' ORDER BY o.object_type, o.object_id, o.qualifier)
                  FROM eventlog_eventobject o WHERE o.event_id = e.id), '-')), 'UTF8'))
$$;
