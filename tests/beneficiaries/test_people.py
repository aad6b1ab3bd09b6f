"""People are national: found by an exact key in an open visit, by name among the centre's own."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import queries
from sanad.beneficiaries.models import Person, PersonCentre, Reveal
from sanad.cases import actions as cases
from sanad.counter import actions as counter
from sanad.db.scope import acting, centre_scope, entity_scope, national_scope, public_scope
from sanad.eventlog.queries import events
from sanad.lib.civil_number import CivilNumberRefused
from sanad.lib.phone import PhoneRefused
from tests.network import AISHA, CHAMBER, IBRAHIM, KHUWAIR, MARYAM, SOHAR, TEN, ZAHRA
from tests.refusals import said
from tests.walk import Walk

pytestmark = pytest.mark.django_db
KHUWAIRS = centre_scope(KHUWAIR, account=AISHA)
SOHARS = centre_scope(SOHAR, account=ZAHRA)


def look_up(visit, key=MARYAM.civil, *, kind="civil", scope=KHUWAIRS, by=AISHA):
    with acting(scope):
        return cases.look_up_person(visit=visit, key_kind=kind, key=key, at=TEN, by=by)


def open_visit(scope=SOHARS, *, centre=SOHAR, by=ZAHRA):
    with acting(scope):
        return counter.serve_without_ticket(centre=centre, point=1, at=TEN, by=by)


def seen(scope) -> int:
    with acting(scope):
        return Person.objects.count()


def lookups(visit) -> list[dict]:
    with acting(KHUWAIRS):
        return [e.payload for e in events(visit=visit) if e.kind == "person.looked_up"]


def register(scope=KHUWAIRS, *, centre=KHUWAIR, **other):
    details = {
        "key_kind": "civil", "key": IBRAHIM.civil, "name_ar": IBRAHIM.name.ar,
        "name_en": IBRAHIM.name.en, "phone": IBRAHIM.phone, "language": "ar", "nationality": "OM",
    }  # fmt: skip
    with acting(scope):
        return beneficiaries.register_person(
            centre=centre, at=TEN, by=AISHA, **(details | other)
        )  # fmt: skip


def test_a_person_of_another_centre_is_found_by_the_exact_number_and_seen_from_then_on():
    person = Walk().person_seated().made["person"]
    visit = open_visit()
    assert seen(SOHARS) == 0

    found = look_up(visit, "١٠٤٨٢٢٥٦", scope=SOHARS, by=ZAHRA)

    assert (found.id, found.keys) == (person, (("civil", "••••2256"),))
    assert seen(SOHARS) == 1


def test_each_look_up_is_recorded_found_or_not_and_never_with_the_number():
    visit = Walk().person_seated().made["visit"]

    assert look_up(visit, "99999999") is None
    records = lookups(visit)

    assert [(r["key_kind"], r["found"]) for r in records] == [("civil", False), ("civil", False)]
    found = look_up(visit)
    assert lookups(visit)[-1] == {"key_kind": "civil", "found": True, "person": str(found.id)}
    assert "99999999" not in str(lookups(visit)) and MARYAM.civil not in str(lookups(visit))


def test_without_an_open_visit_of_this_centre_nobody_is_looked_up():
    walk = Walk().person_seated().finished_visit()
    elsewhere = open_visit()

    for visit in (walk.made["visit"], elsewhere, uuid4()):
        with pytest.raises(cases.VisitOver) as refusal:
            look_up(visit)
        said(refusal.value)
    assert [r["found"] for r in lookups(walk.made["visit"])] == [False]


@pytest.mark.parametrize("whose", ["ended", "another centre's", "nobody's"])
def test_the_database_itself_looks_up_in_an_open_visit_of_the_scope_only(whose):
    walk = Walk().person_seated().finished_visit()
    visit = {"ended": walk.made["visit"], "another centre's": open_visit(), "nobody's": uuid4()}

    with acting(KHUWAIRS), pytest.raises(DatabaseError, match="a look-up needs an open visit"):
        by_sql(visit[whose], MARYAM.civil)


@pytest.mark.parametrize(
    "scope", [national_scope(), entity_scope(CHAMBER), public_scope()], ids=lambda s: s.role
)
def test_nobody_else_may_call_the_look_up(scope):
    visit = open_visit()

    with acting(scope), pytest.raises(DatabaseError, match="permission denied for function"):
        by_sql(visit, MARYAM.civil)


def by_sql(visit, key):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT cases_look_up_person(%s, 'civil', %s, %s)",
            [visit, beneficiaries.index_of("civil", key), TEN],
        )
        return cursor.fetchone()[0]


def test_a_centre_cannot_make_itself_see_a_person_by_sql():
    person = Walk().person_seated().made["person"]

    with acting(SOHARS), pytest.raises(DatabaseError), transaction.atomic():
        PersonCentre.objects.create(centre_id=SOHAR, person_id=person, since=TEN)
    assert seen(SOHARS) == 0


@pytest.mark.parametrize("words", ["مريم", "MARYAM", "ﻣﺮﻳﻢ", "البلوشيه", "2345678", "٢٣٤٥٦٧٨"])
def test_by_name_and_phone_among_the_centres_own(words):
    Walk().person_seated()

    with acting(KHUWAIRS):
        assert [p.name.en for p in queries.people_named(words)] == ["Maryam Al Balushi"]
    with acting(SOHARS):
        assert queries.people_named(words) == []


@pytest.mark.parametrize("words", ["", "م", "%%%", "___", "' OR 1=1", MARYAM.civil, "2256"])
def test_what_finds_nobody(words):
    Walk().person_seated()

    with acting(KHUWAIRS):
        assert queries.people_named(words) == []


def test_a_number_is_registered_once_in_the_whole_network():
    Walk().person_seated()

    with pytest.raises(beneficiaries.KeyTaken) as refusal:
        register(SOHARS, centre=SOHAR, key=MARYAM.civil)
    said(refusal.value)
    assert (seen(KHUWAIRS), seen(SOHARS)) == (1, 0)


def test_a_person_without_an_omani_card_is_known_by_passport():
    person = register(key_kind="passport", key=" p 123 4567 ")
    visit = open_visit(KHUWAIRS, centre=KHUWAIR, by=AISHA)

    assert person.keys == (("passport", "••••4567"),)
    assert look_up(visit, "P1234567", kind="passport").id == person.id
    assert look_up(visit, "1234567") is None


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"key": "12345"}, CivilNumberRefused),
        ({"key": "١٢٣٤٥٦٧٨٩٠"}, CivilNumberRefused),
        ({"key_kind": "passport", "key": "P1"}, beneficiaries.PassportRefused),
        ({"key_kind": "passport", "key": "جواز12345"}, beneficiaries.PassportRefused),
        ({"key_kind": "phone", "key": "92345678"}, beneficiaries.PassportRefused),
        ({"name_ar": " ", "name_en": ""}, beneficiaries.NameMissing),
        ({"name_ar": "ن" * 121}, beneficiaries.NameTooLong),
        ({"name_en": "n" * 500}, beneficiaries.NameTooLong),
        ({"phone": "12345"}, PhoneRefused),
        ({"language": "bengali"}, beneficiaries.LanguageUnknown),
    ],
)
def test_a_person_is_not_entered_with_what_is_wrong(wrong, reason):
    with pytest.raises(reason) as refusal:
        register(**wrong)
    said(refusal.value)
    assert seen(KHUWAIRS) == 0


def test_a_name_of_ligatures_folds_into_what_fits():
    assert register(name_ar="ﷺ" * 120).name.ar == "ﷺ" * 120


@pytest.mark.parametrize("number", ["123", "1" * 13, "12a45", "²²²²²"])
def test_a_company_number_is_4_to_12_digits(number):
    with pytest.raises(beneficiaries.CompanyNumberRefused) as refusal, acting(KHUWAIRS):
        beneficiaries.register_company(
            centre=KHUWAIR, cr_number=number, name_ar="شركة", name_en="", at=TEN, by=AISHA
        )
    said(refusal.value)


def test_a_company_is_entered_once():
    with acting(KHUWAIRS):
        first, again = (
            beneficiaries.register_company(
                centre=KHUWAIR, cr_number=number, name_ar="شركة", name_en="", at=TEN, by=AISHA
            )
            for number in ("1234567", "١٢٣ ٤٥٦٧")
        )
    assert first == again


def test_a_reveal_has_a_reason_and_is_recorded():
    person = Walk().person_seated().made["person"]

    with acting(KHUWAIRS):
        shown = beneficiaries.reveal(person=person, centre=KHUWAIR, at=TEN, by=AISHA,
                                     reason=" to compare with the card " + "x" * 300)  # fmt: skip
        record = Reveal.objects.get()
        logged = [e for e in events(centre=KHUWAIR) if e.kind == "person.revealed"]

    assert shown == {"civil": MARYAM.civil}
    assert record.reason.startswith("to compare with the card") and len(record.reason) == 200
    assert [(e.actor_id, e.payload) for e in logged] == [(AISHA, {"person": str(person)})]


@pytest.mark.parametrize("reason", ["", "need it", "        "])
def test_without_a_reason_nothing_is_revealed(reason):
    person = Walk().person_seated().made["person"]

    with pytest.raises(beneficiaries.ReasonTooShort) as refusal, acting(KHUWAIRS):
        beneficiaries.reveal(person=person, centre=KHUWAIR, reason=reason, at=TEN, by=AISHA)
    said(refusal.value)
    with acting(KHUWAIRS):
        assert not Reveal.objects.exists()


def test_another_centre_reveals_nothing():
    person = Walk().person_seated().made["person"]

    with pytest.raises(queries.NoSuchPerson), acting(SOHARS):
        beneficiaries.reveal(
            person=person, centre=SOHAR, reason="just curious about her", at=TEN, by=ZAHRA
        )
