"""Loading is everything or nothing, and doing it again changes nothing."""

from dataclasses import replace
from datetime import date

import pytest

from sanad.catalogue.load import load_catalogue
from sanad.catalogue.models import Entity, FeeLine, Service, ServiceDefinition
from sanad.catalogue.rules import DefinitionChanged, ListChanged
from sanad.catalogue.shapes import Catalogue
from sanad.lib.bilingual import Text
from tests.catalogue.conftest import AT

pytestmark = pytest.mark.usefixtures("as_loader")
NOTHING_NEW = {"entities": 0, "services": 0, "definitions": 0, "fee_lines": 0}
RENEW = "moh-renew-resident-work-card"


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Entity, Service, ServiceDefinition, FeeLine))


def test_the_whole_folder_is_loaded() -> None:
    assert counted() == (31, 388, 388, 324)


def test_loading_again_changes_nothing(files: Catalogue) -> None:
    assert load_catalogue(catalogue=files, demonstration=True, at=AT) == NOTHING_NEW
    assert counted() == (31, 388, 388, 324)


def test_a_better_translation_is_taken_over(files: Catalogue) -> None:
    first = replace(files.services[0], name=Text("اسم", "Better name"))

    load_catalogue(
        catalogue=replace(files, services=(first, *files.services[1:])), demonstration=True, at=AT
    )

    row = Service.objects.get(code=first.code)
    assert (row.name_en, row.fold_en) == ("Better name", "better name")


def test_a_new_definition_closes_the_old_one(files: Catalogue) -> None:
    old = next(one for one in files.definitions if one.service == RENEW)
    new = replace(old, in_force_from=date(2026, 3, 1), form=old.form[1:])

    loaded = load_catalogue(
        catalogue=replace(files, definitions=(*files.definitions, new)), demonstration=True, at=AT
    )

    rows = ServiceDefinition.objects.filter(service__code=RENEW).order_by("id")
    assert loaded["definitions"] == 1
    assert [(row.valid.lower, row.valid.upper) for row in rows] == [
        (date(2025, 1, 1), date(2026, 3, 1)),
        (date(2026, 3, 1), None),
    ]


def test_a_definition_edited_in_place_is_refused_and_nothing_is_loaded(files: Catalogue) -> None:
    renamed = replace(files.services[0], name=Text("اسم", "Other name"))
    edited = replace(files.definitions[0], form=())
    before = Service.objects.get(code=renamed.code).name_en

    with pytest.raises(DefinitionChanged, match=edited.service):
        load_catalogue(
            catalogue=replace(
                files,
                services=(renamed, *files.services[1:]),
                definitions=(edited, *files.definitions[1:]),
            ),
            demonstration=True,
            at=AT,
        )

    assert Service.objects.get(code=renamed.code).name_en == before


def test_a_demonstration_cannot_quietly_become_a_real_network(files: Catalogue) -> None:
    with pytest.raises(ListChanged):
        load_catalogue(catalogue=files, demonstration=False, at=AT)
