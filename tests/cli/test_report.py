"""`bin/sanad report`: what plain SQL has changed is counted at once, in the right database."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from sanad.db.supervisor import Supervisor
from tests.cli.conftest import SMALL, Demonstration, Installation

pytestmark = pytest.mark.xdist_group("cli")
REPORT = ("report", "quarter", "2025Q3", "--calibration", "announced")
# Seven requests handed over on the quarter's last evening, half an hour before it ends in Muscat.
SEVEN_CASES = """
WITH made AS (
    INSERT INTO cases_case (id, code, centre_id, visit_id, person_id, service_id, entity_id, status,
                            answers, marked_fields, reason_ar, reason_en, last_seq, opened_at,
                            submitted_at, updated_at)
    SELECT gen_random_uuid(), 'SQL-' || n, 5, gen_random_uuid(), gen_random_uuid(), s.id,
           s.entity_id, 'queued', '{}', '[]', '', '', 2, '2025-09-30 19:00Z', '2025-09-30 19:30Z',
           '2025-09-30 19:30Z'
    FROM generate_series(1, 7) n,
         (SELECT id, entity_id FROM catalogue_service ORDER BY id LIMIT 1) s
    RETURNING id, centre_id, visit_id, service_id, entity_id, submitted_at
)
INSERT INTO eventlog_event (id, kind, occurred_at, centre_id, visit_id, case_id, seq, payload)
SELECT gen_random_uuid(), e.kind, submitted_at, centre_id, visit_id, m.id, seq, payload
FROM made m JOIN catalogue_service s ON s.id = m.service_id
CROSS JOIN LATERAL (VALUES
    ('case.opened', 1, jsonb_build_object('service', s.code, 'entity', m.entity_id,
        'person', gen_random_uuid(), 'mandate', gen_random_uuid())),
    ('case.submitted', 2, jsonb_build_object('service', s.code, 'entity', m.entity_id,
        'delivery', gen_random_uuid(), 'resend', false)),
    ('case.submitted', 3, jsonb_build_object('service', s.code, 'entity', m.entity_id,
        'delivery', gen_random_uuid(), 'resend', true))
) AS e(kind, seq, payload)
"""


@pytest.fixture
def installation(demonstration: Demonstration) -> Installation:
    return demonstration.installation


@contextmanager
def by_hand(installation: Installation) -> Iterator[psycopg.Connection]:
    """Somebody with the superuser's psql."""
    with (
        Supervisor(installation.var / "postgres").running() as server,
        psycopg.connect(
            host=str(server.socket_folder), user="postgres", dbname="sanad_announced"
        ) as connection,
    ):
        connection.execute("SET session_replication_role = replica")
        yield connection


def test_seven_cases_and_a_closed_centre_move_the_figures_by_seven_and_one(installation):
    before = installation.document(*REPORT)
    with by_hand(installation) as psql:
        psql.execute(SEVEN_CASES)
        psql.execute("UPDATE centres_centre SET closed_on = '2025-09-29' WHERE id = 17")

    after = installation.document(*REPORT)

    assert before["source"] == after["source"] == "events"
    assert after["transactions"] - before["transactions"] == 7
    assert after["centres"] - before["centres"] == -1
    assert {name: after[name] for name in ("jobs", "services", "omanisation_percent")} == {
        name: before[name] for name in ("jobs", "services", "omanisation_percent")
    }
    places = [sum(row["transactions"] for row in one["by_governorate"]) for one in (before, after)]
    assert places == [before["transactions"], after["transactions"]]
    assert installation.document(*REPORT, "--from-events")["transactions"] == after["transactions"]
    # The facts are as old as their last filling, and say which source they are.
    facts = installation.document(*REPORT, "--from-facts")
    assert (facts["source"], facts["transactions"]) == ("day facts", before["transactions"])


def test_the_document_has_what_was_promised(installation):
    found = installation.document(*REPORT)

    assert {
        "centres", "jobs", "transactions", "services", "omanisation_percent", "by_governorate",
        "top_services", "quarter", "calibration", "simulated", "source", "seconds",
    } <= found.keys()  # fmt: skip
    assert (found["calibration"], found["simulated"]) == ("announced", True)
    assert found["jobs"] > 2350
    assert len(found["by_governorate"]) == 11
    for name in ("centres", "jobs", "transactions"):
        assert sum(row[name] for row in found["by_governorate"]) == found[name]


def test_for_a_person_it_is_a_table_in_both_languages(installation):
    said, _ = installation.run(*REPORT)

    assert "open centres · مركز مفتوح" in said
    assert "Muscat · مسقط" in said
    assert "simulated (announced)" in said


def test_a_calibration_that_is_not_there_is_refused_and_says_what_to_do(demonstration):
    arabic, english = demonstration.refused.strip().splitlines()
    assert english.startswith("There is no demonstration with the calibration portal here")
    assert "bin/demo --calibration portal" in english
    assert "bin/demo --calibration portal" in arabic


def test_each_calibration_is_its_own_database(installation):
    portal = installation.document("report", "quarter", "2025Q3", "--calibration", "portal")
    assert (portal["calibration"], portal["transactions"]) == ("portal", 2000)
    latest = installation.document("demo", *SMALL, "--no-serve", "--calibration", "portal")
    assert latest["database"] == "sanad_portal"
    assert installation.document("report", "quarter", "2025Q3")["calibration"] == "portal"
    again = installation.document(*REPORT)
    assert again["calibration"] == "announced"
    assert again["jobs"] > portal["jobs"]


def test_no_quarter(installation):
    _, complained = installation.run("report", "quarter", "2025Q9", exits=1)

    assert "“2025Q9” is not a quarter." in complained


def test_the_kpis_need_no_database(tmp_path):
    found = Installation(tmp_path / "var").document("report", "kpis")

    assert found["kpis"]["transactions"]["unit"] == "count"
