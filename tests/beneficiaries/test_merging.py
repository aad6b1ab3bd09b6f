"""People who look alike are shown before one is entered; two entries become one, and back."""

from datetime import timedelta

import pytest

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import merging
from sanad.beneficiaries.models import Identity, Mandate, Person, PersonApart, PersonMerge
from sanad.beneficiaries.queries import MergedAway, NoSuchPerson, keyring, people_named
from sanad.cases import actions as cases
from sanad.cases import merging as whole
from sanad.cases.models import Case, Visit
from sanad.counter import actions as counter
from sanad.db.scope import acting, centre_scope
from sanad.eventlog.queries import events
from sanad.lib.bilingual import Text
from sanad.lib.secrets_in_text import SecretRefused
from tests.committed import at_once
from tests.network import AISHA, BADR, IBRAHIM, KHUWAIR, MARYAM, NOORA, SOHAR, TEN, ZAHRA, Client
from tests.refusals import said
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = pytest.mark.usefixtures("committed")
WHY = "the same woman, seen with both cards"
# Maryam as somebody entered her by passport: another spelling, the same phone.
PASSPORT = Client("AB123456", Text("مريم بنت خالد البلوشي", "Mariam Al Balushi"), MARYAM.phone)


def by_passport(centre=KHUWAIR, by=AISHA):
    """Maryam, entered again by her passport."""
    with acting(centre_scope(centre, account=by)):
        return beneficiaries.register_person(
            centre=centre, key_kind="passport", key=PASSPORT.civil, name_ar=PASSPORT.name.ar,
            name_en=PASSPORT.name.en, phone=PASSPORT.phone, language="ar", nationality="OM",
            at=TEN, by=by,
        ).id  # fmt: skip


def alike(name_ar="", name_en="", phone=""):
    with acting(centre_scope(KHUWAIR)):
        return merging.look_alikes(centre=KHUWAIR, name_ar=name_ar, name_en=name_en, phone=phone)


@pytest.fixture
def two():
    """(keep, the walk of gone): Maryam by card, and by passport with an open request."""
    keep = Walk(operator=BADR).person_seated().finished_visit().made["person"]
    walk = Walk(client=PASSPORT)
    with walk.scope():
        walk.made["visit"] = counter.serve_without_ticket(centre=KHUWAIR, point=1, at=TEN, by=AISHA)
    walk.made["person"] = by_passport()
    with walk.scope():
        cases.seat_person(visit=walk.made["visit"], person=walk.made["person"])
    return keep, walk.opened()


def merge(keep, walk, *, reason=WHY, at=TEN):
    with walk.scope():
        return whole.merge_people(
            keep=keep, gone=walk.made["person"], centre=KHUWAIR, reason=reason, at=at, by=AISHA
        )


def owners(walk) -> dict:
    """Whose each thing is."""
    with walk.scope():
        return {
            "case": Case.objects.get(id=walk.case).person_id,
            "visit": Visit.objects.get(id=walk.made["visit"]).person_id,
            "mandate": Mandate.objects.get(id=walk.made["mandate"]).person_id,
            "passport": Identity.objects.get(kind="passport").person_id,
            "kept": PersonMerge.objects.filter(undone_at=None).count(),
        }


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name_ar": "مريم بنت خالد البلوشي"}, "spelling"),
        ({"name_ar": "مريم خالد البلوشية"}, "a word left out"),
        ({"name_en": "Mariam Al Balushi"}, "another spelling in Latin letters"),
        ({"name_ar": "شخص آخر تماما", "phone": "9234 5678"}, "the same phone"),
        ({"name_ar": "ليلى", "phone": "+968 92345678"}, "the same phone as typed otherwise"),
    ],
)
def test_who_looks_alike_is_found(typed, why):
    person = Walk().person_seated().made["person"]

    assert [one.person.id for one in alike(**typed)] == [person], why


@pytest.mark.parametrize(
    "typed",
    [
        {"name_ar": IBRAHIM.name.ar, "name_en": IBRAHIM.name.en, "phone": IBRAHIM.phone},
        {"name_ar": NOORA.name.ar, "name_en": NOORA.name.en},
        {"name_ar": "مريم بنت سالم الهنائية"},
        {"name_ar": "خالد بن سعيد البلوشي", "name_en": "Khalid Al Balushi"},
        {"name_ar": "ليلى", "phone": "not a phone"},
        {},
    ],
)
def test_who_does_not_is_not(typed):
    Walk().person_seated()

    assert alike(**typed) == []


