"""The same request twice is asked about before it is sent; another request is not."""

import pytest

from sanad.beneficiaries.actions import ReasonTooShort
from sanad.cases import actions as cases
from sanad.cases import duplicates
from sanad.cases.rules import NotNow
from sanad.catalogue import queries as catalogue
from sanad.counter import desk
from sanad.eventlog.queries import events
from sanad.lib.secrets_in_text import SecretRefused
from tests.network import AISHA, BADR, IBRAHIM, MARYAM, RENEW_CARD, RENEW_MEMBERSHIP, TEN
from tests.refusals import said
from tests.walk import ANSWERS, WORK_PERMIT, Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def submit(walk):
    with walk.scope():
        desk.submit(case=walk.case, at=walk.at, by=walk.operator)


def overrule(walk, reason="the second shop of the same owner"):
    with walk.scope():
        duplicates.overrule(case=walk.case, reason=reason, at=walk.at, by=walk.operator)


def second(*, service=RENEW_MEMBERSHIP, client=MARYAM, **duration) -> Walk:
    """The same operator, another visit, a paid case of the same service."""
    return Walk(service=service, client=client).later(**duration or {"minutes": 30}).completed()


def paid(walk: Walk, number: int) -> Walk:
    return walk.paid(reference=f"77{number:04d}")


def answered(walk: Walk, **answers) -> Walk:
    with walk.scope():
        cases.reopen(case=walk.case, at=walk.at, by=AISHA)
        assert not cases.save_draft(
            case=walk.case, answers=ANSWERS[walk.service] | answers, at=walk.at
        )
        cases.complete(case=walk.case, at=walk.at, by=AISHA)
    return walk


# (what came before, what is sent now, whether it is asked about): recall and no false alarm.
CORPUS = [
    ("open, same answers", lambda: Walk().completed(), second, True),
    ("sent", lambda: Walk().submitted(), second, True),
    ("approved days ago", lambda: Walk().answered("approved"), lambda: second(days=29), True),
    ("rejected days ago", lambda: Walk().answered("rejected"), lambda: second(days=3), True),
    ("returned", lambda: Walk().answered("returned", fields=["membership_number"]),
     lambda: second(hours=3), True),
    ("a card, same worker", lambda: Walk(service=RENEW_CARD).completed(),
     lambda: second(service=RENEW_CARD), True),
    ("work permit", lambda: Walk(service=WORK_PERMIT).completed(),
     lambda: second(service=WORK_PERMIT), True),
    ("nothing before", lambda: Walk(client=IBRAHIM).opened(), second, False),
    ("another service", lambda: Walk(service=RENEW_CARD).completed(), second, False),
    ("decided long ago", lambda: Walk().answered("approved"), lambda: second(days=31), False),
    ("cancelled", lambda: Walk().paid().paid_back(), second, False),
    ("another membership", lambda: Walk().completed(),
     lambda: answered(second(), membership_number="9912"), False),
    ("another worker", lambda: Walk(service=RENEW_CARD).completed(),
     lambda: answered(second(service=RENEW_CARD), worker_civil_number="71234599",
                      worker_passport_number="P7654321"), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "asked"), [c[1:] for c in CORPUS], ids=[c[0] for c in CORPUS]
)
def test_the_corpus(before, now, asked):
    before().finished_visit()
    walk = paid(now(), 1)

    with walk.scope():
        found = duplicates.alike_of(walk.case, at=walk.at)
    if not asked:
        assert found == []
        submit(walk)
        assert walk.status() == "queued"
        return
    assert len(found) == 1
    with pytest.raises(duplicates.LooksLikeDuplicate) as refusal:
        submit(walk)
    said(refusal.value)
    assert walk.status() == "paid"


def test_the_first_of_two_is_not_asked_while_the_second_is_a_draft():
    first = paid(Walk().completed(), 1).finished_visit()
    second().finished_visit()

    submit(first)

    assert first.status() == "queued"


