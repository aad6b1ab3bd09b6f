"""A mandate by a link to the person's own phone: read, answered once, by nobody else."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import links, remote, rules
from sanad.beneficiaries.models import Mandate, MandateRequest, Notice
from sanad.beneficiaries.queries import keyring
from sanad.cases import actions as cases
from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, centre_scope, public_scope
from sanad.eventlog.queries import events
from sanad.lib.bilingual import Text
from tests.committed import as_owner_of_all, at_once
from tests.network import AISHA, KHUWAIR, MARYAM, RENEW_MEMBERSHIP, SAID, SOHAR, TEN, Client
from tests.refusals import said
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = pytest.mark.usefixtures("committed")
TERMS = rules.Terms(
    centre=Text("مركز الخوير", "Al Khuwair centre"), service=Text("تجديد", "Renewal"),
    entity=Text("الغرفة", "the Chamber"), ceiling_baisa=30_000, fee_is_open=False,
    until="2025-10-01 10:00",
)  # fmt: skip
STROKES = "10,10 20,20 30,25 40,20;50,10 60,20 70,30 80,10"


@pytest.fixture(autouse=True)
def _nobody_asked_yet(committed):
    cache.clear()


@pytest.fixture
def walk():
    return Walk().person_seated()


def ask(walk, *, at=TEN):
    """The token that is on its way to the person's phone."""
    with walk.scope():
        service = catalogue.service(RENEW_MEMBERSHIP, TEN.date())
        request = remote.ask_by_phone(
            person=walk.made["person"], service_id=service.id, service_code=service.code,
            centre=KHUWAIR, terms=TERMS, until=at + timedelta(hours=24), at=at, by=AISHA,
        )  # fmt: skip
    walk.made["request"] = request
    return links.token_for("approve", request)


def answer(token, *, agreed=True, name=MARYAM.name.ar, signature="", at=TEN):
    with acting(public_scope()):
        remote.answer(token=token, agreed=agreed, typed_name=name, signature=signature, at=at)


def state(walk, at=TEN) -> str:
    with walk.scope():
        return remote.approval(walk.made["request"], at=at).state


def test_the_link_goes_to_the_phone_and_is_kept_nowhere(walk):
    token = ask(walk)
    sent = []

    with walk.scope():
        notice = Notice.objects.get(kind="approve")
        beneficiaries.send_notice(notice=notice.id, send=lambda *said: sent.append(said), at=TEN)

    ((_, phone, text),) = sent
    assert phone == "+96892345678"
    assert f"/approve/{token}/" in text
    assert token not in notice.text and "{link}" in notice.text
    assert len(token) == 22  # 128 bits
    with as_owner_of_all() as cursor:
        for table in ("beneficiaries_mandaterequest", "beneficiaries_notice", "procrastinate_jobs",
                      "eventlog_event"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{token}%"])
            assert cursor.fetchone() == (0,), table


def test_agreeing_makes_a_mandate_to_those_words_and_the_case_opens(walk):
    token = ask(walk)

    answer(token)

    with walk.scope():
        mandate = Mandate.objects.get()
        case = cases.open_case(
            visit=walk.made["visit"], service_code=RENEW_MEMBERSHIP, mandate=mandate.id, at=TEN,
            by=AISHA,
        )  # fmt: skip
        kinds = [e.kind for e in events(centre=KHUWAIR) if e.kind.startswith("mandate.")]
        (granted,) = events(centre=KHUWAIR, kinds=("mandate.granted",))
    assert (mandate.method, mandate.ceiling_baisa) == ("own_phone", 30_000)
    assert bytes(mandate.text_hash) == rules.hash_of(TERMS.in_words("ar"))
    assert mandate.expires_at == TEN + timedelta(hours=24)
    person = walk.made["person"].bytes
    assert keyring().open(bytes(mandate.signature_sealed), bound_to=person).decode() == (
        MARYAM.name.ar
    )
    assert kinds == ["mandate.asked", "mandate.granted"]
    assert granted.actor_id is None
    assert case


def test_a_drawn_signature_counts_and_refusing_makes_nothing(walk):
    answer(ask(walk), name="", signature=STROKES)
    assert state(walk) == "agreed"

    answer(ask(walk), agreed=False, name="")

    assert state(walk) == "refused"
    with walk.scope():
        assert Mandate.objects.count() == 1
        (refused,) = events(centre=KHUWAIR, kinds=("mandate.refused",))
    assert refused.payload == {"request": str(walk.made["request"])}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": ""}, rules.SignatureMissing),
        ({"name": "", "signature": "1,1"}, rules.SignatureMissing),
        ({"name": "إبراهيم الكندي"}, rules.NameDiffers),
        ({"at": TEN + remote.LINK_LASTS}, remote.LinkOver),
    ],
)
def test_a_wrong_answer_moves_nothing(walk, wrong, reason):
    token = ask(walk)

    with pytest.raises(reason) as refusal:
        answer(token, **wrong)

    said(refusal.value)
    assert state(walk) == "waiting"
    with walk.scope():
        assert not Mandate.objects.exists()


