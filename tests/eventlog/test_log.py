"""What may be appended, and that nothing that happened is ever changed."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from sanad.db.scope import (
    acting,
    centre_scope,
    entity_scope,
    national_scope,
    public_scope,
    system_scope,
)
from sanad.eventlog import kinds
from sanad.eventlog.actions import ObjectLink, append, ensure_months
from sanad.eventlog.kinds import Kind, PayloadNotAllowed, UnknownKind, all_kinds
from sanad.eventlog.queries import events, last_moment, stray_events
from sanad.lib.ids import new_id
from tests.network import AISHA, CHAMBER, HEALTH, KHUWAIR, SOHAR, TEN

SCOPES = {
    "centre": centre_scope(KHUWAIR),
    "national": national_scope(),
    "entity": entity_scope(CHAMBER),
    "public": public_scope(),
    "system": system_scope(),
}
SAMPLE = Kind(
    "sample.made", "For tests", {"code": str, "count": int, "on": bool}, frozenset({"on"})
)


def start_visit(centre: int = KHUWAIR, at: datetime = TEN, visit: UUID | None = None) -> UUID:
    return append(
        "visit.started", at=at, by=AISHA, centre=centre, visit=visit or new_id(), channel="walk_in"
    )


@pytest.mark.django_db
def test_an_event_keeps_who_what_when_and_where():
    visit = new_id()
    with acting(centre_scope(KHUWAIR)):
        made = start_visit(visit=visit)
        found = events(visit=visit).get()

    assert (found.id, found.kind, found.occurred_at) == (made, "visit.started", TEN)
    assert (found.centre_id, found.actor_id, found.visit_id) == (KHUWAIR, AISHA, visit)
    assert found.payload == {"channel": "walk_in"}
    assert found.recorded_at > datetime(2025, 12, 1, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "kind", "payload"),
    [
        (UnknownKind, "visit.imagined", {}),
        (PayloadNotAllowed, "visit.started", {}),
        (PayloadNotAllowed, "visit.started", {"channel": "walk_in", "civil": "10482256"}),
        (PayloadNotAllowed, "visit.started", {"channel": 3}),
        (PayloadNotAllowed, "case.completed", {"documents": True}),
        (PayloadNotAllowed, "case.completed", {"documents": None}),
    ],
)
def test_a_mistake_of_the_program_is_refused_and_nothing_is_written(error, kind, payload):
    with acting(centre_scope(KHUWAIR)):
        with pytest.raises(error):
            append(kind, at=TEN, by=AISHA, centre=KHUWAIR, **payload)
        assert events().count() == 0


@pytest.mark.django_db
def test_a_time_without_a_zone_is_refused():
    with acting(centre_scope(KHUWAIR)), pytest.raises(AssertionError, match="aware"):
        start_visit(at=TEN.replace(tzinfo=None))


@given(
    st.dictionaries(
        st.sampled_from(["code", "count", "on", "name"]),
        st.one_of(st.text(max_size=3), st.integers(), st.booleans(), st.none()),
    )
)
def test_a_payload_is_allowed_exactly_when_it_fits_its_kind(payload):
    fits = (
        payload.keys() <= {"code", "count", "on"}
        and {"code", "count"} <= payload.keys()
        and type(payload["code"]) is str
        and type(payload["count"]) is int
        and type(payload.get("on", True)) is bool
    )

    try:
        SAMPLE.check(payload)
        allowed = True
    except PayloadNotAllowed:
        allowed = False

    assert allowed == fits


def test_a_kind_is_registered_once():
    with pytest.raises(AssertionError, match="registered twice"):
        kinds.register(Kind("visit.started", "Something else", {}))


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [
    "UPDATE eventlog_event SET payload = '{}'",
    "UPDATE eventlog_event SET kind = 'visit.ended'",
    "DELETE FROM eventlog_event",
    "TRUNCATE eventlog_event",
    "UPDATE eventlog_eventobject SET qualifier = 'x'",
    "DELETE FROM eventlog_eventobject",
    "UPDATE eventlog_seal SET head = ''",
    "DELETE FROM eventlog_sealrun",
    "DROP TABLE eventlog_event",
    "ALTER TABLE eventlog_event DISABLE TRIGGER ALL",
    "INSERT INTO eventlog_event (xid) VALUES (3)",
    "INSERT INTO eventlog_event (recorded_at) VALUES (now() - interval '1 year')",
])  # fmt: skip
@pytest.mark.parametrize("who", SCOPES)
def test_nobody_who_serves_changes_removes_or_backdates(who, statement):
    with acting(centre_scope(KHUWAIR)):
        start_visit()
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        acting(SCOPES[who]),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with acting(centre_scope(KHUWAIR)):
        assert events().count() == 1


@pytest.mark.django_db
def test_the_order_inside_a_case_is_seq_and_not_time():
    case = new_id()
    with acting(centre_scope(KHUWAIR)):
        for seq in (2, 1, 3):
            append(
                "case.completed", at=TEN, by=AISHA, centre=KHUWAIR, case=case, seq=seq,
                documents=seq,
            )  # fmt: skip
        order = [event.payload["documents"] for event in events(case=case)]

    assert order == [1, 2, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("given_", [{"case": new_id()}, {"seq": 1}, {"case": new_id(), "seq": 0}])
def test_a_case_has_a_number_and_a_number_has_a_case(given_):
    with acting(centre_scope(KHUWAIR)), pytest.raises(IntegrityError), transaction.atomic():
        append("case.completed", at=TEN, by=AISHA, centre=KHUWAIR, documents=0, **given_)


@pytest.mark.django_db
def test_further_objects_of_an_event_are_kept_beside_it():
    with acting(centre_scope(KHUWAIR)):
        links = [ObjectLink("drawer", "d-1", "from"), ObjectLink("drawer", "d-2", "to")]
        event = append("visit.ended", at=TEN, by=AISHA, centre=KHUWAIR, objects=links)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT object_id, qualifier, centre_id FROM eventlog_eventobject"
                " WHERE event_id = %s ORDER BY 1", [event],
            )  # fmt: skip
            assert cursor.fetchall() == [("d-1", "from", KHUWAIR), ("d-2", "to", KHUWAIR)]


@pytest.mark.django_db
def test_each_reader_sees_what_is_theirs():
    with acting(centre_scope(KHUWAIR)):
        start_visit(KHUWAIR)
        delivered = {"delivery": str(new_id()), "tries": 1}
        append(
            "delivery.acknowledged", at=TEN, by=None, centre=KHUWAIR, entity=CHAMBER, **delivered
        )
    with acting(centre_scope(SOHAR)):
        start_visit(SOHAR)
    seen = {}
    for name, scope in SCOPES.items() - {("public", SCOPES["public"])}:
        with acting(scope):
            seen[name] = events(since=TEN).exclude(kind="price_list.published").count()
    with acting(entity_scope(HEALTH)):
        seen["another entity"] = events().count()

    assert seen == {"centre": 2, "national": 3, "entity": 1, "system": 3, "another entity": 0}


@pytest.mark.django_db
def test_a_visitor_may_rate_and_record_nothing_else():
    with acting(public_scope()):
        append("feedback.given", at=TEN, by=None, centre=KHUWAIR, face=5)
    with pytest.raises(DatabaseError, match="row-level security"), acting(public_scope()):
        append("visit.ended", at=TEN, by=None, centre=KHUWAIR)
    with pytest.raises(DatabaseError, match="row-level security"), acting(public_scope()):
        append("feedback.given", at=TEN, by=AISHA, centre=KHUWAIR, face=5)


@pytest.mark.django_db
def test_reading_by_kind_and_time():
    later = TEN.replace(hour=9)
    with acting(centre_scope(KHUWAIR)):
        start_visit(at=TEN)
        append("visit.ended", at=later, by=AISHA, centre=KHUWAIR)

        assert [e.kind for e in events()] == ["visit.started", "visit.ended"]
        assert [e.kind for e in events(kinds=("visit.ended",))] == ["visit.ended"]
        assert [e.kind for e in events(since=later)] == ["visit.ended"]
        assert [e.kind for e in events(before=later)] == ["visit.started"]
        assert last_moment() == later


@pytest.mark.django_db
def test_months_are_made_ahead_once_and_are_guarded():
    with acting(system_scope()):
        assert ensure_months(first=date(2031, 1, 15), last=date(2031, 3, 1)) == 3
        assert ensure_months(first=date(2031, 1, 15), last=date(2031, 4, 1)) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'eventlog_event_2031%%'"
            " AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        )
        assert cursor.fetchone() == (4,)


@pytest.mark.django_db
def test_months_without_end_are_refused():
    with pytest.raises(DatabaseError, match="twenty years"), acting(system_scope()):
        ensure_months(first=date(2031, 1, 1), last=date(2099, 1, 1))


@pytest.mark.django_db
def test_only_the_system_makes_months():
    with pytest.raises(DatabaseError, match="permission denied"), acting(centre_scope(KHUWAIR)):
        ensure_months(first=date(2031, 1, 1), last=date(2031, 1, 1))


@pytest.mark.django_db
def test_an_event_outside_every_month_is_kept_and_raises_the_alarm():
    with acting(centre_scope(KHUWAIR)):
        start_visit(at=datetime(2035, 6, 1, tzinfo=UTC))
        start_visit()
        assert events().count() == 2
    with acting(system_scope()):
        assert stray_events() == 1


@pytest.mark.django_db
def test_a_month_begins_in_utc_to_the_microsecond():
    with acting(centre_scope(KHUWAIR)):
        start_visit(at=datetime(2025, 9, 30, 23, 59, 59, 999_999, tzinfo=UTC))
        start_visit(at=datetime(2025, 10, 1, tzinfo=UTC))
    with acting(system_scope()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM eventlog_event"
            " WHERE kind = 'visit.started' ORDER BY occurred_at"
        )
        found = [name for (name,) in cursor.fetchall()]

    assert found == ["eventlog_event_2025_09", "eventlog_event_2025_10"]


def test_every_kind_is_dotted_and_has_a_meaning():
    for kind in all_kinds():
        noun, _, verb = kind.name.partition(".")
        assert noun.replace("_", "").isalpha(), kind
        assert verb.replace("_", "").isalpha(), kind
        assert kind.meaning[0].isupper(), kind
        assert not kind.meaning.endswith("."), kind
        assert kind.optional <= kind.payload.keys(), kind


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_a_payload_holds_codes_identifiers_and_amounts_only(kind):
    personal = {
        "name", "username", "phone", "civil", "number_civil", "passport", "email", "address",
        "birth", "signature", "text", "note", "comment", "answers", "ip", "key",
    }  # fmt: skip
    allowed = {str, int, bool, list, type(None)}
    for name, types in kind.payload.items():
        assert not set(name.split("_")) & personal or name == "key_kind", name
        assert set(types if isinstance(types, tuple) else (types,)) <= allowed, name