def test_another_centres_people_are_not_told():
    Walk(centre=SOHAR, operator=ZAHRA).person_seated()

    assert alike(name_ar=MARYAM.name.ar, phone=MARYAM.phone) == []


def test_somebody_alike_is_chosen_or_told_apart_with_a_reason_that_is_kept():
    maryam = Walk().person_seated().made["person"]
    details = {
        "centre": KHUWAIR, "key_kind": "civil", "key": "10482299", "name_ar": MARYAM.name.ar,
        "name_en": "", "phone": "", "language": "ar", "nationality": "OM", "at": TEN, "by": AISHA,
    }  # fmt: skip

    def enter(**more):
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return merging.register_somebody_new(**details, **more)

    with pytest.raises(merging.LooksAlike) as refusal:
        enter()
    said(refusal.value)
    with pytest.raises(beneficiaries.ReasonTooShort):
        enter(apart_from=[maryam], apart_reason="no")
    with pytest.raises(SecretRefused):
        enter(apart_from=[maryam], apart_reason="her PIN is 4821, not the same")
    with acting(centre_scope(KHUWAIR)):
        assert Person.objects.count() == 1

    new = enter(apart_from=[maryam], apart_reason="another card, another photo")

    with acting(centre_scope(KHUWAIR)):
        kept = PersonApart.objects.get()
        (event,) = events(centre=KHUWAIR, kinds=("person.told_apart",))
    assert (kept.person_id, kept.other_id) == (new.id, maryam)
    assert kept.reason == "another card, another photo"
    assert event.payload == {"person": str(new.id), "other": str(maryam)}


def test_everything_goes_over_and_comes_back(two):
    keep, walk = two
    gone = walk.made["person"]
    before = owners(walk)
    assert set(before.values()) == {gone, 0}

    made = merge(keep, walk)

    assert owners(walk) == dict.fromkeys(before, keep) | {"kept": 1}
    with walk.scope():
        assert [one.id for one in people_named("بنت خالد")] == [keep]
        mandate = Mandate.objects.get(id=walk.made["mandate"])
        opened = keyring().open(bytes(mandate.signature_sealed), bound_to=keep.bytes).decode()
        with pytest.raises(MergedAway):
            cases.seat_person(visit=walk.made["visit"], person=gone)
    assert opened == PASSPORT.name.ar

    with walk.scope():
        whole.undo_merge(merge=made, at=TEN + timedelta(days=6), by=BADR)

    assert owners(walk) == before
    with walk.scope():
        assert {one.id for one in people_named("بنت خالد")} == {keep, gone}
        kinds = [e.kind for e in events(centre=KHUWAIR) if e.kind.startswith("person.merge")]
        numbers = beneficiaries.reveal(
            person=gone, centre=KHUWAIR, reason="to compare with the card", at=TEN, by=AISHA
        )
    assert kinds == ["person.merged", "person.merge_undone"]
    assert numbers == {"passport": PASSPORT.civil}


def test_a_merged_request_goes_on_to_the_entity(two):
    keep, walk = two
    merge(keep, walk)
    walk.made["person"] = keep

    assert walk.completed().submitted().status() == "queued"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda walk: walk.completed().paid(), whole.AlreadyOutside),
        (lambda walk: walk.completed().submitted(), whole.AlreadyOutside),
        (lambda walk: walk.completed().paid().paid_back(), whole.AlreadyOutside),
    ],
    ids=["paid", "sent", "paid and given back"],
)
def test_nobody_disappears_whose_money_moved(two, change, reason):
    keep, walk = two
    change(walk)
    before = owners(walk)

    with pytest.raises(reason) as refusal:
        merge(keep, walk)

    said(refusal.value)
    assert owners(walk) == before


def test_nobody_disappears_whom_another_centre_serves(two):
    keep, walk = two
    elsewhere = Walk(centre=SOHAR, operator=ZAHRA)
    with elsewhere.scope():
        visit = counter.serve_without_ticket(centre=SOHAR, point=1, at=TEN, by=ZAHRA)
        cases.look_up_person(visit=visit, key_kind="passport", key=PASSPORT.civil, at=TEN, by=ZAHRA)

    with pytest.raises(merging.ServedElsewhere) as refusal:
        merge(keep, walk)
    said(refusal.value)

    with elsewhere.scope(), pytest.raises(NoSuchPerson):
        whole.merge_people(
            keep=keep, gone=walk.made["person"], centre=SOHAR, reason=WHY, at=TEN, by=ZAHRA
        )
    assert owners(walk)["kept"] == 0


