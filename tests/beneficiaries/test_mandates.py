"""A mandate: one person, one service, one centre, one case, a ceiling, 24 hours, these words."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import rules
from sanad.beneficiaries.models import Mandate
from sanad.beneficiaries.queries import keyring
from sanad.cases import actions as cases
from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, centre_scope
from sanad.eventlog.queries import events
from sanad.lib.bilingual import Text
from tests.network import AISHA, IBRAHIM, KHUWAIR, MARYAM, SOHAR, TEN, ZAHRA
from tests.refusals import said
from tests.walk import RENEW_CARD, RENEW_MEMBERSHIP, Walk

pytestmark = pytest.mark.django_db
STROKES = "10,10 20,20 30,25 40,20;50,10 60,20 70,30 80,10"
TERMS = rules.Terms(
    centre=Text("مركز الخوير", "Al Khuwair centre"), service=Text("تجديد", "Renewal"),
    entity=Text("الغرفة", "the Chamber"), ceiling_baisa=3_150, fee_is_open=True,
    until="2025-10-01 10:00",
)  # fmt: skip


def grant(walk: Walk, **other):
    """A mandate of the walk's person, with a drawn signature unless told otherwise."""
    with walk.scope():
        service = catalogue.service(RENEW_MEMBERSHIP, TEN.date())
        details = {
            "person": walk.made["person"], "service_id": service.id, "service_code": service.code,
            "centre": KHUWAIR, "terms": TERMS, "language": "ar", "method": "card_and_signature",
            "signature": STROKES, "card_seen": True, "at": walk.at, "by": AISHA,
        }  # fmt: skip
        return beneficiaries.grant_mandate(**(details | other))


def open_with(walk: Walk, mandate, service=RENEW_MEMBERSHIP):
    with walk.scope():
        return cases.open_case(
            visit=walk.made["visit"], service_code=service, mandate=mandate, at=walk.at, by=AISHA
        )


@pytest.fixture
def walk(db: None) -> Walk:
    return Walk().person_seated()


def test_it_is_bound_to_the_words_that_were_agreed_to(walk):
    mandate = grant(walk)

    with walk.scope():
        stored = Mandate.objects.get(id=mandate)
    words = TERMS.in_words("ar")
    assert bytes(stored.text_hash) == hashlib.sha256(words.encode()).digest()
    assert bytes(stored.text_hash) != rules.hash_of(TERMS.in_words("en"))
    assert "3.150" in words and "مركز الخوير" in words and "لم يُطلب مني أي رقم سري" in words


def test_it_says_so_where_the_government_fee_is_open():
    for language, sentence in (("ar", "غير معروف بعد"), ("en", "not known yet")):
        assert sentence in TERMS.in_words(language)
        assert sentence not in replace(TERMS, fee_is_open=False).in_words(language)


def test_the_signature_is_sealed_to_the_person(walk):
    mandate = grant(walk)

    with walk.scope():
        sealed = bytes(Mandate.objects.get(id=mandate).signature_sealed)
    assert b"10,10" not in sealed
    assert keyring().open(sealed, bound_to=walk.made["person"].bytes).decode() == STROKES


def test_the_log_says_who_agreed_to_what_and_not_in_which_words(walk):
    mandate = grant(walk)

    with walk.scope():
        (event,) = events(centre=KHUWAIR, kinds=("mandate.granted",))
    assert event.payload == {
        "mandate": str(mandate), "person": str(walk.made["person"]), "service": RENEW_MEMBERSHIP,
        "ceiling_baisa": 3_150, "method": "card_and_signature",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"card_seen": False}, rules.CardNotSeen),
        ({"signature": ""}, rules.SignatureMissing),
        ({"signature": "10,10 11,11"}, rules.SignatureMissing),
        ({"signature": "1,1 " * 10_000}, rules.SignatureMissing),
        ({"method": "code_read_aloud"}, rules.SignatureMissing),
        ({"method": "card_and_typed_name", "signature": "   "}, rules.SignatureMissing),
        ({"method": "card_and_typed_name", "signature": IBRAHIM.name.ar}, rules.NameDiffers),
        ({"method": "card_and_typed_name", "signature": "Maryam"}, rules.NameDiffers),
    ],
)
def test_it_is_not_given_without_card_and_signature(walk, wrong, reason):
    with pytest.raises(reason) as refusal:
        grant(walk, **wrong)
    said(refusal.value)
    with walk.scope():
        assert not Mandate.objects.exists()


