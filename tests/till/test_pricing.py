"""The arithmetic of docs/pricing.md: its tables row by row, and what must hold for any amounts."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, public_scope
from sanad.lib.business_day import business_date
from sanad.lib.money import NotWholeBaisa, parse_baisa
from sanad.till import rules
from sanad.till.quotes import OneUnitOnly, current_line, government_baisa
from sanad.till.rules import Account, Line, Total
from tests.network import TEN
from tests.refusals import said

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "pricing.md"
AMOUNT = st.integers(0, 10**9)
RATE = st.integers(0, 250)


def table(first_column: str) -> list[dict[str, str]]:
    """The rows of the document's table whose first columns are these."""
    lines = DOCUMENT.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def signed(text: str) -> int:
    return -parse_baisa(text[1:]) if text.startswith("-") else parse_baisa(text)


def amount(text: str) -> int | None:
    return None if text == "to be confirmed" else signed(text)


def named(row: dict[str, str]) -> str:
    return " ".join(value for value in row.values() if value)


@pytest.mark.django_db
@pytest.mark.parametrize("row", table("service"), ids=named)
def test_each_row_of_the_worked_table(row):
    with acting(public_scope()):
        service = catalogue.service(row["service"], business_date(TEN))
    answers = dict([row["answer"].split("=")]) if row["answer"] else {}

    line = current_line(service, row["stage"], int(row["pages"]))
    total = rules.price(
        [line],
        government_baisa=government_baisa(service, row["stage"], answers),
        vat_per_mille=int(row["VAT ‰"]),
    )

    assert total.centre_baisa == amount(row["centre's charge"])
    assert total.government_baisa == amount(row["government fee"])
    assert total.vat_baisa == amount(row["VAT"])
    assert total.total_baisa == amount(row["total"])


@pytest.mark.parametrize("row", table("centre's charge"), ids=named)
def test_vat_is_rounded_half_up(row):
    assert rules.vat_on(signed(row["centre's charge"]), int(row["VAT ‰"])) == signed(row["VAT"])


@pytest.mark.parametrize("row", table("means"), ids=named)
def test_each_posting_goes_where_the_table_says(row):
    centre = signed(row["centre's charge"])
    total = Total(centre, amount(row["government fee"]), signed(row["VAT"]))
    balances = dict.fromkeys(Account, 0)

    for posting in rules.postings(total, [Line("submit", 1, centre, centre)], row["means"]):
        balances[posting.debit] += posting.baisa
        balances[posting.credit] -= posting.baisa

    shown = {name: signed(text) for name, text in row.items() if name in set(Account)}
    assert balances == dict.fromkeys(Account, 0) | shown


@pytest.mark.parametrize("row", table("total"), ids=named)
def test_change_of_what_is_handed_over(row):
    asked = {"total_baisa": signed(row["total"]), "tendered_baisa": signed(row["handed over"])}

    if row["change"] == "refused":
        with pytest.raises(rules.NotTheAmount) as refused:
            rules.change_due(**asked)
        assert "3.149" in said(refused.value)[1]
    else:
        assert rules.change_due(**asked) == signed(row["change"])


def test_the_document_says_where_each_named_constraint_is():
    code = "".join(path.read_text() for path in DOCUMENT.parents[1].glob("sanad/till/**/*.*y"))
    names = set(re.findall(r"`(transfer_\w+)`", DOCUMENT.read_text()))

    assert len(names) == 5
    assert all(f'name="{name}"' in code for name in names)


@given(st.lists(AMOUNT, max_size=5), st.none() | AMOUNT, RATE)
def test_the_total_is_the_sum_of_the_lines(charges, government, rate):
    lines = [Line(f"stage {i}", i, charge, charge) for i, charge in enumerate(charges)]

    total = rules.price(lines, government_baisa=government, vat_per_mille=rate)

    assert total.centre_baisa == sum(charges)
    assert total.total_baisa == sum(charges) + (government or 0) + total.vat_baisa


@given(st.lists(AMOUNT, max_size=5), st.none() | AMOUNT, RATE, st.sampled_from(rules.MEANS))
def test_postings_sum_to_the_total_and_none_is_empty(charges, government, rate, means):
    lines = [Line(f"stage {i}", i, charge, charge) for i, charge in enumerate(charges)]
    total = rules.price(lines, government_baisa=government, vat_per_mille=rate)

    found = rules.postings(total, lines, means)

    assert sum(posting.baisa for posting in found) == total.total_baisa
    assert all(posting.baisa > 0 for posting in found)
    assert {posting.debit for posting in found} <= {rules.RECEIVES[means]}
    earned = sum(p.baisa for p in found if p.credit == Account.EARNED)
    assert earned == total.centre_baisa


@given(AMOUNT, RATE)
def test_vat_is_within_half_a_baisa_of_exact(charge, rate):
    exact = charge * rate
    doubled_error = 2 * (rules.vat_on(charge, rate) * 1000 - exact)

    assert -1000 < doubled_error <= 1000


@given(AMOUNT, st.integers(1, 999), st.integers(1, 10**6))
def test_one_baisa_above_the_cap_is_refused(cap, units, above):
    rules.require_below_cap(Line("submit", 1, cap, cap * units, units))

    with pytest.raises(rules.AboveCap) as refused:
        rules.require_below_cap(Line("submit", 1, cap, cap * units + above, units))
    said(refused.value)


@pytest.mark.parametrize("charge", [-1, -4000, 0.5, 3999.5, True, "3000", None])
def test_what_is_no_whole_amount_is_refused(charge):
    with pytest.raises(NotWholeBaisa):
        rules.price([Line("submit", 1, 4000, charge)], government_baisa=0, vat_per_mille=50)


@pytest.mark.django_db
@pytest.mark.parametrize("units", [0, -1, 1000, 1.5, True, None])
def test_pages_are_a_whole_number_from_1_to_999(units):
    with acting(public_scope()):
        service = catalogue.service("obp-commercial-activities-printout", business_date(TEN))

    with pytest.raises(rules.UnitsRefused) as refused:
        current_line(service, "submit", units)
    said(refused.value)


@pytest.mark.django_db
def test_a_charge_for_the_request_is_not_multiplied():
    with acting(public_scope()):
        service = catalogue.service("occi-renew-membership", business_date(TEN))

    with pytest.raises(OneUnitOnly) as refused:
        current_line(service, "submit", 2)
    said(refused.value)
