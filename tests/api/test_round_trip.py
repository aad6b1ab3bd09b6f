"""The whole line to an entity over real HTTP: our worker, the sandbox's process, our API."""

import base64
import json

import pytest

from sanad.db.scope import acting, centre_scope, entity_scope
from sanad.gateway import queries, tasks
from tests.committed import as_owner_of_all
from tests.network import CHAMBER, KHUWAIR, TEN
from tests.sandbox_process import sandbox, until
from tests.walk import Walk, entity_listens

pytestmark = pytest.mark.usefixtures("committed")


def jobs(task: str) -> list[dict[str, object]]:
    with as_owner_of_all() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task]
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def listen(client) -> None:
    key = base64.b64decode(client.get("/entities/occi/key").json()["public_key"])
    entity_listens(url=f"{client.base_url}/entities/occi", key=key)


def run_jobs(task) -> None:
    for found in jobs(task.name):
        task(**found)


def test_a_request_is_acknowledged_and_decided_over_http(served, tmp_path):
    walk = Walk().submitted()
    with sandbox(tmp_path, served, "--delay", "0") as client:
        listen(client)

        tasks.deliver(delivery=str(walk.made["delivery"]), centre=KHUWAIR)

        assert walk.status() == "sent"
        until(lambda: jobs("gateway.apply_answer"), "the entity's answer")
        run_jobs(tasks.apply_answer)
        assert walk.status() == "approved"
        counts = client.get("/control/counts").json()["occi"]

    assert counts["accepted"] == 1
    with acting(entity_scope(CHAMBER)):
        assert queries.acknowledged(CHAMBER) == counts["accepted"]


def test_an_entity_returns_a_request_and_approves_the_resend(served, tmp_path):
    walk = Walk().submitted()
    with sandbox(tmp_path, served, "--delay", "0") as client:
        listen(client)
        client.post("/control/entities/occi/policy", json={"return_first": True})
        tasks.deliver(delivery=str(walk.made["delivery"]), centre=KHUWAIR)
        until(lambda: jobs("gateway.apply_answer"), "the entity's answer")
        run_jobs(tasks.apply_answer)
        assert walk.status() == "returned"

        walk.submitted()
        tasks.deliver(delivery=str(walk.made["delivery"]), centre=KHUWAIR)
        until(lambda: jobs("gateway.apply_answer")[1:], "the second answer")
        run_jobs(tasks.apply_answer)

    assert walk.status() == "approved"


def test_a_portal_that_is_down_takes_the_request_later_and_once(served, tmp_path):
    walk = Walk().submitted()
    with sandbox(tmp_path, served, "--mode", "manual") as client:
        listen(client)
        client.post("/control/entities/occi/policy", json={"down": True})
        tasks.deliver(delivery=str(walk.made["delivery"]), centre=KHUWAIR)
        assert walk.status() == "queued"
        client.post("/control/entities/occi/policy", json={"down": False})
        with acting(centre_scope(KHUWAIR)):
            [delivery] = queries.deliveries_of(walk.case)
        assert delivery.attempts[0].status == 503
        assert delivery.next_try_at > TEN
        with as_owner_of_all() as cursor:
            cursor.execute("UPDATE gateway_delivery SET next_try_at = made_at")

        tasks.deliver(delivery=str(walk.made["delivery"]), centre=KHUWAIR)
        tasks.deliver(delivery=str(walk.made["delivery"]), centre=KHUWAIR)

        assert walk.status() == "sent"
        counts = client.get("/control/counts").json()["occi"]
    assert (counts["accepted"], counts["duplicates"]) == (1, 0)
