-- Grain: an index entry a request handed over for the first time: 800,000 a quarter, about 200
-- bytes each. The payload is carried along so that counting by centre and service reads the index
-- alone, and not the whole log in which these are one event of sixteen.
-- Source: this file. Readers: oversight/sql/quarter.sql and submissions of a day.
CREATE INDEX eventlog_event_first ON eventlog_event (occurred_at, centre_id, case_id)
    INCLUDE (payload)
    WHERE kind = 'case.submitted' AND (payload->>'resend')::boolean = false
