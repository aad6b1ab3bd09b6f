"""The person's own page: mandates to revoke, who looked, what is kept. By a link, for a day."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import held, links
from sanad.beneficiaries.models import HeldDocument, Mandate, Notice, PersonPage
from sanad.beneficiaries.rules import MandateNotLive
from sanad.cases import actions as cases
from sanad.cases import mine
from sanad.cases.models import CaseDocument
from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, public_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions as gateway
from tests.cases.files import PDF
from tests.committed import as_owner_of_all, at_once
from tests.network import AISHA, BADR, KHUWAIR, MARYAM, RENEW_CARD, SAID, TEN
from tests.refusals import said
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = pytest.mark.usefixtures("committed")
WORDS = "I let the centre keep copies."


@pytest.fixture(autouse=True)
def _nobody_asked_yet(committed, settings, tmp_path):
    settings.SANAD_UPLOADS = tmp_path
    cache.clear()


def code_of(walk) -> str:
    with walk.scope():
        return walk.view().line.code


def send(walk, *, at=TEN):
    with acting(public_scope()):
        mine.send_page(code=code_of(walk), at=at)


def token(walk, *, at=TEN) -> str:
    send(walk, at=at)
    with walk.scope():
        page = PersonPage.objects.order_by("-made_at").first()
    return links.token_for("page", page.id)


def on(page: str, what, at=TEN):
    with acting(public_scope()):
        return what(page, at=at)


def test_the_link_goes_to_the_persons_phone_at_most_now_and_then():
    walk = Walk().opened()

    for minutes in (0, 5, 9, 10, 15, 20, 40, 60, 80):
        send(walk, at=TEN + timedelta(minutes=minutes))

    with walk.scope():
        assert PersonPage.objects.count() == 5
        assert Notice.objects.filter(kind="page").count() == 5
        assert {str(n.person_id) for n in Notice.objects.filter(kind="page")} == {
            str(walk.made["person"])
        }
    with as_owner_of_all() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'beneficiaries.send_notice'"
        )
        assert cursor.fetchone() == (5,)


def test_the_message_opens_the_page_and_the_database_does_not():
    walk = Walk().opened()
    page = token(walk)
    sent = []
    with walk.scope():
        notice = Notice.objects.get(kind="page")
        beneficiaries.send_notice(notice=notice.id, send=lambda *said: sent.append(said), at=TEN)

    assert sent[0][1] == "+96892345678" and f"/mine/{page}/" in sent[0][2]
    assert page not in notice.text
    assert on(page, mine.page).person_id == walk.made["person"]
    for wrong, at in (("x" * 22, TEN), (page, TEN + mine.PAGE_LASTS)):
        with pytest.raises(mine.PageOver) as over:
            on(wrong, mine.page, at)
        said(over.value)
        assert on(wrong, mine.mandates, at) == on(wrong, mine.looks, at) == []
        assert on(wrong, mine.consents, at) == []


def test_a_person_without_a_phone_gets_nothing_and_nobody_is_told():
    walk = Walk(client=SAID).opened()

    send(walk)

    with walk.scope():
        assert not PersonPage.objects.exists() and not Notice.objects.exists()


def test_every_look_is_told_with_who_where_when_and_why():
    walk = Walk().opened().finished_visit()
    again = Walk(operator=BADR).later(hours=1).person_seated()
    with again.scope():
        beneficiaries.reveal(
            person=walk.made["person"], centre=KHUWAIR, reason="to compare with the card",
            at=TEN + timedelta(hours=2), by=BADR,
        )  # fmt: skip

    found = on(token(walk), mine.looks)

    assert [(one.what, one.by.en, one.reason, one.at) for one in found] == [
        ("number", "Badr", "to compare with the card", TEN + timedelta(hours=2)),
        ("look-up", "Badr", "", TEN + timedelta(hours=1)),
    ]
    assert found[0].centre.en == "Test centre - Al Khuwair"


def test_a_revoked_mandate_sends_nothing():
    walk = Walk().paid()
    page = token(walk)
    (own,) = on(page, mine.mandates)
    assert (own.state(TEN), own.code) == ("live", code_of(walk))

    with acting(public_scope()):
        mine.revoke(token=page, mandate=own.id, at=TEN)

    with pytest.raises(MandateNotLive):
        walk.submitted()
    assert walk.status() == "paid"
    with walk.scope():
        (event,) = events(centre=KHUWAIR, kinds=("mandate.revoked",))
    assert (event.actor_id, event.payload) == (None, {"mandate": str(own.id)})
    assert [one.state(TEN) for one in on(page, mine.mandates)] == ["revoked"]


def test_what_was_sent_or_is_anothers_cannot_be_revoked():
    walk = Walk().submitted().finished_visit()
    other = Walk(client=SAID, service=RENEW_CARD).opened()
    page = token(walk)

    for mandate in (walk.made["mandate"], other.made["mandate"]):
        with acting(public_scope()), pytest.raises(MandateNotLive):
            mine.revoke(token=page, mandate=mandate, at=TEN)

    with walk.scope():
        assert not Mandate.objects.exclude(revoked_at=None).exists()
    assert on(page, mine.mandates)[0].state(TEN) == "used"


def test_revoking_and_sending_at_once_end_in_one_of_the_two():
    walk = Walk().paid()
    page = token(walk)

    def revoke():
        with acting(public_scope()):
            mine.revoke(token=page, mandate=walk.made["mandate"], at=TEN)

    def submit():
        with walk.scope():
            return gateway.submit(case=walk.case, at=TEN, by=AISHA)

    found = at_once(revoke, submit)

    refused = [isinstance(one, MandateNotLive) for one in found]
    assert sorted(refused) == [False, True]
    with walk.scope():
        revoked = Mandate.objects.exclude(revoked_at=None).count()
    assert (walk.status(), revoked) in {("queued", 0), ("paid", 1)}


# -- documents kept by consent ---------------------------------------------------------------------


def consent(walk):
    with walk.scope():
        return held.give_consent(
            person=walk.made["person"], centre=KHUWAIR, words=WORDS, language="en", at=walk.at,
            by=AISHA,
        )  # fmt: skip


def codes(walk) -> list[str]:
    with walk.scope():
        return [d.code for d in catalogue.service(walk.service, TEN.date()).documents]


def add(walk, code, **more):
    with walk.scope():
        cases.add_file(case=walk.case, code=code, name="scan.pdf", content=PDF, at=walk.at, **more)


def offered(walk) -> dict:
    with walk.scope():
        return held.kept_for(person=walk.made["person"], centre=KHUWAIR, at=walk.at)


UNTIL = date(2025, 10, 15)


def test_without_consent_nothing_is_kept():
    walk = Walk().opened()
    add(walk, codes(walk)[0], expires_on=UNTIL)

    assert offered(walk) == {}


def test_a_kept_document_serves_the_next_request_until_it_is_out_of_date():
    first = Walk().opened()
    consent(first)
    code = codes(first)[0]
    add(first, code, expires_on=UNTIL)
    first.finished_visit()
    second = Walk().later(days=2).opened()
    kept = offered(second)[code]
    assert (kept.expires_on, kept.is_in_date) == (UNTIL, True)

    with second.scope():
        cases.reuse_document(case=second.case, code=code, held=kept.id, at=second.at, by=AISHA)

    with second.scope():
        document = CaseDocument.objects.get(case_id=second.case)
        (event,) = events(case=second.case, kinds=("case.document_reused",))
    assert (document.held_as, document.expires_on, document.held_id) == ("file", UNTIL, kept.id)
    assert event.payload == {"document": code, "held": str(kept.id)}

    second.later(days=20)
    assert offered(second)[code].is_in_date is False
    with second.scope(), pytest.raises(held.OutOfDate) as refusal:
        cases.reuse_document(case=second.case, code=code, held=kept.id, at=second.at, by=AISHA)
    said(refusal.value)


def test_withdrawn_on_the_page_nothing_is_offered_any_more():
    walk = Walk().opened()
    given = consent(walk)
    assert consent(walk) == given  # ticked twice is once
    code = codes(walk)[0]
    add(walk, code, expires_on=UNTIL)
    kept = offered(walk)[code]
    page = token(walk)
    (shown,) = on(page, mine.consents)
    assert [one.expires_on for one in shown.documents] == [UNTIL]

    with acting(public_scope()):
        mine.withdraw(token=page, consent=given, at=TEN)
        mine.withdraw(token=page, consent=given, at=TEN)

    assert offered(walk) == {}
    with walk.scope(), pytest.raises(held.NotKept) as refusal:
        cases.reuse_document(case=walk.case, code=code, held=kept.id, at=walk.at, by=AISHA)
    said(refusal.value)
    with walk.scope():
        assert HeldDocument.objects.count() == 1  # the request that used it keeps its file
        (event,) = events(centre=KHUWAIR, kinds=("documents.consent_withdrawn",))
    assert (event.actor_id, event.payload) == (None, {"consent": str(given)})
    add(walk, code)
    assert offered(walk) == {}


def test_a_document_that_is_over_is_not_taken():
    walk = Walk().opened()

    with pytest.raises(cases.DocumentOutOfDate) as refusal:
        add(walk, codes(walk)[0], expires_on=date(2025, 9, 29))

    said(refusal.value)
    with walk.scope():
        assert not CaseDocument.objects.exists()


# -- on screen ------------------------------------------------------------------------------------


def test_on_screen_the_answer_is_the_same_whatever_the_code(at_ten):
    walk = Walk().opened()
    phone = Browser(headers={"accept-language": "en"})
    unknown = "2345-6789-ABCD"

    pages = [phone.post("/mine/send/", {"code": code}) for code in (code_of(walk), code_of(walk))]

    assert {page.status_code for page in pages} == {200}
    assert len({words_of(page) for page in pages}) == 1
    wrong = phone.post("/mine/send/", {"code": unknown})
    assert wrong.status_code == 422 and unknown in wrong.content.decode()
    with walk.scope():
        assert PersonPage.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_on_screen_revoke_and_withdraw(at_ten, language):
    walk = Walk().paid()
    given = consent(walk)
    page = token(walk)
    phone = Browser(headers={"accept-language": language})
    phone.cookies["sanad_language"] = language
    address = f"/mine/{page}/"

    shown = phone.get(address)
    assert shown.status_code == 200 and shown.headers["Cache-Control"] == "no-store"
    assert MARYAM.civil not in shown.content.decode()
    mandate = walk.made["mandate"]
    assert phone.post(address, {"do": "revoke", "id": str(mandate)}).status_code == 302
    assert phone.post(address, {"do": "revoke", "id": str(mandate)}).status_code == 409
    assert phone.post(address, {"do": "revoke", "id": "nonsense"}).status_code == 409
    assert phone.post(address, {"do": "withdraw", "id": str(given)}).status_code == 302

    desk = signed_in(AISHA, language=language)
    refused = desk.post(f"/desk/cases/{walk.case}/submit/")
    assert refused.status_code == 409
    assert walk.status() == "paid"
    for gone in ("x" * 22, "…"):
        assert phone.get(f"/mine/{gone}/").status_code == 404


def test_on_screen_a_file_is_saved_and_never_shown(at_ten):
    walk = Walk().opened()
    consent(walk)
    code = codes(walk)[0]
    desk = signed_in(AISHA)
    from django.core.files.uploadedfile import SimpleUploadedFile

    typed = {"do": "file", "code": code, "expires_on": "next year",
             "file": SimpleUploadedFile("عقد.pdf", PDF)}  # fmt: skip
    refused = desk.post(f"/desk/cases/{walk.case}/documents/", typed)
    assert refused.status_code == 409
    done = typed | {"expires_on": "٢٠٢٥-١٠-١٥", "file": SimpleUploadedFile("عقد.pdf", PDF)}
    assert desk.post(f"/desk/cases/{walk.case}/documents/", done).status_code == 302

    answer = desk.get(f"/desk/cases/{walk.case}/files/{code}/")

    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.get(f"/desk/cases/{walk.case}/files/other/").status_code == 409
    walk.finished_visit()
    second = Walk().later(minutes=1).opened()
    page = desk.get(f"/desk/cases/{second.case}/").content.decode()
    kept = offered(second)[code]
    assert 'value="reuse"' in page and str(kept.id) in page
    reused = {"do": "reuse", "code": code, "held": str(kept.id)}
    assert desk.post(f"/desk/cases/{second.case}/documents/", reused).status_code == 302
    assert desk.get(f"/desk/cases/{second.case}/files/{code}/").content == PDF


def test_on_screen_a_secret_in_a_rating_is_refused_and_the_page_stays(at_ten):
    walk = Walk().answered("approved")
    phone = Browser(headers={"accept-language": "en"})
    address = f"/track/{code_of(walk)}/"

    refused = phone.post(address, {"face": "3", "reason": "my pin is 4821, thank you"})

    assert refused.status_code == 422
    assert 'value="my pin is 4821, thank you"' in refused.content.decode()
    assert "How was it?" in words_of(refused)
    assert phone.post(address, {"face": "3", "reason": "thank you"}).status_code == 302
