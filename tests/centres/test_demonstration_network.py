"""The made-up network has the official counts and is the same for the same seed."""

import hashlib
import math
from collections import Counter

import pytest

from sanad.centres.demonstration import UnknownCalibration, demonstration_network
from sanad.centres.files import read_network
from sanad.centres.made_up_names import TooFewWords, centre_names, read_people_names
from sanad.lib.bilingual import Text
from sanad.lib.draws import Draws

SEED = 20250930


@pytest.fixture(scope="module")
def data():
    return read_network()


@pytest.fixture(scope="module")
def announced():
    return demonstration_network(SEED, "announced")


@pytest.fixture(scope="module")
def portal():
    return demonstration_network(SEED, "portal")


def by_governorate(network, members):
    place = {centre.id: centre.governorate_code for centre in network.centres}
    return Counter(place[member.centres[0]] for member in members)


def test_centres_are_numbered_and_stand_in_their_villages(announced, data):
    assert [centre.id for centre in announced.centres] == list(range(1, 924))
    assert Counter(centre.village_code for centre in announced.centres) == {
        village.code: village.centres for village in data.villages
    }


def test_owners_and_staff_are_matched_by_governorate(portal, data):
    assert portal.jobs == 935 + 1_360
    assert by_governorate(portal, portal.owners) == {
        row.governorate_code: row.owners for row in data.staff
    }
    assert by_governorate(portal, portal.staff) == {
        row.governorate_code: row.staff for row in data.staff
    }


def test_the_announced_calibration_adds_assumed_staff_and_nothing_else(announced, portal):
    added = announced.members[portal.jobs :]

    assert announced.jobs == 2_350
    assert announced.centres == portal.centres
    assert announced.members[: portal.jobs] == portal.members
    assert len(added) == 55
    assert all(member.assumed and member.role == "staff" for member in added)
    assert not any(member.assumed for member in portal.members)


def test_every_centre_has_an_owner_and_every_member_is_omani(announced):
    owned = {number for owner in announced.owners for number in owner.centres}

    assert owned == set(range(1, 924))
    assert {member.name.nationality for member in announced.members} == {"OM"}
    assert [member.id for member in announced.members] == list(range(1, 2_351))


def test_names_differ_within_a_village_and_licences_everywhere(announced):
    for language in ("ar", "en"):
        names = [(one.village_code, one.name.in_language(language)) for one in announced.centres]
        assert len(set(names)) == 923
    assert len({centre.licence_number for centre in announced.centres}) == 923


def test_positions_lie_near_the_point_of_the_wilayat_and_say_so(announced, data):
    for centre in announced.centres:
        wilayat = data.wilayat_by_code[centre.wilayat_code]
        lat, lon = wilayat.seat or (wilayat.lat, wilayat.lon)
        north = (centre.lat - lat) * 111.2
        east = (centre.lon - lon) * 111.2 * math.cos(math.radians(lat))
        assert math.hypot(north, east) < 5.9
        assert centre.position_provenance.startswith("illustrative")


def test_a_centre_has_one_to_three_service_points_and_opens_in_the_week(announced):
    assert {centre.service_points for centre in announced.centres} == {1, 2, 3}
    for centre in announced.centres:
        assert list(centre.hours.to_json())[:5] == ["sun", "mon", "tue", "wed", "thu"]


def test_the_same_seed_gives_the_same_network_on_every_machine(announced):
    again = demonstration_network(SEED, "announced")
    lines = [
        f"{one.id} {one.name.ar} {one.lat} {one.lon} {one.opened_on} {one.hours.to_json()}"
        for one in again.centres
    ]
    lines += [f"{one.id} {one.role} {one.centres} {one.name.text.ar}" for one in again.members]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()

    assert again == announced
    assert digest[:16] == "582b530658951f23"
    assert demonstration_network(SEED + 1).centres != announced.centres


def test_an_unknown_calibration_is_refused():
    with pytest.raises(UnknownCalibration, match="Use announced / portal"):
        demonstration_network(SEED, "guessed")


def test_a_village_with_more_centres_than_words_is_refused():
    with pytest.raises(TooFewWords, match="Ruwi has 2 centres"):
        centre_names([Text(ar="أ", en="A")], Text(ar="روي", en="Ruwi"), 2, Draws(1))


def test_names_of_people_come_in_matching_pairs():
    names = read_people_names()

    omani = names.omani(Draws(1, "person", 1))
    assert (" بن " in omani.text.ar) == (" bin " in omani.text.en) == (omani.sex == "male")
    nationalities = {names.expatriate(Draws(1, "client", n)).nationality for n in range(300)}
    assert nationalities == {"IN", "BD", "PK", "EG", "PH", "LK"}
