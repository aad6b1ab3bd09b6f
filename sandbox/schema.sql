-- What the stand-in remembers. No answers of a form and no names: of a request only its ids, the
-- digest of its body and the keys of its fields.
CREATE TABLE IF NOT EXISTS entity (
    code TEXT PRIMARY KEY,
    mode TEXT NOT NULL CHECK (mode IN ('manual', 'auto')),
    delay_seconds REAL NOT NULL CHECK (delay_seconds >= 0),
    return_first INTEGER NOT NULL DEFAULT 0,
    fee_baisa INTEGER CHECK (fee_baisa >= 0),
    down INTEGER NOT NULL DEFAULT 0,
    slow_seconds REAL NOT NULL DEFAULT 0 CHECK (slow_seconds >= 0),
    drop_answers INTEGER NOT NULL DEFAULT 0 CHECK (drop_answers >= 0),
    twice INTEGER NOT NULL DEFAULT 0,
    early INTEGER NOT NULL DEFAULT 0,
    swapped INTEGER NOT NULL DEFAULT 0,
    a_second INTEGER CHECK (a_second > 0),
    mix TEXT,
    drawn INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS request (
    request_id TEXT PRIMARY KEY,
    entity TEXT NOT NULL REFERENCES entity,
    idempotency_key TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    acknowledgement TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    case_code TEXT NOT NULL,
    service_code TEXT NOT NULL,
    resend_of TEXT REFERENCES request,
    fields TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'returned', 'approved', 'rejected')),
    decide_at REAL,
    stage TEXT NOT NULL DEFAULT '',
    fee_baisa INTEGER,
    UNIQUE (entity, idempotency_key),
    UNIQUE (entity, receipt_no)
) STRICT;
CREATE INDEX IF NOT EXISTS request_to_decide ON request (decide_at)
    WHERE state = 'accepted' AND decide_at IS NOT NULL;

-- One row is one answer on its way back; it stays due until the other side said 2xx.
CREATE TABLE IF NOT EXISTS answer (
    answer_id TEXT PRIMARY KEY,
    entity TEXT NOT NULL REFERENCES entity,
    request_id TEXT NOT NULL REFERENCES request,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER,
    due_at REAL NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS answer_due ON answer (due_at) WHERE NOT delivered;

CREATE TABLE IF NOT EXISTS sms (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS payment (
    payment_id TEXT PRIMARY KEY,
    body_sha256 TEXT NOT NULL,
    amount_baisa INTEGER NOT NULL CHECK (amount_baisa > 0),
    provider_ref TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL
        CHECK (status IN ('open', 'confirmed', 'declined', 'cancelled', 'refunded')),
    created_at TEXT NOT NULL,
    refund_id TEXT UNIQUE
) STRICT;

-- How the provider behaves; one row. `drop_answers` counts down: that many calls are acted upon
-- and get no answer.
CREATE TABLE IF NOT EXISTS provider (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    slow_seconds REAL NOT NULL DEFAULT 0 CHECK (slow_seconds >= 0),
    down INTEGER NOT NULL DEFAULT 0,
    drop_answers INTEGER NOT NULL DEFAULT 0 CHECK (drop_answers >= 0),
    calls_back INTEGER NOT NULL DEFAULT 1,
    twice INTEGER NOT NULL DEFAULT 0,
    out_of_order INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO provider (id) VALUES (1) ON CONFLICT DO NOTHING;

-- One row is one message on its way to Sanad; it stays due until the other side said 2xx.
CREATE TABLE IF NOT EXISTS callback (
    id INTEGER PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payment,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER,
    due_at REAL NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS callback_due ON callback (due_at) WHERE NOT delivered;
