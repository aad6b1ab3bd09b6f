-- Grain: an index. Source: the event log. Reader: a migration of eventlog, for the person's own
-- page: who looked a person up, found by the person. Only look-ups that found somebody are in it.
CREATE INDEX eventlog_event_looked_up ON eventlog_event ((payload ->> 'person'), occurred_at)
    WHERE kind = 'person.looked_up' AND payload ->> 'person' IS NOT NULL;
