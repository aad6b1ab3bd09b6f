"""What other rooms ask of the catalogue, seen with the eyes of those who ask."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction

from sanad.catalogue import queries
from sanad.catalogue.actions import (
    AlreadyWithdrawn,
    NotWithdrawn,
    ServiceUnknown,
    restore_service,
    withdraw_service,
)
from sanad.db.scope import acting, centre_scope, entity_scope, national_scope, public_scope
from sanad.lib.bilingual import Text
from tests.catalogue.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
ON = date(2025, 9, 30)
RENEW = "moh-renew-resident-work-card"


@pytest.fixture
def as_anyone() -> Iterator[None]:
    with acting(public_scope()):
        yield


@pytest.fixture
def as_ministry() -> Iterator[None]:
    with acting(national_scope()):
        yield


@pytest.mark.parametrize(
    "scope", [public_scope(), centre_scope(1), entity_scope(3), national_scope()]
)
def test_everybody_reads_the_catalogue(scope: object) -> None:
    with acting(scope):  # type: ignore[arg-type]
        assert queries.service(RENEW, ON).name.en == "Renew resident and work card (worker)"


@pytest.mark.usefixtures("as_anyone")
def test_a_service_in_full() -> None:
    found = queries.service(RENEW, ON)

    assert found.name == Text(
        "تجديد بطاقة مقيم وعمل (عامل)", "Renew resident and work card (worker)"
    )
    assert (found.entity.number, found.entity.name.en) == (1, "Ministry of Health")
    assert found.is_offered
    assert found.is_in_full
    assert [(line.stage, line.baisa, line.unit) for line in found.fee_lines.values()] == [
        ("submit", 4000, "request")
    ]
    assert "worker_civil_number" in queries.sealed_keys(found.form)
    assert [document.code for document in found.documents or ()] == [
        "passport",
        "resident_card",
        "work_permit",
        "representative_authorisation",
    ]
    assert [stage.code for stage in found.procedure] == ["prepare", "examine", "decide"]
    assert queries.service_by_id(found.id, ON) == found
    assert found.provenance["documents"] == "assumption"
    assert queries.sources()["assumption"].kind == "assumption"


@pytest.mark.usefixtures("as_anyone")
def test_a_service_nobody_described_has_its_familys_form_and_says_so() -> None:
    found = queries.service("obp-renew-commercial-registration", ON)

    assert (found.family, found.is_in_full) == ("registration-existing", False)
    assert found.documents_are_assumed
    assert [field.key for field in found.form] == [
        "commercial_name",
        "employer_cr_number",
        "change_wanted",
        "contact_phone",
    ]


@pytest.mark.usefixtures("as_anyone")
def test_the_cap_of_every_stage() -> None:
    lines = queries.service("mol-preliminary-approval-commercial", ON).fee_lines

    assert {stage: line.baisa for stage, line in lines.items()} == {
        "submit": 5000,
        "cancel": 1000,
        "pay": 2000,
        "accept": 2000,
        "resend": 3000,
    }
    assert queries.fee_line("mol-preliminary-approval-commercial", "pay", ON) == lines["pay"]
    assert queries.fee_line(RENEW, "resend", ON) is None


@pytest.mark.usefixtures("as_anyone")
def test_a_charge_by_the_page_says_so() -> None:
    line = queries.fee_line("obp-commercial-activities-printout", "submit", ON)

    assert line is not None
    assert (line.baisa, line.unit) == (200, "page")


@pytest.mark.usefixtures("as_anyone")
def test_before_the_list_there_is_no_published_fee() -> None:
    assert queries.fee_line(RENEW, "submit", date(2024, 12, 31)) is None


@pytest.mark.usefixtures("as_anyone")
def test_the_lists_two_dates_are_told_apart() -> None:
    (price_list,) = queries.price_lists()

    assert price_list.list_date == date(2026, 1, 1)
    assert price_list.in_force_from == date(2025, 1, 1)


@pytest.mark.usefixtures("as_anyone")
def test_the_government_fee_by_the_answers() -> None:
    assert queries.government_fee(RENEW, {"handles_food": "food"}, ON).baisa == 40000
    assert queries.government_fee(RENEW, {}, ON).kind == "needs_answer"
    assert queries.government_fee("mazoon-new-connection", {}, ON).kind == "to_be_confirmed"


@pytest.mark.usefixtures("as_anyone")
def test_entities_and_their_services() -> None:
    entities = queries.entities()

    assert len(entities) == 31
    assert sum(entity.services for entity in entities) == 388
    assert [one.code for one in queries.services_of(16, ON)] == [
        "opp-pay-fine",
        "opp-customer-service",
    ]
    assert queries.counts(ON) == {
        "entities": 31,
        "services": 388,
        "services_in_full": 41,
        "fee_lines": 324,
        "price_lists": 1,
    }


@pytest.mark.usefixtures("as_anyone")
def test_a_service_is_refused_where_it_is_not() -> None:
    with pytest.raises(queries.NoSuchService, match="no-such-service"):
        queries.service("no-such-service", ON)
    with pytest.raises(queries.NoSuchService, match=RENEW):
        queries.service(RENEW, date(2024, 1, 1))
    with pytest.raises(queries.NoSuchService, match="999999"):
        queries.service_by_id(999999, ON)


@pytest.mark.usefixtures("as_ministry")
def test_a_withdrawn_service_is_found_by_its_code_but_not_offered() -> None:
    withdraw_service(code=RENEW, on=ON, at=AT, by=None)

    assert queries.service(RENEW, date(2025, 9, 29)).is_offered
    assert not queries.service(RENEW, ON).is_offered
    assert queries.service(RENEW, ON).withdrawn_from == ON
    assert RENEW not in [hit.code for hit in queries.search("تجديد بطاقة مقيم وعمل", on=ON)]


@pytest.mark.usefixtures("as_ministry")
def test_a_restored_service_keeps_its_history() -> None:
    withdraw_service(code=RENEW, on=date(2025, 9, 1), at=AT, by=None)

    restore_service(code=RENEW, on=ON, at=AT, by=None)

    assert not queries.service(RENEW, date(2025, 9, 29)).is_offered
    assert queries.service(RENEW, ON).is_offered


@pytest.mark.usefixtures("as_ministry")
def test_withdrawing_twice_and_restoring_what_is_offered_are_refused() -> None:
    with pytest.raises(NotWithdrawn):
        restore_service(code=RENEW, on=ON, at=AT, by=None)
    with pytest.raises(ServiceUnknown):
        withdraw_service(code="no-such-service", on=ON, at=AT, by=None)
    withdraw_service(code=RENEW, on=ON, at=AT, by=None)

    with pytest.raises(AlreadyWithdrawn):
        withdraw_service(code=RENEW, on=date(2025, 8, 1), at=AT, by=None)


def test_a_centre_cannot_withdraw_a_service() -> None:
    with (
        acting(centre_scope(1)),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
    ):
        withdraw_service(code=RENEW, on=ON, at=AT, by=None)


@pytest.mark.usefixtures("as_anyone")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("تجديد بطاقة مقيم وعمل (عامل)", RENEW),
        ("بطاقه المقيم", "rop-resident-card"),  # ta marbuta
        ("الغاء تصريح العمل", "mol-cancel-work-permit"),  # hamza
        ("تَجْدِيد السِّجِل التِّجَاري", "obp-renew-commercial-registration"),  # vowel signs
        ("تـجديد الـعضوية", "occi-renew-membership"),  # tatweel
        ("سجل تجاري", "obp-renew-commercial-registration"),  # the article
        ("رخصت صيد", "mafwr-renew-fishing-licence"),  # a typo
        ("تجيد رخصه الصد", "mafwr-renew-fishing-licence"),  # two typos
        ("renew membership", "occi-renew-membership"),
        ("domestc worker contrat", "mol-domestic-worker-contract"),
        ("j[]d] hgsyg hgj[hvd", "obp-renew-commercial-registration"),  # under English, one slip
        ("قثىثص ةثةلاثقساهح", "occi-renew-membership"),  # under Arabic
        ("كهرباء مزون توصيل جديد", "mazoon-new-connection"),  # with the entity
        ("OCCI renew", "occi-renew-membership"),
        ("هروب", "mol-register-leaving-work-report"),  # the everyday word
        ("wafid", "moh-attest-pre-arrival-medical-report"),
        ("judicial notice 12Wx15H", "alroya-judicial-notice-12x15"),
        ("main signboard", "moi-main-signboard"),
    ],
)
def test_search_finds_what_was_meant(words: str, expected: str) -> None:
    found = [hit.code for hit in queries.search(words, limit=3, on=ON)]

    assert expected in found


@pytest.mark.usefixtures("as_anyone")
def test_a_hit_names_service_and_entity_in_both_languages() -> None:
    first, *_ = queries.search("lost passport", on=ON)

    assert first.name == Text("إستمارة إعلان فقدان جواز سفر", "Publish notice of lost passport")
    assert first.entity.name.ar in {"جريدة عمان", "جريدة الرؤية"}
    assert first.entity.code in {"oman-daily", "alroya"}


@pytest.mark.usefixtures("as_anyone")
@pytest.mark.parametrize("words", ["", "   ", "ـــ", "؟", "'\"; DROP TABLE x; --", "%", "a" * 9999])
def test_search_takes_whatever_is_typed(words: str) -> None:
    assert len(queries.search(words, limit=5, on=ON)) <= 5


@pytest.mark.usefixtures("as_anyone")
def test_search_is_served_by_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM catalogue_service WHERE fold_all %%> 'بطاقه'", [])
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "catalogue_service_search" in plan
