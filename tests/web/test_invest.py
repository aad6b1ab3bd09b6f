"""The investor's pages: chances and risks of each wilayat, and the table to take away."""

import csv
import io

import jsonschema_rs
import pytest

from sanad.lab.opportunity.wilayats import DOES_NOT, LIVES, OPEN, opportunities
from sanad.lab.opportunity.words import chances, risks
from sanad.web.shell.downloads import BYTE_ORDER_MARK
from tests.web_client import words_of

pytestmark = pytest.mark.usefixtures("committed", "at_ten")


def read(client, address: str, language: str = "en") -> str:
    client.cookies["sanad_language"] = language
    return words_of(client.get(address))


def test_every_wilayat_is_judged_by_its_own_figures():
    found = opportunities()

    assert len({one.wilayat.code for one in found}) == 63
    assert sum(one.centres for one in found) == 923
    assert [one.covered_percent for one in found] == sorted(
        (one.covered_percent for one in found), reverse=True
    )
    for one in found:
        for band in (one.expected, one.break_even, one.fixed, one.margin):
            assert band.low <= band.mid <= band.high
        # At break-even nothing is left and nothing is missing.
        assert one.break_even.mid * one.contribution == pytest.approx(one.fixed.mid)
        assert (one.verdict == LIVES) == (one.margin.low >= 0)
        assert (one.verdict == DOES_NOT) == (one.margin.high < 0)
        assert one.verdict in (LIVES, OPEN, DOES_NOT)
        assert 0 < one.herfindahl <= 1
        assert one.entity_percent / 100 >= one.herfindahl - 1e-9  # the largest share is no smaller


def test_the_parts_of_a_governorate_are_its_published_whole():
    muscat = [one for one in opportunities() if one.wilayat.governorate_code == 1]

    assert sum(one.transactions for one in muscat) == pytest.approx(284_076)
    assert {round(one.change_percent) for one in muscat} == {-85}


def test_risks_are_said_as_plainly_as_chances():
    found = opportunities()
    network = 5_708.0
    for one in found:
        said = risks(one, network)
        assert said, "the series fell everywhere, which is a risk everywhere"
        assert all(text.ar and text.en for text in [*said, *chances(one, network)])
        assert any("does not cover" in text.en for text in said) == (one.verdict == DOES_NOT)
    alone = next(one for one in found if not one.centres)
    assert any("no centre" in text.en for text in chances(alone, network))


@pytest.mark.parametrize(("language", "words"), [("ar", "افتتاح مركز"), ("en", "Opening a centre")])
def test_anybody_reads_the_list_and_a_wilayat(client, language, words):
    assert words in read(client, "/invest/", language)
    page = read(client, "/invest/4/", language)

    one = next(one for one in opportunities() if one.wilayat.code == 4)
    assert one.wilayat.name.in_language(language) in page
    for text in risks(one, 923.0)[:1]:
        assert text.in_language(language).split(":")[0] in page
    assert f"{one.expected.mid:,.0f}" in page


def test_a_governorate_is_chosen_and_one_that_is_not_there_is_not_found(client):
    page = read(client, "/invest/?governorate=1")

    assert "Bawshar" in page or "As Seeb" in page
    assert "Ibri" not in page
    assert client.get("/invest/?governorate=99").status_code == 404
    assert client.get("/invest/999/").status_code == 404


def test_the_file_holds_to_its_schema(client):
    schema = client.get("/invest.schema.json").json()
    text = client.get("/invest.csv").content.decode()
    assert text.startswith(BYTE_ORDER_MARK)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))

    assert len(rows) == 63
    kinds = {"integer": int, "number": float, "string": str}
    for row in rows:
        said = {
            name: kinds[schema["properties"][name]["type"]](value.removeprefix("'"))
            for name, value in row.items()
        }
        jsonschema_rs.validate(schema, said)
