"""One definition of a form serves the screen, the API and the check: asked of every service."""

import json

import jsonschema_rs
import pytest
from django.test import Client

from sanad.catalogue import queries as catalogue
from sanad.web.desk.form import KINDS
from tests.network import RENEW_CARD, RENEW_MEMBERSHIP, TEN
from tests.walk import ANSWERS, WORK_PERMIT, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def at_ten(monkeypatch):
    from sanad.lib import clock

    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(clock.offset_to(TEN).total_seconds()))


@pytest.mark.parametrize("code", [RENEW_MEMBERSHIP, RENEW_CARD, WORK_PERMIT])
def test_what_the_check_accepts_satisfies_the_schema_that_the_api_publishes(code):
    published = Client().get(f"/api/public/v1/services/{code}").json()["form_schema"]
    with Walk().scope():
        service = catalogue.service(code, TEN.date())
    checked = catalogue.validate(service.form, ANSWERS[code], on=TEN.date())

    assert not checked.problems
    assert published == json.loads(json.dumps(catalogue.form_schema(service.form)))
    assert jsonschema_rs.is_valid(published, checked.values)
    assert not jsonschema_rs.is_valid(published, checked.values | {"not_asked": "x"})
    assert set(published["properties"]) == {field.key for field in service.form}


def test_the_screen_can_draw_every_type_of_question_of_every_service():
    with Walk().scope():
        types = {
            field.type
            for entity in catalogue.entities()
            for service in catalogue.services_of(entity.number, TEN.date())
            for field in service.form
        }

    assert types <= KINDS.keys()
