import uuid

from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id


def test_a_text_answers_in_the_language_asked_for():
    text = Text(ar="سند", en="Sanad")

    assert text.in_language("ar") == "سند"
    assert text.in_language("ar-om") == "سند"
    assert text.in_language("en") == "Sanad"


def test_ids_are_of_version_seven_distinct_and_in_order():
    ids = [new_id() for _ in range(1000)]

    assert all(type(one) is uuid.UUID and one.version == 7 for one in ids)
    assert ids == sorted(set(ids))
