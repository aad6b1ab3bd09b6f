"""The data folder against its source, and against what a reader may expect of it."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from sanad.catalogue.files import DATA
from sanad.catalogue.files.summary import by_provenance
from sanad.catalogue.forms import form_schema, validate
from sanad.catalogue.shapes import Catalogue, Definition

TEN_MOST_USED = {
    "Renew - Labour, & Resident Card (Workers)": "moh-renew-resident-work-card",
    "New - Labour, & Resident Card (Workers)": "moh-issue-resident-work-card",
    "Sponsor Change - Labour, & Resident Card (Workers)": "moh-change-sponsor-resident-work-card",
    "Membership Renewal": "occi-renew-membership",
    "Pre-Arrival Medical eReport - GAMCA/WAFID": "moh-attest-pre-arrival-medical-report",
    "Employee Contract": "mol-employment-contract",
    "Domestic Worker Contract": "mol-domestic-worker-contract",
    "New Membership Registration": "occi-register-membership",
    "Renew - Labour, Resident, & Municipality Health Card": "moh-renew-resident-work-health-card",
    "New Connection Request": "mazoon-new-connection",
}
# Names and the official terms that keep their capital inside a sentence.
CAPITALS = {"Omani", "Omanis", "Omanisation", "Sanad", "Centre", "Hajj", "Mala'a"}


def definition(files: Catalogue, code: str) -> Definition:
    return next(one for one in files.definitions if one.service == code)


def test_the_folder_holds_the_whole_list(files: Catalogue) -> None:
    (price_list,) = files.price_lists

    assert len(files.services) == 388
    assert len(files.entities) == 31
    assert len(price_list.lines) == 325
    assert len(price_list.loaded_lines) == 324
    assert len(files.definitions) == 388


def test_the_one_duplicate_is_named(files: Catalogue) -> None:
    (price_list,) = files.price_lists

    duplicates = [line for line in price_list.lines if line.duplicate_of]

    assert [(one.line, one.duplicate_of, one.service) for one in duplicates] == [
        (325, 324, "safqat-view-my-offers")
    ]


def test_the_lists_own_date_and_the_demonstrations_stay_apart(files: Catalogue) -> None:
    (price_list,) = files.price_lists

    assert price_list.list_date.isoformat() == "2026-01-01"
    assert price_list.demonstration_in_force_from.isoformat() == "2025-01-01"


def test_names_and_fees_are_the_sources(files: Catalogue, shared_data: Path) -> None:
    source = json.loads((shared_data / "catalogue" / "sanad_price_list.json").read_text("utf-8"))
    entities = {entity.number: entity.official_name_ar for entity in files.entities}
    expected = [
        (
            service["entity_no"],
            service["entity_ar"],
            service["name_ar"],
            fee["action"].replace(" ", "_"),
            fee["baisa"],
            fee.get("per", "request"),
        )
        for service in source["services"]
        for fee in service["fees"]
    ]
    services = {service.code: service for service in files.services}

    found = [
        (
            services[line.service].list_group,
            entities[services[line.service].entity],
            services[line.service].official_name_ar,
            line.stage,
            line.baisa,
            line.unit,
        )
        for line in files.price_lists[0].lines
    ]

    assert found == expected


def test_the_ten_most_used_services_are_described_in_full(
    files: Catalogue, shared_data: Path
) -> None:
    with (shared_data / "network" / "most_used_services.csv").open(encoding="utf-8") as file:
        used = [row["service_en"] for row in csv.DictReader(file) if row["year"] == "2025"]

    assert used == list(TEN_MOST_USED)


@pytest.mark.parametrize("code", TEN_MOST_USED.values())
def test_a_service_in_full_has_everything_the_counter_needs(files: Catalogue, code: str) -> None:
    found = definition(files, code)

    assert found.family is None
    assert found.description
    assert len(found.form) >= 4
    assert found.documents
    assert {stage.responsible for stage in found.procedure} >= {"centre", "entity"}
    assert any(stage.may_return for stage in found.procedure)
    for text in [
        *(text for field in found.form for text in (field.label, field.help, field.guidance)),
        *(text for one in found.documents for text in (one.name, one.why)),
        *(stage.name for stage in found.procedure),
        found.government_fee.note,
    ]:
        assert text.ar
        assert text.en


def test_government_fees_are_of_all_three_kinds_and_known_ones_have_a_page(
    files: Catalogue,
) -> None:
    fees = {code: definition(files, code).government_fee for code in TEN_MOST_USED.values()}

    assert {fee.kind for fee in fees.values()} == {"fixed", "table", "to_be_confirmed"}
    for fee in fees.values():
        kind = files.sources[fee.provenance].kind
        assert kind == ("not-published" if fee.kind == "to_be_confirmed" else "verified-page")


def test_every_verified_page_has_an_address_and_a_day(files: Catalogue) -> None:
    for source in files.sources.values():
        if source.kind in {"verified-page", "official-list"}:
            assert source.url, source.code
            assert source.date, source.code


def test_a_service_nobody_described_says_so(files: Catalogue) -> None:
    found = definition(files, "obp-renew-commercial-registration")

    assert found.family == "registration-existing"
    assert {one.provenance for one in found.documents or ()} == {"assumption"}
    assert found.government_fee.kind == "to_be_confirmed"
    assert found.provenance["documents"] == "assumption"
    assert found.provenance["government_fee"] == "not-published"


def test_families_are_many_and_small_and_leave_nobody_out(files: Catalogue) -> None:
    in_families = [code for family in files.families for code in family.services]
    described = [one.service for one in files.definitions if one.family is None]

    assert len(files.families) >= 40
    assert max(len(family.services) for family in files.families) <= 20
    assert sorted(in_families + described) == sorted(one.code for one in files.services)


def test_the_form_of_every_family_is_a_schema_that_can_be_filled(files: Catalogue) -> None:
    for family in files.families:
        assert len(family.form) >= 2, family.code
        assert len(form_schema(family.form)["properties"]) == len(family.form), family.code
        assert any(stage.target for stage in family.procedure), family.code
        assert all(field.guidance.ar and field.guidance.en for field in family.form), family.code
        assert not validate(family.form, {}).complete, family.code


def test_the_services_beyond_the_official_list_say_so_and_have_no_fee_line(
    files: Catalogue,
) -> None:
    priced = {line.service for one in files.price_lists for line in one.lines}
    further = [one for one in files.services if one.code not in priced]
    kinds = Counter(files.sources[one.provenance["at_centres"]].kind for one in further)

    assert len(further) == 135
    assert kinds == {"public-directory": 32, "assumption": 103}
    for entity in files.entities:
        ours = files.sources[entity.provenance["number"]].kind == "assumption"
        assert ours == (entity.number >= 100), entity.code


def test_a_government_fee_has_its_source_and_an_unknown_one_no_amount(files: Catalogue) -> None:
    for one in files.definitions:
        fee = one.government_fee
        if fee.kind != "to_be_confirmed":
            assert files.sources[fee.provenance].kind in {"verified-page", "public-directory"}
        else:
            assert fee.baisa is None
            assert not fee.rows


def test_every_service_that_names_sanad_offices_is_here(
    files: Catalogue, shared_data: Path
) -> None:
    directory = shared_data / "catalogue" / "government_services_directory.csv"
    with directory.open(encoding="utf-8") as file:
        named = [row["name_ar"].strip() for row in csv.DictReader(file) if row["sanad_channel"]]
    known = {one.official_name_ar for one in files.services}
    known |= {name for one in files.services for name in one.also_known}

    assert len(named) == 68
    assert set(named) <= known


def test_the_directorys_names_are_kept_letter_for_letter(
    files: Catalogue, shared_data: Path
) -> None:
    directory = shared_data / "catalogue" / "government_services_directory.csv"
    with directory.open(encoding="utf-8") as file:
        names = {row["name_ar"].strip() for row in csv.DictReader(file)}

    for one in files.services:
        if one.provenance["name_ar"] == "government-directory":
            assert one.official_name_ar in names, one.code


def test_every_field_is_marked_with_its_source(files: Catalogue) -> None:
    marked = by_provenance(files)

    assert marked["name_ar"] == {
        "official-list": 253,
        "public-directory": 121,
        "assumption": 14,
    }
    assert marked["name_en"] == {"our-translation": 374, "assumption": 14}
    assert marked["fees"] == {"official-list": 324}
    assert sum(marked["documents"].values()) == 388
    assert sum(marked["government_fee"].values()) == 388


def test_english_names_are_in_one_style(files: Catalogue) -> None:
    for service in files.services:
        name = service.name.en
        assert name[0].isupper(), name
        assert not re.search("[\u0600-\u06ff]|  |Dashboard|[Ll]icense\\b", name) or (
            # "License" is the verb, "licence" the paper.
            name.startswith("License activities")
        ), name
        inner = re.findall(r"(?<![\w'])[A-Z][a-z']+", name)[1:]
        assert set(inner) <= CAPITALS, name


def test_lines_that_are_only_a_payment_say_so_in_both_languages(files: Catalogue) -> None:
    for service in files.services:
        arabic = re.search(r"- ?دفع$", service.official_name_ar) is not None
        assert service.name.en.endswith(" – payment") == arabic, service.code


def test_shown_arabic_names_are_clean(files: Catalogue) -> None:
    for service in files.services:
        assert not re.search("[یکھہ]|  |^[0-9]", service.name.ar), service.code


def test_two_services_of_one_entity_never_share_a_name(files: Catalogue) -> None:
    for names in (
        [(one.entity, one.name.ar) for one in files.services],
        [(one.entity, one.name.en) for one in files.services],
    ):
        assert len(set(names)) == len(names)


def test_no_file_of_others_is_in_the_folder() -> None:
    assert {path.suffix for path in DATA.rglob("*") if path.is_file()} == {".yaml"}
