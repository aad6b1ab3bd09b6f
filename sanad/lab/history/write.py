"""Writes a story by COPY, a stretch of days at a time, two at once."""

import multiprocessing
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from sanad.beneficiaries import load as beneficiaries
from sanad.centres.made_up_names import read_people_names
from sanad.db.connect import LOADER, as_login
from sanad.eventlog.load import Happened, load_events
from sanad.lab.history import hall, line, money, requests
from sanad.lab.history.described import Described
from sanad.lab.history.story import People, Story
from sanad.lab.twin.facts import Facts
from sanad.lab.twin.streams import Streams
from sanad.lib.bilingual import Text
from sanad.lib.columns import Ints, chosen, joined, uuids
from sanad.lib.draws import Draws

NAMES = 6000  # distinct made-up names of each group; people share them as they do in life
OMANI_SHARE = 0.45
FIRST_CIVIL_NUMBER = 20_000_000
DAYS_AT_ONCE = 6
PROCESSES = 2
# Tables that the history fills: bare while they are filled.
TABLES = (
    "beneficiaries_company", "beneficiaries_feedback", "beneficiaries_identity",
    "beneficiaries_mandate", "beneficiaries_notice", "beneficiaries_person",
    "beneficiaries_personcentre", "cases_case", "cases_casedocument", "cases_visit",
    "counter_ticket", "counter_ticketseries", "eventlog_event", "gateway_answer",
    "gateway_attempt", "gateway_delivery", "till_dayclose", "till_drawer",
    "till_payment", "till_quote", "till_quoteline", "till_receipt", "till_receiptseries",
    "till_refund", "till_transfer",
)  # fmt: skip


def story_of(described: Described, facts: Facts, *, link: str) -> Story:
    """The facts with the people they are about. `link` is the public address up to the code."""
    return Story(described, facts, _people(described.world.seed, facts.people), link)


def write(story: Story, progress: Callable[[str], None]) -> None:
    """Every row of the story, as the loader. Each stretch of days is one transaction."""
    prepare(story)
    last = int(story.visits.day.max())
    stretches = [(first, first + DAYS_AT_ONCE) for first in range(0, last + 1, DAYS_AT_ONCE)]
    connection.close()
    context = multiprocessing.get_context("fork")
    done = 0
    with context.Pool(PROCESSES, initializer=_keep, initargs=(story,)) as pool:
        for first, upto in pool.imap_unordered(_write_days, stretches):
            done += upto - first
            progress(f"History: {min(done, last + 1)} of {last + 1} days written …")


SHARED = (
    "visit_ids", "ticket_ids", "case_ids", "codes", "numbers", "money", "drawers", "status",
    "last_seq", "accounts", "officers", "approvers", "variant",
)  # fmt: skip
_kept: dict[str, Story] = {}


def _keep(story: Story) -> None:
    """Of each process that writes: the story, and that whoever started it ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _kept["story"] = story


def _write_days(days: tuple[int, int]) -> tuple[int, int]:
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        write_days(_kept["story"], *days)
    return days


def write_days(story: Story, first: int, upto: int) -> None:
    """The visits of the days from `first` to just before `upto`, and all that came of them."""

    def within(day: Ints) -> Ints:
        return np.flatnonzero((day >= first) & (day < upto))

    happened = hall.write_hall(story, within(story.visits.day))
    asked = requests.asked(story, within(story.visits.day[story.cases.visit]))
    for part in (
        requests.write_requests,
        money.write_money,
        line.write_line,
        requests.write_messages,
    ):
        happened += part(asked)
    _log(story, f"{first}", happened)


def write_people(story: Story, at: datetime) -> None:
    """The clients and companies, known before the story begins."""
    people = story.people
    rows = (
        beneficiaries.PersonRow(
            civil_number=f"{FIRST_CIVIL_NUMBER + n}",
            name=Text(people.names_ar[which], people.names_en[which]),
            phone=f"+9687{n:07d}" if has_phone else "",
            language="ar" if arabic else "en",
            nationality="OM" if arabic else "IN",
            id=UUID(bytes=people.ids[n].tobytes()),
        )
        for n, (which, arabic, has_phone) in enumerate(
            zip(people.which.tolist(), people.is_arabic.tolist(), people.has_phone.tolist(),
                strict=True)
        )
    )  # fmt: skip
    beneficiaries.load_people(rows, at=at)
    names = [Text("مؤسسة", "Establishment"), Text("شركة", "Company"), Text("مشاريع", "Projects")]
    number = np.arange(story.facts.companies)
    named = chosen([n.ar for n in names], number % 3)
    beneficiaries.load_companies(
        id=story.company_ids, number=line.company_number(number),
        name_ar=joined(named, " ", 1 + number),
        name_en=joined(chosen([n.en for n in names], number % 3), " ", 1 + number), at=at,
    )  # fmt: skip


def prepare(story: Story) -> None:
    """What every stretch of days shares, computed once; and the rows that belong to no day."""
    for part in SHARED:
        getattr(story, part)
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        write_whole(story)


def write_whole(story: Story) -> None:
    """The rows that belong to no stretch of days: people, prices, lines, drawers, outages."""
    write_people(story, known_since(story))
    if len(story.own_prices):
        money.write_own_prices(story)
    hall.write_lines(story)
    line.write_outages(story)
    whole = [
        *money.write_drawers(story),
        *hall.waiting_events(story),
        *line.outage_events(story),
    ]
    _log(story, "whole", whole)


def known_since(story: Story) -> datetime:
    """People and companies were known half a year before."""
    day: datetime = (story.described.world.days[0] - 180).astype("datetime64[s]").item()
    return day.replace(tzinfo=UTC)


def _log(story: Story, stretch: str, happened: list[Happened]) -> None:
    load_events(happened, words=lambda count: story.streams.words(f"event/{stretch}", count))


def _people(seed: int, count: int) -> People:
    words, draws, streams = read_people_names(), Draws(seed, "clients"), Streams(seed)
    omani = [words.omani(draws, women_share=0.35).text for _ in range(NAMES)]
    abroad = [words.expatriate(draws).text for _ in range(NAMES)]
    arabic = streams.fractions("client omani", count) < OMANI_SHARE
    which = streams.below("client name", NAMES, count) + np.where(arabic, 0, NAMES)
    before = np.full(count, 1_700_000_000)
    return People(
        ids=uuids(before, streams.words("id/person", count)),
        names_ar=[n.ar for n in omani + abroad], names_en=[n.en for n in omani + abroad],
        which=which, is_arabic=arabic,
        has_phone=streams.fractions("client phone", count) >= 0.03,
    )  # fmt: skip
