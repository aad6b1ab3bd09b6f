"""A stand-in with its own folder, spoken to as HTTP, without a process."""

import json
import uuid

import httpx
import pytest

from sandbox.app import App
from sandbox.world import Settings, World


class Sandbox:
    """The stand-in, and the few things tests say to it."""

    def __init__(self, folder):
        settings = Settings(
            data=folder, callback="http://sanad.test", mode="manual", delay_seconds=0.0
        )
        self.world = World.opened(settings)
        self.http = httpx.Client(
            transport=httpx.WSGITransport(app=App(self.world)), base_url="http://sandbox.test"
        )

    def submit(self, entity, document, key="key-1", **headers):
        return self.http.post(
            f"/entities/{entity}/requests",
            content=json.dumps(document),
            headers={
                "Idempotency-Key": key,
                "X-Road-Represented-Party": "person/1",
                "X-Road-UserId": "account-1",
                "X-Road-Id": "message-1",
                "X-Road-Issue": "case-1",
                **headers,
            },
        )

    def policy(self, entity, **changes):
        return self.http.post(f"/control/entities/{entity}/policy", json=changes)

    def counts(self, entity):
        return self.http.get("/control/counts").json().get(entity)

    def state(self, request_id):
        return self.http.get(f"/control/requests/{request_id}").json()

    def close(self):
        self.http.close()
        self.world.close()


@pytest.fixture
def sandbox(tmp_path):
    sandbox = Sandbox(tmp_path / "sandbox")
    yield sandbox
    sandbox.close()


@pytest.fixture
def request_document():
    def make(**changes):
        return {
            "request_id": str(uuid.uuid4()),
            "case_code": "7K3M-9QWX-2HTB",
            "service_code": "30",
            "submitted_at": "2025-09-30T06:00:00Z",
            "represented_party": {"kind": "person", "id": "1"},
            "agent": {"centre_code": "101", "account": "account-1"},
            "answers": {"passport_number": "A1234567", "employer": "Muna Trading"},
            "documents": [],
            **changes,
        }

    return make