@pytest.mark.parametrize("name", [MARYAM.name.ar, "مـريم بنت خالد البلوشيه", "MARYAM AL BALUSHI"])
def test_a_typed_name_is_compared_as_it_is_read(walk, name):
    assert grant(walk, method="card_and_typed_name", signature=name)


def test_it_serves_one_case(walk):
    mandate = grant(walk)
    open_with(walk, mandate)

    with pytest.raises(rules.MandateNotLive) as refusal:
        open_with(walk, mandate)
    said(refusal.value)
    with walk.scope():
        assert cases.Case.objects.count() == 1


def test_it_serves_its_service_its_person_and_its_centre_only(walk):
    with pytest.raises(rules.MandateNotLive):
        open_with(walk, grant(walk), service=RENEW_CARD)

    with walk.scope():
        other = Walk(client=IBRAHIM).known_person(walk.made["visit"])
    with pytest.raises(rules.MandateNotLive):
        open_with(walk, grant(walk, person=other))

    elsewhere = Walk(centre=SOHAR, operator=ZAHRA).person_seated()
    both = centre_scope(KHUWAIR, SOHAR)
    with acting(both):
        service = catalogue.service(RENEW_MEMBERSHIP, TEN.date())
        foreign = beneficiaries.grant_mandate(
            person=walk.made["person"], service_id=service.id, service_code=service.code,
            centre=SOHAR, terms=TERMS, language="ar", method="card_and_signature",
            signature=STROKES, card_seen=True, at=TEN, by=ZAHRA,
        )  # fmt: skip
    with acting(both), pytest.raises(rules.MandateNotLive):
        cases.open_case(
            visit=walk.made["visit"], service_code=RENEW_MEMBERSHIP, mandate=foreign, at=TEN,
            by=AISHA,
        )  # fmt: skip
    assert elsewhere.made["person"] == walk.made["person"]


def test_it_ends_after_24_hours_to_the_second(walk):
    mandate = grant(walk)
    with pytest.raises(rules.MandateNotLive):
        open_with(walk.later(hours=24), mandate)

    open_with(walk.later(seconds=-1), mandate)


def test_it_ends_when_its_words_say_and_never_later(walk):
    soon, late = TEN + timedelta(hours=2), TEN + timedelta(days=30)
    for until, ends in ((soon, soon), (late, TEN + timedelta(hours=24))):
        with walk.scope():
            mandate = grant(walk, until=until)
            assert Mandate.objects.get(id=mandate).expires_at == ends


def test_a_revoked_one_is_over_for_good(walk):
    walk.opened().revoked()

    with walk.scope(), pytest.raises(rules.MandateNotLive):
        beneficiaries.require_live_mandate(case=walk.case, at=walk.at)
    with pytest.raises(rules.MandateNotLive):
        open_with(walk, walk.made["mandate"])
    with walk.scope():
        assert [e.kind for e in events(centre=KHUWAIR, kinds=("mandate.revoked",))]
        assert beneficiaries.revoke_mandate(
            case=walk.case, centre=KHUWAIR, at=walk.at, by=AISHA
        ) == 0  # fmt: skip


def test_it_is_not_live_before_it_was_given(walk):
    walk.opened().later(seconds=-1)

    with walk.scope(), pytest.raises(rules.MandateNotLive):
        beneficiaries.require_live_mandate(case=walk.case, at=walk.at)


@pytest.mark.parametrize(("total", "allowed"), [(3_149, True), (3_150, True), (3_151, False)])
def test_its_ceiling_is_a_ceiling(total, allowed):
    if allowed:
        rules.require_below_ceiling(total_baisa=total, ceiling_baisa=3_150)
        return
    with pytest.raises(rules.AboveCeiling) as refusal:
        rules.require_below_ceiling(total_baisa=total, ceiling_baisa=3_150)
    assert "3.151" in said(refusal.value)[0]
