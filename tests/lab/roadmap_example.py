"""The small example, loaded: four initiatives, of which three are on the roadmap."""

from pathlib import Path
from uuid import UUID

from sanad.db.scope import acting, national_scope
from sanad.lab.roadmap import example, plan
from sanad.lab.roadmap.baseline import baselines
from sanad.lib.business_day import business_date
from tests.network import HUDA, TEN

FILE = Path(__file__).with_name("roadmap_small.yaml")


def load_example() -> UUID:
    """Its portfolio, adopted by Huda at ten o'clock."""
    with acting(national_scope(HUDA)):
        return example.load(FILE, on=business_date(TEN), at=TEN, by=HUDA)


def publish_example() -> UUID:
    """The same, published."""
    portfolio = load_example()
    on = business_date(TEN)
    with acting(national_scope(HUDA)):
        plan.publish(plan.roadmap(baselines(on), on=on), at=TEN, by=HUDA)
    return portfolio
