"""The page of the worked example: findings for those who may read them, and the button."""

import html
import re

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from sanad.db.scope import acting, system_scope
from sanad.lab.example.findings import findings
from sanad.lab.tasks import EXAMPLE
from tests.network import AISHA, HUDA, NASSER
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
PAGE = "/lab/example/"


def waiting() -> int:
    with acting(system_scope()):
        return ProcrastinateJob.objects.filter(task_name=EXAMPLE).count()


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "المثال العملي"), ("en", "The worked example")]
)
def test_all_findings_are_read_in_either_language(language, words):
    page = html.unescape(words_of(signed_in(NASSER, language=language).get(PAGE)))

    assert words in page
    for one in findings():
        text = one.statement.in_language(language)
        # Numbers are isolated in the page, so words and numbers are looked for apart.
        assert max(re.split(r"[\d,.%()]+", text), key=len).strip() in page, one.code
    assert "4,103,061" in page


def test_the_button_asks_for_it_once():
    client = signed_in(HUDA, language="en")
    assert "Make the example" in words_of(client.get(PAGE))

    first, second = (client.post(f"{PAGE}load/", follow=True) for _ in range(2))

    assert "is being made: its studies" in words_of(first)
    assert "is being made already" in words_of(second)
    assert waiting() == 1


def test_others_neither_read_nor_make_it():
    client = signed_in(AISHA)

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}load/").status_code == 403
    assert waiting() == 0