def test_two_civil_numbers_are_two_people():
    first = Walk(operator=BADR).person_seated().made["person"]
    second = Walk(client=IBRAHIM).opened()

    with pytest.raises(merging.TwoNumbers) as refusal:
        merge(first, second)
    said(refusal.value)
    with pytest.raises(merging.MergeWithSelf):
        merge(second.made["person"], second)


def test_a_reason_is_needed_and_holds_no_secret(two):
    keep, walk = two
    before = owners(walk)

    with pytest.raises(beneficiaries.ReasonTooShort):
        merge(keep, walk, reason="same")
    with pytest.raises(SecretRefused):
        merge(keep, walk, reason="كلمة السر ١٢٣٤٥ وهي نفسها")
    assert owners(walk) == before


@pytest.mark.parametrize(
    ("then", "later"),
    [
        (lambda walk: None, timedelta(days=8)),
        (lambda walk: walk.completed(), timedelta(hours=1)),
        (lambda walk: walk.revoked(), timedelta(hours=1)),
    ],
    ids=["too late", "the request went on", "the mandate was revoked"],
)
def test_what_was_touched_since_stays_where_it_is(two, then, later):
    keep, walk = two
    made = merge(keep, walk)
    walk.made["person"] = keep
    then(walk)
    before = owners(walk)

    with walk.scope(), pytest.raises(merging.CannotUndo) as refusal:
        whole.undo_merge(merge=made, at=TEN + later, by=AISHA)

    said(refusal.value)
    assert owners(walk) == before


def test_two_merges_at_once_are_one(two):
    keep, walk = two

    found = at_once(lambda: merge(keep, walk), lambda: merge(keep, walk))

    assert sorted(type(one).__name__ for one in found) == ["MergedAlready", "UUID"]
    with walk.scope():
        assert PersonMerge.objects.count() == 1
        assert len(events(centre=KHUWAIR, kinds=("person.merged",))) == 1


def test_each_way_at_once_leaves_one_of_them(two):
    keep, walk = two
    gone = walk.made["person"]

    def other_way():
        with walk.scope():
            return whole.merge_people(
                keep=gone, gone=keep, centre=KHUWAIR, reason=WHY, at=TEN, by=BADR
            )

    at_once(lambda: merge(keep, walk), other_way)

    with walk.scope():
        assert Person.objects.filter(merged_into=None).count() == 1
        assert Person.objects.exclude(merged_into=None).count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_on_screen_from_the_warning_to_the_undo(two, at_ten, language):
    keep, walk = two
    gone = walk.made["person"]
    client = signed_in(AISHA, language=language)

    file = client.get(f"/desk/people/{keep}/")
    assert f"/desk/people/{keep}/merge/{gone}/" in file.content.decode()
    side_by_side = client.get(f"/desk/people/{keep}/merge/{gone}/")
    assert PASSPORT.name.in_language(language) in words_of(side_by_side)
    refused = client.post(f"/desk/people/{keep}/merge/{gone}/", {"reason": "same"})
    assert refused.status_code == 409
    assert 'value="same"' in refused.content.decode()

    client.post(f"/desk/people/{keep}/merge/{gone}/", {"reason": WHY})
    assert owners(walk)["kept"] == 1
    with walk.scope():
        made = PersonMerge.objects.get().id
    for person in (keep, gone):
        assert WHY in words_of(client.get(f"/desk/people/{person}/"))

    client.post(f"/desk/people/merges/{made}/undo/", {"person": str(keep)})
    assert owners(walk)["case"] == gone


def test_on_screen_one_who_looks_alike_is_shown_and_what_was_typed_stays(at_ten):
    walk = Walk().person_seated()
    client = signed_in(AISHA)
    address = f"/desk/visits/{walk.made['visit']}/person/"
    typed = {"do": "register", "key": "10482299", "name_ar": "مريم بنت خالد البلوشي",
             "name_en": "", "phone": "97777777", "language": "en"}  # fmt: skip

    page = client.post(address, typed)

    assert page.status_code == 409
    assert MARYAM.name.en in words_of(page)
    for value in ("10482299", "97777777", "مريم بنت خالد البلوشي"):
        assert f'value="{value}"' in page.content.decode()
    again = client.post(
        address, typed | {"apart_from": str(walk.made["person"]), "apart_reason": "no"}
    )
    assert again.status_code == 422
    done = client.post(
        address, typed | {"apart_from": str(walk.made["person"]), "apart_reason": "another card"}
    )
    assert done.status_code == 302
    with walk.scope():
        assert Person.objects.count() == 2
