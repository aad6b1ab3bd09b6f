"""Background work of the Lab: a snapshot each night and when somebody asks; studies."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app

from sanad.db import jobs
from sanad.lib import clock
from sanad.lib.business_day import business_date

TAKE = "lab.snapshot"
RUN = "lab.run_study"
FIT = "lab.fit"
PORTFOLIO = "lab.run_portfolio"
EXAMPLE = "lab.example"


@app.periodic(cron="30 22 * * *")
@app.task(name=TAKE, queue="upkeep")
def take_snapshot(timestamp: int) -> None:
    """The log as it is now, at half past two in the night of Muscat."""
    from sanad.lab import snapshot  # the worker starts without Arrow

    if not snapshot.is_log_empty():
        taken = snapshot.take(at=clock.now())
        jobs.defer(FIT, queue="lab", snapshot=taken.id)


@app.task(name=FIT, queue="lab")
def fit_snapshot(snapshot: str) -> None:
    """Learn the network's model from a snapshot; a log with too little in it is left alone."""
    from sanad.db.scope import acting, national_scope
    from sanad.lab import fitted
    from sanad.lab.fitting.network.log import NothingToFit

    with acting(national_scope()), suppress(NothingToFit):
        fitted.fit(snapshot)


def ask_for_fit(snapshot: str) -> None:
    """As soon as the worker comes to it."""
    jobs.defer(FIT, queue="lab", snapshot=snapshot)


@app.task(name=RUN, queue="lab")
def run_study(study: str) -> None:
    """Run a study that somebody asked for."""
    from sanad.lab import studies  # the worker starts without Numba

    studies.run(UUID(study), now=clock.now)


@app.task(name=PORTFOLIO, queue="lab")
def run_portfolio(portfolio: str) -> None:
    """Solve a portfolio that somebody asked for."""
    from sanad.lab.roadmap import portfolios  # the worker starts without the solver

    portfolios.run(UUID(portfolio), now=clock.now)


@app.task(name=EXAMPLE, queue="lab")
def load_example(by: str) -> None:
    """Make the worked example, unless it is there."""
    from sanad.lab.example import worked  # the worker starts without Numba

    now = clock.now()
    with suppress(worked.ExampleLoaded):
        worked.load(on=business_date(now), at=now, by=UUID(by))


@app.periodic(cron="*/10 * * * *")
@app.task(name="lab.rescue", queue="upkeep")
def rescue_studies(timestamp: int) -> None:
    """Run again what a worker that is gone has left."""
    from sanad.lab import studies
    from sanad.lab.roadmap import portfolios

    studies.rescue(at=clock.now())
    portfolios.rescue(at=clock.now())


def ask_for_snapshot() -> None:
    """As soon as the worker comes to it; asked twice before that, it is taken once."""
    jobs.defer(TAKE, queue="upkeep", once=True, timestamp=0)


def ask_for_example(by: UUID) -> None:
    """As soon as the worker comes to it; asked twice before that, it is made once."""
    jobs.defer(EXAMPLE, queue="lab", once=True, by=str(by))