def test_a_link_is_answered_once(walk):
    token = ask(walk)
    answer(token, agreed=False)

    with pytest.raises(remote.LinkOver):
        answer(token)
    assert state(walk) == "refused"


def test_answered_twice_at_once_is_one_answer(walk):
    token = ask(walk)

    found = at_once(*[lambda: answer(token)] * 3, lambda: answer(token, agreed=False, name=""))

    assert sorted(type(one).__name__ for one in found) == [
        "LinkOver", "LinkOver", "LinkOver", "NoneType",
    ]  # fmt: skip
    with walk.scope():
        assert Mandate.objects.count() == (1 if state(walk) == "agreed" else 0)


def test_a_phone_that_proves_nothing_is_refused(walk):
    nobody = Walk(client=SAID, operator=walk.operator)
    walk.finished_visit()
    nobody.person_seated()
    with pytest.raises(remote.PhoneMissing) as missing:
        ask(nobody)
    said(missing.value)

    with walk.scope():
        for number in range(4):
            beneficiaries.register_person(
                centre=KHUWAIR, key_kind="civil", key=f"2048225{number}", name_ar=f"اسم {number}",
                name_en="", phone=MARYAM.phone, language="ar", nationality="OM", at=TEN, by=AISHA,
            )  # fmt: skip
    with pytest.raises(remote.PhoneNotOwn) as shared:
        ask(walk)
    said(shared.value)
    with walk.scope():
        assert not MandateRequest.objects.exists()


def test_a_phone_that_somebody_of_the_staff_gave_as_theirs_is_refused(walk):
    walk.finished_visit()
    Walk(client=Client("20482251", Text("عائشة", "Aisha"), MARYAM.phone)).person_seated()

    with pytest.raises(remote.PhoneNotOwn):
        ask(walk)


def test_a_person_is_not_asked_all_day(walk):
    for _ in range(remote.MOST_ASKED):
        ask(walk)

    with pytest.raises(remote.AskedTooOften) as refusal:
        ask(walk)
    said(refusal.value)
    assert ask(walk, at=TEN + timedelta(hours=1))


def test_visitors_reach_no_request_but_by_its_token(walk):
    ask(walk)

    with acting(public_scope()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('app_public', 'beneficiaries_mandaterequest', 'SELECT')"
        )
        assert cursor.fetchone() == (False,)
        assert remote.asked("A" * 22) is None
    with acting(centre_scope(SOHAR)):
        assert remote.approval(walk.made["request"], at=TEN) is None


@pytest.mark.parametrize("language", ["ar", "en"])
def test_on_screen_from_the_desk_to_the_phone_and_back(walk, at_ten, language):
    desk = signed_in(AISHA, language=language)
    address = f"/desk/visits/{walk.made['visit']}/mandate/{RENEW_MEMBERSHIP}/"
    desk.post(address, {"do": "phone"})
    with walk.scope():
        request = MandateRequest.objects.get()
    walk.made["request"] = request.id
    assert "hx-trigger" in desk.get(f"/desk/approvals/{request.id}/").content.decode()

    phone = Browser(headers={"accept-language": "en"})
    link = f"/approve/{links.token_for('approve', request.id)}/"
    page = phone.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'lang="ar" dir="rtl"' in page.content.decode()
    assert "لا أحد" not in words_of(page) and MARYAM.name.ar not in words_of(page)
    assert phone.get(link).status_code == 200  # looking changes nothing
    assert state(walk) == "waiting"
    wrong = phone.post(link, {"answer": "agree", "typed_name": "مريم"})
    assert wrong.status_code == 409 and 'value="مريم"' in wrong.content.decode()
    assert phone.post(link, {"answer": "agree", "typed_name": MARYAM.name.en}).status_code == 200
    assert state(walk) == "agreed"

    part = desk.get(f"/desk/approvals/{request.id}/").content.decode()
    assert 'value="agreed-on-phone"' in part and "hx-trigger" not in part
    opened = desk.post(address, {"do": "agreed-on-phone"})
    assert re.match(r"/desk/cases/[0-9a-f-]{36}/$", opened.url)
    again = desk.post(address, {"do": "agreed-on-phone"})
    assert again.status_code == 409  # single use


def test_on_screen_a_link_that_is_over_looks_like_one_that_never_was(walk, at_ten):
    phone = Browser()
    gone = links.token_for("approve", walk.made["person"])
    ask(walk, at=TEN - timedelta(hours=1))
    over = links.token_for("approve", walk.made["request"])

    pages = [phone.get(f"/approve/{token}/") for token in (gone, over, "x", "…" * 40)]

    assert {page.status_code for page in pages} == {404}
    assert len({words_of(page) for page in pages}) == 1


def test_on_screen_guessing_is_slowed_down(committed, at_ten):
    phone = Browser(headers={"accept-language": "en"})

    answers = [phone.get(f"/approve/{number:022d}/").status_code for number in range(62)]

    assert answers[:60] == [404] * 60 and answers[60:] == [429, 429]
