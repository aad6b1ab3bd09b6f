"""Messages: written once with what caused them, in the person's language, naming nobody."""

import string

import pytest
from django.db import connection

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.models import Notice, Person
from sanad.beneficiaries.notices import NOTICES
from sanad.eventlog.queries import events
from tests.network import KHUWAIR, MARYAM, NOORA, SAID
from tests.walk import Walk

pytestmark = pytest.mark.django_db


def notices(walk: Walk) -> list[Notice]:
    with walk.scope():
        return list(Notice.objects.order_by("made_at", "id"))


def jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args->>'notice' FROM procrastinate_jobs ORDER BY id")
        return [row for row in cursor.fetchall() if row[0] == "beneficiaries.send_notice"]


def test_each_step_that_concerns_the_person_is_told_once():
    walk = Walk().answered("returned")
    walk.later(minutes=1).sent_again()
    walk.answered("approved")

    told = notices(walk)
    assert [n.kind for n in told] == ["receipt", "returned", "approved"]
    assert {n.language for n in told} == {"ar"}
    with walk.scope():
        assert [job[1] for job in jobs()] == [str(n.id) for n in told]


def test_the_receipts_message_says_amount_and_number_in_the_persons_language():
    walk = Walk().paid()
    (told,) = notices(walk)
    with walk.scope():
        code = walk.view().line.code
    assert told.text.startswith("سند: دفعتَ 3.150 ر.ع. للطلب ") and code in told.text

    walk.finished_visit()
    other = Walk(client=NOORA).person_seated()
    with other.scope():
        Person.objects.filter(id=other.made["person"]).update(language="en")
    other.paid()
    assert notices(other)[-1].text.startswith("Sanad: you paid OMR 3.150 for request ")
    assert "Receipt 2" in notices(other)[-1].text


def test_no_message_names_the_person_or_a_number():
    walk = Walk().answered("rejected")

    for told in notices(walk):
        for secret in (*MARYAM.name.ar.split(), *MARYAM.name.en.split(), MARYAM.civil, "2256",
                       MARYAM.phone, "4471"):  # fmt: skip
            assert secret not in told.text
        assert len(told.text) < 300


def test_somebody_without_a_phone_is_told_nothing():
    walk = Walk(client=SAID).paid()

    assert notices(walk) == []


def test_a_message_is_sent_once_and_recorded():
    walk = Walk().paid()
    (told,) = notices(walk)
    sent = []

    def send(*message: str) -> None:
        sent.append(message)

    with walk.scope():
        assert beneficiaries.send_notice(notice=told.id, send=send, at=walk.at)
        assert not beneficiaries.send_notice(notice=told.id, send=send, at=walk.at)
        logged = list(events(centre=KHUWAIR, kinds=("notice.sent",)))
    assert sent == [(str(told.id), "+96892345678", told.text)]
    assert [e.payload["about"] for e in logged] == ["receipt"]


def test_a_message_that_could_not_be_sent_stays_to_be_sent():
    walk = Walk().paid()
    (told,) = notices(walk)

    def fail(*message: str) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError), walk.scope():
        beneficiaries.send_notice(notice=told.id, send=fail, at=walk.at)
    assert notices(walk)[0].sent_at is None


@pytest.mark.parametrize("kind", NOTICES)
def test_both_languages_of_a_message_have_the_same_facts(kind):
    facts = [
        {name for _, name, _, _ in string.Formatter().parse(words) if name}
        for words in (NOTICES[kind].ar, NOTICES[kind].en)
    ]
    assert facts[0] == facts[1]
