"""Staff and people on screen: invited by a link shown once, removed at once; registry, holidays."""

import re
from datetime import date

import pytest

from sanad.accounts import queries
from sanad.centres import queries as centres
from sanad.db.scope import acting, centre_scope, national_scope
from sanad.eventlog.queries import events
from tests.committed import at_ten
from tests.network import (
    AISHA,
    BADR,
    CHAMBER,
    HUDA,
    KHALID,
    KHUWAIR,
    MUNA,
    NASSER,
    SALIM,
    YUSUF,
    ZAHRA,
)
from tests.walk import Walk
from tests.web_client import signed_in, words_of

__all__ = ["at_ten"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SALMA = {"username": "salma.k", "name_ar": "سلمى", "name_en": "Salma", "nationality": "OM"}


def staff() -> list[str]:
    with acting(centre_scope(KHUWAIR)):
        return sorted(one.username for one in queries.staff_of(KHUWAIR))


def link_in(response) -> str:
    found = re.search(r'value="[^"]*(/invitation/[^"]+)"', response.content.decode())
    return found[1] if found else ""


# -- a centre's staff ---


def test_an_invited_operator_opens_the_account_with_the_link_that_was_shown_once():
    salim = signed_in(SALIM)

    link = link_in(salim.post("/centre/staff/", SALMA | {"username": "SALMA.K"}))

    assert staff() == ["aisha", "badr", "salim", "salma.k"]
    assert link_in(salim.get("/centre/staff/")) == ""
    newcomer = signed_in(AISHA)
    newcomer.logout()
    assert newcomer.get(link).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "aisha"}, "already taken"),
        ({"username": "س"}, "A user name has 3 to 40 Latin letters"),
        ({"username": "a b"}, "A user name has 3 to 40 Latin letters"),
        ({"name_ar": "  "}, "The name is missing"),
        ({"nationality": "XX"}, "Nothing is chosen"),
        ({"nationality": ""}, "Nothing is chosen"),
    ],
)
def test_a_wrong_invitation_is_refused_and_stays_typed(change, words):
    refused = signed_in(SALIM).post("/centre/staff/", SALMA | {"name_en": "Salma K"} | change)

    assert refused.status_code == 422
    assert words in words_of(refused)
    assert 'value="Salma K"' in refused.content.decode()
    assert staff() == ["aisha", "badr", "salim"]


def test_a_removed_operator_is_out_at_once():
    aisha, salim = signed_in(AISHA), signed_in(SALIM)
    assert aisha.get("/home/").status_code == 200

    assert salim.post(f"/centre/staff/{AISHA}/remove/").status_code == 302

    assert aisha.get("/home/").headers["Location"].startswith("/accounts/login/")
    assert staff() == ["badr", "salim"]


@pytest.mark.parametrize("account", [SALIM, ZAHRA, MUNA])
def test_an_owner_removes_only_the_own_operators(account):
    refused = signed_in(SALIM).post(f"/centre/staff/{account}/remove/")

    assert refused.status_code == 409
    assert staff() == ["aisha", "badr", "salim"]


@pytest.mark.parametrize("account", [AISHA, MUNA, KHALID, NASSER])
def test_nobody_else_sees_the_staff_page(account):
    assert signed_in(account).get("/centre/staff/").status_code == 403
    assert signed_in(account).post("/centre/staff/", SALMA).status_code == 403
    assert staff() == ["aisha", "badr", "salim"]


# -- the ministry's people ---


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"role": "inspector"}, (None, None)),
        ({"role": "entity_officer", "entity": str(CHAMBER)}, (None, CHAMBER)),
        ({"role": "owner", "centre": "٢"}, (2, None)),
    ],
)
def test_the_ministry_invites_to_national_roles_entities_and_centres(typed, place):
    answer = signed_in(HUDA).post("/network/people/", SALMA | typed)

    assert link_in(answer)
    from sanad.accounts.models import Assignment

    with acting(national_scope()):
        made = Assignment.objects.get(account__username="salma.k")
    assert (made.centre_id, made.entity_id) == place


@pytest.mark.parametrize(
    "typed",
    [
        {"role": ""}, {"role": "operator", "centre": "1"}, {"role": "ministry"},
        {"role": "owner", "centre": ""}, {"role": "owner", "centre": "x"},
        {"role": "owner", "centre": "999999"}, {"role": "entity_officer"},
        {"role": "entity_officer", "entity": "9999"},
    ],
)  # fmt: skip
def test_an_invitation_to_no_place_or_no_role_is_refused(typed):
    refused = signed_in(HUDA).post("/network/people/", SALMA | typed)

    assert refused.status_code == 422
    assert "salma.k" in refused.content.decode()
    with acting(national_scope()):
        assert "salma.k" not in {one.username for one in queries.members()}


def test_the_ministry_ends_a_national_role_at_once_and_nobody_ends_their_own():
    khalid, huda = signed_in(KHALID), signed_in(HUDA)

    assert huda.post(f"/network/people/{KHALID}/remove/").status_code == 302
    assert huda.post(f"/network/people/{HUDA}/remove/").status_code == 409
    assert huda.post(f"/network/people/{YUSUF}/remove/").status_code == 409

    assert khalid.get("/home/").headers["Location"].startswith("/accounts/login/")


