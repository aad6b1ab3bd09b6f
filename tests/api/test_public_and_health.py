"""The open catalogue, the shape of every error, and the questions of whoever watches."""

import jsonschema_rs
import pytest

from sanad.db.scope import acting, system_scope
from sanad.eventlog.actions import append
from tests.network import RENEW_CARD, TEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SERVICES = "/api/public/v1/services"


def test_the_catalogue_is_listed_whole_by_entity_and_by_words(client):
    everything = client.get(SERVICES).json()
    chamber = client.get(SERVICES, {"entity": "occi"}).json()
    found = client.get(SERVICES, {"q": "تجديد بطاقه مقيم وعمل"}).json()

    assert len(everything) == 388
    assert {one["entity"]["code"] for one in chamber} == {"occi"}
    assert found[0]["code"] == RENEW_CARD
    assert client.get(SERVICES, {"entity": "nobody"}).json() == []


def test_a_service_says_what_it_costs_and_what_it_asks(client):
    found = client.get(f"{SERVICES}/{RENEW_CARD}").json()

    assert (
        found["charges"]
        == [
            {
                "stage": "submit",
                "baisa": 4000,
                "unit": "request",
                "price_list": "official-2026-01-01",
            }
        ]
        or found["charges"][0]["baisa"] == 4000
    )
    assert found["government_fee"]["rows"] == {"other": 30000, "food": 40000}
    assert found["form_schema"]["properties"]["worker_civil_number"]["x-sealed"] is True
    assert {document["code"] for document in found["documents"]} >= {"passport"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", f"{SERVICES}/no-such-service", 404, "catalogue.no_such_service"),
        ("get", "/api/", 404, "api.no_such_address"),
        ("get", "/api/nothing/here", 404, "api.no_such_address"),
        ("post", "/api/nothing/here", 404, "api.no_such_address"),
        ("post", SERVICES, 405, "api.wrong_method"),
        ("delete", "/api/entity/v1/answers", 405, "api.wrong_method"),
        ("get", "/api/entity/v1/requests/not-an-id", 404, "api.no_such_address"),
    ],
)
def test_every_error_is_a_problem_in_both_languages(client, method, path, status, code):
    response = getattr(client, method)(path)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["detail"] != response.json()["detail_ar"]


def test_the_description_is_openapi_3_1_and_names_the_problems(client):
    document = client.get("/api/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/counter/v1/calls",
        "/api/counter/v1/tickets",
        "/api/counter/v1/tickets/{ticket}/start",
        "/api/counter/v1/visits/{visit}/finish",
        "/api/counter/v1/visits/{visit}/mandate",
        "/api/counter/v1/visits/{visit}/person",
        "/api/counter/v1/visits/{visit}/services",
        "/api/counter/v1/walk-ins",
        "/api/entity/v1/answers",
        "/api/entity/v1/requests",
        "/api/entity/v1/requests/{request_id}",
        "/api/provider/v1/payments",
        "/api/public/v1/services",
        "/api/public/v1/services/{code}",
    }
    refusals = document["paths"]["/api/entity/v1/answers"]["post"]["responses"]
    assert set(refusals) == {"200", "401", "404", "409", "413", "422"}
    assert list(refusals["401"]["content"]) == ["application/problem+json"]
    shape = document["components"]["schemas"]["Problem"]
    problem = client.get("/api/nothing").json()
    assert jsonschema_rs.is_valid(shape, problem)


def test_a_mistake_of_ours_says_nothing_of_the_inside(client, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("canary-inside")

    monkeypatch.setattr("sanad.catalogue.queries.entities", broken)

    response = client.get(SERVICES)

    assert response.status_code == 500
    assert response.json()["code"] == "api.failed"
    assert b"canary" not in response.content


def test_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_events_in_no_month_are_an_alarm(client):
    with acting(system_scope()):
        append("log.sealed", at=TEN.replace(year=2031), by=None, run=1, events=1)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["code"] == "ready.stray_events"
