"""The model from files is of the same services, prices and volumes as the history of a database."""

from datetime import date

import numpy as np
import pytest

from sanad.centres.files import read_network
from sanad.db.scope import acting, national_scope
from sanad.lab import calibration
from sanad.lab.calibration import NoVolumes, calibrated, services_of_files
from sanad.lab.history.services import services_sold
from sanad.lib.quarters import Quarter

LAST = date(2025, 9, 30)


@pytest.mark.django_db
def test_the_files_hold_the_services_that_the_database_sells():
    with acting(national_scope()):
        sold = {one.code: one for one in services_sold(2025, LAST)}
    files = {one.code: one for one in services_of_files(LAST)}

    assert set(sold) <= set(files)
    for code, one in sold.items():
        here = files[code]
        assert (here.entity, here.cap_baisa) == (one.entity, one.cap_baisa)
        assert (here.fee_line is None) == (one.fee_line is None)
        assert here.may_return == one.may_return


@pytest.mark.parametrize("name", ["announced", "portal"])
def test_volumes_are_those_of_the_calibration(name):
    model = calibrated(name)
    mean = float(model.sizes @ model.size_share / model.size_share.sum())
    requests = model.visits * mean
    expected = 800_000 if name == "announced" else 153_773

    assert requests.sum() == pytest.approx(expected, rel=1e-6)
    year = calibration.portal_year(read_network(), 2025)
    by_governorate = [requests[model.governorate == g].sum() for g in np.unique(model.governorate)]
    assert by_governorate == pytest.approx(np.array(year) * expected / sum(year), rel=1e-3)
    assert len(model.centre) == 923
    assert len(model.services) == 388
    assert model.share.sum() == pytest.approx(1)


def test_a_year_without_data_is_refused():
    with pytest.raises(NoVolumes) as refused:
        calibrated("announced", Quarter(2031, 1))
    assert refused.value.facts["last"] == 2025
