"""After a whole walk no plain civil number stands anywhere in the database, nor on a screen."""

import pytest

from sanad.gateway import actions as gateway
from sanad.lib.bilingual import Text
from tests.committed import as_owner_of_all
from tests.network import AISHA, HEALTH
from tests.network import Client as Served
from tests.walk import ANSWERS, RENEW_CARD, Walk, entity_listens
from tests.web_client import signed_in

PERSON = Served("608174352", Text("راهول مينون", "Rahul Menon"), "91234567")
IN_FORM = "594037186"
COLUMNS = """
SELECT c.table_schema, c.table_name, c.column_name, c.data_type
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND c.table_schema = 'public'
  AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea',
                      'integer', 'bigint', 'numeric', 'ARRAY', 'USER-DEFINED')
"""


@pytest.fixture
def walk(committed, at_ten, monkeypatch) -> Walk:
    monkeypatch.setitem(
        ANSWERS, RENEW_CARD, ANSWERS[RENEW_CARD] | {"worker_civil_number": IN_FORM}
    )  # fmt: skip
    entity_listens(entity=HEALTH)
    return Walk(service=RENEW_CARD, client=PERSON).submitted()


def test_the_whole_database_holds_no_canary_in_clear(walk):
    with walk.scope():
        claimed = gateway.claim(delivery=walk.made["delivery"], at=walk.at)
    assert claimed.body["answers"]["worker_civil_number"] == IN_FORM  # in clear for the entity
    with walk.scope():
        gateway.conclude(claimed=claimed, outcome=gateway.Outcome(503, 40), at=walk.at)
    searched = 0

    with as_owner_of_all() as cursor:
        cursor.execute(COLUMNS)
        columns = cursor.fetchall()
        for schema, table, column, kind in columns:
            searched += 1
            shown = f"encode({column}, 'escape')" if kind == "bytea" else f'"{column}"::text'
            shown = shown.replace(f"({column}", f'("{column}"')
            for canary in (PERSON.civil, IN_FORM):
                cursor.execute(
                    f'SELECT count(*) FROM "{schema}"."{table}" WHERE {shown} LIKE %s',
                    [f"%{canary}%"],
                )
                assert cursor.fetchone()[0] == 0, (table, column, canary)
        # The search itself sees what is there: the folded name, and the masked end of the number.
        cursor.execute("SELECT count(*) FROM beneficiaries_identity WHERE last_four = '4352'")
        assert cursor.fetchone()[0] == 1
    assert searched > 150


def test_no_screen_of_the_desk_shows_it_until_it_is_asked_for(walk):
    client = signed_in(AISHA)
    pages = [
        f"/desk/cases/{walk.case}/", f"/desk/receipts/{walk.made['receipt']}/", "/desk/",
        f"/desk/visits/{walk.made['visit']}/person/?name=Rahul", "/desk/work/?list=waiting",
    ]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert PERSON.civil not in answer.content.decode()
        assert IN_FORM not in answer.content.decode()

    answer = client.post(
        f"/desk/people/{walk.made['person']}/reveal/", {"reason": "to compare with the card"}
    )
    assert PERSON.civil in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