def test_a_reason_lets_it_go_and_stays():
    Walk().completed().finished_visit()
    walk = paid(second(), 2)
    for reason, refusal in (("no", ReasonTooShort), ("her pin is 4821 for both", SecretRefused)):
        with pytest.raises(refusal):
            overrule(walk, reason)

    overrule(walk)
    submit(walk)

    assert walk.status() == "queued"
    with walk.scope():
        (event,) = events(case=walk.case, kinds=("case.duplicate_overruled",))
        kept = duplicates.overruled(walk.case)
    assert len(event.payload["others"]) == 1
    assert (kept.reason, kept.account_id) == ("the second shop of the same owner", AISHA)
    with pytest.raises(NotNow):
        overrule(walk)


def test_nothing_to_explain_is_said():
    walk = paid(Walk().completed(), 1)

    with pytest.raises(duplicates.NothingAlike) as refusal:
        overrule(walk)
    said(refusal.value)


def test_a_corrected_request_is_sent_again_without_a_question():
    walk = Walk().answered("returned", fields=["membership_number"])
    walk.finished_visit()
    second().finished_visit()

    submit(walk)

    assert walk.status() == "queued"


def test_numbers_name_the_subject_but_not_who_asks():
    with Walk().scope():
        form = catalogue.service(RENEW_CARD, TEN.date()).form

    assert duplicates.naming_keys(form) == {"worker_civil_number", "worker_passport_number"}
    assert duplicates.same_subject(form, {}, {"worker_civil_number": "1"})
    assert duplicates.same_subject(form, {"employer_cr_number": "1"}, {"employer_cr_number": "2"})
    assert not duplicates.same_subject(
        form, {"worker_passport_number": "P1"}, {"worker_passport_number": "P2"}
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_on_screen_it_is_shown_before_it_is_opened_and_before_it_is_sent(language):
    first = Walk().completed().finished_visit()
    with first.scope():
        code = first.view().line.code
    walk = Walk().person_seated()
    client = signed_in(AISHA, language=language)

    page = client.get(f"/desk/visits/{walk.made['visit']}/mandate/{RENEW_MEMBERSHIP}/")
    assert code in words_of(page)
    walk.completed()
    paid(walk, 3)
    refused = client.post(f"/desk/cases/{walk.case}/submit/")
    assert refused.status_code == 409 and code in words_of(refused)
    again = client.post(f"/desk/cases/{walk.case}/not-duplicate/", {"why_other": "no"})
    assert again.status_code == 409 and 'value="no"' in again.content.decode()
    client.post(f"/desk/cases/{walk.case}/not-duplicate/", {"why_other": "her second shop"})
    assert client.post(f"/desk/cases/{walk.case}/submit/").status_code == 302
    assert "her second shop" in words_of(client.get(f"/desk/cases/{walk.case}/"))


# -- gone on with at another counter --------------------------------------------------------------


def test_a_draft_goes_on_at_another_counter():
    walk = Walk().opened().finished_visit()
    other = signed_in(BADR)

    assert other.post(f"/desk/cases/{walk.case}/take-over/").status_code == 302

    walk.operator = BADR
    with walk.scope():
        (event,) = events(case=walk.case, kinds=("case.taken_over",))
        view = cases.Case.objects.select_related("visit").get(id=walk.case)
    assert view.visit.account_id == BADR and view.visit.person_id == walk.made["person"]
    assert event.visit_id == view.visit_id
    assert "taken-over" not in str(event.payload)


def test_it_does_not_join_somebody_elses_visit():
    walk = Walk().opened().finished_visit()
    Walk(client=IBRAHIM, operator=BADR).person_seated()

    refused = signed_in(BADR).post(f"/desk/cases/{walk.case}/take-over/")

    assert refused.status_code == 409
    with walk.scope():
        assert not events(case=walk.case, kinds=("case.taken_over",))
        visit = cases.Case.objects.get(id=walk.case).visit_id
    assert visit == walk.made["visit"]


def test_what_is_with_the_entity_is_not_gone_on_with():
    walk = Walk().acknowledged().finished_visit()
    again = Walk().later(minutes=9).person_seated()

    with walk.scope(), pytest.raises(NotNow):
        cases.take_over(case=walk.case, visit=again.made["visit"], at=again.at, by=AISHA)