# -- the registry ---


def test_the_registry_counts_centres_jobs_and_the_omani_share():
    page = words_of(signed_in(NASSER).get("/network/"))
    muscat = words_of(signed_in(NASSER).get("/network/?governorate=1"))

    assert "Muscat 1 3 100%" in page
    assert "Together 3 4 100%" in page
    assert "1 3 100%" in muscat


@pytest.mark.parametrize("words", ["الاخـتبار - الخُوير", "khuwair", "TEST-0001", "١"])
def test_a_centre_is_found_by_folded_name_licence_or_number(words):
    page = words_of(signed_in(KHALID).get("/network/", {"q": words}))

    assert "Test centre - Al Khuwair" in page
    assert "Sohar" not in page


def test_a_centres_page_names_who_works_there():
    page = words_of(signed_in(KHALID).get(f"/network/centres/{KHUWAIR}/"))

    assert "Aisha Operator" in page
    assert "Salim Centre owner" in page
    assert "Zahra" not in page
    assert signed_in(KHALID).get("/network/centres/77/").status_code == 404


# -- holidays ---

DAY = {"day": "٢٠٢٥-١١-١٠", "name_ar": "يوم", "name_en": "A day", "source": "test"}


def listed() -> set[date]:
    with acting(national_scope()):
        return set(centres.holidays().names)


def test_a_holiday_is_added_and_taken_back():
    huda = signed_in(HUDA)

    assert huda.post("/network/holidays/", DAY).status_code == 302
    assert date(2025, 11, 10) in listed()
    assert huda.post("/network/holidays/2025-11-10/remove/").status_code == 302
    assert date(2025, 11, 10) not in listed()

    with acting(national_scope()):
        kinds = [event.kind for event in events(kinds=("holiday.added", "holiday.removed"))]
    assert kinds == ["holiday.added", "holiday.removed"]


def test_a_holiday_twice_is_refused_and_says_which():
    huda = signed_in(HUDA)
    huda.post("/network/holidays/", DAY)

    refused = huda.post("/network/holidays/", DAY | {"name_en": "Another"})

    assert refused.status_code == 422
    assert "twice: “A day” and “Another”" in words_of(refused)
    assert 'value="Another"' in refused.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "2025-09-30"}, "has begun or is over"),
        ({"day": "2025-02-30"}, "is not a day of the calendar"),
        ({"day": ""}, "is not a day of the calendar"),
        ({"name_en": " "}, "name is missing in one language"),
    ],
)
def test_a_wrong_holiday_is_refused_beside_its_field(change, words):
    before = listed()

    refused = signed_in(HUDA).post("/network/holidays/", DAY | change)

    assert refused.status_code == 422
    assert words in words_of(refused)
    assert listed() == before


@pytest.mark.parametrize(("day", "status"), [("2025-01-01", 409), ("2025-12-25", 409), ("x", 404)])
def test_only_coming_holidays_of_the_list_are_taken_back(day, status):
    before = listed()

    assert signed_in(HUDA).post(f"/network/holidays/{day}/remove/").status_code == status
    assert listed() == before


def test_only_the_ministry_edits_holidays():
    for account in (YUSUF, KHALID, NASSER, SALIM):
        assert signed_in(account).post("/network/holidays/", DAY).status_code == 403


# -- audit ---


def test_an_inspector_reads_what_was_done_at_a_centre_without_names_of_the_served():
    walk = Walk().submitted()

    page = words_of(signed_in(KHALID).get("/network/audit/", {"centre": "١"}))

    assert "10:00 case.submitted Aisha" in page
    assert walk.client.name.en not in page
    assert walk.client.civil not in page


@pytest.mark.parametrize(
    "typed", [{"centre": "x"}, {"centre": "77"}, {"centre": "1", "day": "30/9"}]
)
def test_a_wrong_question_is_refused_and_stays_typed(typed):
    refused = signed_in(KHALID).get("/network/audit/", typed)

    assert refused.status_code == 422
    assert f'value="{typed["centre"]}"' in refused.content.decode()


def test_analysts_do_not_audit():
    assert signed_in(NASSER).get("/network/audit/").status_code == 403
    assert signed_in(NASSER).post("/network/audit/seals/").status_code == 403


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_seals_are_verified_on_request(language, settings, tmp_path):
    settings.SANAD_ANCHOR = tmp_path
    client = signed_in(KHALID, language=language)

    assert client.get("/network/audit/").status_code == 200
    assert client.post("/network/audit/seals/").status_code == 200


@pytest.mark.parametrize("badr_may", [BADR])
def test_an_operator_sees_nothing_of_the_network(badr_may):
    client = signed_in(badr_may)
    for path in ("/network/", "/network/people/", "/network/holidays/", "/network/audit/"):
        assert client.get(path).status_code == 403
