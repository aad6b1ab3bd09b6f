"""The quarter's report on paper: both languages, and on every page what kind of data it is."""

import re
import shutil
import subprocess

import pytest

from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter
from sanad.oversight import report_pdf, report_words
from sanad.oversight.report_pdf import QuarterReport, report_data
from tests.oversight.quarter_report import report

MARKS = {"ar": "بيانات محاكاة للعرض", "en": "Simulated, for demonstration"}
PAGES = range(6, 10)
NOTHING = {"rows": (), "kpis": (), "governorates": (), "services": (), "series": ()}


def pages(made: QuarterReport, language: str) -> list[str]:
    """The words of each page, as a reader of the file finds them."""
    pdf = report_pdf.report_pdf(made, language=language)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine; that the report compiles was checked")
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)
    assert read.returncode == 0
    text = read.stdout.decode()
    clean = re.sub("[\u200e\u200f\u2066-\u2069\u202a-\u202e]", "", text)
    return clean.rstrip("\f").split("\f")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("changed", [{}, NOTHING, {"is_simulated": False, "seed": ""}])
def test_it_compiles_whatever_was_counted(language, changed):
    pdf = report_pdf.report_pdf(report(**changed), language=language)

    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 1_000_000


def test_english_says_simulated_and_the_page_on_every_page():
    found = pages(report(), "en")

    assert len(found) in PAGES
    for number, page in enumerate(found, start=1):
        assert MARKS["en"] in page, number
        assert "Calibration: announced figures" in page, number
        assert f"Page {number} of {len(found)}" in page


def test_arabic_says_simulated_on_every_page():
    """Readers of PDF give Arabic in the order of the letters or of the eye; either will do."""
    found = pages(report(), "ar")
    mark = MARKS["ar"]

    assert len(found) in PAGES
    for number, page in enumerate(found, start=1):
        assert mark in page or mark[::-1] in page or _word_by_word(mark, page), number


def _word_by_word(words: str, page: str) -> bool:
    return all(word in page or word[::-1] in page for word in words.split())


def test_a_real_networks_report_says_nothing_of_simulation():
    found = "".join(pages(report(is_simulated=False, seed="", calibration=Text("", "")), "en"))

    assert "imulat" not in found
    assert "Calibration" not in found
    assert "the network's own record of its work" in found


def test_announced_stands_beside_counted_and_what_does_not_agree_is_said():
    found = pages(report(), "en")

    [table] = [page for page in found if "Announced and counted" in page]
    assert re.search(r"Transactions\s+.*more than 800,000\s+800,412", table, re.DOTALL)
    assert "Announced figures and open data do not agree" in table
    assert "615,093 for the whole of 2025" in " ".join(table.split())


def test_each_figure_has_its_definition_formula_and_source():
    made = report()
    text = " ".join("".join(pages(made, "en")).split())

    for kpi in made.kpis:
        assert kpi.name.en in text
        assert f"Formula: {kpi.formula.en}"[:40] in text
    assert "nothing to measure" in text


def test_the_series_is_the_ministrys_and_the_trail_says_how_to_count_again():
    text = " ".join("".join(pages(report(), "en")).split())

    for said in ("4,103,061", "8,206,122", "0.1.0 (test)", "20250930", "2025-09-30 10:00",
                 "Where the figures come from"):  # fmt: skip
        assert said in text


def test_sums_and_shares_are_of_the_lines():
    data = report_data(report(), "en")

    assert data["total"]["centres"] == "923"
    assert sum(float(g["share"].rstrip("%")) for g in data["governorates"]) == pytest.approx(
        100, abs=0.5
    )
    assert [y["year"] for y in data["years"]] == [str(year) for year in range(2016, 2026)]
    assert data["years"][-1]["transactions"] == "615,093"
    assert {g["shade"] for g in data["governorates"]} == {1, 2, 3, 4, 5}
    assert len(data["services"]) == 10


def test_a_quarter_without_a_transaction_divides_by_nothing():
    data = report_data(report(**NOTHING), "ar")

    assert data["total"]["per_centre"] == "–"
    assert data["services"] == data["years"] == []


def test_latin_runs_in_arabic_stand_in_one_piece():
    data = report_data(report(), "ar")
    formula = data["kpis"][0]["formula"]

    assert "\u2066resend = false\u2069" in formula
    assert "\u2066case.submitted\u2069" in formula
    assert "\u2066" not in str(report_data(report(), "en"))


def test_every_word_is_said_in_both_languages():
    for text in (*report_words.WORDS.values(), *report_words.QUARTERS.values()):
        assert text.ar
        assert text.en
        assert text.ar != text.en


def test_only_two_languages_are_printed():
    with pytest.raises(AssertionError):
        report_pdf.report_pdf(report(quarter=Quarter(2025, 1)), language="fr")
