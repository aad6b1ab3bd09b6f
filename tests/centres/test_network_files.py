"""The data files say what the official figures say, and a fault names file, line and fix."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from sanad.centres.files import (
    DATA,
    CountMismatch,
    RepeatedHoliday,
    read_holidays,
    read_network,
)
from sanad.centres.lines import (
    FileMissing,
    NetworkFileRefused,
    RepeatedLine,
    UnknownPlace,
    WrongCell,
    WrongColumns,
)
from sanad.centres.network_data import UnknownName

REFERENCE = Path(__file__).parents[3] / "shared/data"


@pytest.fixture(scope="module")
def network():
    return read_network()


@pytest.fixture
def copy(tmp_path):
    """A copy of the data folder that a test may break."""
    return shutil.copytree(DATA, tmp_path / "data")


def change(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


# What the files say


def test_the_network_has_its_official_size(network):
    assert len(network.governorates) == 11
    assert len(network.wilayats) == 63
    assert sum(village.centres for village in network.villages) == 923
    assert sum(wilayat.people for wilayat in network.wilayats) == 5_268_072
    assert sum(row.owners for row in network.staff) == 935
    assert sum(row.staff for row in network.staff) == 1_360


def test_four_wilayats_have_no_centre(network):
    without = {wilayat.name.en for wilayat in network.wilayats if wilayat.centres == 0}

    assert without == {"Muscat", "Dalkut", "As Sunaynah", "Muqshin"}


def test_the_series_has_every_year_and_governorate(network):
    by_year = Counter()
    for row in network.series:
        by_year[row.year] += row.transactions

    assert len(network.series) == 10 * 11
    assert by_year[2016] == 4_103_061
    assert by_year[2025] == 615_093
    income_2025 = sum(row.income_baisa for row in network.series if row.year == 2025)
    assert income_2025 == 2_237_583_175


def test_names_of_places_are_distinct_in_both_languages(network):
    names = [(village.wilayat_code, village.name.en) for village in network.villages]
    names += [(village.wilayat_code, village.name.ar) for village in network.villages]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("spelling", ["السيب", "Seeb", "AS-SEEB", "al seeb", "السّيب"])
def test_a_wilayat_is_found_by_any_of_its_spellings(network, spelling):
    assert network.wilayat_named(spelling).code == 2


def test_no_spelling_means_two_wilayats(network):
    for wilayat in network.wilayats:
        for name in (wilayat.name.ar, wilayat.name.en, *wilayat.aliases):
            assert network.wilayat_named(name) is wilayat


def test_an_unknown_wilayat_is_refused_with_the_way_out(network):
    with pytest.raises(UnknownName) as caught:
        network.wilayat_named("Atlantis")

    assert str(caught.value) == (
        "No wilayat is called “Atlantis”. Check the spelling or add it to the aliases of its line "
        "in wilayats.csv."
    )


def test_holidays_of_2025_are_announced_and_of_2026_expected(network):
    provenance = {(one.day.year, one.provenance) for one in network.listed_holidays}

    assert provenance == {(2025, "announced"), (2026, "expected")}
    assert len(network.holidays.names) == 17 + 15


def test_every_file_names_its_source():
    sources = yaml.safe_load((DATA / "sources.yaml").read_text(encoding="utf-8"))

    assert set(sources) == {path.name for path in DATA.iterdir()} - {"sources.yaml"}
    for entry in sources.values():
        assert set(entry) == {"title", "provenance", "as_of", "source"}


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference data is not beside the project")
def test_every_village_of_the_directory_is_there_with_its_centres(network):
    directory = json.loads((REFERENCE / "network/SanadCenterStatistics.json").read_text())
    expected = Counter()
    for wilayats in directory.values():
        for wilayat, villages in wilayats.items():
            for village, centres in villages.items():
                expected[network.wilayat_named(wilayat).code, village] += centres
    ours = {
        (village.wilayat_code, name): village
        for village in network.villages
        for name in village.source_names
    }

    assert set(ours) == set(expected)
    for village in network.villages:
        found = sum(expected[village.wilayat_code, name] for name in village.source_names)
        assert village.centres == found, village.name.en


# What is refused


def test_a_missing_file(copy):
    (copy / "staff.csv").unlink()

    with pytest.raises(FileMissing, match=r"staff\.csv is not in"):
        read_network(copy)


def test_wrong_columns_show_found_and_expected(copy):
    change(copy, "staff.csv", "owners,staff", "owner,staff")

    with pytest.raises(WrongColumns) as caught:
        read_network(copy)

    assert str(caught.value) == (
        "staff.csv, line 1: the columns are governorate_code, owner, staff. "
        "They must be governorate_code, owners, staff."
    )


@pytest.mark.parametrize("wrong", ["-271", "271.5", "", "٢٧١", "many"])
def test_a_count_that_is_no_whole_number(copy, wrong):
    change(copy, "staff.csv", "1,271,604", f"1,{wrong},604")

    with pytest.raises(WrongCell) as caught:
        read_network(copy)

    assert str(caught.value) == (
        f"staff.csv, line 2: “{wrong}” cannot stand in owners. Write a whole number from 0 up."
    )


def test_a_point_outside_oman(copy):
    change(copy, "wilayats.csv", "23.49212,58.7161", "58.7161,23.49212")

    with pytest.raises(WrongCell, match=r"wilayats\.csv, line 2: “58\.7161” cannot stand in lat"):
        read_network(copy)


def test_an_empty_name(copy):
    change(copy, "villages.csv", "الخوض", " ")

    with pytest.raises(WrongCell, match=r"villages\.csv, line 18: .* in name_ar"):
        read_network(copy)


def test_a_line_with_a_cell_too_many(copy):
    change(copy, "staff.csv", "1,271,604", "1,271,604,9")

    with pytest.raises(NetworkFileRefused, match=r"staff\.csv, line 2"):
        read_network(copy)


def test_an_unknown_wilayat_in_a_village(copy):
    change(copy, "villages.csv", "201,2,", "201,64,")

    with pytest.raises(UnknownPlace) as caught:
        read_network(copy)

    assert str(caught.value) == (
        "villages.csv, line 2: there is no wilayat with the code 64. "
        "Use a code of wilayats.csv or add the wilayat there."
    )


def test_a_village_twice(copy):
    change(copy, "villages.csv", "202,2,", "201,2,")

    with pytest.raises(RepeatedLine, match=r"villages\.csv, line 3: 201 is already"):
        read_network(copy)


def test_counts_that_do_not_add_up(copy):
    change(copy, "villages.csv", "Al Khawd,23,", "Al Khawd,24,")

    with pytest.raises(CountMismatch) as caught:
        read_network(copy)

    assert str(caught.value) == (
        "villages.csv: the centres of As Seeb add up to 116, but wilayats.csv says 115. "
        "Correct the file that is wrong."
    )


def test_a_holiday_twice_names_both_lines(copy):
    change(copy, "holidays-2025.yaml", "2025-11-27", "2025-11-26")

    with pytest.raises(RepeatedHoliday) as caught:
        list(read_holidays(copy))

    assert str(caught.value) == (
        "holidays-2025.yaml, line 20: 2025-11-26 is already a holiday (“National Day”). "
        "Keep one of the two lines."
    )


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("date: 2025-11-27", "date: 27/11/2025", 20),
        ("provenance: announced}", "provenance: heard}", 4),
        ("{date: 2025-01-12, ar", "{day: 2025-01-12, ar", 4),
        ("  - {date: 2025-01-12", "  - {date: 2025-01-12: ", 4),
        ("holidays:", "days:", 1),
    ],
)
def test_a_holiday_that_cannot_be_read_names_its_line(copy, old, new, line):
    change(copy, "holidays-2025.yaml", old, new)

    with pytest.raises(NetworkFileRefused, match=rf"holidays-2025\.yaml, line {line}\b"):
        list(read_holidays(copy))
